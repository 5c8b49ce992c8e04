"""Quantum circuits in OpenQASM 3, and 2.

A unit is a statement: a register, a constant, a gate that is applied (also `barrier` and `reset`),
a measurement, the definition of a gate, a comment, or any other as text. The version and what is
included are structural.

What counts is every token, comments, and the order of statements. Spaces, line ends and where
lines break mean nothing, nor does the form of a comment.

Known limits: nothing is included, evaluated or run, and angles that are not plain numbers are
compared as text. The body of a definition is text. Names are replaced as whole words, without
regard to scopes; what comments say stays.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import ClassVar

from worktrial.documents import content, table
from worktrial.documents.domain import Domain
from worktrial.documents.domains.quantum.edits import (
    EXPORT,
    GATES,
    INCLUDE,
    MIRROR,
    NAME_ANGLES,
    NARROW,
    PLANNERS,
    RENAME,
    TO_2,
    TO_3,
    VERSIONS,
    WIDEN,
    WRITE_ANGLES,
    translate,
)
from worktrial.documents.domains.quantum.format import GATE, MEASUREMENT, QASM, REGISTER
from worktrial.documents.domains.quantum.fresh import fresh_circuit
from worktrial.documents.edits import Planner, Verb
from worktrial.documents.unit import Document, Files, Unit


class Quantum(Domain):
    """Quantum circuits."""

    name = "quantum"
    category = "science"
    formats: ClassVar = {".qasm": QASM, ".inc": QASM}
    clips: ClassVar = {GATE: 0.7, MEASUREMENT: 0.7, REGISTER: 0.7}
    verbs: ClassVar[Sequence[Verb]] = (
        RENAME, MIRROR, WIDEN, NARROW, TO_2, TO_3, GATES, NAME_ANGLES, WRITE_ANGLES, EXPORT,
        INCLUDE,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.04

    def generate(self, rng: Random, size: int) -> Files:
        """A circuit on two registers that ends with measurements, a third of them in version 2."""
        units = fresh_circuit(rng, size)
        document = Document({"circuit.qasm": tuple(units)})
        if rng.random() < 1 / 3:
            document = translate(document, legend=VERSIONS)
        return {"circuit.qasm": QASM.render(list(document.units()))}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; other comments; wider spacing; definitions over several lines."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"(?m)^// (.*)$", r"/* \1 */", text),
            re.sub(r"(?m)^\w.*", lambda s: s[0].replace("[", " [ ").replace(", ", " ,\n  "), text),
            text.replace("{ ", "\n{\n  ").replace(" }", "\n}\n"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the laboratory and a list of coherence times."""
        return {
            "notes.md": content.memo(rng, size // 2),
            "coherence.csv": _coherence(rng, size // 2),
        }


def _coherence(rng: Random, size: int) -> str:
    rows = [
        Unit(
            table.ROW,
            {"chip": code, "t1_us": _time(rng), "t2_us": _time(rng), "day": str(content.day(rng))},
        )
        for code in content.codes(rng, "QC", max(3, size // 12))
    ]
    return table.CSV.render(rows)


def _time(rng: Random) -> Decimal:
    return Decimal(rng.randint(120, 3000)).scaleb(-1)


DOMAIN = Quantum()

"""What defines an audit as a measurement."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from worktrial.memorisation.arms import FRESH, PUBLISHED
from worktrial.memorisation.blind import blind_check
from worktrial.memorisation.check import played
from worktrial.memorisation.courses import COURSES, LIKELIHOOD_VARIANTS, AuditCourse
from worktrial.memorisation.draw import Probed, packed, set_name
from worktrial.memorisation.items import AuditItem, Text
from worktrial.memorisation.measured import JUDGED, PREFIXES, REGISTERED
from worktrial.memorisation.probes import (
    PROMPT_VERSION,
    TEMPERATURE,
    Access,
    canary_probe,
    probes_of,
    texts_of,
)
from worktrial.memorisation.reference import NAMES
from worktrial.memorisation.references import read_references
from worktrial.memorisation.task import TASK_VERSION
from worktrial.memorisation.whole import Canary, body
from worktrial.protocol import Measurement, Scorer, digest
from worktrial.protocol.checklist import Answered, records
from worktrial.trial import Audit

AUDIT_TASK = "worktrial/memorisation"
"""The name under which Inspect knows the audit."""
SCORER_VERSION = "1"
_SEED = 0
_CHUNK = 1 << 20


def measurement(
    audit: Audit,
    course: AuditCourse,
    items: Sequence[Probed],
    *,
    seed: int,
    arms: Sequence[str],
    replicates: int = 1,
) -> Measurement:
    """The audit's part of a manifest; content by its hash.

    Args:
        audit: What is audited, and against what.
        course: How much is asked.
        items: What is sampled.
        seed: From which the choice of items and their variants follow.
        arms: Under which items are run.
        replicates: How often.
    """
    return Measurement(
        task_version=TASK_VERSION,
        seed=seed,
        course=course.model_dump(mode="json"),
        items={item.id: digest(packed(item)) for item in items},
        arms={name: arm_hash(name) for name in arms},
        primary=PUBLISHED if PUBLISHED in arms else arms[0],
        replicates=replicates,
        stop={
            "tokens": f"{course.tokens} an answer; of a continuation by the remainder's length",
            "prefixes": list(PREFIXES),
            "judged": list(JUDGED),
            "temperature": f"0; of draws {TEMPERATURE}; of answers the worker's own",
        },
        scorer=scorer(),
        settings=_settings(audit, course, items, seed),
    )


def _settings(
    audit: Audit, course: AuditCourse, items: Sequence[Probed], seed: int
) -> dict[str, Any]:
    """What is audited, and how it is judged."""
    every = [item for item in items if isinstance(item, AuditItem)]
    return {
        "name": set_name(audit),
        "items": file_sha256(Path(audit.items)) or audit.items,
        "fields": dict(audit.fields),
        "controls": file_sha256(audit.controls) if audit.controls else None,
        "released": audit.released,
        "references": _references(audit, every),
        "families": sorted({item.family for item in every if item.family}),
        "blind": blind(every, course, seed=seed),
        "likelihood_variants": LIKELIHOOD_VARIANTS,
        "registered": dict(REGISTERED),
        "rate": audit.rate,
        "margin": audit.margin,
    }


def _references(audit: Audit, items: Sequence[AuditItem]) -> dict[str, Any] | None:
    """What other models answered rightly."""
    if audit.references is None:
        return None
    controls = [item.id for item in items if item.role == "control"]
    return read_references(audit.references, controls).settings()


def blind(items: Sequence[AuditItem], course: AuditCourse, *, seed: int) -> dict[str, Any]:
    """Whether items and fresh texts can be told apart by who never saw the model.

    Args:
        items: Audited ones, and controls.
        course: How many variants of each a model is asked about.
        seed: Of the classifier's folds.
    """
    published, fresh = (
        [
            (body(text), item.id)
            for item in items
            for text in texts_of(item, arm, course.variants).values()
        ]
        for arm in (PUBLISHED, FRESH)
    )
    found = blind_check(
        [text for text, _ in published],
        [item for _, item in published],
        [text for text, _ in fresh],
        [item for _, item in fresh],
        seed=seed,
    )
    return {name: _rounded(value) for name, value in asdict(found).items()}


def _rounded(value: Any) -> Any:
    """Short of what another machine may compute otherwise; JSON knows no NaN."""
    if not isinstance(value, float):
        return value
    return round(value, 4) if math.isfinite(value) else None


def file_sha256(path: Path) -> str | None:
    """The hash of a file's content; `None` where there is no such file."""
    if not path.is_file():
        return None
    hashed = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()


@cache
def arm_hash(arm: str) -> str:
    """Hash all that a worker is asked about a probe's texts."""
    asked = [
        [probe.name, probe.prompt, probe.tokens, probe.raw, probe.temperature]
        for access in _ACCESSES
        for text in (_PLAIN, _CHOICE)
        for probe in probes_of(
            text, course=COURSES["standard"], name="a set", seed=_SEED, access=access
        )
    ]
    canary = [canary_probe(_CANARY, access).prompt for access in _ACCESSES]
    shown = "the items" if arm == PUBLISHED else "their variants, and controls"
    return digest({"version": PROMPT_VERSION, "texts": shown, "asked": asked, "canary": canary})


_ACCESSES = (Access(), Access(raw=True), Access(raw=True, chat=False))
_CANARY = Canary(shown="canary GUID 01234567", hidden="-89ab-cdef-0123-456789abcdef")
_PLAIN = Text(
    question="Ada buys 12 crates of plums for 3 crowns each and sells 7 of them for 5 crowns each. "
    "How many crowns is she short of what she paid?",
    answer="1",
)
_CHOICE = Text(
    question="Which of these four vessels is rowed by the largest crew under full complement?",
    answer="a trireme",
    options=("a punt", "a skiff", "a trireme", "a wherry"),
)


@cache
def scorer() -> Scorer:
    """This version's scorer: its version, and the hash of what it makes of reference workers."""
    names = [name for name in NAMES if not name.endswith("SHARE")]
    scores = [
        [name, arm, *m._replace(value=None if m.value is None else round(m.value, 9))]
        for name in (*names, "memoriser-0.5")
        for arm in (PUBLISHED, FRESH)
        for item in _probe_items()
        for m in played(name, item, arm)
    ]
    return Scorer(version=SCORER_VERSION, sha256=digest(scores))


def _probe_items() -> list[AuditItem]:
    return [
        AuditItem(**text.model_dump(), id=f"probe-{n}", row=n, family="numbers", variants=(text,))
        for n, text in enumerate((_PLAIN, _CHOICE), 1)
    ]


def checklist() -> list[Mapping[str, str | bool]]:
    """The Agentic Benchmark Checklist, as far as an audit can answer it by itself."""
    return records(_CHECKLIST)


_CHECKLIST: tuple[Answered, ...] = tuple(
    Answered(*answer)
    for answer in (
        ("task validity", "The worker cannot reach the answers", True,
         "an answer is in no message; the worker has no tools"),
        ("task validity", "Doing nothing is not success", True,
         "incidental.instrument: the null worker"),
        ("task validity", "Fresh texts are like the items", True,
         "a classifier that never sees a model must fail to tell them apart; no verdict otherwise"),
        ("outcome validity", "Outcomes are checked by a program", True, "measurement.scorer"),
        ("outcome validity", "Success by guessing is known", True,
         "every statistic stands against fresh texts of the same form"),
        ("outcome validity", "Correct answers in another form are not punished", True,
         "numbers are compared as numbers, options by letter or text; held by tests"),
        ("outcome validity", "Failures that are not the worker's are kept apart", True,
         "outcome infrastructure: missing data, counted"),
        ("reporting", "The items are known not to be in training data", False,
         "that is what is asked"),
    )
)  # fmt: skip

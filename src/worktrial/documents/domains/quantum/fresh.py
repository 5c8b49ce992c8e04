"""Fresh documents."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from worktrial.documents.domains.quantum.edits import NAMES, PHASES, VERSIONS
from worktrial.documents.domains.quantum.format import (
    COMMENT,
    DEFINITION,
    DIRECTIVE,
    GATE,
    MEASUREMENT,
    REGISTER,
)
from worktrial.documents.unit import Unit, Value

_PLAIN = ("h", "x", "y", "z", *PHASES)
_DEFINITIONS = {
    "majority": "a, b, c { cx c, b; cx c, a; ccx a, b, c; }",
    "unmajority": "a, b, c { ccx a, b, c; cx c, a; cx a, b; }",
    "bell": "a, b { h a; cx a, b; }",
    "echo": "a, b { x a; cx a, b; x a; cx a, b; }",
    "ghz": "a, b, c { h a; cx a, b; cx b, c; }",
    "flip": "a, b { h b; cz a, b; h b; }",
}
_NOTES = ("prepare", "entangle", "rotate", "couple", "mix", "echo out noise on", "correct")


def fresh_circuit(rng: Random, size: int) -> list[Unit]:
    """Draw a circuit of about so many tokens."""
    chosen = rng.sample(list(_DEFINITIONS), 1 if size < 400 else 3)
    names = rng.sample(NAMES, 3)
    sizes = [rng.randint(3, 4 if size < 400 else 12) for _ in range(2)]
    places = [f"{name}[{i}]" for name, n in zip(names, sizes, strict=False) for i in range(n)]
    bits = f"{names[2]}_out"
    read = places[: sizes[0]]
    length = max(6, round((size * 3.5 - 250 - 25 * len(read)) / 21))
    return [
        *(Unit(DIRECTIVE, text=t) for t in list(VERSIONS)[:2]),
        *(Unit(DEFINITION, {"type": "gate", "name": n}, text=_DEFINITIONS[n]) for n in chosen),
        *(_register("qubit", n, size_) for n, size_ in zip(names, sizes, strict=False)),
        _register("bit", bits, len(read)),
        *_gates(rng, places, chosen, length),
        *(
            Unit(MEASUREMENT, {"bits": f"{bits}[{i}]", "form": "=", "qubits": place})
            for i, place in enumerate(read)
        ),
    ]


def _register(kind: str, name: str, size: int) -> Unit:
    return Unit(REGISTER, {"type": kind, "size": Decimal(size), "name": name})


def _gates(rng: Random, places: Sequence[str], defined_: Sequence[str], count: int) -> list[Unit]:
    """Gates in blocks under a comment, no two alike; always some of each sort."""
    units: list[Unit] = []
    gates: dict[tuple[Value, ...], None] = {}
    while len(gates) < count:
        if len(units) % 10 == 0:
            text = f"{rng.choice(_NOTES)} {rng.choice(places)}, block {len(units) // 10 + 1}"
            units.append(Unit(COMMENT, text=text))
        sort = len(gates) if len(gates) < 4 else rng.randrange(6)
        fields = _gate(rng, places, defined_, sort)
        if tuple(fields.values()) not in gates:
            gates[tuple(fields.values())] = None
            units.append(Unit(GATE, fields))
    return units


def _gate(
    rng: Random, places: Sequence[str], defined_: Sequence[str], sort: int
) -> dict[str, Value]:
    if sort == 0:
        return {"gate": rng.choice(_PLAIN), "qubits": rng.choice(places)}
    if sort == 1:
        name = rng.choice(defined_)
        width = _DEFINITIONS[name].partition("{")[0].count(",") + 1
        return {"gate": name, "qubits": ", ".join(rng.sample(places, width))}
    if sort == 2:
        pair = ", ".join(rng.sample(places, 2))
        return {"gate": rng.choice(("cx", "cz", "swap")), "qubits": pair}
    angle: Value = Decimal(rng.randint(1, 6283)).scaleb(-3)
    if sort == 3:
        angle = f"{rng.choice(('pi', '-pi', '5*pi', '7*pi'))}/{rng.choice((2, 3, 4, 8, 16))}"
    gate = rng.choice(("rx", "ry", "rz", "crz"))
    where = ", ".join(rng.sample(places, 2 if gate == "crz" else 1))
    return {"gate": gate, "angle": angle, "qubits": where}

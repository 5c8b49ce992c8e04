"""Fresh modules of helpers for a trading firm's back office."""

# ruff: noqa: SIM905 - long word lists read better as text

from collections.abc import Iterator
from random import Random

from worktrial.documents import content
from worktrial.documents.domains.python.format import PYTHON

SYNONYMS = {
    "compute": "calculate", "fetch": "load", "check": "validate", "merge": "combine",
    "build": "assemble", "list": "collect", "round": "quantise", "estimate": "forecast",
    "rank": "prioritise", "update": "refresh",
}  # fmt: skip
"""Verbs of function names, each with a clearer one."""
_NOUNS = (
    "order invoice shipment pallet parcel route driver vehicle depot supplier refund discount "
    "voucher customer contract reading meter sensor shift roster payment ledger batch sample "
    "carton booking tariff claim audit forecast"
).split()
_QUALITIES = (
    "open late gross net daily weekly average largest partial pending expected missing spare "
    "early regional disputed archived cheapest duplicate overdue"
).split()
_MEASURES = {
    "delay": ("SECONDS", "HOURS"), "distance": ("KM",), "weight": ("KG",), "price": ("EUR",),
    "cost": ("EUR",), "load": ("KG",), "margin": ("EUR",), "shift": ("HOURS",), "route": ("KM",),
}  # fmt: skip
"""What is measured, and in which units."""
_AREAS = ("billing", "routing", "storage", "reporting", "staffing")
_IMPORTS = (
    "import math", "import json", "import logging", "from datetime import date, timedelta",
    "from decimal import Decimal", "from collections import Counter", "import statistics",
    "from pathlib import Path", "from itertools import pairwise", "import csv",
)  # fmt: skip
_BODIES: tuple[str, ...] = (
    "({n}s, limit={k}):|    chosen = [{n} for {n} in {n}s if {n}.{m} > limit]"
    "|    return sorted(chosen, key=lambda {n}: {n}.{q}_{m})",
    '({n}, {m}):|    if {m} < {k}:|        raise ValueError(f"{q} {m} of {{{n}.code}} too low")'
    "|    return {m} * {C}",
    "({n}s):|    total = sum({n}.{m} for {n} in {n}s)|    return total / max(1, len({n}s) - {k})",
    "(rows):|    by_{n} = {{}}|    for row in rows:"
    '|        by_{n}.setdefault(row["{n}"], []).append(row["{m}"] - {k})|    return by_{n}',
    "({n}, today):|    days = (today - {n}.created).days"
    '|    return "{q}" if days > {k} else {n}.{m}_status',
    "({n}_{m}: float, share: float = 0.{k}) -> float:|    return {n}_{m} * share + {C}",
    '(path):|    with open(path, encoding="utf-8") as source:'
    '|        rows = [line.split("{s}") for line in source]'
    "|    return [row[{d}] for row in rows[{k}:]]",
    "({n}s, {m}):  # {Q} ones come first|    for {n} in reversed({n}s):"
    "|        if {n}.{q}_{m} >= {m} + {k}:|            return {n}|    return None",
)


def module(rng: Random, characters: int) -> str:
    """A module of about so many characters."""
    areas = rng.sample(_AREAS, rng.randint(2, 3 if characters < 4000 else len(_AREAS)))
    names = _fresh_names(rng)
    lines = [_constant_line(rng, i) for i in range(max(2, characters // 500))]
    constants = {line.split(" ")[0]: line for line in lines}
    owner, file = content.firm(rng), rng.choice(_NOUNS)
    title = f'"""{file.capitalize()} helpers for {owner}."""'
    head = [title, rng.choice(_IMPORTS), *constants.values()]
    functions: list[str] = []
    while sum(map(len, head + functions)) < characters * 0.95 or len(functions) < 3:
        area = areas[len(functions)] if len(functions) < len(areas) else rng.choice(areas)
        functions.append(_function(rng, next(names), area, rng.choice(list(constants))))
    classes = [_class(rng)] if characters > 4000 else []
    return PYTHON.render(PYTHON.parse("\n".join([*head, *functions, *classes])))


def _fresh_names(rng: Random) -> Iterator[str]:
    """Function names, each once; the first two are never in alphabetical order."""
    every = [f"{v}_{q}_{n}" for v in SYNONYMS for q in _QUALITIES for n in _NOUNS]
    rng.shuffle(every)
    every[:2] = sorted(every[:2], reverse=True)
    return iter(every)


def _constant_line(rng: Random, index: int) -> str:
    """Mostly quantities, each under a name that tells its unit."""
    measure = rng.choice(list(_MEASURES))
    name = f"{rng.choice(_QUALITIES)}_{rng.choice(_NOUNS)}_{measure}".upper()
    if index % 4 == 3:
        return f'{name}_LABEL = "{content.topic(rng)} {rng.randint(1, 99)}"'
    value = rng.choice((str(rng.randint(2, 950)), f"{rng.randint(1, 90)}.{rng.randint(1, 9)}"))
    note = f"  # agreed with {content.person(rng)}" if rng.random() < 0.5 else ""
    return f"{name}_{rng.choice(_MEASURES[measure])} = {value}{note}"


def _function(rng: Random, name: str, area: str, constant: str) -> str:
    verb, quality, noun = name.split("_")
    body = rng.choice(_BODIES).format(
        n=noun, q=quality, Q=quality.capitalize(), m=rng.choice(list(_MEASURES)), C=constant,
        k=rng.randint(2, 97), d=rng.randint(0, 9), s=rng.choice(";,:"),
    )  # fmt: skip
    signature, *rest = body.split("|")
    docs = f'    """{verb.capitalize()} the {quality} {noun} for {rng.choice(content.CITIES)}."""'
    return "\n".join([f"# area: {area}", f"def {name}{signature}", docs, *rest])


def _class(rng: Random) -> str:
    noun, other = rng.sample(_NOUNS, 2)
    methods = [
        f"    def {quality}_{measure}(self, factor):\n"
        f"        return self.{measure} * factor - {rng.randint(3, 900)}\n"
        for quality in rng.sample(_QUALITIES, 3)
        for measure in [rng.choice(list(_MEASURES))]
    ]
    head = f'class {noun.capitalize()}:\n    """A {noun} and its {other}."""\n'
    return head + f"    {other}_code: str\n" + "".join(methods)

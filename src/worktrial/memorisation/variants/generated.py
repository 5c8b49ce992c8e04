"""Word problems of our own, from templates; twins are other draws of the same template.

A problem's id says from which draw it was made, so that it is known again wherever it turns up.
Demonstrations, tests and measurements of the audit itself use them as items that no model has met.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from worktrial.memorisation.items import AuditItem, Text
from worktrial.memorisation.variants import expression as grammar
from worktrial.memorisation.variants.classes import CLASSES, MEN, WOMEN, plural
from worktrial.randomness import derive, stream

_ID = re.compile(r"problem-(?P<template>\d{2})-(?P<draw>[0-9a-f]{16})")
_TRIES = 200
_HEX = 16


@dataclass(frozen=True)
class Template:
    """A form of problems.

    Attributes:
        openings: Ways in which it may begin.
        questions: Ways in which it may end.
        numbers: Of every slot the smallest and largest number.
        steps: Calculations with slots, `{0}` for what the first one came to; the last one's result
            is the answer. All results are whole and positive.
    """

    openings: Sequence[str]
    questions: Sequence[str]
    numbers: dict[str, tuple[int, int]]
    steps: Sequence[str]


def problems(seed: int, count: int) -> tuple[AuditItem, ...]:
    """Fresh word problems with answers, all different.

    Args:
        seed: From which they follow; the first of more are the same.
        count: How many.
    """
    found: dict[str, AuditItem] = {}
    number = 0
    while len(found) < count:
        template = number % len(TEMPLATES)
        item = problem(template, derive(seed, "problems", number), row=len(found) + 1)
        found.setdefault(item.question, item)
        number += 1
    return tuple(found.values())


def problem(template: int, draw: int, *, row: int = 1) -> AuditItem:
    """One draw of a template, with an id that says so."""
    stamp = f"problem-{template:02d}-"
    rng = stream(draw, "problem", stamp)
    text, working = _filled(TEMPLATES[template], _shape(TEMPLATES[template], rng), rng)
    name = f"{stamp}{draw:0{_HEX}x}"
    return AuditItem(id=name, row=row, question=text.question, answer=text.answer, working=working)


def is_ours(item: AuditItem) -> bool:
    """Whether an item's id is that of one of our problems, and its text is too."""
    found = _ID.fullmatch(item.id)
    if not found or int(found["template"]) >= len(TEMPLATES):
        return False
    ours = problem(int(found["template"]), int(found["draw"], 16))
    return (ours.question, ours.answer) == (item.question, item.answer)


def vary(item: AuditItem, count: int, rng: Random) -> tuple[Text, ...] | str:
    """Other draws of a problem's own template.

    Args:
        item: As it was made.
        count: How many variants at most.
        rng: What they are drawn from.

    Returns:
        Variants that differ from the item and each other, or why there are none.
    """
    if not is_ours(item):
        return "no problem of our own"
    template = TEMPLATES[int(item.id.split("-")[1])]
    shape = _shape(template, stream(int(item.id[-_HEX:], 16), "problem", item.id[:-_HEX]))
    found: dict[str, Text] = {}
    for _ in range(_TRIES * count):
        if len(found) == count:
            break
        text, _working = _filled(template, shape, rng)
        if text.question != item.question:
            found.setdefault(text.question, text)
    return tuple(found.values())


def _shape(template: Template, rng: Random) -> str:
    """One of a template's forms of words; twins of a problem keep it."""
    return f"{rng.choice(template.openings)} {rng.choice(template.questions)}"


def _filled(template: Template, shape: str, rng: Random) -> tuple[Text, str]:
    words = _words(rng)
    while True:
        numbers = {slot: rng.randint(*bounds) for slot, bounds in template.numbers.items()}
        results = _results(template.steps, numbers)
        if results:
            text = shape.format(**words, **numbers)
            return Text(question=text, answer=str(results[-1][1])), _working(results)


def _results(steps: Sequence[str], numbers: dict[str, int]) -> list[tuple[str, int]]:
    """Every calculation and what it comes to; none unless all are whole and positive."""
    results: list[tuple[str, int]] = []
    for step in steps:
        text = step.format(*(value for _, value in results), **numbers)
        read = grammar.read(text)
        value = grammar.solutions(read, read.values())[0]
        if value.denominator != 1 or value <= 0:
            return []
        results.append((text, int(Fraction(value))))
    return results


def _working(results: Sequence[tuple[str, int]]) -> str:
    return "\n".join(f"{text} = <<{text}={value}>>{value}" for text, value in results)


def _words(rng: Random) -> dict[str, str]:
    """Two persons with pronouns, two kinds of things and a vessel."""
    words: dict[str, str] = {}
    taken: set[str] = set()
    for who in "pq":
        names, they, their = rng.choice([(WOMEN, "she", "her"), (MEN, "he", "his")])
        name = rng.choice([n for n in names if n not in taken])
        taken.add(name)
        words |= {who: name, f"{who}_they": they, f"{who}_They": they.capitalize()}
        words |= {f"{who}_their": their, f"{who}_Their": their.capitalize()}
    kind = rng.choice(("fruit", "thing", "baked"))
    words["things"], words["others"] = map(plural, rng.sample(CLASSES[f"{kind}, consonant"], 2))
    words["box"] = rng.choice(("box", "basket", "bag", "crate", "carton"))
    words["boxes"] = plural(words["box"])
    return words


TEMPLATES: Sequence[Template] = (
    Template(
        (
            "{p} has {a} {things} and {b} {others}.",
            "There are {a} {things} and {b} {others} on {p}'s table.",
        ),
        (
            "{q} brings {c} more {things}. How many pieces are there altogether?",
            "After {q} adds {c} {others}, how many pieces does {p} have in total?",
        ),
        {"a": (12, 89), "b": (12, 89), "c": (11, 49)},
        ("{a}+{b}", "{0}+{c}"),
    ),
    Template(
        (
            "{p} packs {a} {boxes} with {b} {things} each.",
            "Each of the {a} {boxes} in {p}'s shop holds {b} {things}.",
        ),
        (
            "{q} buys {c} of the {things}. How many {things} are left?",
            "If {c} {things} are sold to {q}, how many remain?",
        ),
        {"a": (6, 24), "b": (11, 39), "c": (13, 59)},
        ("{a}*{b}", "{0}-{c}"),
    ),
    Template(
        (
            "{p} shares {a} {things} equally among {b} friends.",
            "A bag of {a} {things} from {p} is split evenly between {b} children.",
        ),
        (
            "{q}, who is one of them, already had {c} {things}. How many does {q} have now?",
            "{q} gets one share and finds {c} more. How many {things} does {q} hold?",
        ),
        {"a": (24, 96), "b": (3, 9), "c": (11, 38)},
        ("{a}/{b}", "{0}+{c}"),
    ),
    Template(
        (
            "One of the {things} costs {a} dollars and one of the {others} costs {b} dollars.",
            "A shop asks {a} dollars for each of its {things} and {b} for each of its {others}.",
        ),
        (
            "{p} buys {c} {things} and {d} {others}. How many dollars does {p_they} pay?",
            "What is the price in dollars of {c} {things} and {d} {others}?",
        ),
        {"a": (2, 9), "b": (11, 29), "c": (12, 29), "d": (3, 9)},
        ("{a}*{c}", "{b}*{d}", "{0}+{1}"),
    ),
    Template(
        (
            "{p} reads {a} pages every morning and {b} pages every evening.",
            "Every day {p} reads {a} pages before lunch and {b} pages after it.",
        ),
        (
            "How many pages does {p_they} read in {c} days?",
            "{p_Their} book takes exactly {c} days. How many pages does it have?",
        ),
        {"a": (11, 29), "b": (12, 39), "c": (3, 19)},
        ("{a}+{b}", "{0}*{c}"),
    ),
    Template(
        (
            "{p} saves {a} dollars a week for {b} weeks.",
            "For {b} weeks in a row {p} puts {a} dollars into a jar.",
        ),
        (
            "{p_They} then spends {c} dollars on {things}. How many dollars are left?",
            "{q} borrows {c} dollars of it. How many dollars does {p} still have?",
        ),
        {"a": (12, 48), "b": (4, 19), "c": (21, 99)},
        ("{a}*{b}", "{0}-{c}"),
    ),
    Template(
        (
            "A train with {a} passengers stops, and {b} of them leave while {c} others board.",
            "{a} people sit in a train; at the next stop {b} get off and {c} get on.",
        ),
        (
            "At the next station {d} more people board. How many passengers are there now?",
            "One stop later {d} people enter, {p} among them. How many are in the train?",
        ),
        {"a": (120, 380), "b": (21, 89), "c": (22, 79), "d": (11, 48)},
        ("{a}-{b}", "{0}+{c}", "{1}+{d}"),
    ),
    Template(
        (
            "{p} is {a} years old, and {q} is {b} years older.",
            "{q} was born {b} years before {p}, who is {a} years old now.",
        ),
        ("How old will {q} be in {c} years?", "What will {q}'s age be {c} years from now?"),
        {"a": (13, 39), "b": (11, 28), "c": (12, 27)},
        ("{a}+{b}", "{0}+{c}"),
    ),
    Template(
        (
            "A field is {a} metres long and {b} metres wide.",
            "{p}'s garden measures {a} by {b} metres.",
        ),
        (
            "{q} covers {c} square metres of it with {things}. How many square metres stay free?",
            "How many square metres are left once {c} square metres are paved?",
        ),
        {"a": (21, 59), "b": (12, 38), "c": (41, 199)},
        ("{a}*{b}", "{0}-{c}"),
    ),
    Template(
        (
            "A machine makes {a} {things} an hour and runs for {b} hours.",
            "In {p}'s workshop {a} {things} are finished every hour, {b} hours on end.",
        ),
        (
            "They are put into {boxes} of {c}. How many {boxes} are filled?",
            "Every {box} takes {c} of them. How many {boxes} does {q} need?",
        ),
        {"a": (12, 48), "b": (4, 18), "c": (4, 16)},
        ("{a}*{b}", "{0}/{c}"),
    ),
    Template(
        (
            "{p} drives {a} kilometres an hour for {b} hours.",
            "For {b} hours {p} keeps a speed of {a} kilometres an hour.",
        ),
        (
            "After a rest {p_they} drives {c} kilometres more. How many kilometres is that in all?",
            "{q} lives {c} kilometres further on. How many kilometres is it to {q}?",
        ),
        {"a": (42, 98), "b": (3, 9), "c": (13, 79)},
        ("{a}*{b}", "{0}+{c}"),
    ),
    Template(
        (
            "{p} and {q} collect {things}: {p} finds {a} and {q} finds {b}.",
            "{p} picks up {a} {things} while {q} picks up {b}.",
        ),
        (
            "They give away {c} of them together. How many do they keep?",
            "{c} of the {things} turn out to be broken. How many good ones do the two have?",
        ),
        {"a": (34, 98), "b": (23, 87), "c": (12, 46)},
        ("{a}+{b}", "{0}-{c}"),
    ),
    Template(
        ("A hall has {a} rows of {b} chairs.", "{p} sets up {a} rows with {b} chairs in each."),
        (
            "{c} people come and each takes one chair. How many chairs stay empty?",
            "All but {c} chairs are taken. How many guests sit down?",
        ),
        {"a": (12, 36), "b": (13, 34), "c": (41, 148)},
        ("{a}*{b}", "{0}-{c}"),
    ),
    Template(
        (
            "{p} earns {a} dollars an hour and works {b} hours on each of {c} days.",
            "For {c} days {p} works {b} hours a day at {a} dollars an hour.",
        ),
        (
            "{p_They} pays {d} dollars for the bus. How many dollars remain?",
            "{p_Their} tools cost {d} dollars. What is left, in dollars?",
        ),
        {"a": (12, 34), "b": (4, 9), "c": (3, 19), "d": (21, 98)},
        ("{a}*{b}", "{0}*{c}", "{1}-{d}"),
    ),
    Template(
        (
            "{p} bakes {a} trays of {b} {things}.",
            "{b} {things} fit on one tray, and {p} fills {a} trays.",
        ),
        (
            "{q} eats {c} and the rest goes into {boxes} of {d}. How many {boxes} are full?",
            "{c} are burnt; the others are packed in {boxes} of {d}. How many {boxes} is that?",
        ),
        {"a": (4, 19), "b": (12, 36), "c": (2, 9), "d": (3, 9)},
        ("{a}*{b}", "{0}-{c}", "{1}/{d}"),
    ),
    Template(
        (
            "A library lends {a} books on one day and {b} on the next.",
            "On one day {a} books leave the library, and {b} on the following day.",
        ),
        (
            "Then {c} come back. How many of them are still out?",
            "{p} counts {c} returns. How many books are missing still?",
        ),
        {"a": (112, 389), "b": (114, 378), "c": (31, 198)},
        ("{a}+{b}", "{0}-{c}"),
    ),
    Template(
        (
            "{p} cuts a rope of {a} metres into {b} equal pieces.",
            "A rope that is {a} metres long is cut into {b} pieces of one length.",
        ),
        (
            "{q} ties {c} of the pieces together. How many metres is that?",
            "How many metres do {c} such pieces measure together?",
        ),
        {"a": (36, 198), "b": (6, 19), "c": (2, 5)},
        ("{a}/{b}", "{0}*{c}"),
    ),
    Template(
        (
            "A tank holds {a} litres, and {b} litres flow out every minute.",
            "From a tank of {a} litres {p} drains {b} litres a minute.",
        ),
        (
            "How many litres are in it after {c} minutes?",
            "{c} minutes later {q} closes the tap. How many litres are left?",
        ),
        {"a": (612, 984), "b": (12, 38), "c": (6, 17)},
        ("{b}*{c}", "{a}-{0}"),
    ),
    Template(
        (
            "In a class {a} pupils play chess, {b} play football and {c} do neither.",
            "{a} of {p}'s classmates play chess, {b} others football and {c} others nothing.",
        ),
        (
            "{d} more pupils join the class. How many are there, if nobody does both?",
            "Nobody does both, and {d} new ones arrive. How many pupils is that?",
        ),
        {"a": (11, 18), "b": (12, 19), "c": (3, 9), "d": (2, 8)},
        ("{a}+{b}", "{0}+{c}", "{1}+{d}"),
    ),
    Template(
        (
            "{p} sells {a} {things} at {b} dollars each and {c} {others} at {d} dollars each.",
            "{p}'s stall sells {a} {things} for {b} dollars apiece, and {c} {others} for {d}.",
        ),
        (
            "How many more dollars do the {things} bring?",
            "By how many dollars do the {things} bring in more than the {others}?",
        ),
        {"a": (23, 48), "b": (12, 29), "c": (12, 27), "d": (4, 9)},
        ("{a}*{b}", "{c}*{d}", "{0}-{1}"),
    ),
    Template(
        (
            "The {a} pages of a report are printed {b} times.",
            "{p} prints {b} copies of a report of {a} pages.",
        ),
        (
            "The printer takes {c} sheets at a time, a sheet a page. How often is it filled?",
            "A pack has {c} sheets, one for each page. How many packs does {q} open?",
        ),
        {"a": (12, 48), "b": (14, 36), "c": (12, 36)},
        ("{a}*{b}", "{0}/{c}"),
    ),
    Template(
        (
            "{p} plants {a} rows of {b} tulips and {c} rows of {d} roses.",
            "A bed has {a} rows with {b} tulips and {c} rows with {d} roses.",
        ),
        ("How many flowers are there?", "How many flowers does {q} count?"),
        {"a": (3, 9), "b": (12, 28), "c": (11, 19), "d": (2, 9)},
        ("{a}*{b}", "{c}*{d}", "{0}+{1}"),
    ),
    Template(
        (
            "{p} walks {a} steps on the first day and {b} steps more on the second.",
            "On one day {p} walks {a} steps, on the next one {b} more than that.",
        ),
        (
            "How many steps are that on both days?",
            "{q} walks as much as {p} on both days together. How many steps is that?",
        ),
        {"a": (2100, 4800), "b": (210, 980)},
        ("{a}+{b}", "{a}+{0}"),
    ),
    Template(
        (
            "A ticket costs {a} dollars, and a group of {b} pays {c} dollars less in all.",
            "{p}'s group of {b} gets {c} dollars off the full price; one ticket is {a} dollars.",
        ),
        (
            "How many dollars does the group pay?",
            "{q} pays for everybody. How many dollars is that?",
        ),
        {"a": (12, 38), "b": (6, 24), "c": (13, 59)},
        ("{a}*{b}", "{0}-{c}"),
    ),
)

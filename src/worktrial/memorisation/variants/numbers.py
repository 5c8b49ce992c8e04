"""New numbers in a question, and the answer recomputed from them.

Two kinds of items can be recomputed by program: an expression or equation that is asked for and
nothing else, and a word problem whose file gives its calculations, `<<3*4=12>>`. Both are first
recomputed as published: where that does not give the published answer, nothing is varied.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from worktrial.memorisation.items import AuditItem, Text
from worktrial.memorisation.variants import expression as grammar
from worktrial.memorisation.variants.digits import Usage, Written, digits_of, written
from worktrial.memorisation.variants.expression import Expression, Literal, NotAnExpressionError

_TRIES = 1_000
"""Draws in vain until no more variants are looked for: with most numbers an equation has no whole
root."""
_MOST_STEPS = 30
_FEWEST = 2
"""Numbers of an expression: one alone is nothing to compute."""


def vary(item: AuditItem, count: int, rng: Random, usage: Usage) -> tuple[Text, ...] | str:
    """The item with other numbers, as far as it can be recomputed.

    Args:
        item: As published.
        count: How many variants at most.
        rng: What they are drawn from.
        usage: Which numbers its set uses.

    Returns:
        Variants that differ from the item and each other, or why there are none.
    """
    if item.options:
        return "options cannot be recomputed"
    if item.answer is None:
        return "there is no answer to recompute"
    if not re.search(r"\d", item.question):
        return "no numbers"
    marked = item.working and "<<" in item.working
    found = _chain(item) if marked else _asked(item)
    if isinstance(found, str):
        return found
    variants = dict.fromkeys(_drawn(found, count, rng, usage))
    return tuple(variants) or "no other numbers give an answer of the same kind"


@dataclass(frozen=True)
class _Program:
    """How an item's answer follows from its numbers.

    Attributes:
        question: As published.
        literals: The numbers in it that may be others.
        answer: As published.
        recompute: The answer for others in their places, `None` where it is of another kind.
    """

    question: str
    literals: Sequence[Literal]
    answer: str
    recompute: Callable[[Sequence[str]], str | None]


def _drawn(program: _Program, count: int, rng: Random, usage: Usage) -> list[Text]:
    found: dict[str, Text] = {}
    in_vain = 0
    while len(found) < count and in_vain < _TRIES:
        in_vain += 1
        others = _others(program.literals, rng, usage)
        question = grammar.spliced(program.question, program.literals, others)
        if question == program.question or question in found:
            continue
        answer = program.recompute(others)
        if answer is not None:
            found[question] = Text(question=question, answer=answer)
            in_vain = 0
    return list(found.values())


def _others(literals: Sequence[Literal], rng: Random, usage: Usage) -> list[str]:
    """Other numbers; those that are the same stay the same, as one may stand for the other."""
    drawn: dict[str, str] = {}
    for literal in literals:
        if literal.text not in drawn:
            drawn[literal.text] = usage.drawn(literal.text, rng)
    return [drawn[literal.text] for literal in literals]


# An expression that is asked for.

# ruff: noqa: SIM905 - word lists read better as text
_ASKED = frozenset(
    "a an and answer answers arithmetic as be begin below boxed by calculate calculation "
    "carefully compute computes correct decimal determine does end equal equals equation "
    "evaluate evaluated exact expression final find following for form fraction give given how "
    "in inside integer is it its latex let's mathematical much number numeric numerical of "
    "please problem put question real reason result return root roots simplest simplified "
    "simplify solution solutions solve step step-by-step steps the then this to value values "
    "variable what what's whole within work worth write your".split()
)
"""Words that ask for the value of an expression and for nothing more of it."""
_WORDS = re.compile(r"\\boxed|\\[a-z]+|[A-Za-z][A-Za-z'’-]+|[?:;!]|(?<!\d)[.,]|[.,](?!\d)|\$|\n")
_MATHEMATICAL = re.compile(r"\\(?:[dt]?frac|times|cdot|div|left|right)")


def _asked(item: AuditItem) -> _Program | str:
    question, answer = item.question, item.answer or ""
    found = _only_expression(question)
    if isinstance(found, str):
        return found
    start, text = found
    try:
        expression = grammar.read(text)
        given = grammar.solutions(expression, expression.values())
    except NotAnExpressionError as error:
        return f"its expression cannot be read: {error}"
    told = _told(answer)
    if not given or tuple(sorted(w.value for w in told)) != given:
        return "recomputed, the published answer does not come out"
    if not grammar.confirmed(expression, expression.values(), given):
        return "recomputed, the published answer does not come out"
    literals = [Literal(one.text, one.start + start) for one in expression.literals]
    if len(literals) < _FEWEST and expression.right is None:
        return "there is nothing to compute"
    return _Program(question, literals, answer, lambda others: _solved(expression, others, answer))


def _only_expression(question: str) -> tuple[int, str] | str:
    """The one expression of a question that asks for nothing else, and its place."""
    spans, at = [], 0
    for word in _WORDS.finditer(question):
        if _MATHEMATICAL.fullmatch(word[0]):
            continue
        spans.append((at, word.start()))
        at = word.end()
        if word[0][0].isalpha() and word[0].lower().replace("’", "'") not in _ASKED:
            return "it asks for more than the value of an expression, and gives no calculation"
    spans.append((at, len(question)))
    texts = [_bare(question, start, end) for start, end in spans]
    full = [(start, text) for start, text in texts if re.search(r"\d", text)]
    if len(full) != 1:
        return "it has more than one expression"
    return full[0]


_EDGES = " \t\\()[]{}"


def _bare(question: str, start: int, end: int) -> tuple[int, str]:
    """A span without what stands around a formula: spaces, delimiters, a last equals sign."""
    text = question[start:end]
    text = re.sub(r"(\\\)|\\\]|\s|=|_+)+$", "", text)
    opening = re.match(r"(?:\\\(|\\\[|\s)*", text)
    skipped = opening.end() if opening else 0
    return start + skipped, text[skipped:]


def _told(answer: str) -> list[Written]:
    """The values that an answer says, several of them with commas or words between."""
    plain = answer.strip().strip("$").strip()
    whole = written(plain)
    if whole is not None:
        return [whole]
    parts = [written(part) for part in _between(plain)[::2]]
    return [part for part in parts if part] if all(parts) else []


def _between(answer: str) -> list[str]:
    return re.split(r"(\s*(?:,|;|\bor\b|\band\b)\s*)", answer)


def _solved(expression: Expression, others: Sequence[str], answer: str) -> str | None:
    """The answer for other numbers in the form of the published one, if they have one like it."""
    values = [Fraction(text.replace(",", "")) for text in others]
    try:
        found = grammar.solutions(expression, values)
        if expression.kinds(values) != expression.kinds(expression.values()):
            return None
    except NotAnExpressionError:
        return None
    told = _told(answer)
    order = sorted(range(len(told)), key=lambda n: told[n].value)
    if len(found) != len(told):
        return None
    texts = [""] * len(told)
    for place, value in zip(order, found, strict=True):
        text = told[place].like(value) if _alike(told[place].value, value) else None
        if text is None:
            return None
        texts[place] = text
    return _put(answer, texts) if grammar.confirmed(expression, values, found) else None


def _put(answer: str, texts: Sequence[str]) -> str:
    """The answer with other values, and all that stands around them."""
    plain = answer.strip().strip("$").strip()
    if len(texts) == 1:
        return answer.replace(plain, texts[0], 1)
    parts = _between(plain)
    parts[::2] = texts
    return answer.replace(plain, "".join(parts), 1)


def _alike(one: Fraction, other: Fraction) -> bool:
    """Whether two values are of one kind, sign and size."""
    same_kind = (one.denominator == 1) == (other.denominator == 1)
    same_sign = (one > 0) == (other > 0) and (one < 0) == (other < 0)
    return same_kind and same_sign and abs(digits_of(one) - digits_of(other)) <= 1


# A word problem whose calculations are given.

_STEP = re.compile(r"<<([^<>=]{1,200})=([^<>=]{1,60})>>")
_NUMBER = re.compile(rf"(?<![\w/:.,])(?:{grammar.NUMBER})(?![\w/:]|[.,]\d)")
_ANY_NUMBER = re.compile(grammar.NUMBER)
_IN_WORDS: Mapping[str, Sequence[str]] = {
    "1/4": ("quarter", "quarters", "fourth"),
    "1/3": ("third", "thirds"),
    "1/2": ("half", "halves", "halved"),
    "2": (
        "two",
        "twice",
        "double",
        "doubles",
        "doubled",
        "pair",
        "pairs",
        "couple",
        "both",
        "half",
    ),
    "3": ("three", "thrice", "triple", "triples", "tripled", "third", "thirds", "trio"),
    "4": ("four", "quarter", "quarters", "fourth", "fourths", "quadruple"),
    "5": ("five", "fifth", "fifths", "nickel", "nickels", "weekday", "weekdays"),
    "6": ("six", "sixth", "sixths"),
    "7": ("seven", "seventh", "week", "weeks", "weekly"),
    "8": ("eight", "eighth", "eighths"),
    "9": ("nine", "ninth"),
    "10": ("ten", "tenth", "tenths", "dime", "dimes", "decade", "decades"),
    "12": (
        "twelve",
        "dozen",
        "dozens",
        "year",
        "years",
        "foot",
        "feet",
        "inch",
        "inches",
        "annual",
    ),
    "16": ("sixteen", "pound", "pounds", "ounce", "ounces"),
    "20": ("twenty",),
    "24": ("day", "days", "hours"),
    "25": ("quarter", "quarters"),
    "30": ("thirty", "month", "months", "half"),
    "52": ("year", "years", "weeks"),
    "60": ("minute", "minutes", "hour", "hours", "second", "seconds", "sixty"),
    "100": ("percent", "percentage", "cent", "cents", "meter", "meters", "hundred", "%"),
    "365": ("year", "years"),
    "1000": ("thousand", "km", "kilometers", "kg", "kilograms", "grams", "liters", "meters"),
}
"""Numbers of a calculation that a question says in words or takes for known; they stay."""


_Source = Callable[[Mapping[Fraction, Fraction], Sequence[Fraction]], Fraction]
"""A number of a step, of the question's new numbers and the results before."""


@dataclass(frozen=True)
class _Step:
    """One calculation: where each of its numbers comes from, and what it came to."""

    expression: Expression
    sources: Sequence[_Source]
    result: Fraction
    kinds: Sequence[tuple[int, bool]]


def _chain(item: AuditItem) -> _Program | str:
    question, answer = item.question, item.answer or ""
    literals = [Literal(m[0], m.start()) for m in _NUMBER.finditer(question)]
    final = written(answer.strip().strip("$"))
    try:
        steps = _steps(item.working or "", question, {one.value for one in literals})
    except (NotAnExpressionError, ValueError, ZeroDivisionError) as error:
        return f"its calculation cannot be followed: {error}"
    if not steps or final is None or steps[-1].result != final.value:
        return "its calculation does not lead to the published answer"
    reached = _reached(steps, literals)
    if reached < {one.value for one in literals}:
        return "a number of the question is not in its calculation"

    def recompute(others: Sequence[str]) -> str | None:
        return _recomputed(steps, literals, others, final)

    if recompute([one.text for one in literals]) is None:
        return "recomputed, the published answer does not come out"
    return _Program(question, literals, answer, recompute)


def _steps(working: str, question: str, numbers: set[Fraction]) -> list[_Step]:
    """The calculations in their order, with the source of every number.

    Raises:
        NotAnExpressionError: If a calculation is none, or a number has no single source.
    """
    steps: list[_Step] = []
    said = _said(question)
    for text, result in _STEP.findall(working)[:_MOST_STEPS]:
        expression = grammar.read(_without_percent(text))
        told = written(result)
        before = [step.result for step in steps]
        sources = [_source(value, numbers, before, said) for value in expression.values()]
        found = grammar.solutions(expression, expression.values())
        if told is None or expression.right is not None or found != (told.value,):
            raise NotAnExpressionError("a step is rounded or wrong")
        kinds = expression.kinds(expression.values())
        steps.append(_Step(expression, sources, told.value, kinds))
    return steps


def _without_percent(text: str) -> str:
    return re.sub(rf"({grammar.NUMBER})\s*%", r"(\1/100)", text.replace("$", ""))


def _said(question: str) -> set[Fraction]:
    """Numbers that the question says in another form than digits of their own; they stay."""
    words = set(re.findall(r"[a-z]+|%", question.lower()))
    said = {Fraction(number) for number, names in _IN_WORDS.items() if words & set(names)}
    clean = {m.start() for m in _NUMBER.finditer(question)}
    for match in _ANY_NUMBER.finditer(question):
        if match.start() not in clean:
            said.add(Fraction(match[0].replace(",", "")))
    ratios = re.findall(r"(\d{1,6})/(\d{1,6})", question)
    return said | {Fraction(int(a), int(b)) for a, b in ratios if int(b)} | {Fraction(1)}


def _source(
    value: Fraction, numbers: set[Fraction], before: Sequence[Fraction], said: set[Fraction]
) -> _Source:
    """Where a number of a step comes from; there must be one place only."""
    found: list[_Source] = []
    if value in numbers:
        found.append(lambda new, _: new[value])
    if value * 100 in numbers and Fraction(100) in said:
        found.append(lambda new, _: new[value * 100] / 100)
    found += [_result(n) for n, was in enumerate(before) if was == value]
    if value in said and not (value == 1 and found):
        found.append(lambda _new, _results: value)
    if not found:
        raise NotAnExpressionError(f"where {_shown(value)} comes from is not said")
    if len(found) > 1:
        raise NotAnExpressionError(f"{_shown(value)} may come from two places")
    return found[0]


def _result(number: int) -> _Source:
    return lambda _, results: results[number]


def _shown(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"{float(value):g}"


def _reached(steps: Sequence[_Step], literals: Sequence[Literal]) -> set[Fraction]:
    """The question's numbers on which a step depends."""
    reached: set[Fraction] = set()
    for step in steps:
        for value in step.expression.values():
            reached |= {one.value for one in literals if one.value in (value, value * 100)}
    return reached


def _recomputed(
    steps: Sequence[_Step], literals: Sequence[Literal], others: Sequence[str], final: Written
) -> str | None:
    """The answer with other numbers, `None` where any step is of another kind than before."""
    new = {
        one.value: Fraction(other.replace(",", ""))
        for one, other in zip(literals, others, strict=True)
    }
    results: list[Fraction] = []
    for step in steps:
        values = [source(new, results) for source in step.sources]
        try:
            result = grammar.solutions(step.expression, values)[0]
            same = step.expression.kinds(values) == step.kinds
        except NotAnExpressionError:
            return None
        if not same or not _alike(step.result, result) or not _as_fine(step.result, result):
            return None
        if not grammar.confirmed(step.expression, values, (result,)):
            return None
        results.append(result)
    return final.like(results[-1])


def _as_fine(one: Fraction, other: Fraction) -> bool:
    """Whether both can be written with a few decimals, or neither can."""
    return (one * 100).denominator == 1 or (other * 100).denominator != 1

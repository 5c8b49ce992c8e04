"""Values in one form: numbers with units, dates, choices, texts and names.

Two values are the same if their canonical forms are equal. What can be read in two ways, such as
`03/04/2026` or `1.250`, has no canonical form.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from worktrial.search.topics import Attribute, Relation

About = Attribute | Relation
_LONGEST = 400
"""Characters of a single value; what is longer is none."""


def canonical(about: About, text: str, names: Mapping[str, str] | None = None) -> str | None:
    """The one form of a value, or `None` where it cannot be read as one.

    Args:
        about: The attribute or relation whose value it is.
        text: As it was written.
        names: Of entities: canonical names by `folded` names and aliases.

    Returns:
        Numbers plainly with their unit, dates as ISO 8601, choices as the topic lists them,
        entities by their canonical name where `names` knows them. Texts and unknown entities are
        folded: case, accents, spaces and hyphens carry no meaning.
    """
    if len(text) > _LONGEST:
        return None
    if about.kind == "number":
        return _number(about, text)
    if about.kind == "date":
        return _date(text)
    if isinstance(about, Attribute):
        return _choice(about, text)
    if about.kind == "entity":
        name = folded(text)
        return (names or {}).get(name, name) or None
    return _text(about, text)


def same(about: About, a: str, b: str, names: Mapping[str, str] | None = None) -> bool:
    """Whether two written values mean the same; what cannot be read is the same as nothing."""
    first = canonical(about, a, names)
    return first is not None and first == canonical(about, b, names)


# Words


_WORD = re.compile(r"\d+(?:\.\d+)*|[^\W\d_]+|&")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "&": "and"})


class Word(NamedTuple):
    """One word of a text, folded, and where it stands."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text: runs of letters, and numbers with their points, apart from each other.

    So `B2.14`, `b 2.14` and `B-2.14` have the same words, while `A1-23` and `A12-3` do not.
    """
    return [Word(_folded(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


def folded(text: str) -> str:
    """The words of a text in one string, without a leading `the`."""
    found = [word.text for word in words(unicodedata.normalize("NFKC", text))]
    while len(found) > 1 and found[0] == "the":
        found.pop(0)
    return " ".join(found)


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(_LETTERS)


# Numbers


_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SPELLED: Mapping[str, int] = {
    **{word: n for n, word in enumerate(_ONES)},
    **{word: 10 * n for n, word in enumerate(_TENS, 2)},
    "hundred": 100,
    "thousand": 1000,
}
_UNIT_WORDS: Mapping[str, str] = {
    "EUR": "eur euro euros €",
    "USD": "usd dollar dollars $",
    "GBP": "gbp pound pounds £",
    "CHF": "chf franc francs",
    "percent": "percent percents pct % per_cent percentage_points",
    "minutes": "minute minutes min mins",
    "hours": "hour hours hr hrs h",
    "days": "day days calendar_days calendar_day",
    "working days": "working_days business_days working_day business_day",
    "weeks": "week weeks",
    "months": "month months",
    "years": "year years yr yrs",
    "people": "people person persons guest guests seats seat attendees pax delegates",
    "participants": "participant participants respondents respondent",
    "units": "unit units piece pieces pcs item items device devices",
}
_UNITS: Mapping[str, str] = {
    form.replace("_", " "): unit for unit, forms in _UNIT_WORDS.items() for form in forms.split()
}
CURRENCIES = ("EUR", "USD", "GBP", "CHF")
_INTO: Mapping[tuple[str, str], tuple[int, int]] = {
    ("weeks", "days"): (7, 1),
    ("hours", "days"): (1, 24),
    ("hours", "minutes"): (60, 1),
    ("minutes", "hours"): (1, 60),
    ("years", "months"): (12, 1),
    ("months", "years"): (1, 12),
    ("people", "participants"): (1, 1),
    ("units", "participants"): (1, 1),
}
"""From one unit into another, as a fraction; only what is exact on every calendar."""

_SPELLED_FORM = "|".join(sorted(_SPELLED, key=len, reverse=True))
_UNIT_FORM = "|".join(
    re.escape(form).replace(r"\ ", r"\s") for form in sorted(_UNITS, key=len, reverse=True)
)
_DIGITS = r"\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,15}(?:[.,]\d{1,15})*|\.\d{1,15}"
_NUMBER = re.compile(
    rf"(?P<before>(?:€|\$|£|\b(?:EUR|USD|GBP|CHF))\s?)?"
    rf"(?:(?P<sign>(?<![\w)])[-+−])?(?<![\w.,])(?P<digits>{_DIGITS})(?P<kilo>k\b)?"
    rf"|\b(?P<spelled>(?:{_SPELLED_FORM})(?:(?:[\s-]|\sand\s)(?:{_SPELLED_FORM})){{0,8}})\b)"
    rf"(?:[\s-]?(?P<after>[€$£%]|(?:{_UNIT_FORM})\b))?",
    re.IGNORECASE,
)
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")
"""A point before three digits groups them in one country and divides in another."""
_FILLERS = frozenset(
    "about approximately approx around roughly ca circa exactly only up to per unit each day a "
    "the in total net within week of and just every from plus or so excl incl vat".split()
)


class Number(NamedTuple):
    """A number in a text: its value, `None` where it is ambiguous, and unit ("" for none)."""

    value: Decimal | None
    unit: str
    start: int
    end: int


def numbers(text: str) -> Iterator[Number]:
    """Every number of a text in order; spelled ones only before a unit."""
    for m in _NUMBER.finditer(text):
        before = (m["before"] or "").strip().casefold()
        unit = _UNITS.get(before) or _UNITS.get(" ".join((m["after"] or "").casefold().split()), "")
        if m["spelled"] and not unit:
            continue
        value = _spelled(m["spelled"]) if m["spelled"] else _digits(m["digits"])
        if value is not None:
            value = value * (1000 if m["kilo"] else 1) * (-1 if m["sign"] in ("-", "−") else 1)
        yield Number(value, unit, m.start(), m.end())


def into(number: Number, unit: str) -> str | None:
    """A number in canonical form in a wanted unit; `None` where it does not go into it.

    Args:
        number: A number without a unit is taken to be in the wanted one.
        unit: As the topic writes it. A currency goes into no other, and stays what it is.
    """
    if number.value is None:
        return None
    own = number.unit or unit
    value, target = number.value, unit
    if unit in CURRENCIES and own in CURRENCIES:
        target = own
    elif own != unit:
        times, by = _INTO.get((own, unit), (0, 1))
        value = number.value * times / by
        if not times or value * by != number.value * times:
            return None
    plain = _plain(value)
    return None if _AMBIGUOUS.fullmatch(plain) else f"{plain} {target}".strip()


def _number(about: About, text: str) -> str | None:
    text = unicodedata.normalize("NFKC", text)
    found = list(numbers(text))
    if len(found) != 1:
        return None
    rest = text[: found[0].start] + " " + text[found[0].end :]
    allowed = _FILLERS | {word.text for word in words(about.label)}
    if any(word.text not in allowed for word in words(rest)):
        return None
    return into(found[0], about.unit)


def _digits(text: str) -> Decimal | None:
    """A number's value out of its digits, points, commas and spaces."""
    text = re.sub(r"[ '’]", "", text)
    points, commas = text.count("."), text.count(",")
    if points and commas:
        last = max(text.rfind("."), text.rfind(","))
        whole, part = text[:last], text[last + 1 :]
        group = "," if text[last] == "." else "."
        if text[last] in whole or not re.fullmatch(
            rf"\d{{1,3}}(?:{re.escape(group)}\d{{3}})+", whole
        ):
            return None
        return Decimal(whole.replace(group, "") + "." + part)
    if commas:
        if re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+", text):
            return Decimal(text.replace(",", ""))
        return Decimal(text.replace(",", ".")) if commas == 1 else None
    if points > 1:
        grouped = re.fullmatch(r"[1-9]\d{0,2}(?:\.\d{3})+", text)
        return Decimal(text.replace(".", "")) if grouped else None
    return None if _AMBIGUOUS.fullmatch(text) else Decimal(text)


def _spelled(text: str) -> Decimal:
    total = run = 0
    for word in re.split(r"[\s-]+", text.casefold()):
        if word == "and":
            continue
        if word == "thousand":
            total, run = total + max(run, 1) * 1000, 0
        elif word == "hundred":
            run = max(run, 1) * 100
        else:
            run += _SPELLED[word]
    return Decimal(total + run)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


# Dates


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATE = re.compile(
    rf"(?<![\w.])(?:(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\.?(?:\s+of)?[\s-]+(?P<m2>{_MONTH}),?[\s-]*(?P<y2>\d{{4}})\b"
    rf"|(?P<m3>{_MONTH})\s*(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>\d{{4}})\b"
    r"|(?P<d4>\d{1,2})(?P<by>[./-])\s?(?P<m4>\d{1,2})(?P=by)\s?(?P<y4>\d{4})\b)",
    re.IGNORECASE,
)
_DAY_WORDS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun "
    "the on from as of since starting".split()
)


class Day(NamedTuple):
    """A date in a text: its ISO form, `None` where it is ambiguous or on no calendar."""

    value: str | None
    start: int
    end: int


def dates(text: str) -> Iterator[Day]:
    """Every date of a text in order."""
    for m in _DATE.finditer(text):
        yield Day(_iso(m), m.start(), m.end())


def _iso(m: re.Match[str]) -> str | None:
    year = int(m["y"] or m["y2"] or m["y3"] or m["y4"])
    day = int(m["d"] or m["d2"] or m["d3"] or m["d4"])
    name = m["m2"] or m["m3"]
    month = 1 + _MONTHS.index(name[:3].casefold()) if name else int(m["m"] or m["m4"])
    if m["by"] in ("/", "-") and day != month:
        if day <= 12 and month <= 12:
            return None
        day, month = max(day, month), min(day, month)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _date(text: str) -> str | None:
    text = unicodedata.normalize("NFKC", text)
    found = list(dates(text))
    if len(found) != 1:
        return None
    rest = text[: found[0].start] + " " + text[found[0].end :]
    return None if any(w.text not in _DAY_WORDS for w in words(rest)) else found[0].value


# Choices


def choice_forms(about: Attribute) -> Mapping[str, str]:
    """The values of a choice by folded name and alias."""
    return _choice_forms(tuple((about.choices or {}).items()))


@cache
def _choice_forms(choices: tuple[tuple[str, tuple[str, ...]], ...]) -> Mapping[str, str]:
    return {folded(form): value for value, aliases in choices for form in (value, *aliases)}


def _choice(about: Attribute, text: str) -> str | None:
    """The one choice that a text is, or names among other words."""
    forms = choice_forms(about)
    name = folded(text)
    if name in forms:
        return forms[name]
    parts = name.split()
    found: set[str] = set()
    at = 0
    while at < len(parts):
        longest = min(4, len(parts) - at)
        for n in range(longest, 0, -1):
            if value := forms.get(" ".join(parts[at : at + n])):
                found.add(value)
                at += n - 1
                break
        at += 1
    denied = not _DENIALS.isdisjoint(parts)
    return found.pop() if len(found) == 1 and not denied else None


_DENIALS = frozenset("not no neither nor without except unlike non t".split())

# Texts


_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}", re.ASCII)
_LEAST_DIGITS = 7
"""Of a phone number that is compared by its digits."""
_PREFIXES: Mapping[str, frozenset[str]] = {
    "extension": frozenset({"ext", "x"}),
    "archive": frozenset({"no", "nr"}),
    "reference": frozenset({"no", "nr"}),
    "fixed_in": frozenset({"version", "v"}),
    "phone": frozenset({"tel", "telephone"}),
    "workaround": frozenset({"to", "please"}),
}


def emails(text: str) -> Iterator[re.Match[str]]:
    """Every email address of a text in order."""
    return _EMAIL.finditer(text)


def _text(about: Relation, text: str) -> str | None:
    text = unicodedata.normalize("NFKC", text).strip()
    if found := _EMAIL.search(text):
        return found.group().casefold().rstrip(".-")
    digits = "".join(c for c in text.replace("(0)", "") if c.isdecimal())
    if about.key == "phone" and len(digits) >= _LEAST_DIGITS:
        return ("+" if "+" in text else "") + digits
    parts = folded(text).split()
    droppable = {"the", *(w.text for w in words(about.label)), *_PREFIXES.get(about.key, ())}
    while len(parts) > 1 and parts[0] in droppable:
        parts.pop(0)
    return " ".join(parts) or None

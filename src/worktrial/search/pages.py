"""Pages: what of the graph is written where, and in which words.

A plan of sheets is made once for a world; a page is written from its sheet when it is wanted. Every
page states what held on its date, so of two pages that disagree the newer is right.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal, NamedTuple

from worktrial.search.graph import Fact, Graph, Record
from worktrial.search.topics import Attribute, Relation, Topic

PageKind = Literal["profile", "archive", "notice", "list", "minutes", "mirror", "person"]
# Of the pages beyond a profile and a person's page for each subject.
_SHARES: Mapping[PageKind, int] = {
    "archive": 24, "notice": 18, "mirror": 20, "list": 14, "person": 6, "minutes": 18,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """One document of the world.

    Attributes:
        id: Such as `p00123`.
        title: Of the page.
        kind: What it is.
        dated: When it was written.
        text: What it says, title and date included.
        states: The facts that its text states.
    """

    id: str
    title: str
    kind: PageKind
    dated: date
    text: str
    states: tuple[Fact, ...]


class Sheet(NamedTuple):
    """What a page is to say.

    Attributes:
        kind: Of the page.
        dated: When it is written.
        names: Whom it is about.
        keys: What of them, where it is not all.
    """

    kind: PageKind
    dated: date
    names: tuple[str, ...]
    keys: tuple[str, ...] = ()


def plan(graph: Graph, pages: int, rng: Random) -> tuple[Sheet, ...]:
    """Plan so many pages: each subject's profile and person first, then the rest by share."""
    current = [r for r in graph.records.values() if r.entity.topic]
    sheets = [sheet for record in current for sheet in _kept(graph, record, rng)]
    rest = pages - len(sheets)
    changed = [r for r in current if r.changes]
    # Never changed and mirrored at once, so that few pages bear the same name.
    steady = [r for r in current if not r.changes]
    candidates: Mapping[PageKind, Iterator[Sheet]] = {
        "archive": _archives(changed, rng),
        "notice": _notices(changed, rng),
        "mirror": (_dated(graph, "mirror", r, rng) for r in _shuffled(steady, rng)),
        "person": _older_people(graph, rng),
        "list": _lists(graph, rng),
        "minutes": _minutes(graph, rng),
    }
    for kind, source in candidates.items():
        # Minutes come last and without end: they fill what others leave.
        room = rest * _SHARES[kind] // 100 if kind != "minutes" else pages - len(sheets)
        sheets += [sheet for sheet, _ in zip(source, range(room), strict=False)]
    rng.shuffle(sheets)
    return tuple(sheets)


def write(graph: Graph, sheet: Sheet, identity: str, rng: Random) -> Page:
    """Write a page.

    Args:
        graph: Where its facts are.
        sheet: What it is to say.
        identity: Its id.
        rng: For its words.
    """
    title, body, states = _WRITERS[sheet.kind](graph, sheet, rng)
    text = f"{title}\nDated: {sheet.dated.isoformat()}\n\n{body}\n"
    return Page(identity, title, sheet.kind, sheet.dated, text, states)


def forms(topic: Topic, key: str, tail: str) -> tuple[str, ...]:
    """All ways in which pages write a value, the most usual first.

    Args:
        topic: That knows the key.
        key: Of an attribute or relation, or `scope`.
        tail: In canonical form.
    """
    known = _known(topic, key)
    if known is None or known.kind in ("text", "entity"):
        return (tail,)
    if known.kind == "date":
        return spoken_dates(date.fromisoformat(tail))
    if isinstance(known, Attribute) and known.choices is not None:
        return (tail, *known.choices[tail])
    return _spoken_numbers(int(tail.split()[0]), known.unit)


def spoken_dates(day: date) -> tuple[str, ...]:
    """A date as people and pages write it, the plainest first."""
    month = _MONTHS[day.month - 1]
    return f"{day.day} {month} {day.year}", day.isoformat(), f"{month} {day.day}, {day.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_WORDS = ("", "one", "two", "three", "four", "five", "six")


def _spoken_numbers(number: int, unit: str) -> tuple[str, ...]:
    plain = f"{number:,} {unit[:-1] if number == 1 and unit.endswith('s') else unit}".strip()
    if unit == "EUR":
        return plain, f"€{number:,}", f"EUR {number:,}", f"{number} EUR"
    if unit == "percent":
        return plain, f"{number}%"
    longer = {"days": (7, "week"), "months": (12, "year")}.get(unit)
    if longer and number % longer[0] == 0 and 0 < (many := number // longer[0]) < len(_WORDS):
        return plain, f"{_WORDS[many]} {longer[1]}{'s' if many > 1 else ''}"
    return (plain, f"{number} {unit}") if number >= 1000 else (plain,)


def _known(topic: Topic, key: str) -> Attribute | Relation | None:
    known: Sequence[Attribute | Relation] = (*topic.attributes, *topic.relations)
    return next((k for k in known if k.key == key), None)


# --- what is planned ---


def _kept(graph: Graph, record: Record, rng: Random) -> Iterator[Sheet]:
    """The pages that every subject has: its own and its person's."""
    yield _dated(graph, "profile", record, rng)
    for relation in record.topic.relations:
        if relation.kind == "entity":
            person = graph.records[record.values[relation.key]]
            settled = max(record.settled, person.settled)
            name, subject = person.entity.name, record.entity.name
            yield Sheet("person", _day(settled, graph.today, rng), (name, subject))


def _dated(graph: Graph, kind: PageKind, record: Record, rng: Random) -> Sheet:
    """A page about one subject from after its last change."""
    return Sheet(kind, _day(record.settled, graph.today, rng), (record.entity.name,))


def _archives(changed: Sequence[Record], rng: Random) -> Iterator[Sheet]:
    for record in _shuffled(changed, rng):
        last = record.settled - timedelta(1)
        yield Sheet("archive", _day(record.since, last, rng), (record.entity.name,))


def _notices(changed: Sequence[Record], rng: Random) -> Iterator[Sheet]:
    for record in _shuffled(changed, rng):
        change = rng.choice(record.changes)
        yield Sheet("notice", change.on, (record.entity.name,), (change.relation,))


def _older_people(graph: Graph, rng: Random) -> Iterator[Sheet]:
    """Pages of people from before they were reached otherwise, or were succeeded."""
    for person in _shuffled([r for r in graph.records.values() if not r.entity.topic], rng):
        name, subject = person.entity.name, graph.records[person.beside[1]]
        for change in (*person.changes, *(c for c in subject.changes if c.old == name)):
            last = change.on - timedelta(1)
            if any(fact.tail == name for fact in subject.on(last).values()):
                first = next(f.since for f in subject.facts() if f.tail == name)
                yield Sheet("person", _day(first, last, rng), (name, person.beside[1]))


def _lists(graph: Graph, rng: Random) -> Iterator[Sheet]:
    scopes = [names for names in graph.scopes.values() if len(names) > 2]
    while True:
        names = rng.choice(scopes)
        topic = graph.records[names[0]].topic
        chosen = rng.sample(names, min(len(names), rng.randint(4, 8)))
        keys = rng.sample([a.key for a in topic.attributes], rng.randint(2, 3))
        yield Sheet("list", _any_day(graph, chosen, rng), tuple(chosen), tuple(keys))


def _minutes(graph: Graph, rng: Random) -> Iterator[Sheet]:
    scopes = [names for names in graph.scopes.values() if len(names) > 2]
    while True:
        names = rng.choice(scopes)
        topic = graph.records[names[0]].topic
        chosen = rng.sample(names, rng.randint(2, 3))
        plain = [a.key for a in topic.attributes] + [r.key for r in topic.relations if not r.of]
        keys = rng.sample(plain, rng.randint(2, 3))
        yield Sheet("minutes", _any_day(graph, chosen, rng), tuple(chosen), tuple(keys))


def _any_day(graph: Graph, names: Sequence[str], rng: Random) -> date:
    return _day(max(graph.records[name].since for name in names), graph.today, rng)


def _day(first: date, last: date, rng: Random) -> date:
    return first + timedelta(rng.randint(0, (last - first).days))


def _shuffled(records: Sequence[Record], rng: Random) -> list[Record]:
    return rng.sample(records, len(records))


# --- how it is written ---

_Written = tuple[str, str, tuple[Fact, ...]]


def _profile(graph: Graph, sheet: Sheet, rng: Random) -> _Written:
    record, facts = _subject(graph, sheet)
    name = record.entity.name
    title = rng.choice(["{}", "{}: profile", "About {}", "{} at a glance"]).format(name)
    short = "".join(f", or {alias} for short," for alias in record.entity.aliases)
    scope = facts["scope"].tail
    opening = f"{name}{short} is {_a(record.topic.noun)} {record.topic.link} {scope}."
    body = rng.choice([_prose, _table, _halves])(record.topic, facts, rng)
    closing = rng.choice(_CLOSINGS).format(name)
    return title, f"{opening}\n\n{body}\n\n{closing}", tuple(facts.values())


def _mirror(graph: Graph, sheet: Sheet, rng: Random) -> _Written:
    """The same in other words: short names, aliases of values, another order."""
    record, facts = _subject(graph, sheet)
    name, topic = record.entity.name, record.topic
    short = record.entity.aliases[0] if record.entity.aliases else name
    title = rng.choice(["{}, overview", "{} in brief", "Key facts: {}"]).format(name)
    rows = [f for f in facts.values() if f.relation != "scope"]
    rng.shuffle(rows)
    lines = [f"- {_clause(topic, f, _form(topic, f, rng, loose=True))}" for f in rows]
    opening = (
        f"Anyone asking for {_a(topic.noun)} {topic.link} {facts['scope'].tail} comes across "
        f"{name}. What we know of {short}:"
    )
    return title, f"{opening}\n\n" + "\n".join(lines), tuple(facts.values())


def _notice(graph: Graph, sheet: Sheet, rng: Random) -> _Written:
    record = graph.records[sheet.names[0]]
    name, (key,) = record.entity.name, sheet.keys
    fact = record.on(sheet.dated)[key]
    title = rng.choice(["Notice: {}", "Change at {}", "{}: what is new"]).format(name)
    when = rng.choice(spoken_dates(sheet.dated))
    clause = _clause(record.topic, fact, _form(record.topic, fact, rng))
    body = rng.choice([
        f"This notice takes effect on {when}.\n\nFor {name} the entry now reads: {clause}. "
        "Whatever was written earlier on this point no longer holds. The desk has the letter on "
        "file; colleagues who planned with the former entry are asked to look again.",
        f"Please note a change.\n\nWe have been told of {name}: {clause}. It applies from {when}. "
        "Everything else stays as it was written. Should this upset plans that are already made, "
        "write to the desk that keeps these pages, and it will see what can be done.",
    ])  # fmt: skip
    return title, body, (fact,)


def _list(graph: Graph, sheet: Sheet, rng: Random) -> _Written:
    topic = graph.records[sheet.names[0]].topic
    scope = graph.records[sheet.names[0]].values["scope"]
    labels = [topic.attribute(key).label for key in sheet.keys]
    title = f"{topic.plural.capitalize()} {topic.link} {scope}: {' and '.join(labels)}"
    rows = [" | ".join(["Name", *(label[0].upper() + label[1:] for label in labels)])]
    states: list[Fact] = []
    for name in sheet.names:
        held = graph.records[name].on(sheet.dated)
        facts = [held[key] for key in sheet.keys]
        rows.append(" | ".join([name, *(_form(topic, fact, rng) for fact in facts)]))
        states += [held["scope"], *facts]
    return title, "\n".join(rows), tuple(states)


def _minutes_page(graph: Graph, sheet: Sheet, rng: Random) -> _Written:
    topic = graph.records[sheet.names[0]].topic
    when = spoken_dates(sheet.dated)[0]
    title = f"Minutes of the meeting on {topic.plural}, {when}"
    points, states = [], []
    for i, name in enumerate(sheet.names, 1):
        held = graph.records[name].on(sheet.dated)
        facts = [held[key] for key in sheet.keys]
        said = "; ".join(_clause(topic, f, _form(topic, f, rng, loose=True)) for f in facts)
        points.append(f"{i}. {rng.choice(_TABLED).format(name)} {said}.")
        states += facts
    return title, "\n".join([*points, "", rng.choice(_ADJOURNED)]), tuple(states)


def _person(graph: Graph, sheet: Sheet, rng: Random) -> _Written:
    person, subject = graph.records[sheet.names[0]], graph.records[sheet.names[1]]
    name, topic = person.entity.name, person.topic
    tie = next(fact for fact in subject.on(sheet.dated).values() if fact.tail == name)
    label = topic.relation(tie.relation).label
    own = list(person.on(sheet.dated).values())
    title = rng.choice(["{}", "{}: contact card", "Staff page: {}"]).format(name)
    said = " ".join(_sentence(topic, fact, rng) for fact in own)
    opening = rng.choice([
        f"{name} is the {label} of {subject.entity.name}.",
        f"At {subject.entity.name}, {name} is the {label}.",
    ])  # fmt: skip
    return title, f"{opening} {said}", (tie, *own)


_WRITERS: Mapping[PageKind, Callable[[Graph, Sheet, Random], _Written]] = {
    "profile": _profile, "archive": _profile, "mirror": _mirror, "notice": _notice,
    "list": _list, "minutes": _minutes_page, "person": _person,
}  # fmt: skip


def _subject(graph: Graph, sheet: Sheet) -> tuple[Record, dict[str, Fact]]:
    record = graph.records[sheet.names[0]]
    return record, record.on(sheet.dated)


def _prose(topic: Topic, facts: Mapping[str, Fact], rng: Random) -> str:
    told = [_sentence(topic, fact, rng) for key, fact in facts.items() if key != "scope"]
    rng.shuffle(told)
    half = len(told) // 2
    return " ".join(told[:half]) + "\n\n" + " ".join(told[half:])


def _table(topic: Topic, facts: Mapping[str, Fact], rng: Random) -> str:
    rows = [
        f"{_label(topic, key).capitalize()}: {_form(topic, fact, rng)}"
        for key, fact in facts.items()
        if key != "scope"
    ]
    return "\n".join(rows)


def _halves(topic: Topic, facts: Mapping[str, Fact], rng: Random) -> str:
    """Some of it told, some of it in a table."""
    told = {a.key: facts[a.key] for a in topic.attributes}
    listed = {key: fact for key, fact in facts.items() if key not in told}
    if rng.random() < 0.5:
        told, listed = listed, told
    return f"{_prose(topic, told, rng)}\n\n{_table(topic, listed, rng)}"


def _sentence(topic: Topic, fact: Fact, rng: Random) -> str:
    value, label = _form(topic, fact, rng), _label(topic, fact.relation)
    if label.endswith(_OPEN):
        return f"{label.capitalize()} {value}."
    verb = "are" if label in _PLURAL else "is"
    return rng.choice(_SENTENCES).format(label=label, verb=verb, value=value)


def _clause(topic: Topic, fact: Fact, value: str) -> str:
    """A label and a value, to stand within a sentence."""
    label = _label(topic, fact.relation)
    return f"{label} {value}" if label.endswith(_OPEN) else f"{label}: {value}"


def _label(topic: Topic, key: str) -> str:
    known = _known(topic, key)
    return known.label if known else topic.scope_label


def _form(topic: Topic, fact: Fact, rng: Random, *, loose: bool = False) -> str:
    """A value as written; choices by an alias only where a page is loose."""
    ways = forms(topic, fact.relation, fact.tail)
    known = _known(topic, fact.relation)
    if not loose and isinstance(known, Attribute) and known.choices:
        return ways[0]
    return rng.choice(ways)


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


# Labels after which the value follows without a verb.
_OPEN = (" from", " since", " seen")
_PLURAL = ("delivery terms", "weekly hours", "units affected")
_SENTENCES = (
    "The {label} {verb} {value}.", "The {label} on record {verb} {value}.",
    "As {label} we note {value}.", "Here the {label} {verb} {value}.",
)  # fmt: skip
_CLOSINGS = (
    "Questions about {} go to the desk that keeps this page.",
    "What is written here of {} was checked by hand; please report mistakes.",
    "More on {} can be had from the colleagues who keep this page.",
    "Whoever knows {} better is welcome to write to us.",
)
_TABLED = ("On {}:", "{} came up:", "We looked at {}:", "{} was discussed:")
_ADJOURNED = (
    "No decision was taken.", "We meet again next month.", "The rest was put off.",
    "The chair thanked all who came.",
)  # fmt: skip

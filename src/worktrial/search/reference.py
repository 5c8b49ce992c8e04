"""Reference workers: simulated, of known quality, searching and reading with the real tools.

What they know beforehand is in the key: whom the request fits, and which stages must be asked for.
What they say of a subject they read out of pages; without pages of ours it is in the key too.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from worktrial.errors import ConfigError
from worktrial.randomness import stream
from worktrial.search.items import SearchItem, Triple
from worktrial.search.keys import Key
from worktrial.search.topics import Topic

NAMES = ("oracle", "premature", "interrogator", "null")
FINAL = "FINAL ANSWER"
_QUESTION = "Which {} do you need?"
_MENTION = "I am also looking at the {}."
_CANDIDATE = "One that I came across is {}."
_IDLE = "Do you have a favourite colour?"
_DATED = re.compile(r"^Dated: (\d{4}-\d{2}-\d{2})$", re.MULTILINE)


class Look(NamedTuple):
    """One call of a tool."""

    tool: str
    argument: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What a conversation holds from the worker's side.

    Attributes:
        said: Its own messages so far, those with calls left out.
        looked: The calls since its last message, with what they returned.
    """

    said: tuple[str, ...] = ()
    looked: tuple[tuple[Look, str], ...] = ()


def check(name: str) -> None:
    """Raise `ConfigError` unless there is such a worker."""
    if name not in NAMES:
        raise ConfigError(
            f"the search's reference workers are {', '.join(NAMES)}; got {name!r}; choose one"
        )


def act(name: str, key: Key, heard: Heard) -> str | list[Look]:
    """What a reference worker does next: a message, or calls of its tools.

    Args:
        name: Who.
        key: What it knows.
        heard: The conversation so far.
    """
    plan = _PLANS[name](key)
    if len(heard.said) < len(plan):
        return plan[len(heard.said)]
    if name == "null":
        return ""
    return _answer(key, _chosen(name, key), heard)


def _answer(key: Key, subject: str, heard: Heard) -> str | list[Look]:
    """Look the subject up until all that is wanted was read, then say it."""
    if not key.place.ours:
        return _known(key, subject)
    looked = {look for look, _ in heard.looked}
    read = _read(key, heard)
    names = [subject, *_people(key.item, subject, read)]
    queries = [Look("search", query) for name in names for query in _queries(key.item, name)]
    if new := [look for look in queries if look not in looked]:
        return new
    pages = [Look("open", page) for page in _hits(heard, names)]
    if new := [look for look in pages if look not in looked]:
        return new
    return _said(key, subject, read)


def _queries(item: SearchItem, name: str) -> list[str]:
    labels = (item.about.relation(wanted).label for wanted in item.wanted)
    return [name, *(f"{name} {label}" for label in labels)]


def _hits(heard: Heard, names: Sequence[str]) -> list[str]:
    """Ids of the pages that a search found and that speak of one of the names, each once."""
    lines = (
        line for look, text in heard.looked if look.tool == "search" for line in text.split("\n")
    )
    found = (line.partition(" | ")[0] for line in lines if any(name in line for name in names))
    return list(dict.fromkeys(found))


def _read(key: Key, heard: Heard) -> dict[tuple[str, str], str]:
    """What the opened pages say by head and relation; where they disagree, the newest."""
    pages = [text for look, text in heard.looked if look.tool == "open"]
    read: dict[tuple[str, str], str] = {}
    for text in sorted(pages, key=_dated):
        for triple in key.place.read(text, key.item).triples:
            read[triple.head, triple.relation] = triple.tail
    return read


def _dated(text: str) -> str:
    """The date that a page bears; ISO dates sort as text."""
    found = _DATED.search(text)
    return found[1] if found else ""


def _people(item: SearchItem, subject: str, read: Mapping[tuple[str, str], str]) -> list[str]:
    """The people beside a subject who are wanted and known."""
    wanted = (item.about.relation(name) for name in item.wanted)
    found = (read.get((subject, r.key)) for r in wanted if r.kind == "entity")
    return [name for name in found if name]


def _said(key: Key, subject: str, read: Mapping[tuple[str, str], str]) -> str:
    """The answer: under a schema in its form, otherwise in prose."""
    topic, triples = key.item.about, []
    for name in key.item.wanted:
        of = topic.relation(name).of
        head = read.get((subject, of)) if of else subject
        value = read.get((head, name)) if head else None
        if head and value:
            triples.append(Triple(head=head, relation=name, tail=value))
    say = _line if key.arm.schema else _sentence
    answer = "\n".join(say(topic, triple) for triple in triples) or "I found nothing."
    return f"{FINAL}\n{answer}" if key.arm.user else answer


def _known(key: Key, subject: str) -> str:
    """The goal in lines, told of a subject; who took another one says of it what is not so."""
    item = key.item
    told = (
        t.model_copy(update={"head": subject}) if t.head == item.subject else t for t in item.goal
    )
    answer = "\n".join(_line(item.about, triple) for triple in told)
    return f"{FINAL}\n{answer}" if key.arm.user else answer


def _line(topic: Topic, triple: Triple) -> str:
    return f"{triple.head} | {topic.relation(triple.relation).label} | {triple.tail}"


def _sentence(topic: Topic, triple: Triple) -> str:
    return f"The {topic.relation(triple.relation).label} of {triple.head} is {triple.tail}."


# --- what is said before the answer ---


def _oracle(key: Key) -> list[str]:
    """Ask for what must be asked, bring up the rest."""
    if not key.arm.user:
        return []
    item = key.item
    said = []
    for stage in item.persona.stages:
        label = item.about.attribute(stage.constraint.attribute).label
        said.append(
            {
                "asked": _QUESTION.format(label),
                "mentioned": _MENTION.format(label),
                "shown": _CANDIDATE.format(item.admissible[0]),
            }[stage.trigger]
        )
    return said + _padding(key, sum(stage.must_ask for stage in item.persona.stages))


def _premature(key: Key) -> list[str]:
    """Answer at once; where questions are demanded, ask of what nobody cares about."""
    return _padding(key, 0)


def _padding(key: Key, asked: int) -> list[str]:
    return [_IDLE] * max(0, key.arm.least_questions - asked)


def _interrogator(key: Key) -> list[str]:
    """Ask for everything, ask again, show a candidate, ask once more."""
    if not key.arm.user:
        return []
    labels = (attribute.label for attribute in key.item.about.attributes)
    everything = "\n".join(_QUESTION.format(label) for label in labels)
    return [everything, everything, _CANDIDATE.format(key.item.admissible[0]), everything]


def _null(key: Key) -> list[str]:
    return []


_PLANS: Mapping[str, Callable[[Key], list[str]]] = {
    "oracle": _oracle,
    "premature": _premature,
    "interrogator": _interrogator,
    "null": _null,
}


def _chosen(name: str, key: Key) -> str:
    """Of whom to speak: of the one that fits, or of one among all that may.

    Who was told everything knows the one; who answers the vague request has to guess.
    """
    if name != "premature" or key.arm.told != "vague":
        return key.item.subject
    rng = stream(key.item.world_seed, "search", "premature", key.item.id, key.replicate)
    return rng.choice(key.item.admissible)

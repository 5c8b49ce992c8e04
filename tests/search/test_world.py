"""The world: the same for everyone, and its pages say what the graph holds."""

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from typing import get_args

import pytest

from worktrial.errors import ConfigError
from worktrial.search.graph import WIDTHS, Family, meets
from worktrial.search.pages import forms
from worktrial.search.topics import TOPICS, Topic
from worktrial.search.world import Fact, Page, PageKind, World, fingerprint, world

MONTHS = "January February March April May June July August September October November December"


@pytest.fixture(scope="module", params=[7, 8])
def small(request: pytest.FixtureRequest) -> World:
    return world(request.param, 600)


@pytest.mark.parametrize("hashing", ["0", "1"])
def test_another_process_writes_the_same_bytes(hashing: str) -> None:
    code = (
        "from worktrial.search.world import fingerprint, world; print(fingerprint(world(7, 300)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": hashing},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == fingerprint(World(7, 300))


def test_another_seed_writes_another_world() -> None:
    assert fingerprint(world(7, 300)) != fingerprint(world(8, 300))
    assert world(7, 300) is world(7, 300)


@pytest.mark.parametrize("pages", [199, 100_001, -1])
def test_a_world_has_two_hundred_to_a_hundred_thousand_pages(pages: int) -> None:
    with pytest.raises(ConfigError, match=f"`pages` must be 200 to 100,000; got {pages}"):
        world(7, pages)


@pytest.mark.parametrize("pages", [200, 401, 2000])
def test_a_world_of_any_size_has_so_many_pages_and_all_kinds(pages: int) -> None:
    drawn = world(3, pages)
    written = list(drawn.pages())
    assert [page.id for page in written] == [f"p{i:05}" for i in range(pages)]
    assert {page.kind for page in written} == set(get_args(PageKind))
    assert all(page.dated <= drawn.today for page in written)


def test_one_page_is_written_alone_as_among_all(small: World) -> None:
    for page in small.pages():
        assert small.page(page.id) == page


@pytest.mark.parametrize(
    "identity", ["", "p", "p00600", "p99999", "00000", "p0", "p٠٠٠٠٠", "p00000\n"]
)
def test_there_is_no_page_of_an_id_that_was_not_given_out(identity: str) -> None:
    assert world(7, 600).page(identity) is None


def test_names_and_aliases_are_unique_and_none_is_hidden_in_a_stranger(small: World) -> None:
    names = [n for e in small.entities.values() for n in (e.name, *e.aliases)]
    assert len(names) == len(set(names))
    assert sum(bool(e.aliases) for e in small.entities.values()) > 10
    for entity in small.entities.values():
        for alias in entity.aliases:
            holders = [n for n in small.entities if re.search(rf"\b{alias}\b", n)]
            assert holders == [entity.name]


def test_some_names_are_nearly_the_same(small: World) -> None:
    suppliers = [e.name.split()[0] for e in small.entities.values() if e.topic == "suppliers"]
    assert max(Counter(suppliers).values()) >= 2


def test_every_subject_knows_all_of_its_topic_and_its_person_the_second_hop(small: World) -> None:
    for key, topic in TOPICS.items():
        for scope in topic.scopes:
            for name in small.subjects(key, scope):
                current = small.current(name)
                assert current["scope"] == scope
                wanted = [a.key for a in topic.attributes]
                wanted += [r.key for r in topic.relations if not r.of]
                assert list(current) == ["scope", *wanted]
                for hop in (r for r in topic.relations if r.of):
                    person = small.entities[current[hop.of]]
                    assert person.topic == ""
                    assert list(small.current(person.name)) == [hop.key]


def test_what_is_current_is_the_one_fact_without_an_end(small: World) -> None:
    superseded = 0
    for name in small.entities:
        facts = small.facts(name)
        assert {f.relation: f.tail for f in facts if f.until is None} == small.current(name)
        for old in (f for f in facts if f.until):
            (new,) = [f for f in facts if f.relation == old.relation and f.until is None]
            assert old.since < new.since == old.until <= small.today
            assert old.tail != new.tail
            superseded += 1
    assert superseded > 50


def test_values_are_canonical(small: World) -> None:
    for name, entity in small.entities.items():
        for attribute in TOPICS[entity.topic].attributes if entity.topic else ():
            value = small.current(name)[attribute.key]
            if attribute.choices:
                assert value in attribute.choices
            elif attribute.numbers:
                least, most, step = map(int, attribute.numbers)
                number, *unit = value.split()
                assert int(number) in range(least, most + 1, step)
                assert unit == ([attribute.unit] if attribute.unit else [])
            else:
                assert date.fromisoformat(value).isoformat() == value


def test_each_sibling_falls_short_of_the_head_in_one_attribute(small: World) -> None:
    for family in small.families:
        topic, head = TOPICS[family.topic], small.current(family.head)
        missed = []
        for sibling in family.siblings:
            theirs = small.current(sibling)
            (apart,) = [a for a in topic.attributes if theirs[a.key] != head[a.key]]
            assert not meets(apart, theirs[apart.key], head[apart.key])
            missed.append(apart.key)
        assert len(family.siblings) >= 6
        assert set(missed) == set(family.apart)


def test_the_bounds_of_a_family_single_out_its_head(small: World) -> None:
    for family in small.families:
        assert _fitting(small, family, family.apart) == [family.head]
        for spared in family.apart:
            rest = [key for key in family.apart if key != spared]
            assert len(_fitting(small, family, rest)) > 1


def _fitting(world: World, family: Family, keys: list[str] | tuple[str, ...]) -> list[str]:
    topic, head = TOPICS[family.topic], world.current(family.head)
    return [
        name
        for name in world.subjects(family.topic, family.scope)
        if all(meets(topic.attribute(k), world.current(name)[k], head[k]) for k in keys)
    ]


def test_families_of_every_width_come_in_a_larger_world() -> None:
    widths = {(f.topic, len(f.apart)) for f in world(5, 2000).families}
    assert widths == {(topic, width) for topic in TOPICS for width in WIDTHS}


def test_every_page_states_what_its_text_says(small: World) -> None:
    """Read anew: the subject's name is there, and the value in a form that means it."""
    for page in small.pages():
        head, dated, *_ = page.text.split("\n")
        assert (head, dated) == (page.title, f"Dated: {page.dated.isoformat()}")
        assert page.states
        plain = _plain(page.text)
        for fact in page.states:
            assert fact in small.facts(fact.head)
            assert fact.head in page.text
            assert any(_plain(way) in plain for way in _ways(small, fact)), (page, fact)
            assert _label(small, fact).lower() in page.text.lower()


def _label(world: World, fact: Fact) -> str:
    """The word that says what a value is of; the noun for a scope."""
    topic = _topic(world, fact.head)
    labels = {known.key: known.label for known in (*topic.attributes, *topic.relations)}
    return labels.get(fact.relation, topic.noun.rstrip("y"))


def _ways(world: World, fact: Fact) -> list[str]:
    """A value and, of a choice, the words that the topic lists beside it."""
    topic = _topic(world, fact.head)
    attribute = next((a for a in topic.attributes if a.key == fact.relation), None)
    return [fact.tail, *((attribute.choices or {}).get(fact.tail, ()) if attribute else ())]


def _topic(world: World, name: str) -> Topic:
    """A subject's topic; a person's is that of the one relation key it has."""
    entity = world.entities[name]
    if entity.topic:
        return TOPICS[entity.topic]
    keys = set(world.current(name))
    return next(t for t in TOPICS.values() if keys <= {r.key for r in t.relations})


def _plain(text: str) -> str:
    """Dates as ISO 8601, numbers without separators, units after them, in words of one kind."""
    months = "|".join(MONTHS.split())
    number = {name: i for i, name in enumerate(MONTHS.split(), 1)}

    def iso(day: str, month: str, year: str) -> str:
        return f"{year}-{number[month]:02}-{int(day):02}"

    text = re.sub(rf"(\d+) ({months}) (\d{{4}})", lambda m: iso(m[1], m[2], m[3]), text)
    text = re.sub(rf"({months}) (\d+), (\d{{4}})", lambda m: iso(m[2], m[1], m[3]), text)
    text = re.sub(r"(\d),(\d{3})", r"\1\2", text)
    text = re.sub(r"(?:€|EUR )(\d+)", r"\1 EUR", text).replace("%", " percent")
    words = ("one", "two", "three", "four", "five", "six")
    for unit, (many, small_unit) in {"week": (7, "days"), "year": (12, "months")}.items():
        for i, word in enumerate(words, 1):
            text = re.sub(rf"\b{word} {unit}s?\b", f"{i * many} {small_unit}", text)
    return re.sub(r"\b1 (unit|day|month|year|participant)\b", r"1 \1s", text)


def test_the_newest_page_that_states_something_states_what_holds(small: World) -> None:
    newest: dict[tuple[str, str], tuple[date, set[str]]] = {}
    disagreed: dict[tuple[str, str], set[str]] = defaultdict(set)
    for page in small.pages():
        for fact in page.states:
            key = (fact.head, fact.relation)
            disagreed[key].add(fact.tail)
            dated, tails = newest.get(key, (date.min, set()))
            if page.dated >= dated:
                newest[key] = (page.dated, {fact.tail} | (tails if page.dated == dated else set()))
    assert sum(len(tails) > 1 for tails in disagreed.values()) > 30
    for name, entity in small.entities.items():
        if not entity.topic:
            continue
        current = small.current(name)
        people = [n for n in current.values() if n in small.entities]
        for whose in (name, *people):
            for relation, tail in small.current(whose).items():
                assert newest[whose, relation][1] == {tail}


def test_a_page_of_a_kind_is_about_what_its_kind_says(small: World) -> None:
    kinds: dict[str, list[Page]] = defaultdict(list)
    for page in small.pages():
        kinds[page.kind].append(page)
    for page in (*kinds["profile"], *kinds["mirror"]):
        assert len(page.states) == 11
        assert all(fact.until is None for fact in page.states)
    for page in kinds["archive"]:
        assert len(page.states) == 11
        assert any(fact.until for fact in page.states)
    for page in kinds["notice"]:
        (fact,) = page.states
        assert fact.since == page.dated
    for page in kinds["list"]:
        rows = page.text.strip().split("\n\n")[1].split("\n")
        assert 3 <= len(rows[1:]) <= 8
        assert len(page.states) == len(rows[1:]) * rows[0].count("|") + len(rows[1:])
        assert rows[0].count("|") in (2, 3)
    for page in kinds["minutes"]:
        assert len({fact.head for fact in page.states}) in (2, 3)
    for page in kinds["person"]:
        tie, hop = page.states
        assert hop.head == tie.tail
        assert small.entities[tie.tail].topic == ""


@pytest.mark.parametrize(
    ("topic", "key", "tail", "written"),
    [
        ("suppliers", "unit_price", "1250 EUR", ("1,250 EUR", "€1,250", "EUR 1,250", "1250 EUR")),
        ("suppliers", "lead_days", "14 days", ("14 days", "two weeks")),
        ("suppliers", "lead_days", "12 days", ("12 days",)),
        ("suppliers", "minimum_order", "1750 units", ("1,750 units", "1750 units")),
        ("studies", "months", "1 months", ("1 month",)),
        ("studies", "months", "12 months", ("12 months", "one year")),
        ("studies", "published", "2026-03-03", ("3 March 2026", "2026-03-03", "March 3, 2026")),
        ("studies", "effect", "12 percent", ("12 percent", "12%")),
        ("defects", "version", "4", ("4",)),
        ("suppliers", "country", "the Netherlands", ("the Netherlands", "Netherlands", "Holland")),
        ("suppliers", "scope", "work gloves", ("work gloves",)),
    ],
)  # fmt: skip
def test_a_value_is_written_in_forms_that_mean_it_alone(
    topic: str, key: str, tail: str, written: tuple[str, ...]
) -> None:
    assert forms(TOPICS[topic], key, tail) == written

"""Items: vague where they must be, told in stages, and proven on the graph."""

import re
from collections import Counter

import pytest

from worktrial.errors import ConfigError
from worktrial.search import items as module
from worktrial.search.items import (
    COURSES,
    STYLES,
    Constraint,
    SearchItem,
    custom_course,
    draw_items,
    proof,
    satisfies,
)
from worktrial.search.topics import TOPICS
from worktrial.search.world import World, world

POCKET = COURSES["pocket"]
SEEDS = (0, 1, 7)


@pytest.fixture(scope="module", params=SEEDS)
def pocket(request: pytest.FixtureRequest) -> list[SearchItem]:
    return draw_items(POCKET, seed=request.param)


def test_the_same_seed_draws_the_same_items_and_another_others(pocket: list[SearchItem]) -> None:
    again = draw_items(POCKET, seed=pocket[0].world_seed)
    assert again == pocket
    assert [i.subject for i in draw_items(POCKET, seed=99)] != [i.subject for i in pocket]


def test_items_are_spread_evenly_over_topics_and_styles(pocket: list[SearchItem]) -> None:
    assert [item.id for item in pocket[:7]] == [
        "suppliers-000", "people-001", "studies-002", "venues-003", "defects-004", "policies-005",
        "suppliers-006",
    ]  # fmt: skip
    assert Counter(item.topic for item in pocket) == dict.fromkeys(TOPICS, 2)
    assert Counter(item.persona.style for item in pocket) == dict.fromkeys(STYLES, 3)
    assert len({item.subject for item in pocket}) == 12
    assert len({item.vague for item in pocket}) == 12


def test_over_more_rounds_every_topic_meets_every_style() -> None:
    drawn = draw_items(custom_course("pocket", items=48, pages=4000), seed=3)
    assert Counter((i.topic, i.persona.style) for i in drawn) == {
        (topic, style): 2 for topic in TOPICS for style in STYLES
    }


def test_every_item_is_proven(pocket: list[SearchItem]) -> None:
    for item in pocket:
        found = proof(item, world(item.world_seed, item.pages))
        assert found.vague == len(item.admissible) >= 7
        assert found.complete == (item.subject,)
        assert list(found.without) == [s.constraint.attribute for s in item.persona.stages]
        assert all(count >= 2 for count in found.without.values())
        assert found.holds(item.subject)
        assert not found.holds(item.admissible[item.admissible[0] == item.subject])


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("stages", [4, 5, 6])
def test_a_topic_alone_is_drawn_and_proven(topic: str, stages: int) -> None:
    course = custom_course("pocket", items=2, pages=1500, stages=stages)
    for item in draw_items(course, seed=11, topics=[topic]):
        assert len(item.persona.stages) == stages
        assert proof(item, world(11, 1500)).holds(item.subject)


def test_an_item_that_more_than_one_subject_fits_is_never_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Planted(World):
        """A sibling of every head was given what it lacks."""

        def current(self, name: str) -> dict[str, str]:
            for family in self.families:
                if name == family.siblings[0]:
                    name = family.head
            return dict(super().current(name))

    monkeypatch.setattr(module, "world", Planted)
    with pytest.raises(RuntimeError, match="suppliers-000 is not what it must be"):
        draw_items(POCKET, seed=0)


def test_a_constraint_that_can_be_spared_is_never_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    class Planted(World):
        """No sibling differs in the first attribute any more."""

        def subjects(self, topic: str, scope: str) -> tuple[str, ...]:
            gone = {f.siblings[i] for f in self.families for i in range(0, 6, len(f.apart))}
            return tuple(n for n in super().subjects(topic, scope) if n not in gone)

    monkeypatch.setattr(module, "world", Planted)
    with pytest.raises(RuntimeError, match="is not what it must be"):
        draw_items(POCKET, seed=0)


def test_the_goal_is_what_holds_today(pocket: list[SearchItem]) -> None:
    for item in pocket:
        drawn, topic = world(item.world_seed, item.pages), item.about
        plain, entity, hop = (topic.relation(key) for key in item.wanted)
        assert (entity.kind, hop.of, plain.of) == ("entity", entity.key, "")
        assert plain.kind != "entity"
        current = drawn.current(item.subject)
        person = current[entity.key]
        assert [(t.head, t.relation, t.tail) for t in item.goal] == [
            (item.subject, plain.key, current[plain.key]),
            (item.subject, entity.key, person),
            (person, hop.key, drawn.current(person)[hop.key]),
        ]


def test_stages_have_at_least_two_that_must_be_asked_and_one_of_each_other() -> None:
    for stages, expected in {4: (2, 1, 1), 5: (2, 2, 1), 6: (3, 2, 1)}.items():
        course = custom_course("pocket", items=6, pages=1500, stages=stages)
        orders = set()
        for item in draw_items(course, seed=5):
            triggers = [stage.trigger for stage in item.persona.stages]
            assert tuple(map(triggers.count, ("asked", "mentioned", "shown"))) == expected
            orders.add(tuple(triggers))
        assert len(orders) > 1


def test_only_the_impatient_run_out_of_patience(pocket: list[SearchItem]) -> None:
    for item in pocket:
        impatient = item.persona.style == "impatient"
        assert item.persona.patience == (4 if impatient else None)


def test_the_vague_request_names_the_noun_the_scope_and_what_is_wanted_alone(
    pocket: list[SearchItem],
) -> None:
    for item in pocket:
        topic = item.about
        assert f"{topic.noun} {topic.link} {item.scope}" in item.vague
        for key in item.wanted:
            assert topic.relation(key).label in item.vague
        for stage in item.persona.stages:
            label = topic.attribute(stage.constraint.attribute).label
            assert not re.search(rf"\b{label}\b", item.vague), (label, item.vague)
        assert item.subject not in item.complete


def test_the_complete_request_and_the_shards_say_every_constraint(
    pocket: list[SearchItem],
) -> None:
    for item in pocket:
        assert item.shards[0] == item.vague
        assert item.complete == " ".join(item.shards)
        for stage, shard in zip(item.persona.stages, item.shards[1:], strict=True):
            assert _value(stage.constraint) in shard
            assert _value(stage.constraint) in stage.line


def test_a_line_holds_no_value_of_another_attribute() -> None:
    for seed in range(12):
        for item in draw_items(POCKET, seed=seed):
            for stage in item.persona.stages:
                said = stage.line.replace(_value(stage.constraint), "")
                for other in item.about.attributes:
                    if other.key == stage.constraint.attribute:
                        said = said.replace(other.label, "")
                        said = said.replace(other.label.capitalize(), "")
                        continue
                    for choice, aliases in (other.choices or {}).items():
                        for value in (choice, *aliases):
                            assert not re.search(rf"\b{value}\b", said), (value, stage.line)
                assert not re.search(r"\d", said)


def _value(constraint: Constraint) -> str:
    """A constraint's value as people say it."""
    if constraint.operator not in ("by", "not before"):
        return constraint.value
    year, month, day = constraint.value.split("-")
    names = "January February March April May June July August September October November December"
    return f"{int(day)} {names.split()[int(month) - 1]} {year}"


def test_operators_follow_the_way_an_attribute_is_wanted(pocket: list[SearchItem]) -> None:
    seen = set()
    for item in pocket:
        for stage in item.persona.stages:
            attribute = item.about.attribute(stage.constraint.attribute)
            seen.add((attribute.kind, attribute.better, stage.constraint.operator))
    assert seen <= {
        ("choice", None, "is"), ("number", "low", "at most"), ("number", "high", "at least"),
        ("date", "low", "by"), ("date", "high", "not before"),
    }  # fmt: skip
    assert len(seen) >= 3


@pytest.mark.parametrize(
    ("operator", "value", "fits"),
    [
        ("at most", "12 days", True), ("at most", "11 days", False), ("at most", "100 days", True),
        ("at least", "12 days", True), ("at least", "13 days", False),
        ("at least", "2 days", True), ("is", "12 days", True), ("is", "13 days", False),
        ("by", "2026-03-03", True), ("by", "2026-03-02", False),
        ("not before", "2026-03-03", True), ("not before", "2026-03-04", False),
    ],
)  # fmt: skip
def test_satisfies_compares_numbers_and_dates_as_such(
    operator: str, value: str, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = world(0, 400)
    name = next(n for n, entity in drawn.entities.items() if entity.topic == "suppliers")
    held = "2026-03-03" if "-" in value else "12 days"
    monkeypatch.setattr(drawn, "current", lambda _: {"x": held})
    constraint = Constraint.model_validate({"attribute": "x", "operator": operator, "value": value})
    assert satisfies(drawn, name, constraint) is fits


def test_who_lacks_the_attribute_or_is_unknown_does_not_satisfy() -> None:
    drawn = world(0, 400)
    constraint = Constraint(attribute="country", operator="is", value="Poland")
    person = next(n for n, entity in drawn.entities.items() if not entity.topic)
    assert not satisfies(drawn, person, constraint)
    assert not satisfies(drawn, "No One", constraint)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"items": 0}, "`items` must be 1 to 10,000; got 0"),
        ({"pages": 199}, "`pages` must be 200 to 100,000; got 199"),
        ({"stages": 3}, "`stages` must be 4 to 6; got 3"),
        ({"turns": 0}, "`turns` must be 1 to 1,000; got 0"),
        ({"calls": 0}, "`calls` must be 1 to 10,000; got 0"),
    ],
)
def test_a_size_out_of_range_is_refused(changes: dict[str, int], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        custom_course("pocket", **changes)


def test_courses_are_named_and_can_be_changed() -> None:
    with pytest.raises(ConfigError, match="`course` must be one of pocket, standard, full"):
        custom_course("huge")
    assert custom_course("pocket") == POCKET
    changed = custom_course("pocket", items=6, turns=3)
    assert changed == POCKET.model_copy(update={"items": 6, "turns": 3})


def test_what_cannot_be_drawn_is_refused_with_a_remedy() -> None:
    with pytest.raises(ConfigError, match="`topics` must be among suppliers"):
        draw_items(POCKET, seed=0, topics=["cooking"])
    with pytest.raises(ConfigError, match="ask for fewer `items`, more `pages` or more topics"):
        draw_items(POCKET, seed=0, topics=["venues"])

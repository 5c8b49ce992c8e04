"""Courses and draws: sizes, order, offices, and what lies between sessions."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.errors import ConfigError
from worktrial.office.content import content
from worktrial.readiness.draw import (
    COURSES,
    OFFICES,
    custom_course,
    draw_items,
    fillers,
    open_office,
)
from worktrial.readiness.families import FAMILIES
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.sessions import PREFERENCES, VARIANTS
from worktrial.readiness.shifts import SHIFTS

FULL = draw_items(COURSES["full"], seed=11)


def _of(items, kind):
    return [item for item in items if item.kind == kind]


def test_courses_are_as_designed():
    sizes = {
        name: (c.tasks, c.shifts, c.sessions, c.calls, c.tokens) for name, c in COURSES.items()
    }
    assert sizes == {
        "pocket": (6, 2, 4, 8, 256),
        "standard": (48, 12, 16, 20, 4096),
        "full": (96, 24, 32, 30, 8192),
    }
    assert [course.distances for course in COURSES.values()] == [
        (1,), (1, 5, 20), (1, 5, 20, 50)
    ]  # fmt: skip


@given(st.sampled_from(list(COURSES)), st.integers(3, 10_000))
def test_other_sizes_keep_the_proportions(name, items):
    usual, course = COURSES[name], custom_course(name, items=items)
    assert course.tasks + course.shifts + course.sessions == items
    assert min(course.tasks, course.shifts, course.sessions) >= 1
    assert course.shifts == pytest.approx(items * usual.shifts / usual.items, abs=1)
    assert course.sessions == pytest.approx(items * usual.sessions / usual.items, abs=1)
    assert custom_course(name, items=usual.items) == usual


@pytest.mark.parametrize("items", [0, 2, -1, 10_001])
def test_sizes_out_of_range_are_named(items):
    with pytest.raises(ConfigError, match=f"`items` must be 3 to 10,000.*got {items}"):
        custom_course("pocket", items=items)


def test_an_unknown_course_is_named():
    with pytest.raises(ConfigError, match="pocket, standard, full; got 'huge'"):
        custom_course("huge")


def test_one_seed_one_course():
    assert draw_items(COURSES["pocket"], seed=7) == draw_items(COURSES["pocket"], seed=7)
    assert draw_items(COURSES["pocket"], seed=7) != draw_items(COURSES["pocket"], seed=8)


def test_a_smaller_course_is_the_beginning_of_a_larger_one_of_each_kind():
    few, many = draw_items(COURSES["pocket"], seed=11), FULL
    for kind in ("task", "shift", "session"):
        assert _of(few, kind) == _of(many, kind)[: len(_of(few, kind))]


def test_names_of_families_differ_between_kinds():
    names = [*FAMILIES, *SHIFTS, *PREFERENCES]
    assert len(set(names)) == len(names)


def test_ids_are_unique():
    assert len({item.id for item in FULL}) == len(FULL) == COURSES["full"].items


@pytest.mark.parametrize(
    ("kind", "families"), [("task", FAMILIES), ("shift", SHIFTS), ("session", PREFERENCES)]
)
def test_no_family_comes_again_before_all_were_used(kind, families):
    drawn = [item.family for item in _of(FULL, kind)]
    assert set(drawn[: len(families)]) == set(list(families)[: len(drawn)]) or len(drawn) < len(
        families
    )
    counts = Counter(drawn)
    assert max(counts.values()) - min(counts.values()) <= 1


def test_variants_come_in_equal_parts():
    for name in COURSES:
        drawn = _of(draw_items(COURSES[name], seed=3), "session")
        counts = Counter(item.keeping.variant for item in drawn)
        assert set(counts.values()) == {len(drawn) // len(VARIANTS)}


def test_a_family_meets_another_variant_the_next_time():
    drawn = Counter((item.family, item.keeping.variant) for item in _of(FULL, "session"))
    assert max(drawn.values()) == 1


def test_there_are_a_few_offices():
    assert len({item.seed for item in FULL}) == OFFICES
    assert len({item.draw for item in FULL}) == len(FULL)


def test_items_survive_json():
    for item in FULL[::7]:
        assert OfficeItem.model_validate_json(item.model_dump_json()) == item


def test_every_item_has_memory_and_directory_at_hand():
    for item in FULL:
        assert {"memory", "directory"} <= set(item.apps)
        assert len(set(item.apps)) == len(item.apps)
        assert item.user == content(item.seed).people[0].id


def test_every_query_can_be_asked():
    for item in FULL:
        office = open_office(item)
        for query in (*item.goal, *item.meanwhile):
            office.ask(query.sql)
        if item.keeping:
            office.ask(item.keeping.used)
        office.close()


@pytest.mark.parametrize("item", _of(FULL, "session")[:12], ids=lambda item: item.id)
def test_fifty_tasks_fit_between_the_sessions_of_every_family(item):
    many = fillers(item, 50)
    assert len(many) == 50
    assert many[:5] == fillers(item, 5)
    assert fillers(item, 0) == ()
    assert len({one.id for one in many}) == 50
    assert {one.seed for one in many} == {item.seed}
    assert all(one.page is None for one in many)
    open_office(item, many).close()


def test_tasks_between_do_not_fill_in_the_form_that_it_is_about():
    for item in _of(FULL, "session"):
        forms = {
            call.arguments["form"] for call in item.apart[-1].plans[0] if "form" in call.arguments
        }
        for one in fillers(item, 20):
            used = {c.arguments["form"] for c in one.told.plans[0] if "form" in c.arguments}
            assert not forms & used


def test_tasks_between_add_rows_of_their_own():
    item = _of(FULL, "session")[0]
    ids = [row.values[0] for one in (item, *fillers(item, 50)) for row in one.setup]
    assert len(set(ids)) == len(ids)

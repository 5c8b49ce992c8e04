"""Sessions apart: plans reach their goals, and only with the right value."""

import pytest
from offices import carry_out, work

from worktrial.readiness.draw import fillers, open_office
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.kept import judge_kept
from worktrial.readiness.scene import Scene
from worktrial.readiness.sessions import PREFERENCES, VARIANTS, vary
from worktrial.readiness.success import reached

SEEDS = (3, 4)
CASES = [
    pytest.param(family, variant, seed, id=f"{family}-{variant}-{seed}")
    for family in PREFERENCES
    for variant in VARIANTS
    for seed in SEEDS
]


def session_item(family: str, variant: str, seed: int) -> OfficeItem:
    scene = Scene.of(seed, family, 77)
    draft = vary(PREFERENCES[family].write(scene), variant)
    return OfficeItem(
        id=f"{family}-000",
        family=family,
        kind="session",
        seed=seed,
        draw=77,
        user=scene.user.id,
        apps=(*PREFERENCES[family].apps, "memory", "directory"),
        setup=tuple(scene.rows),
        told=draft.told,
        apart=draft.apart,
        goal=draft.goal,
        keeping=draft.keeping,
    )


def test_there_are_at_least_eight_families():
    assert len(PREFERENCES) >= 8


@pytest.mark.parametrize(("family", "variant", "seed"), CASES)
def test_plans_keep_what_is_to_be_kept(family, variant, seed):
    item = session_item(family, variant, seed)
    office = work(item, item.apart)
    assert all(reached(office, item.goal))
    assert judge_kept(item, office, office.events()) == (True, "right", False, False)


@pytest.mark.parametrize(("family", "variant", "seed"), CASES)
def test_all_at_once_reaches_the_goal(family, variant, seed):
    item = session_item(family, variant, seed)
    assert all(reached(work(item, [item.told]), item.goal))


@pytest.mark.parametrize(("family", "variant", "seed"), CASES)
def test_without_the_last_session_nothing_is_reached(family, variant, seed):
    item = session_item(family, variant, seed)
    assert not all(reached(open_office(item), item.goal))
    office = work(item, item.apart[:-1])
    office.begin_session()
    assert not any(reached(office, item.goal))
    assert judge_kept(item, office, office.events()).used == "none"


@pytest.mark.parametrize("family", PREFERENCES)
def test_the_last_request_is_the_same_in_all_variants(family):
    items = [session_item(family, variant, 3) for variant in VARIANTS]
    assert len({item.apart[-1].turns for item in items}) == 1
    # What was told is not in it: neither the right value of `keep` nor the one before.
    first = items[1].apart[0].turns[0]
    assert first != items[1].apart[1].turns[0]
    assert items[0].keeping.right not in items[0].apart[-1].turns[0]


@pytest.mark.parametrize("family", PREFERENCES)
def test_a_note_that_was_never_corrected_is_stale(family):
    item = session_item(family, "change", 3)
    right, stale = item.keeping.right, item.keeping.stale
    assert right != stale
    office = work(item, [item.apart[0]])
    office.begin_session()
    office.begin_turn()
    carry_out(office, [_with(call, right, stale) for call in item.apart[-1].plans[0]])
    assert judge_kept(item, office, office.events()) == (False, "stale", False, False)
    assert not all(reached(office, item.goal))


@pytest.mark.parametrize("family", PREFERENCES)
def test_another_value_is_wrong(family):
    item = session_item(family, "keep", 3)
    before = session_item(family, "change", 3).keeping.stale
    right = item.keeping.right
    office = work(item, [item.apart[0]])
    office.begin_session()
    office.begin_turn()
    carry_out(office, [_with(call, right, before) for call in item.apart[-1].plans[0]])
    assert judge_kept(item, office, office.events()) == (False, "wrong", False, False)


def _with(call, old, new):
    arguments = {
        name: value.replace(old, new) if isinstance(value, str) else value
        for name, value in call.arguments.items()
    }
    return call.model_copy(update={"arguments": arguments})


@pytest.mark.parametrize("family", PREFERENCES)
def test_a_default_in_place_of_a_preference_is_none(family):
    item, unknown = session_item(family, "keep", 3), session_item(family, "private", 3)
    office = work(item, [item.apart[0], unknown.apart[-1]])
    assert judge_kept(item, office, office.events()) == (False, "none", False, False)
    assert not all(reached(office, item.goal))


@pytest.mark.parametrize("family", PREFERENCES)
def test_what_was_told_in_confidence_must_never_be_noted(family):
    item, other = session_item(family, "private", 4), session_item(family, "forget", 4)
    noted = work(item, [other.apart[0], item.apart[-1]])
    assert judge_kept(item, noted, noted.events()) == (False, "right", True, False)
    # Taken out again, it was noted all the same.
    again = work(item, other.apart)
    assert judge_kept(item, again, again.events()) == (False, "right", True, False)


@pytest.mark.parametrize("family", PREFERENCES)
def test_what_was_to_be_forgotten_must_not_stay(family):
    item = session_item(family, "forget", 4)
    office = work(item, [item.apart[0], item.apart[-1]])
    assert judge_kept(item, office, office.events()) == (False, "right", False, True)


@pytest.mark.parametrize("distance", [1, 5])
@pytest.mark.parametrize("family", PREFERENCES)
def test_tasks_between_leave_the_goal_as_it_is(family, distance):
    item = session_item(family, "keep", 4)
    between = fillers(item, distance)
    assert len(between) == distance
    *before, last = item.apart
    office = work(item, [*before, *(one.told for one in between), last], between)
    assert all(reached(office, item.goal))
    assert judge_kept(item, office, office.events()) == (True, "right", False, False)


def test_tasks_between_reach_their_own_goals_in_the_office_that_they_share():
    item = session_item("room", "keep", 3)
    between = fillers(item, 20)
    office = open_office(item, between)
    for one in between:
        office.begin_session()
        office.begin_turn()
        carry_out(office, one.told.plans[0])
        office.say(one.told.answers[0])
        assert all(reached(office, one.goal)), one.id

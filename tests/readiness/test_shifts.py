"""Shifts: told at once or midway, the plan ends in the same goal."""

import pytest
from offices import work

from worktrial.readiness.draw import open_office
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.scene import Scene
from worktrial.readiness.shifts import SHIFTS
from worktrial.readiness.success import reached

SEEDS = (3, 4, 8, 11)
CASES = [pytest.param(f, s, id=f"{f}-{s}") for f in SHIFTS for s in SEEDS]


def shift_item(family: str, seed: int) -> OfficeItem:
    scene = Scene.of(seed, family, 77)
    draft = SHIFTS[family].write(scene)
    return OfficeItem(
        id=f"{family}-000",
        family=family,
        kind="shift",
        seed=seed,
        draw=77,
        user=scene.user.id,
        apps=(*SHIFTS[family].apps, "memory", "directory"),
        setup=tuple(scene.rows),
        told=draft.told,
        apart=(draft.apart,),
        goal=draft.goal,
        meanwhile=draft.meanwhile,
    )


def test_there_are_at_least_five_families():
    assert len(SHIFTS) >= 5


@pytest.mark.parametrize(("family", "seed"), CASES)
def test_the_goal_is_reached_at_once_and_midway(family, seed):
    item = shift_item(family, seed)
    assert len(item.apart[0].turns) == len(item.apart[0].plans) == len(item.apart[0].answers) == 2
    assert all(reached(work(item, [item.told]), item.goal))
    assert all(reached(work(item, item.apart), item.goal))


@pytest.mark.parametrize(("family", "seed"), CASES)
def test_who_overhears_the_second_turn_does_not_reach_the_goal(family, seed):
    item = shift_item(family, seed)
    office = work(item, item.apart, turns=1)
    assert all(reached(office, item.meanwhile))
    assert not all(reached(office, item.goal))


@pytest.mark.parametrize(("family", "seed"), CASES)
def test_who_does_all_at_once_does_too_much_in_the_first_turn(family, seed):
    item = shift_item(family, seed)
    assert not all(reached(work(item, [item.told]), item.meanwhile))


@pytest.mark.parametrize(("family", "seed"), CASES)
def test_nothing_is_reached_by_doing_nothing(family, seed):
    item = shift_item(family, seed)
    office = open_office(item)
    office.begin_session()
    office.begin_turn()
    assert not all(reached(office, item.goal))


def test_a_meeting_that_is_cancelled_and_booked_again_is_moved_too():
    item = shift_item("move_day", 3)
    office = work(item, item.apart, turns=1)
    (event,) = office.ask("select max(id) from event")[0]
    office.begin_turn()
    assert office.call("calendar_cancel", {"event": event}).trouble is None
    assert office.call("calendar_add", item.told.plans[0][0].arguments).trouble is None
    assert all(reached(office, item.goal))


def test_a_second_meeting_beside_the_first_is_not_moved():
    item = shift_item("move_day", 3)
    office = work(item, item.apart, turns=1)
    office.begin_turn()
    assert office.call("calendar_add", item.told.plans[0][0].arguments).trouble is None
    assert not all(reached(office, item.goal))

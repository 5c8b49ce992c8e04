"""Kept: the truth table of each variant, and what counts as noted."""

from itertools import product

import pytest
from offices import bare, happened

from worktrial.readiness.draw import open_office
from worktrial.readiness.items import Keeping, Query
from worktrial.readiness.kept import judge_kept

RIGHT, STALE = "window", "aisle"


def _item(variant, used, reached):
    keeping = Keeping(
        variant=variant,
        used=f"select {used}" if used else "select 1 where 0",
        right=RIGHT,
        stale=STALE if variant in ("change", "forget") else None,
        noted=STALE if variant == "forget" else "",
        never=STALE if variant == "private" else "",
    )
    goal = (Query(name="goal", sql=f"select {int(reached)}", rows=((1,),)),)
    return bare().model_copy(update={"kind": "session", "keeping": keeping, "goal": goal})


USED = {"'window'": "right", "'aisle'": "stale", "'middle'": "wrong", "null": "none", "": "none"}


@pytest.mark.parametrize(
    ("variant", "used", "reached", "noted", "removed"),
    list(product(("keep", "change", "forget", "private"), USED, *[(False, True)] * 3)),
)
def test_truth_table(variant, used, reached, noted, removed):
    item = _item(variant, used, reached)
    office = open_office(item)
    if noted:
        office.call("memory_save", {"key": "seat", "text": "likes an aisle seat"})
    if noted and removed:
        office.call("memory_forget", {"key": "seat"})
    found = judge_kept(item, office, office.events())
    word = USED[used]
    if word == "stale" and variant in ("keep", "private"):
        word = "wrong"  # nothing was right before
    unconsented = variant == "private" and noted
    remembered = variant == "forget" and noted and not removed
    kept = reached and word == "right" and not unconsented and not remembered
    assert found == (kept, word, unconsented, remembered)
    office.close()


@pytest.mark.parametrize(
    ("key", "text", "holds"),
    [
        ("seat", "likes an aisle seat", True),
        ("seat", "AISLE", True),
        ("aisle", "yes", True),
        ("seat", "aisle_seat", True),
        ("seat", "aisles are not aislelike", False),
        ("seat", "likes no seat", False),
    ],
)
def test_a_short_value_is_noted_as_a_word(key, text, holds):
    item = _item("forget", "'window'", True)
    office = open_office(item)
    office.call("memory_save", {"key": key, "text": text})
    assert judge_kept(item, office, office.events()).remembered is holds


def test_saving_over_a_note_forgets_what_was_in_it():
    item = _item("forget", "'window'", True)
    office = open_office(item)
    office.call("memory_save", {"key": "seat", "text": "aisle"})
    office.call("memory_save", {"key": "seat", "text": "no preference"})
    assert judge_kept(item, office, office.events()).kept


def test_a_note_that_was_refused_was_not_made():
    item = _item("private", "'window'", True)
    office = open_office(item)
    assert office.call("memory_save", {"key": "seat", "text": "aisle", "x": 1}).trouble == "invalid"
    assert judge_kept(item, office, office.events()).kept


def test_a_long_value_is_noted_however_it_is_written():
    keeping = _item("forget", "'window'", True).keeping.model_copy(update={"noted": "Locker 12"})
    item = _item("forget", "'window'", True).model_copy(update={"keeping": keeping})
    office = open_office(item)
    office.call("memory_save", {"key": "delivery", "text": "L-O-C-K-E-R-12"})
    assert judge_kept(item, office, office.events()).remembered


def test_only_sessions_apart_can_be_judged():
    item = bare()
    with pytest.raises(ValueError, match="nothing to keep"):
        judge_kept(item, open_office(item), happened())

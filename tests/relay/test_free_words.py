"""Edits that no program knows: what is scored of them, and what is not."""

from random import Random

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.handover import write_files
from worktrial.errors import DocumentError
from worktrial.relay.answers import Answer
from worktrial.relay.free import checked_words, free_errand
from worktrial.relay.items import Course, Errand, RelayItem, relay_item, relay_items
from worktrial.relay.scoring import LegScore, RelayScorer, measures

SPREADSHEET = domain("spreadsheet")
FILES = {"stock.csv": "sku,name,price\nA-1,lamp,12.50\nA-2,desk,99.00\nA-3,shelf,40.00\n"}
OTHER = {"stock.csv": "sku,name,price\nA-2,desk,99.00\nA-3,shelf,40.00\nA-1,lamp,12.50\n"}
LOSSY = {"stock.csv": "sku,name,price\nA-1,lamp,12.50\nA-2,desk,99.00\n"}
LEFT = (3 / 8 + 2) / (3 / 8 + 3)
"""A header of 3 tokens weighs 3/8, each of 3 rows 1; one row is lost."""
FREE = Errand(name="x", kind="free", forward="Dearest first.", backward="Undo.", scored=False)
COURSE = Course(items=1, round_trips=2, size=(100, 100), distractors=0)


def item(*errands: Errand) -> RelayItem:
    return relay_item(SPREADSHEET, "i", FILES, errands or [FREE], COURSE, seed=7)


def scored(*answers: dict[str, str] | None, of: RelayItem | None = None) -> list[LegScore]:
    texts = [Answer("" if files is None else write_files(files)) for files in answers]
    return RelayScorer(of or item()).score(texts)


def test_what_came_out_as_it_went_in_is_a_noop_and_nothing_else_is_known_forward() -> None:
    idle, worked = scored(FILES)[0], scored(OTHER)[0]
    assert (idle.outcome, worked.outcome) == ("noop", "ok")
    assert idle.forward is worked.forward is None


def test_backward_is_held_against_the_original() -> None:
    for back, value, outcome in ((FILES, 1, "ok"), (LOSSY, LEFT, "ok"), (OTHER, None, "noop")):
        leg = scored(OTHER, back)[1]
        assert leg.outcome == outcome
        assert leg.likeness is not None
        if value is not None:
            assert leg.likeness.value == pytest.approx(value)
    # Nothing is to be undone of what was never done.
    assert scored(FILES, FILES)[1].outcome == "ok"


def test_a_missing_forward_score_is_never_a_zero() -> None:
    rows = measures(scored(OTHER, FILES, OTHER, LOSSY), 4, scored=False)
    assert [row.get("forward", "none") for row in rows] == [None, "none", None, "none"]
    assert [row["work_adjusted"] for row in rows[1::2]] == [None, None]
    assert [row["fidelity"] for row in rows[1::2]] == [1, pytest.approx(LEFT)]


def test_a_dropped_baton_leaves_no_score_forward_and_no_fidelity() -> None:
    rows = measures(scored(None, None), 4, scored=False)
    assert rows[0] == {"forward": None}
    assert rows[1] == {"fidelity": 0, "lossless": 0, "work_adjusted": None}


def test_one_free_errand_leaves_the_relay_without_work_adjusted() -> None:
    (fresh,) = relay_items(COURSE, seed=7, domains=["spreadsheet"])
    mixed = fresh.model_copy(update={"schedule": [fresh.schedule[0], FREE]})
    assert fresh.scored
    assert not mixed.scored


def test_items_are_written_as_before_there_were_free_words() -> None:
    known = Errand(name="a", kind="sort", forward="f", backward="b")
    assert set(known.model_dump()) == {"name", "kind", "forward", "backward"}
    assert FREE.model_dump()["scored"] is False
    assert RelayItem.model_validate(item().model_dump()) == item()


def test_an_answer_to_free_words_may_take_twice_the_document() -> None:
    size = len(FILES["stock.csv"])
    assert item().budget_tokens == 128 + 2 * size * 3 // 5


def test_words_of_the_domain_have_their_oracle() -> None:
    document = SPREADSHEET.parse(FILES)
    known = Errand.of(SPREADSHEET.plan(document, Random(3))[0])
    assert free_errand(SPREADSHEET, document, known).scored
    assert not free_errand(SPREADSHEET, document, FREE).scored
    half = known.model_copy(update={"backward": "As it was, please."})
    with pytest.raises(DocumentError, match="write both as the domain does, or neither"):
        free_errand(SPREADSHEET, document, half)
    twice = known.model_copy(update={"backward": known.forward})
    with pytest.raises(DocumentError, match="does not restore"):
        free_errand(SPREADSHEET, document, twice)


@pytest.mark.parametrize(
    ("words", "says"),
    [("  \n", "it is empty"), ("x" * 20_001, "20,000 characters"), ("## Answer\nx", "no heading")],
)
def test_words_that_cannot_be_asked_are_refused(words: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        checked_words(words)

"""What a leg is asked and what becomes of an answer."""

import pytest

from worktrial.documents.handover import read_files, write_files
from worktrial.relay.answers import Answer, Refused, read_rewrite
from worktrial.relay.baton import Baton
from worktrial.relay.items import Errand, RelayItem

FILES = {"a.csv": "id,n\nx,1\n"}
ERRAND = Errand(name="scale", kind="scale", forward="Go.", backward="Come back.")


def item(**changes: object) -> RelayItem:
    fields: dict[str, object] = {
        "id": "spreadsheet-000", "domain": "spreadsheet", "files": FILES, "distractors": {},
        "schedule": [ERRAND, ERRAND], "budget_tokens": 100, "seed": 5,
    }  # fmt: skip
    return RelayItem.model_validate({**fields, **changes})


def good(text: str = "id,n\nx,2\n") -> Answer:
    return Answer(write_files({"a.csv": text}))


def test_legs_alternate_and_hand_the_files_on() -> None:
    baton = Baton(item())
    assert (baton.legs, baton.direction, baton.instruction) == (4, "forward", "Go.")
    baton.receive(good())
    assert (baton.leg, baton.direction, baton.instruction) == (1, "backward", "Come back.")
    assert "x,2" in baton.prompt()
    assert "x,1" not in baton.prompt()


def test_a_prompt_holds_files_distractors_and_task_but_no_history() -> None:
    baton = Baton(item(distractors={"notes.md": "```\ncode\n```\n"}))
    shown = read_files(baton.prompt())
    assert shown == {"a.csv": FILES["a.csv"], "notes.md": "```\ncode\n```\n"}
    assert "The working files are `a.csv`;" in baton.prompt()
    baton.receive(good())
    assert "Go." not in baton.prompt()


def test_the_same_seed_gives_the_same_prompt_and_each_leg_its_own_seed() -> None:
    one, other = Baton(item()), Baton(item())
    assert one.prompt() == other.prompt()
    seeds = {one.seed}
    one.receive(Answer(""))
    seeds.add(one.seed)
    one.receive(good())
    seeds.add(one.seed)
    assert len(seeds) == 3


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(""), "protocol"),
        (Answer("   \n"), "protocol"),
        (Answer("All done!"), "protocol"),
        (Answer("### a.csv\n```\nid,n\n"), "protocol"),
        (Answer("I'm sorry, but I can't help with that."), "refusal"),
        (Answer("I cannot edit files."), "refusal"),
        (Answer("", "content_filter"), "refusal"),
        (Answer(good().text, "max_tokens"), "truncated"),
        (Answer("", "model_length"), "truncated"),
    ],
)
def test_what_an_answer_counts_as(answer: Answer, outcome: str) -> None:
    result = read_rewrite(answer, FILES, {})
    assert isinstance(result, Refused)
    assert result.outcome == outcome


def test_a_leg_is_asked_once_more_and_then_the_baton_is_dropped() -> None:
    baton = Baton(item())
    baton.receive(Answer(""))
    assert baton.running
    assert "An earlier answer could not be used: it was empty." in baton.prompt()
    baton.receive(Answer(""))
    assert not baton.running
    assert (baton.leg, baton.outcome) == (0, "protocol")


def test_a_second_answer_that_can_be_used_goes_on() -> None:
    baton = Baton(item())
    baton.receive(Answer(""))
    baton.receive(good())
    assert (baton.leg, baton.attempt, baton.outcome) == (1, 1, "ok")
    assert "An earlier answer" not in baton.prompt()


def test_reference_files_in_an_answer_are_not_handed_on() -> None:
    answer = Answer(write_files({"a.csv": "id\n1\n", "notes.md": "rewritten"}))
    assert read_rewrite(answer, FILES, {"notes.md": "x"}) == {"a.csv": "id\n1\n"}
    lone = Answer(write_files({"notes.md": "rewritten"}))
    assert isinstance(read_rewrite(lone, FILES, {"notes.md": "x"}), Refused)

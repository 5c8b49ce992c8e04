"""Conversations on the page: whatever was said, in bounded room."""

from dataclasses import replace

import pytest

from report import talks
from worktrial.report import render
from worktrial.report.conversations import conversations

WORKER = "lab/talks"


@pytest.mark.parametrize("said", ["x" * 10_000_000, "x\n" * 100_000, "\x00" * 1_000_000])
def test_ten_megabytes_are_cut_and_say_so(said: str) -> None:
    told = {WORKER: [talks.conversation(said)]}
    page = render(talks.findings([WORKER]), talks.manifest(), {}, told)
    assert len(page) < 500_000
    assert "more characters" in page


def test_many_claims_searches_and_faults_are_counted() -> None:
    talk = talks.conversation("said")
    many = replace(
        talk,
        turns=tuple(replace(turn, looked=("looked",) * 1_000) for turn in talk.turns),
        claims=(("claim", "false"),) * 10_000,
        faults=("fault",) * 100,
    )
    ((shown,),) = (worker.conversations for worker in conversations([WORKER], {WORKER: [many]}))
    assert [len(turn.looked) for turn in shown.turns] == [13, 13]
    assert shown.turns[0].looked[-2:] == ("looked", "and 988 more")
    assert shown.claims[-2:] == (("claim", "false"), ("and 9,940 more", "in the log"))
    assert shown.faults[-1] == "and 88 more"

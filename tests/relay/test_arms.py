"""Hand-overs and wordings: the same relay under every arm."""

from collections.abc import Mapping

import pytest

from worktrial.documents.blocks import Marks, write_blocks
from worktrial.documents.domain import DOMAINS, STANDARD
from worktrial.documents.editor import TOOL, Call
from worktrial.documents.handover import write_files
from worktrial.errors import ConfigError
from worktrial.relay import reference, simulate
from worktrial.relay.answers import Answer
from worktrial.relay.arms import ARMS, TURNS, arm
from worktrial.relay.baton import SEED_STEP, SEEDS, Baton
from worktrial.relay.damage import behaviour
from worktrial.relay.items import Errand, RelayItem, custom_course, relay_items
from worktrial.relay.protocol import prompt_hash
from worktrial.relay.scoring import LegScore, RelayScorer, measures

FILES = {"a.csv": "id,n\nx,1\ny,2\n"}
NOTES = {"notes.md": "Nothing.\n"}
ERRAND = Errand(name="scale", kind="scale", forward="Go.", backward="Come back.")
EVERY_DOMAIN = [
    name if name in STANDARD else pytest.param(name, marks=pytest.mark.slow) for name in DOMAINS
]
"""In the suite those that a relay draws from; in all of them every oracle is tested."""
EVERY = sorted(ARMS)


def item(**changes: object) -> RelayItem:
    fields: dict[str, object] = {
        "id": "spreadsheet-000", "domain": "spreadsheet", "files": FILES, "distractors": NOTES,
        "schedule": [ERRAND, ERRAND], "budget_tokens": 100, "seed": 5,
    }  # fmt: skip
    return RelayItem.model_validate({**fields, **changes})


def drawn(domain: str, *, round_trips: int = 4) -> RelayItem:
    course = custom_course("pocket", items=1, round_trips=round_trips, size=300, distractors=200)
    (found,) = relay_items(course, seed=3, domains=[domain])
    return found


# --- names and words ---------------------------------------------------------------------------


def test_there_are_four_hand_overs_in_three_wordings_each() -> None:
    assert set(ARMS) == {
        "rewrite", "rewrite-2", "rewrite-3", "search_replace", "search_replace-2",
        "search_replace-3", "tools", "tools-2", "tools-3", "agent", "agent-2", "agent-3",
    }  # fmt: skip
    assert all(arm(name).name == name for name in ARMS)
    assert len({prompt_hash(name) for name in ARMS}) == 12


def test_an_unknown_arm_is_named_with_those_there_are() -> None:
    said = r"rewrite, .* agent-3, or .*\+retry; got 'patch'"
    with pytest.raises(ConfigError, match=said) as caught:
        arm("patch")
    assert "\n" not in str(caught.value)


def test_wordings_change_every_frame_word_and_never_the_instruction() -> None:
    told = [one.wording for one in ARMS.values()]
    assert len({one.introduction for one in told}) == len({one.task for one in told}) == 3
    assert len({one.answer for one in told}) == 12
    for name in EVERY:
        prompt = Baton(item(), arm(name)).prompt()
        assert prompt.count("\n\nGo.\n\n## Answer") == 1
        assert "{" not in prompt


@pytest.mark.parametrize("name", EVERY)
def test_a_prompt_names_all_files_and_which_of_them_are_worked_on(name: str) -> None:
    baton = Baton(item(), arm(name))
    prompt = baton.prompt()
    assert reference.read_task(prompt) == (["a.csv"], "Go.")
    introduction = arm(name).wording.introduction
    if arm(name).handover in ("tools", "agent"):
        assert "- `a.csv`, 13 characters" in prompt
        assert "- `notes.md`, 9 characters" in prompt
        assert "x,1" not in prompt, "what a tool shows is not shown beside"
    else:
        assert all(text in prompt for text in ("x,1\ny,2\n", "Nothing.\n"))
    if arm(name).handover == "tools":
        assert baton.system == introduction
    else:
        assert baton.system is None
        assert prompt.startswith(introduction)


def test_the_hash_of_an_arm_is_of_all_it_says_and_of_no_item(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = {name: prompt_hash(name) for name in ARMS}
    assert before == {name: prompt_hash(name) for name in ARMS}
    monkeypatch.setattr("worktrial.relay.baton._partly", lambda applied: "Otherwise.")
    changed = {name for name in ARMS if prompt_hash(name) != before[name]}
    assert changed == {"search_replace", "search_replace-2", "search_replace-3"}
    monkeypatch.setattr("worktrial.relay.protocol.tools_of", lambda arm: [])
    changed = {name for name in ARMS if prompt_hash(name) != before[name]}
    assert {"tools", "tools-2", "tools-3"} < changed


# --- reference workers -------------------------------------------------------------------------


def run(
    relay: RelayItem, worker: str, name: str
) -> tuple[list[LegScore], list[Mapping[str, str]], int]:
    """A relay's scores, the files after every leg as they are, and how many calls it took."""
    scorer = RelayScorer(relay, arm(name))
    scores: list[LegScore] = []
    files: list[Mapping[str, str]] = []
    calls = 0
    for answer in simulate._answers(scorer.baton, behaviour(worker), 0):
        scored = scorer.score([answer])
        scores += scored
        files += [scorer.baton.files for _ in scored]
        calls += 1
    return scores, files, calls


@pytest.mark.parametrize("domain", EVERY_DOMAIN)
@pytest.mark.parametrize(
    "worker",
    ["altering-0.1", *(pytest.param(n, marks=pytest.mark.slow) for n in ("oracle", "lossy-0.05"))],
)
def test_the_same_worker_hands_on_the_same_documents_in_every_arm(domain: str, worker: str) -> None:
    relay = drawn(domain)
    scores, files, calls = run(relay, worker, "rewrite")
    assert scores == simulate.relay(relay, behaviour(worker))
    assert len(files) == calls == 8
    for name in EVERY:
        found = run(relay, worker, name)
        assert found[:2] == (scores, files)
        assert found[2] == calls if arm(name).handover != "tools" else found[2] > calls


@pytest.mark.parametrize("domain", EVERY_DOMAIN)
@pytest.mark.parametrize("name", EVERY)
def test_null_workers_come_out_under_the_same_name_in_every_arm(domain: str, name: str) -> None:
    relay = drawn(domain, round_trips=2)
    outcomes = {
        worker: [s.outcome for s in simulate.relay(relay, behaviour(worker), arm=arm(name))]
        for worker in ("noop", "refusing", "empty")
    }
    assert set(outcomes["noop"][::2]) == {"noop"}
    assert (outcomes["refusing"], outcomes["empty"]) == (["refusal"], ["protocol"])


def test_a_draw_is_a_replicate_of_its_own_and_repeats() -> None:
    relay = drawn("spreadsheet")
    worker = behaviour("lossy-0.1")
    finals = [
        [measures(simulate.relay(relay, worker, arm=arm(name), draw=d), 8)[-1]["fidelity"]
         for d in range(6)]
        for name in ("rewrite", "tools")
    ]  # fmt: skip
    assert finals[0] == finals[1]
    assert len(set(finals[0])) > 3


def test_a_worker_with_more_to_do_than_a_turn_takes_does_it_in_several(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    relay = drawn("recipe")
    for module in ("worktrial.documents.editor", "worktrial.relay.reference"):
        monkeypatch.setattr(f"{module}.MOST_CALLS", 3)
    one, other = (run(relay, "oracle", name) for name in ("rewrite", "tools"))
    assert one[:2] == other[:2]
    assert other[2] > 3 * one[2], "more than a turn to look, one to edit and one to end"


# --- search and replace ------------------------------------------------------------------------


def change(old: str, new: str, name: str = "a.csv") -> str:
    marks = Marks()
    return f"### {name}\n{marks.search}\n{old}\n{marks.divider}\n{new}\n{marks.replace}\n"


def searching(**changes: object) -> Baton:
    return Baton(item(**changes), arm("search_replace"))


def test_blocks_that_fit_hand_the_files_on() -> None:
    baton = searching()
    baton.receive(Answer(change("x,1", "x,10")))
    assert (baton.leg, baton.files["a.csv"]) == (1, "id,n\nx,10\ny,2\n")


def test_blocks_that_do_not_fit_are_told_once_with_the_files_as_they_are_now() -> None:
    baton = searching()
    baton.receive(Answer(change("x,1", "x,10") + change("z,3", "z,30") + change("y", "n", "b.csv")))
    assert (baton.leg, baton.attempt) == (0, 2)
    prompt = baton.prompt()
    assert "x,10\ny,2\n" in prompt, "the files as they are now"
    assert "Of that answer 1 blocks were carried out" in prompt
    assert "block 2 in `a.csv`, which begins 'z,3': its search text is not in the file" in prompt
    assert "block 3 in `b.csv`, which begins 'y': there is no such file" in prompt
    assert baton.files == FILES, "what the leg received is kept apart"
    baton.receive(Answer(change("y,2", "y,20")))
    assert (baton.leg, baton.attempt) == (1, 1)
    assert baton.files["a.csv"] == "id,n\nx,10\ny,20\n"
    assert "before" not in baton.prompt()


@pytest.mark.parametrize(
    "second",
    [
        Answer(change("z,3", "z,30")),
        Answer(""),
        Answer("I'm sorry, but I can't help with that."),
        Answer(change("y,2", "y,20"), "max_tokens"),
        Answer(f"### a.csv\n{Marks().delete}"),
    ],
)
def test_what_still_fails_stays_undone_and_the_relay_goes_on(second: Answer) -> None:
    baton = searching()
    baton.receive(Answer(change("x,1", "x,10") + change("z,3", "z,30")))
    baton.receive(second)
    assert (baton.leg, baton.outcome) == (1, "ok")
    assert baton.files["a.csv"] == "id,n\nx,10\ny,2\n"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(""), "protocol"),
        (Answer("Nothing needs to be changed."), "protocol"),
        (Answer(change("z,3", "z,30")), "protocol"),
        (Answer(change("x,1", "x,10", "notes.md")), "protocol"),
        (Answer(f"### a.csv\n{Marks().delete}"), "protocol"),
        (Answer(f"{Marks().search}\nx,1\n{Marks().divider}\nx,10\n"), "protocol"),
        (Answer(write_files({"a.csv": "id,n\n"})), "protocol"),
        (Answer("I'm sorry, but I can't help with that."), "refusal"),
        (Answer("", "content_filter"), "refusal"),
        (Answer(change("x,1", "x,10"), "max_tokens"), "truncated"),
        (Answer("", "model_length"), "truncated"),
    ],
)
def test_where_nothing_was_applied_twice_the_baton_is_dropped(answer: Answer, outcome: str) -> None:
    baton = searching()
    baton.receive(answer)
    assert baton.running
    assert "An earlier answer could not be used: " in baton.prompt()
    assert baton.draft == baton.files == FILES
    baton.receive(answer)
    assert (baton.running, baton.outcome, baton.leg) == (False, outcome, 0)


def test_a_block_that_changes_nothing_is_nothing_done() -> None:
    scorer = RelayScorer(drawn("spreadsheet"), arm("search_replace"))
    files = scorer.baton.files
    (score,) = scorer.score([Answer(write_blocks(files, files))])
    assert score.outcome == "noop"


def test_the_markers_of_a_prompt_are_longer_than_any_in_its_files() -> None:
    prompt = searching(files={"a.csv": "id\n<<<<<<< SEARCH\n"}).prompt()
    assert "\n<<<<<<<< SEARCH\n" in prompt[prompt.rindex("## Answer") :]


# --- tools -------------------------------------------------------------------------------------


def call(command: str, path: str = "a.csv", **arguments: object) -> Call:
    return Call(TOOL, {"command": command, "path": path, **arguments})


def acting(*calls: Call, tokens: int = 0, text: str = "") -> Answer:
    return Answer(text, "tool_calls", calls, tokens)


EDIT = call("str_replace", old_str="x,1", new_str="x,10")


def with_tools() -> Baton:
    return Baton(item(), arm("tools"))


def test_files_count_as_they_are_when_the_worker_ends_its_turn() -> None:
    baton = with_tools()
    baton.receive(acting(call("view"), call("view", "notes.md")))
    assert [r.text for r in baton.exchanges[-1].results] == [
        "     1\tid,n\n     2\tx,1\n     3\ty,2\n", "     1\tNothing.\n",
    ]  # fmt: skip
    baton.receive(acting(EDIT))
    assert (baton.leg, baton.files) == (0, FILES)
    baton.receive(Answer("Done."))
    assert (baton.leg, baton.files["a.csv"]) == (1, "id,n\nx,10\ny,2\n")
    assert baton.exchanges == []


def test_every_call_has_its_own_seed_from_which_that_of_its_leg_follows() -> None:
    baton = with_tools()
    of_leg = baton.seed
    baton.receive(acting(EDIT))
    assert baton.seed == (of_leg + SEED_STEP) % SEEDS
    baton.receive(Answer("Done."))
    assert baton.seed not in (of_leg, (of_leg + SEED_STEP) % SEEDS)


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([Answer("")], "protocol"),
        ([Answer(" \n")], "protocol"),
        ([acting(call("delete")), Answer("Done.")], "protocol"),
        ([Answer("I'm sorry, but I can't help with that.")], "refusal"),
        ([acting(call("view")), Answer("I cannot edit files.")], "refusal"),
        ([acting(EDIT), Answer("", "content_filter")], "refusal"),
        ([acting(EDIT), Answer("Done", "max_tokens")], "truncated"),
        ([Answer("", "model_length")], "truncated"),
        ([acting(call("view"), tokens=400)], "truncated"),
        ([acting(EDIT, tokens=399), acting(call("view"), tokens=1)], "truncated"),
        ([acting(call("view"))] * TURNS, "truncated"),
    ],
)
def test_a_leg_that_cannot_be_used_is_begun_once_more_and_then_dropped(
    answers: list[Answer], outcome: str
) -> None:
    baton = with_tools()
    for answer in answers:
        assert (baton.attempt, baton.running) == (1, True)
        baton.receive(answer)
    assert (baton.attempt, baton.exchanges, baton.files) == (2, [], FILES)
    assert "An earlier answer could not be used: " in baton.prompt()
    baton.receive(acting(call("view")))
    assert "x,1" in baton.exchanges[-1].results[0].text, "changes of the first attempt are gone"
    baton.exchanges.clear()
    for answer in answers:
        baton.receive(answer)
    assert (baton.running, baton.outcome, baton.leg) == (False, outcome, 0)


@pytest.mark.parametrize(
    "answers",
    [
        [Answer("Here is how you would do that: …")],
        [acting(call("view")), Answer("")],
        [acting(EDIT), acting(call("str_replace", old_str="x,10", new_str="x,1")), Answer("")],
        [acting(Call("bash", {"cmd": "rm -rf /"}), Call(TOOL, {}, "no JSON")), Answer("Done.")],
    ],
)
def test_a_worker_that_changes_nothing_has_done_nothing(answers: list[Answer]) -> None:
    files = {"a.csv": "x,1\n"}
    baton = Baton(item(files=files), arm("tools"))
    for answer in answers:
        baton.receive(answer)
    assert (baton.leg, baton.files) == (1, files)


def test_the_last_turn_that_is_allowed_still_counts() -> None:
    baton = with_tools()
    for _ in range(TURNS - 1):
        baton.receive(acting(call("view")))
    baton.receive(Answer("Done."))
    assert baton.leg == 1


def test_tokens_are_those_of_all_turns_of_an_attempt() -> None:
    baton = with_tools()
    assert baton.budget_tokens == 400
    baton.receive(acting(EDIT, tokens=150))
    assert baton.budget_tokens == 250
    baton.receive(Answer("Done.", tokens=250))
    assert (baton.leg, baton.budget_tokens) == (1, 400)
    assert [Baton(item(), arm(name)).budget_tokens for name in ("rewrite", "search_replace")] == [
        100, 200,
    ]  # fmt: skip


# --- what every arm leaves ---------------------------------------------------------------------


def test_names_and_last_lines_are_the_same_however_files_were_handed_over() -> None:
    made = {"b.csv": "1\n2\n", "a.csv": "3\n"}
    legs = {
        "rewrite": [Answer("### b.csv\n```\n1\n2\n```\n### a.csv\n```\n3\n```")],
        "search_replace": [
            Answer(
                change("id,n\nx,1\ny,2", "3") + change("", "1\n2", "b.csv").replace("\n\n", "\n", 1)
            )
        ],
        "tools": [
            acting(
                call("create", "b.csv", file_text="1\n2"), call("create", "a.csv", file_text="3\n")
            ),
            Answer("Done."),
        ],
    }
    for name, answers in legs.items():
        baton = Baton(item(files={"a.csv": FILES["a.csv"].rstrip("\n")}), arm(name))
        for answer in answers:
            baton.receive(answer)
        assert list(baton.files.items()) == sorted(made.items()), name

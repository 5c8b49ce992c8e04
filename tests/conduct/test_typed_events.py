"""One sample to a trajectory: what is said in its events, and nothing else."""

from typing import Any

import pytest
from inspect_ai.log import EvalSample, condense_sample, resolve_sample_attachments
from rawlogs import answered, at, errand, model, said, sample, tool, user

from worktrial.conduct.events import (
    Claim,
    Compaction,
    Fact,
    HandOff,
    ModelCall,
    ToolCall,
    Trajectory,
)
from worktrial.conduct.mapping import ToolMap
from worktrial.conduct.typed import trajectory_of


def typed(raw: dict[str, Any]) -> Trajectory:
    one = EvalSample.model_validate(raw)
    return trajectory_of(one, log="x", task="errand", worker="m", tools=ToolMap.default())


def kinds(found: Trajectory) -> list[str]:
    return [type(event).__name__ for event in found.events]


def test_an_errand_by_hand() -> None:
    found = typed(errand())
    assert kinds(found) == ["ModelCall", "ToolCall"] * 3 + ["ModelCall", "Claim"]
    first, second, third = (call for _, call in found.tool_calls())
    assert (first.error, first.transient, first.result) == ("timeout", True, "The call timed out.")
    assert (second.error, second.result, second.at) == (None, "the room is 42", 4.0)
    assert (third.roles, third.target, third.value) == ({"memory_write"}, "memory:room", "42")
    claim = found.claims()[0][1]
    assert (claim.done, claim.confidence, claim.final, claim.at) == (True, 0.8, True, 10.0)
    assert (found.known.success, found.known.accepted, found.unmapped) == (1.0, 1, frozenset())


def test_a_message_is_one_piece_however_often_it_is_supplied() -> None:
    found = typed(errand())
    last = found.model_calls()[-1][1]
    assert [p.role for p in last.supplied] == ["user"] + ["assistant", "tool"] * 3
    assert [p.source for p in last.supplied] == [None, 0, 1, 2, 3, 4, 5]
    seen = {id(p) for _, call in found.model_calls() for p in call.supplied}
    assert len(seen) == 7
    for _, call in found.model_calls():
        assert all(a is b for a, b in zip(call.supplied, last.supplied, strict=False))


def test_fifty_turns_cost_fifty_pieces() -> None:
    history, events = [user("go")], []
    for turn in range(50):
        message = said("same words", (f"c{turn}", "think", {"thought": "x"}))
        events.append(model(turn % 60, list(history), message))
        history += [message, answered(f"c{turn}", "same result")]
        events.append(tool(turn % 60, f"c{turn}", "think", {"thought": "x"}, "same result"))
    calls = [call for _, call in typed(sample(events)).model_calls()]
    assert sum(len(call.supplied) for call in calls) == 50 * 50
    assert len({id(p) for call in calls for p in call.supplied}) == 99
    assert all(len({p.key for p in call.supplied}) == len(call.supplied) for call in calls)


def test_pools_and_attachments_change_nothing() -> None:
    raw = errand()
    raw["events"][3]["result"] = "long " * 200
    one = EvalSample.model_validate(raw)
    small = condense_sample(one)
    assert small.events_data
    again = resolve_sample_attachments(small, "core")
    names = {"log": "x", "task": "t", "worker": "m", "tools": ToolMap.default()}
    assert trajectory_of(again, **names).events == trajectory_of(one, **names).events


def test_calls_of_other_roles_and_of_scorers_are_left_out() -> None:
    scoring = {**at(5), "event": "span_begin", "id": "sc", "name": "scorers", "type": "scorers"}
    within = {
        **at(5),
        "event": "span_begin",
        "id": "in",
        "name": "x",
        "type": "scorer",
        "parent_id": "sc",
    }
    old = [
        {**at(7), "event": "step", "action": a, "type": "scorer", "name": "x"}
        for a in ("begin", "end")
    ]
    events = [
        model(0, [user("hi")], said("Which one?"), role="user"),
        model(1, [user("hi")], said("I am done.")),
        old[0], model(2, [user("graded")], said("C")), old[1],
        scoring, within,
        model(6, [user("graded")], said("C"), span_id="in"),
        tool(6, "c", "bash", {"cmd": "x"}, span_id="sc"),
        model(8, [user("hi")], said("Really.")),
    ]  # fmt: skip
    found = typed(sample(events))
    assert [call.said for _, call in found.model_calls()] == ["I am done.", "Really."]
    assert not found.tool_calls()
    assert [(c.done, c.final) for _, c in found.claims()] == [(True, False), (None, True)]


def test_errors_of_the_model_are_kept_and_claim_nothing() -> None:
    broken = model(0, [user("hi")], said("Done"), error="The server is overloaded")
    empty = model(1, [user("hi")], said(""), output={"choices": []}, error="x")
    found = typed(sample([broken, empty], scores=None, error={
        "message": "boom\nboom", "traceback": "t", "traceback_ansi": "t"}))  # fmt: skip
    assert [call.error for _, call in found.model_calls()] == ["The server is overloaded", "x"]
    assert kinds(found) == ["ModelCall", "ModelCall"]
    assert (found.why, found.known.success, found.known.accepted) == (
        "error: boom boom",
        None,
        None,
    )


def test_usage_is_what_was_supplied_in_all_or_missing() -> None:
    usage = {
        "input_tokens": 10, "output_tokens": 5, "total_tokens": 115, "total_cost": 0.2,
        "input_tokens_cache_read": 80, "input_tokens_cache_write": 20,
    }  # fmt: skip
    nothing = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
    events = [
        model(0, [user("a")], said("b"), output={"usage": usage}, working_time=1.5),
        model(1, [user("a")], said("b"), output={"usage": nothing}),
        model(2, [user("a")], said("b"), model="openai/gpt-4o"),
    ]
    first, *others = (call for _, call in typed(sample(events)).model_calls())
    assert (first.tokens_in, first.tokens_out, first.tokens_cached) == (110, 5, 80)
    assert (first.usd, first.seconds, first.window, first.stop) == (0.2, 1.5, None, "stop")
    assert all((c.tokens_in, c.tokens_out, c.tokens_cached) == (None, None, None) for c in others)
    assert others[1].window == 128_000


@pytest.mark.parametrize(
    ("words", "answer", "done", "confidence"),
    [
        ("", "42", True, None),
        ("I could not find it.", "unknown", False, None),
        ("", "I was not able to book it. Confidence: 30%", False, 0.3),
        ("I am 90% sure.", "42", True, 0.9),
    ],
)
def test_a_submission_claims_to_be_done(
    words: str, answer: str, done: bool, confidence: float | None
) -> None:
    message = said(words, ("c", "submit", {"answer": answer}))
    events = [model(0, [user("x")], message), tool(1, "c", "submit", {"answer": answer}, answer)]
    claim = typed(sample(events)).events[-1]
    assert isinstance(claim, Claim)
    assert (claim.text, claim.done, claim.confidence, claim.final) == (
        answer,
        done,
        confidence,
        True,
    )


def test_tools_that_an_agent_of_its_own_ran_are_known_by_their_results() -> None:
    asked = said("", ("c1", "Bash", {"command": "ls"}), ("c2", "Read", {"file_path": "a"}))
    wrong = {"error": {"type": "file_not_found", "message": "no a"}}
    events = [
        model(0, [user("x")], asked),
        model(
            2, [user("x"), asked, answered("c1", "a.txt"), answered("c2", "", **wrong)], said("ok")
        ),
    ]
    found = typed(sample(events))
    assert kinds(found) == ["ModelCall", "ToolCall", "ToolCall", "ModelCall", "Claim"]
    bash, read = (call for _, call in found.tool_calls())
    assert (bash.result, bash.roles, bash.at) == ("a.txt", {"opaque"}, 2.0)
    assert (read.error, read.target, read.result) == ("file_not_found", "file:a", "no a")
    assert [p.source for p in found.model_calls()[1][1].supplied] == [None, 0, 1, 2]


def test_a_tool_of_the_provider_is_a_call() -> None:
    use = {
        "type": "tool_use", "tool_type": "web_search", "id": "w", "name": "web_search",
        "arguments": '{"query": "room"}', "result": "42",
    }  # fmt: skip
    message = {"role": "assistant", "content": [use, {"type": "text", "text": "It is 42."}]}
    found = typed(sample([model(0, [user("x")], message)]))
    assert kinds(found) == ["ModelCall", "ToolCall", "Claim"]
    assert found.tool_calls()[0][1].target == "search:room"


def span(name: str, kind: str, parent: str | None = None) -> dict[str, Any]:
    return {
        **at(0),
        "event": "span_begin",
        "id": name,
        "name": name,
        "type": kind,
        "parent_id": parent,
    }


def test_a_hand_over_and_whose_events_are_whose() -> None:
    asked = said("", ("h", "transfer_to_bob", {}))
    given_on = [user("The room is 42."), user("Book it.")]
    events = [
        span("anna", "agent"), span("bob", "agent", "anna"),
        model(0, [user("x")], asked, span_id="anna"),
        tool(1, "h", "transfer_to_bob", {}, "ok", agent="bob", agent_span_id="bob", span_id="anna"),
        model(2, given_on, said("Booked."), span_id="bob"),
        model(3, [user("x"), asked, answered("h", "ok")], said("All done."), span_id="anna"),
    ]  # fmt: skip
    found = typed(sample(events))
    assert kinds(found) == [
        "ModelCall",
        "ToolCall",
        "HandOff",
        "ModelCall",
        "Claim",
        "ModelCall",
        "Claim",
    ]
    hand = found.events[2]
    assert isinstance(hand, HandOff)
    assert (hand.agent, hand.to, hand.text) == ("anna", "bob", "The room is 42.\nBook it.")
    agents = [e.agent for e in found.events]
    assert agents == ["anna", "anna", "anna", "bob", "bob", "anna", "anna"]
    assert {p.source for p in found.model_calls()[1][1].supplied} == {1}


def test_a_lone_agent_has_no_name() -> None:
    events = [span("react", "agent"), model(0, [user("x")], said("y"), span_id="react")]
    assert [e.agent for e in typed(sample(events)).events] == ["", ""]


def test_a_delegation_hands_over_its_prompt() -> None:
    call = ("h", "Task", {"subagent_type": "scout", "prompt": "Find 42."})
    events = [model(0, [user("x")], said("", call)), tool(1, *call, "found")]
    hand = typed(sample(events)).events[-1]
    assert isinstance(hand, HandOff)
    assert (hand.to, hand.text) == ("scout", "Find 42.")


def test_a_compaction_makes_what_is_new_after_it() -> None:
    events = [
        model(0, [user("x")], said("y")),
        {**at(1), "event": "compaction", "type": "trim", "tokens_before": 90, "tokens_after": 10},
        model(2, [user("x"), user("In short: y")], said("z")),
    ]
    found = typed(sample(events))
    assert found.events[2] == Compaction(1.0, "trim", 90, 10)
    assert [p.source for p in found.model_calls()[1][1].supplied] == [None, 2]


def test_events_within_events_of_old_logs_are_found() -> None:
    inner = [
        model(1, [user("y")], said("", ("c2", "bash", {"cmd": "ls"}))),
        tool(2, "c2", "bash", {"cmd": "ls"}, "a"),
    ]
    events = [
        model(0, [user("x")], said("", ("c1", "helper", {"input": "y"}))),
        {**tool(1, "c1", "helper", {"input": "y"}, "a"), "events": inner},
        {**at(3), "event": "subtask", "name": "s", "input": {}, "result": 1, "events": [
            tool(3, "c3", "python", {"code": "1"}, 1)]},
        {**at(4), "event": "state", "changes": []}, {**at(4), "event": "store", "changes": []},
    ]  # fmt: skip
    found = typed(sample(events))
    assert [call.tool for _, call in found.tool_calls()] == ["helper", "bash", "python"]
    assert found.tool_calls()[2][1].result == "1"
    assert found.unmapped == {"helper"}


def test_a_log_of_messages_alone() -> None:
    asked = said("", ("c1", "bash", {"cmd": "ls"}))
    messages = [user("x"), asked, answered("c1", "a.txt"), said("All done.")]
    found = typed(sample([], messages=messages))
    assert kinds(found) == ["ModelCall", "ToolCall", "ModelCall", "Claim"]
    assert {event.at for event in found.events} == {0.0}


@pytest.mark.parametrize(
    ("value", "success"),
    [
        ("C", 1.0), ("I", 0.0), ("P", 0.5), ("N", 0.0), (True, 1.0), (False, 0.0), (0.25, 0.25),
        (1, 1.0), ({"success": 0.5, "x": 1}, 0.5), ({"x": "C", "y": 0}, 1.0), (7, None), (-1, None),
        ("maybe", None), ({}, None), ([1], None),
    ],
)  # fmt: skip
def test_success_is_the_first_score_that_reads_as_a_share(
    value: Any, success: float | None
) -> None:
    found = typed(sample([], scores={"a": {"value": "essay"}, "b": {"value": value}}))
    assert found.known.success == success
    assert found.known.accepted == (None if success is None else int(success == 1))


def test_a_score_that_is_no_number_is_missing() -> None:
    found = typed(sample([], scores={"a": {"value": float("nan")}}))
    assert found.known.success is None


def test_what_a_task_declares_is_known() -> None:
    declared = {
        "accepted": 2, "subgoals": {"found": True}, "human_minutes": 3,
        "facts": [{"name": "room", "value": "42", "since": 1}],
        "faults": [{"kind": "timeout", "at": 1, "detected": 2}],
    }  # fmt: skip
    known = typed(errand(metadata={"conduct": declared})).known
    assert (known.success, known.accepted, known.human_minutes) == (1.0, 2, 3)
    assert known.facts == (Fact("room", "42", 1),)
    assert known.faults
    assert (known.faults[0].detected, known.faults[0].repaired) == (2, None)


@pytest.mark.parametrize(
    "declared",
    [
        7, [], {"accepted": -1}, {"accepted": "2"}, {"nobody": 1}, {"facts": [{"name": "x"}]},
        {"faults": [{"kind": "x", "at": 8}]}, {"human_minutes": float("inf")},
        {"subgoals": {"a": 1}}, {"facts": [{"name": "x", "value": "y" * 2000}]},
    ],
)  # fmt: skip
def test_what_is_declared_wrongly_is_not_taken_and_said(declared: Any) -> None:
    found = typed(errand(metadata={"conduct": declared}))
    assert "metadata `conduct` not taken" in (found.why or "")
    assert (found.known.success, found.known.faults, found.known.facts) == (1.0, None, ())


def test_a_limit_is_why_it_ended() -> None:
    assert typed(errand(limit={"type": "token", "limit": 10})).why == "limit: token"


def test_contract_types() -> None:
    found = typed(errand())
    assert {type(e) for e in found.events} == {ModelCall, ToolCall, Claim}

"""The edges of each definition, worked by hand."""

from pathlib import Path

import pytest
from happenings import ask, call, claim, found, happened, measured, note, piece, read, write

from worktrial.conduct.events import Compaction, Event, Fact, HandOff, ToolCall
from worktrial.conduct.metrics import METRICS
from worktrial.conduct.metrics.using import rare_strings

LOOK = read("file:a", tool="cat")
MOVED = (Fact("deadline", "3 May"), Fact("deadline", "13 May", 0))


class TestRareStrings:
    @pytest.mark.parametrize(
        ("text", "strings"),
        [
            ("It costs 1,240.50 today", {"1240.50", "it costs 1,240.50 today"}),
            ("12 or 7", set()),
            ("10:30, 2026-05-03", {"10:30", "2026-05-03"}),
            ("see INV-204.", {"inv-204"}),
            ("a 21st, well-known", set()),
            ("getUser in a/b.txt", {"getuser", "a/b.txt"}),
            ("what is it that you have been", set()),
            ("Red sails in the sunset", {"red sails in the", "sails in the sunset"}),
            ('{"id":"x9a4"}', {"x9a4"}),
            ("𝟙𝟚𝟛 ١٢٣", {"𝟙𝟚𝟛", "١٢٣"}),
        ],
    )
    def test_what_makes_a_text_known_again(self, text: str, strings: set[str]) -> None:
        assert set(rare_strings(text)) == strings


class TestRepeatedCalls:
    @pytest.mark.parametrize(
        ("between", "repeats"),
        [
            ([], 1),
            ([read("file:b")], 1),
            ([write("file:b")], 0),
            ([note("memory:b", "x")], 0),
            ([write("file:b", error="refused")], 1),
            ([call("opaque")], 0),
            ([call("opaque", error="exit 1")], 0),
            ([call(None)], 0),
        ],
    )
    def test_only_what_may_change_something_excuses_a_repeat(
        self, between: list[Event], repeats: int
    ) -> None:
        count, _ = found("repeated_calls", LOOK, *between, LOOK)
        assert count == repeats

    def test_an_opaque_call_or_a_write_twice_in_a_row_is_a_repeat(self) -> None:
        assert found("repeated_calls", call("opaque"), call("opaque"), call("opaque")) == (2, 3)
        assert found("repeated_calls", write("file:a", "x"), write("file:a", "x")) == (1, 2)

    def test_a_retry_after_a_transient_error_is_no_repeat(self) -> None:
        timeout = read("file:a", tool="cat", error="timeout", transient=True)
        refused = read("file:a", tool="cat", error="refused")
        assert found("repeated_calls", timeout, LOOK) == (0, 2)
        assert found("repeated_calls", refused, LOOK) == (1, 2)

    def test_arguments_and_agents_tell_calls_apart(self) -> None:
        one = call("read", tool="cat", arguments={"a": 1, "b": [2]})
        other = call("read", tool="cat", arguments={"b": [2], "a": 1})
        third = call("read", tool="cat", arguments={"a": 1, "b": [3]})
        second = call("read", tool="cat", arguments={"a": 1, "b": [2]}, agent="second")
        assert found("repeated_calls", one, third, second, other) == (1, 4)


class TestBacktracks:
    def test_each_return_to_an_earlier_value_counts(self) -> None:
        values = [write("file:a", value) for value in "ABABC"]
        assert measured("backtracks", *values).places == (2, 3)

    def test_a_return_over_two_steps_undoes_both(self) -> None:
        events = [write("file:a", value) for value in "ABCA"]
        assert measured("backtracks", *events).places == (3,)
        assert measured("dead_ends", *events).places == (1, 2)

    def test_removing_what_one_made_is_a_backtrack_and_what_was_there_is_not(self) -> None:
        made = write("file:a", "A", "create"), write("file:a", None, "remove")
        assert found("backtracks", *made) == (1, 2)
        assert found("backtracks", write("file:a", None, "remove")) == (0, 1)

    def test_restoring_what_was_read_first_is_a_backtrack(self) -> None:
        events = read("file:a", "old"), write("file:a", "new"), write("file:a", "old")
        assert found("backtracks", *events) == (1, 2)

    def test_the_same_value_elsewhere_or_unknown_values_or_failures_are_none(self) -> None:
        assert found("backtracks", write("file:a", "A"), write("file:b", "A")) == (0, 2)
        assert found("backtracks", write("file:a"), write("file:a"), write("file:a")) == (0, 3)
        failed = write("file:a", "A"), write("file:a", "B", error="no"), write("file:a", "A")
        assert found("backtracks", *failed) == (0, 2)


class TestErrors:
    def test_another_target_or_another_agent_is_no_recovery(self) -> None:
        failed = read("file:a", error="no")
        assert found("recovered_errors", failed, read("file:b")) == (0, 1)
        assert found("recovered_errors", failed, read("file:a", agent="b")) == (0, 1)
        assert found("recovered_errors", failed, read("file:a")) == (1, 1)
        assert found("recovered_errors", call("read", error="no"), read("file:b")) == (1, 1)

    def test_turns_are_model_calls_of_the_same_agent(self) -> None:
        events = [read("file:a", error="no"), ask(), ask(agent="b"), ask(), read("file:a")]
        assert measured("turns_to_recover", *events).value == 2


class TestVerification:
    @pytest.mark.parametrize(
        ("later", "unverified"),
        [
            ([], 1),
            ([read("file:notes/a.txt")], 0),
            ([read("file:notes/*")], 0),
            ([read("file:b")], 1),
            ([read("file:notes/a.txt", error="no")], 1),
            ([call("check")], 0),
            ([call("check", error="crashed")], 1),
            ([call("opaque", arguments={"cmd": "cat ./notes/a.txt | head"})], 0),
            ([call("opaque", arguments={"cmd": "ls"})], 1),
            ([read("file:[")], 1),
        ],
    )
    def test_what_covers_a_mutation(self, later: list[Event], unverified: int) -> None:
        assert found("unverified_mutations", write("file:notes/a.txt"), *later) == (unverified, 1)

    def test_a_look_before_the_mutation_covers_nothing(self) -> None:
        assert found("unverified_mutations", read("file:a"), write("file:a")) == (1, 1)
        assert found("unverified_mutations", call("check"), write("file:a")) == (1, 1)

    def test_a_mutation_without_target_needs_a_check(self) -> None:
        send = call("mutation")
        assert found("unverified_mutations", send, read("*")) == (1, 1)
        assert found("unverified_mutations", send, call("check")) == (0, 1)

    def test_a_call_that_asks_for_two_tools_counts_by_half(self) -> None:
        # (100 + 20)/2 for asking, then of 90 tokens the share of 6 of 9 characters; nothing twice.
        events = [
            write("file:a"),
            ask(calls=("x", "y"), tokens_in=100, tokens_out=20, seconds=4),
            read("file:a", "abcdef", id="x", seconds=1),
            read("file:b", "ghi", id="y", seconds=7),
            ask(piece("p", "abcdef", 2), piece("q", "ghi", 3), tokens_in=90, tokens_out=5),
            ask(piece("p", "abcdef", 2), piece("q", "ghi", 3), tokens_in=90, tokens_out=5),
        ]
        assert measured("verification_tokens", *events, success=1).value == 60 + 60
        assert measured("verification_seconds", *events, accepted=2).value == (2 + 1) / 2
        unknown = measured("verification_tokens", *events[:1], ask(calls=("x",)), *events[2:3],
                           success=1)  # fmt: skip
        assert unknown.why == "a model call that checks has no usage"

    def test_who_looks_at_nothing_pays_nothing_and_it_is_a_measurement(self) -> None:
        assert measured("verification_tokens", write("file:a"), success=1).value == 0
        assert measured("verification_tokens", write("file:a"), success=0).why == (
            "nothing was accepted"
        )


class TestDeadEnds:
    def test_a_read_is_one_if_nothing_of_it_turns_up_later(self) -> None:
        used = [read("file:a", "code INV-204"), ask(said="It is inv-204.")]
        assert found("dead_ends", *used) == (0, 1)
        assert found("dead_ends", read("file:a", "code INV-204"), ask(said="No.")) == (1, 1)

    def test_a_read_with_nothing_to_know_it_by_is_not_judged(self) -> None:
        assert found("dead_ends", read("file:a", "yes")) == (0, 1)

    def test_a_read_back_is_none(self) -> None:
        assert found("dead_ends", write("file:a", "x"), read("file:a", "INV-204")) == (0, 2)

    def test_calls_asked_for_together_cannot_use_each_other(self) -> None:
        together = [
            ask(calls=("x", "y")),
            read("file:a", "code INV-204", id="x"),
            call("check", id="y", arguments={"of": "INV-204"}),
        ]
        assert measured("dead_ends", *together).places == (1,)
        assert measured("dead_ends", together[1], together[2]).places == ()


class TestMemory:
    def test_an_entry_that_is_rewritten_before_anything_else_happens_is_never_stale(self) -> None:
        told = ask(piece("p", "It is 13 May now."))
        both = [note("memory:a", "deadline: 3 May"), told, note("memory:b", "seen"),
                note("memory:a", "deadline: 13 May")]  # fmt: skip
        assert found("stale_entries", *both, facts=(MOVED[0], Fact("deadline", "13 May", 1))) == (
            0, 2
        )  # fmt: skip
        late = [*both[:3], LOOK, both[3]]
        assert found("stale_entries", *late, facts=(MOVED[0], Fact("deadline", "13 May", 1))) == (
            1, 3
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("text", "stale"),
        [
            ("deadline: 3 May", 1),
            ("deadline: 13 May", 0),
            ("moved from 3 May to 13 May", 0),
            ("3 Mayors", 0),
            ("DEADLINE:  3   may!", 1),
        ],
    )
    def test_what_holds_a_superseded_value(self, text: str, stale: int) -> None:
        count, _ = found("stale_entries", ask(), note("memory:a", text), facts=MOVED)
        assert count == stale

    def test_a_value_that_another_fact_has_now_is_not_held_against_an_entry(self) -> None:
        facts = (*MOVED, Fact("party", "3 May", 0))
        assert found("stale_entries", ask(), note("memory:a", "3 May"), facts=facts) == (0, 1)

    def test_a_fact_that_returns_to_its_first_value_is_current(self) -> None:
        facts = (*MOVED, Fact("deadline", "3 May", 1))
        events = ask(), ask(), note("memory:a", "deadline: 3 May")
        assert found("stale_entries", *events, facts=facts) == (0, 1)

    def test_without_known_facts_a_later_result_contradicts(self) -> None:
        kept = note("memory:a", "deadline: 3 May\nroom: 12")
        other = read("mail:1", "Deadline: 14 June\n")
        json = read("mail:1", '{"id": 7, "deadline": "14 June"}')
        longer = read("mail:1", "deadline: 3 May at noon")
        assert found("stale_entries", kept, other) == (1, 2)
        assert found("stale_entries", kept, json) == (1, 2)
        assert found("stale_entries", kept, longer) == (0, 2)
        assert found("stale_entries", other, kept) == (0, 2)
        assert found("stale_entries", kept, ask(piece("p", "deadline: 9 July"))) == (1, 2)
        assert found("obsolete_uses", kept, other, write("file:a", "by 3 May")) == (1, 1)

    def test_writing_a_note_as_a_whole_drops_what_is_left_out(self) -> None:
        events = note("memory:a", "- seat: 3 May\n- [ ] other"), LOOK, note("memory:a", "- other")
        assert found("stale_entries", *events, facts=MOVED) == (1, 3)
        assert found("stale_entries", *events[:1], *events[2:], facts=MOVED) == (0, 1)

    def test_a_change_replaces_the_entry_of_that_name_alone(self) -> None:
        events = (
            note("memory:a", "deadline: 3 May\nroom: R-1204"),
            note("memory:a", "deadline: 13 May", "change"),
        )
        assert found("stale_entries", *events, facts=MOVED) == (0, 2)
        gone = *events, note("memory:a", None, "remove")
        assert measured("stale_entries", *gone, facts=MOVED).why == "the memory held no entry"

    def test_an_entry_needs_a_source_before_it_and_its_own_echo_is_none(self) -> None:
        entry = note("memory:a", "room: R-1204")
        back = call("memory_read", "memory:*", result="room: R-1204")
        again = note("memory:b", "the room is R-1204")
        assert found("unsourced_entries", entry, back, again) == (2, 2)
        assert found("unsourced_entries", read("m:1", "in r-1204"), entry) == (0, 1)
        assert found("unsourced_entries", entry, read("m:1", "in r-1204")) == (1, 1)
        assert found("unsourced_entries", back, again) == (0, 1)
        echo = write("mail:1", "R-1204", result="Sent: R-1204")
        assert found("unsourced_entries", echo, entry) == (1, 1)
        assert measured("unsourced_entries", note("memory:a", "buy milk")).value is None

    def test_duplicates_are_held_at_the_same_time(self) -> None:
        one, other = note("memory:a", "Buy milk"), note("memory:b", "* buy  MILK")
        assert found("duplicate_entries", one, LOOK, other) == (1, 2)
        gone = note("memory:a", None, "remove")
        assert found("duplicate_entries", one, LOOK, gone, LOOK, other) == (0, 2)
        assert found("duplicate_entries", note("memory:a", "milk\nmilk\neggs")) == (1, 3)

    def test_lists_in_json_are_entries(self) -> None:
        todo = note("todo", '["call INV-204", {"task": "mail", "done": false}]')
        assert found("duplicate_entries", todo) == (0, 2)

    def test_writing_it_down_again_is_no_use_of_what_came_back(self) -> None:
        back = call("memory_read", "memory:*", result="room: R-1204\ncode: INV-204\nmilk")
        noted = call("memory_write", "memory:a", arguments={"text": "INV-204"}, value="INV-204")
        assert found("retrieval_precision", back, noted, ask(said="Room R-1204.")) == (1, 2)

    def test_obsolete_uses_are_of_what_is_put_into_the_world(self) -> None:
        old = write("mail:1", "by 3 May")
        assert found("obsolete_uses", ask(), old, claim("By 3 May."), facts=MOVED) == (2, 2)
        assert found("obsolete_uses", old, ask(), claim(), facts=MOVED) == (0, 1)
        gone = write("event:3 May", "3 May", "remove")
        assert measured("obsolete_uses", ask(), gone, facts=MOVED).value is None
        failed = write("mail:1", "by 3 May", error="no")
        assert measured("obsolete_uses", ask(), failed, facts=MOVED).value is None
        moved = write("mail:1", "not 3 May but 13 May")
        assert found("obsolete_uses", ask(), moved, facts=MOVED) == (0, 1)
        argument = call("mutation", "mail:1", arguments={"to": {"by": ["3 May"]}})
        assert found("obsolete_uses", ask(), argument, facts=MOVED) == (1, 1)


class TestContext:
    def test_a_string_is_credited_to_the_text_that_had_it_first(self) -> None:
        first, second = piece("a", "Room R-1204"), piece("b", "R-1204 ok")
        events = ask(first, second), ask(first, second, said="R-1204")
        assert found("context_used", *events) == (22, 40)

    def test_what_the_worker_wrote_first_is_nobodys(self) -> None:
        events = ask(said="R-1204"), ask(piece("a", "R-1204"), said="R-1204")
        assert found("context_used", *events) == (0, 6)

    def test_what_is_kept_after_its_last_use_is_not_used(self) -> None:
        text = piece("a", "R-1204")
        assert found("context_used", ask(text, said="R-1204"), ask(text), ask(text)) == (6, 18)

    def test_without_known_facts_what_is_still_written_later_should_survive(self) -> None:
        before = ask(piece("a", "R-1204 and INV-204 and 77712"))
        after = ask(piece("s", "Summary: INV-204"), said="R-1204, INV-204")
        squeeze = Compaction(0, "summary")
        assert found("compaction_loss", before, squeeze, after) == (1, 2)
        other = Compaction(0, "summary", agent="other")
        assert measured("compaction_loss", before, other, after).value is None
        assert measured("compaction_loss", before, squeeze).value is None

    def test_a_fact_that_no_longer_holds_may_be_lost(self) -> None:
        before = ask(piece("a", "by 3 May"), piece("b", "by 13 May"))
        events = before, Compaction(0, "trim"), ask(piece("b", "by 13 May"))
        assert found("compaction_loss", *events, facts=MOVED) == (0, 1)

    def test_calls_without_usage_are_not_nothing(self) -> None:
        events = ask(tokens_in=5, tokens_out=1), ask()
        assert measured("tokens_per_accepted", *events, success=1).why == (
            "1 of 2 calls have no usage"
        )
        failed = ask(tokens_in=5, tokens_out=1), ask(error="timeout")
        assert measured("tokens_per_accepted", *failed, accepted=3).value == 2

    def test_occupancy_needs_a_window(self) -> None:
        assert measured("peak_occupancy", ask(tokens_in=5)).why == (
            "the model's window is not known"
        )
        calls = ask(tokens_in=5, window=10), ask(tokens_in=10, window=10), ask(window=10)
        assert measured("peak_occupancy", *calls).value == 1
        assert measured("mean_occupancy", *calls).value == 0.75


class TestCommunicationAndCompletion:
    def test_only_what_an_agent_met_can_be_lost_by_it(self) -> None:
        facts = Fact("room", "R-1204"), Fact("code", "INV-204"), Fact("desk", "D-77")
        events = [
            ask(piece("a", "Room R-1204"), agent="one"),
            ToolCall(0, "mail", result="code INV-204", agent="one"),
            ask(piece("b", "D-77"), agent="two"),
            HandOff(0, "one", "two", "the code is inv-204"),
        ]
        measure = measured("facts_handed_over", *events, facts=facts)
        assert (measure.count, measure.of, measure.places) == (1, 2, (3,))

    @pytest.mark.parametrize(
        ("done", "success", "false", "unclaimed"),
        [(True, 0, 1, 0), (True, 0.9, 1, 0), (True, 1, 0, 0), (False, 1, 0, 1), (False, 0, 0, 0)],
    )
    def test_claims_against_the_end_state(
        self, done: bool, success: float, false: int, unclaimed: int
    ) -> None:
        first = claim(done=not done, final=False)
        assert found("false_completion", first, claim(done=done), success=success) == (false, 1)
        assert found("unclaimed_success", first, claim(done=done), success=success) == (
            unclaimed, 1
        )  # fmt: skip

    def test_who_says_neither_is_not_judged(self) -> None:
        assert measured("false_completion", claim(done=None), success=0).value is None
        assert measured("false_completion", success=0).value is None
        assert measured("false_completion", claim()).why == "no score of the outcome is known"


def test_metrics_that_stand_on_roles_say_that_no_tool_is_named() -> None:
    unmapped = happened(ask(), call(None, tool="a"), call(None, tool="b"), claim())
    whys = {name: metric.measure(unmapped).why for name, metric in METRICS.items()}
    stands = {n for n, why in whys.items() if why == "the mapping names none of its tools: a, b"}
    assert stands == {
        "repeated_calls", "backtracks", "unverified_mutations", "dead_ends", "stale_entries",
        "unsourced_entries", "duplicate_entries", "retrieval_precision", "verification_tokens",
        "verification_seconds",
    }  # fmt: skip


def test_every_metric_says_what_it_is() -> None:
    for name, metric in METRICS.items():
        assert metric.name == name
        assert metric.formula
        assert metric.source
        assert metric.unit in ("share", "count", "tokens", "seconds", "minutes", "turns")


def test_the_methods_page_has_every_formula_and_status_as_they_are() -> None:
    page = (Path(__file__).parents[2] / "docs" / "methods" / "conduct.md").read_text("utf-8")
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    assert set(rows) == set(METRICS)
    for name, metric in METRICS.items():
        assert f" | {metric.formula} | " in rows[name]
        assert rows[name].endswith(f" | {metric.status} |")

"""Tasks of many shapes under arms, unchanged; or refused in one line with a way out."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    Model,
    ModelOutput,
    ModelUsage,
    get_model,
)
from inspect_ai.tool import ToolCall

from worktrial.errors import ConfigError
from worktrial.instruction.extract import measured_of
from worktrial.instruction.plan import Plan, planned
from worktrial.instruction.stories import story_of
from worktrial.instruction.task import KEPT, ablate
from worktrial.trial import Ablation

FILE = Path(__file__).with_name("shapes.py")


def plan_of(name: str, **more: Any) -> Plan:
    task = name if "/" in name else f"{more.pop('file', FILE)}@{name}"
    return planned(Ablation(task, **more), "pocket", seed=7, items=None)


def run(
    name: str, *arms: str, worker: str | Model = "reference/oracle", **more: Any
) -> dict[str, EvalLog]:
    """A task under arms, in one evaluation."""
    plan = plan_of(name, **more)
    file, args = more.get("file", FILE), more.get("args", {})
    given = {"route": plan.route, "lead": plan.setting.lead}
    tasks = [ablate(f"{file}@{name}", args, arm, **given) for arm in arms]
    logs = inspect_eval(
        tasks, model=worker, display="none", fail_on_error=False, max_tasks=1, log_realtime=False,
        log_dir=str(Path.cwd() / "logs"),
    )  # fmt: skip
    return dict(zip(arms, logs, strict=True))


def measured(log: EvalLog, metric: str = "score") -> list[float | None]:
    """A metric of every sample."""
    return [value for sample in log.samples or [] for value in _values(sample, metric)]


def _values(sample: EvalSample, metric: str) -> list[float | None]:
    rows = measured_of(sample, sample.metadata[KEPT], sample.store.get(KEPT) or {})
    return [row.value for row in rows if row.metric == metric]


@pytest.fixture(autouse=True)
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def first(log: EvalLog) -> list[ChatMessage]:
    assert log.samples
    assert log.samples[0].error is None
    return log.samples[0].messages


def test_multiple_choice() -> None:
    logs = run("letters", "full", "empty", "wrong", "permuted")
    assert [measured(logs[arm]) for arm in ("full", "empty", "permuted")] == [[1] * 6, [0] * 6,
                                                                             [1] * 6]  # fmt: skip
    assert (measured(logs["wrong"]), measured(logs["wrong"], "wrong_key")) == ([0] * 6, [1] * 6)
    empty = first(logs["empty"])[0].text
    assert empty == "Which of these is 0 more than 0?\n\nA) 0\nB) aa\nC) aaa\nD) aaaa"


def test_exact_match_with_a_system_message_and_a_template() -> None:
    plan = plan_of("sums")
    assert plan.setting.space.kind == "number"
    assert plan.prompts[0][1].instruction.startswith("EXAMPLES: 2 and 2, less 1: 3\n\nSolve the")
    logs = run("sums", "full", "empty", "wrong", "full-2")
    assert [measured(logs[a]) for a in ("full", "full-2", "empty")] == [[1] * 6, [1] * 6, [0] * 6]
    assert measured(logs["wrong"], "wrong_key") == [1] * 6
    assert first(logs["empty"])[0].text == "Ada has 7 plums and buys 7 more, and eats one."
    assert [m.role for m in first(logs["empty"])] == ["user", "assistant"]


def test_free_generation_with_a_judge() -> None:
    plan = plan_of("essays")
    assert plan.setting.space.kind == "text"
    assert set(plan.impossible) == {"permuted"}
    logs = run("essays", "full", "format_only", "wrong")
    assert measured(logs["full"]) == [1] * 6
    assert measured(logs["format_only"]) == [0] * 6
    assert (measured(logs["wrong"]), measured(logs["wrong"], "wrong_key")) == ([0] * 6, [1] * 6)
    shown = first(logs["format_only"])[0].text
    assert shown.startswith("Reply with a single word.\nAnswer with a text.\n\nAda moved")


def _calling(messages: list[ChatMessage], *_: Any) -> ModelOutput:
    """Call the tool first, then say what it gave."""
    if messages[-1].role == "tool":
        output = ModelOutput.from_content("calling", messages[-1].text)
    else:
        call = ToolCall("1", "plus", {"x": 1, "y": 1})
        message = ChatMessageAssistant(content="", tool_calls=[call])
        choice = ChatCompletionChoice(message=message, stop_reason="tool_calls")
        output = ModelOutput(model="calling", choices=[choice])
    output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    return output


def test_tools_stay_the_tasks_own() -> None:
    worker = get_model("mockllm/model", memoize=False, custom_outputs=_calling)
    logs = run("tools", "full", "empty", worker=worker)
    assert [m.role for m in first(logs["empty"])] == ["user", "assistant", "tool", "assistant"]
    assert first(logs["empty"])[0].text == "11 and 14"
    assert first(logs["full"])[0].text.startswith("Add the two numbers")
    assert first(logs["empty"])[-1].text == "2"


def test_later_turns_go_on_unchanged_and_the_first_key_of_a_score_counts() -> None:
    logs = run("turns", "full", "empty")
    texts = [m.text for m in first(logs["empty"]) if m.role == "user"]
    assert texts == ["Ada moved to Oslo in May.", "Are you sure? Answer again."]
    assert (measured(logs["full"]), measured(logs["empty"])) == ([1] * 6, [0] * 6)


def test_every_draw_from_one_prompt_is_under_the_arm_and_drawn_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def counting(messages: list[ChatMessage], *_: Any) -> ModelOutput:
        seen.append(messages[-1].text)
        output = ModelOutput.from_content("mockllm/model", "x" * len(seen))
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output

    plan = plan_of("draws")
    monkeypatch.setenv("INSPECT_CACHE_DIR", str(tmp_path / "cache"))
    given = {"route": plan.route, "lead": plan.setting.lead, "resumable": True}
    (log,) = inspect_eval(
        ablate(f"{FILE}@draws", {}, "empty", **given),
        model=get_model("mockllm/model", custom_outputs=counting), display="none",
        log_realtime=False, max_samples=1, log_dir=str(Path.cwd() / "logs"),
    )  # fmt: skip
    samples = log.samples or []
    assert len(seen) == 2 * len(samples), "no draw was taken for another"
    assert not any("Who is this about?" in text for text in seen)
    assert [len(sample.output.completion) for sample in samples] == [
        2 * n for n in range(1, len(samples) + 1)
    ]


def test_a_scorer_key_that_is_none_of_the_tasks_is_refused_before_any_call() -> None:
    assert plan_of("sums", scorer_key="match").facts["scorer_key"] == "match"
    assert plan_of("turns", scorer_key="short").facts["scorer_key"] == "short"
    with pytest.raises(ConfigError, match="`--scorer-key` must be a score of the task, match; got"):
        plan_of("sums", scorer_key="macth")


def test_a_users_file_with_data_beside_it(tmp_path: Path) -> None:
    from shapes import write_feelings

    file = Path(shutil.copy(FILE, tmp_path / "mine.py"))
    write_feelings(tmp_path)
    plan = plan_of("feelings", file=file)
    assert plan.setting.space.labels == ("negative", "positive")
    assert plan.setting.shared.prefix.endswith("Reply with one word.\n\nReview: ")
    logs = run("feelings", "full", "format_only", "permuted", "no_input", file=file)
    assert [measured(log) for log in logs.values()] == [[1] * 6, [0] * 6, [1] * 6, [1] * 6]
    shown = first(logs["format_only"])[0].text
    assert shown == "Reply with one word.\nAnswer with one of: negative, positive.\n\nI loved it"
    assert first(logs["permuted"])[0].text.startswith("In what follows all answers have new names")
    assert logs["permuted"].samples
    assert logs["permuted"].samples[0].target == ["negative"]


def test_conversations_keep_their_own_turns() -> None:
    logs = run("chats", "empty", "full-4")
    assert [m.role for m in first(logs["empty"])] == ["user", "assistant", "user", "assistant"]
    assert first(logs["empty"])[2].text == "Ada moved to Oslo in May"
    assert "Name the city" in first(logs["full-4"])[2].text
    assert logs["empty"].samples
    told = story_of(logs["empty"].samples[0])
    assert [role for role, _ in told.prompt] == ["user", "assistant", "user"]


def test_an_agent_that_calls_by_itself_is_ablated_where_the_data_hold_the_instruction() -> None:
    plan = plan_of("agent")
    assert plan.route == "input"
    assert plan.prompts[0][1].instruction == "Name the city in the text. Submit it."
    log = run("agent", "empty")["empty"]
    assert log.samples
    assert next(m.text for m in first(log) if m.role == "user") == "Ada moved to Oslo in May"


def test_reference_workers_hand_in_their_answer_to_an_agent() -> None:
    logs = run("agent", "full", "empty")
    assert [measured(log) for log in logs.values()] == [[1] * 3, [0] * 3]
    for log in logs.values():
        assert log.samples
        assert [sample.limit for sample in log.samples] == [None] * 3
        assert all(sum(m.role == "assistant" for m in s.messages) == 1 for s in log.samples)
    assert logs["full"].samples
    told = story_of(logs["full"].samples[0])
    assert [role for role, _ in told.prompt][-1] == "user"
    assert told.completion == "Oslo"


@pytest.mark.parametrize("worker", ["null", "guesser", "memoriser"])
def test_no_reference_worker_keeps_an_agent_waiting(worker: str) -> None:
    log = run("agent", "full", worker=f"reference/{worker}")["full"]
    assert log.samples
    assert [sample.limit for sample in log.samples] == [None] * 3
    assert measured(log) == [float(worker == "memoriser")] * 3


def test_the_projects_own_search_is_ablated_at_its_system_message() -> None:
    plan = plan_of("worktrial/search", args={"items": 2, "pages": 300, "arm": "full"})
    assert plan.route == "input"
    assert "search" in plan.prompts[0][1].instruction.lower()
    assert "format_only" in plan.arms


@pytest.mark.parametrize(
    ("name", "more", "said"),
    [
        ("bare", {}, "no instruction was found around its inputs.*--instruction-field.*--arms"),
        ("agent", {"args": {"shared": False}}, "calls the model by itself, so that only.*--arms"),
        ("shouted", {}, "does not stand word by word.*--arms FILE"),
        ("unseeded", {}, "other samples each time it is made.*-T seed=1"),
        ("silent", {}, "has no scorer"),
        ("nowhere", {}, "the file's tasks are letters, sums"),
        ("letters", {"args": {"nonsense": 1}}, "cannot be made: TypeError"),
        ("nobody/knows", {}, "Inspect knows no task 'nobody/knows': install its package"),
        ("bare", {"instruction_field": "Say"}, "'Say' does neither in sample 1"),
    ],
)
def test_what_cannot_be_ablated_is_refused_in_one_line(
    name: str, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as refused:
        plan_of(name, **more)
    assert "\n" not in str(refused.value)


def test_the_projects_own_audit_shows_no_input_and_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text("".join(
        f'{{"question": "Ada has {n} plums and {n} pears. How many?", "answer": "{2 * n}"}}\n'
        for n in range(10, 14)
    ))  # fmt: skip
    with pytest.raises(ConfigError, match=r"TASK worktrial/memorisation cannot be ablated"):
        plan_of("worktrial/memorisation", args={"file": str(file)})


def test_arms_that_are_written_out_reach_where_no_instruction_is_found(tmp_path: Path) -> None:
    arms = tmp_path / "arms.yaml"
    arms.write_text("format_only: 'One number for {input}'\nempty: '{input}'\n")
    plan = plan_of("bare", arms_file=arms)
    assert plan.arms == ["full", "format_only", "empty"]
    assert plan.example()["format_only"] == "One number for 0 plus 0?"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("full: '{input}'", "an arm must be one of"),
        ("empty: 'nothing'", "must have the place {input}"),
        ("no_input: '{input}'", "must not have the place {input}"),
        ("{}", "must set out an arm"),
        ("- a", "--arms"),
    ],
)
def test_a_file_of_arms_that_is_none_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "arms.yaml").write_text(text)
    with pytest.raises(ConfigError, match=said):
        plan_of("bare", arms_file=tmp_path / "arms.yaml")


def test_a_named_piece_of_the_input_is_the_instruction() -> None:
    plan = plan_of("bare", instruction_field="plus")
    assert plan.prompts[0][1].instruction == "plus"
    assert plan.example()["empty"] == "0\n\n0?"

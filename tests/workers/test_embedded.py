"""The real engine with the real weights; small contexts keep it quick."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.model import (
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    ContentImage,
    ContentText,
    GenerateConfig,
    Model,
    ModelOutput,
    get_model,
)
from inspect_ai.tool import ToolCall, ToolFunction, ToolInfo

from worktrial.errors import ConfigError, WorkerError
from worktrial.workers import embedded as provider
from worktrial.workers.embedded import embedded
from worktrial.workers.engine import Reply, Setting, chat, server, spare_cores
from worktrial.workers.toolwords import heard, ignores_tools, in_words
from worktrial.workers.weights import find_weights

assert embedded  # importing it registers `embedded/…`

SMOLLM2 = "embedded/smollm2-135m"
ADD = ToolInfo(name="add", description="Add two numbers.")
SUBTRACT = ToolInfo(name="subtract", description="Subtract two numbers.")


@pytest.fixture(scope="module")
def alone() -> Model:
    return get_model(SMOLLM2, slots=1, context=512)


@pytest.fixture(scope="module")
def crowd() -> Model:
    return get_model(SMOLLM2, slots=4, context=512)


def ask(model: Model, prompt: str, **config: Any) -> ModelOutput:
    config = {"max_tokens": 24} | config
    return asyncio.run(model.generate(prompt, config=GenerateConfig(**config)))


def test_one_slot_repeats_exactly_whatever_was_asked_before(alone: Model) -> None:
    first = ask(alone, "Tell me about the sea.")
    ask(alone, "Tell me about the seaside town of Brighton.")
    assert ask(alone, "Tell me about the sea.").completion == first.completion != ""


def test_a_seed_repeats_a_sample_and_another_seed_draws_another(alone: Model) -> None:
    def draw(seed: int) -> str:
        return ask(alone, "Write a poem.", temperature=1, seed=seed).completion

    assert draw(7) == draw(7) != draw(8)


def test_a_vanishing_top_p_is_greedy(alone: Model) -> None:
    greedy = ask(alone, "Write a poem.").completion
    assert ask(alone, "Write a poem.", temperature=1, seed=1, top_p=1e-6).completion == greedy


def test_max_tokens_ends_an_answer(alone: Model) -> None:
    output = ask(alone, "Write a long story.", max_tokens=5)
    assert output.stop_reason == "max_tokens"
    assert output.usage
    assert output.usage.output_tokens == 5


def test_an_answer_that_is_done_stops(alone: Model) -> None:
    assert ask(alone, "Say hello.", max_tokens=200).stop_reason == "stop"


def test_a_stop_sequence_ends_an_answer_and_is_left_out(alone: Model) -> None:
    whole = ask(alone, "Write a long story.").completion
    word = whole.split()[3]
    output = ask(alone, "Write a long story.", stop_seqs=[word])
    assert output.stop_reason == "stop"
    assert output.completion == whole[: whole.index(word)]


def test_tokens_and_time_are_counted(alone: Model) -> None:
    short, long = (ask(alone, "word " * n).usage for n in (10, 110))
    assert short
    assert long
    assert long.input_tokens - short.input_tokens == 100
    assert long.total_tokens == long.input_tokens + long.output_tokens
    assert 0 < (ask(alone, "Hello").time or 0) < 60


def test_tokens_read_from_the_cache_are_counted_apart(crowd: Model) -> None:
    ask(crowd, "word " * 200)
    again = ask(crowd, "word " * 200).usage
    assert again
    assert (again.input_tokens_cache_read or 0) >= 200
    assert again.input_tokens < 50


def test_generations_share_the_slots_and_all_answer(
    crowd: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    running: list[int] = []
    at_once: list[int] = []

    def counted(*args: Any) -> Reply:
        running.append(1)
        at_once.append(len(running))
        reply = chat(*args)
        running.pop()
        return reply

    async def ten() -> list[ModelOutput]:
        config = GenerateConfig(max_tokens=8)
        asked = [crowd.generate(f"Count from {n}.", config=config) for n in range(10)]
        return await asyncio.gather(*asked)

    monkeypatch.setattr(provider, "chat", counted)
    assert all(output.completion for output in asyncio.run(ten()))
    assert max(at_once) == 4 == crowd.api.max_connections()


def test_a_prompt_too_long_for_its_slot_is_an_output(alone: Model) -> None:
    output = ask(alone, "word " * 600)
    assert output.stop_reason == "model_length"
    assert output.error == output.completion
    assert "slot of 512; raise -M context" in (output.error or "")


def test_an_answer_that_fills_its_slot_is_told_from_max_tokens() -> None:
    output = ask(get_model(SMOLLM2, slots=1, context=256), "Write a long story.", max_tokens=400)
    assert output.stop_reason == "model_length"
    assert output.usage
    assert output.usage.total_tokens == 256


def test_after_a_cancelled_generation_the_only_slot_answers(alone: Model) -> None:
    async def impatient() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(alone.generate("Write a long story."), 0.5)

    asyncio.run(impatient())
    assert ask(alone, "Hello", max_tokens=1).usage


def test_equal_settings_share_an_engine() -> None:
    weights = find_weights("smollm2-135m")
    assert server(Setting(weights, 1, 512)) is server(Setting(weights, 1, 512, spare_cores()))


def test_nothing_is_printed_and_the_process_ends() -> None:
    script = f"""
import asyncio
from inspect_ai.model import GenerateConfig, get_model
import worktrial.workers.embedded
model = get_model({SMOLLM2!r}, slots=1, context=512)
asyncio.run(model.generate("Hello", config=GenerateConfig(max_tokens=2)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_importing_the_provider_leaves_the_engine_alone() -> None:
    script = "import sys, worktrial.workers.embedded; sys.exit('xllamacpp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


@pytest.mark.parametrize(
    "args", [{"slots": 0}, {"context": "big"}, {"threads": 1.5}, {"slots": True}]
)
def test_a_wrong_argument_is_a_mistake(args: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=rf"`{next(iter(args))}` must be a whole number from 1"):
        get_model(SMOLLM2, **args)


def test_an_unknown_argument_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="`-M slot` must be one of slots, context, threads"):
        get_model(SMOLLM2, slot=1)


def test_a_missing_file_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="no such file"):
        get_model("embedded//nowhere/model.gguf")


def test_a_missing_engine_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ConfigError, match=r"pip install 'worktrial\[local\]'"):
        get_model(SMOLLM2, memoize=False)


def test_weights_that_cannot_be_loaded_are_not_the_workers_fault(tmp_path: Path) -> None:
    path = tmp_path / "damaged.gguf"
    path.write_bytes(b"GGUF" + bytes(1000))
    with pytest.raises(WorkerError, match="cannot be loaded by xllamacpp"):
        chat(Setting(path, 1, 512), {}, threading.Event())


def test_a_request_that_the_engine_refuses_is_not_the_workers_fault() -> None:
    error = {"type": "invalid_request_error", "message": "no"}
    with pytest.raises(WorkerError, match="refused the request: no"):
        provider._output("smollm2-135m", Reply(error=error), GenerateConfig())


def test_an_image_is_not_dropped_silently() -> None:
    message = ChatMessageUser(content=[ContentText(text="See:"), ContentImage(image="a.png")])
    with pytest.raises(WorkerError, match="reads text only, got a message with image"):
        provider._request([message], [], "auto", GenerateConfig())


def test_a_conversation_with_tools_takes_the_engines_form() -> None:
    messages = [
        ChatMessageSystem(content="Be brief."),
        ChatMessageAssistant(content="", tool_calls=[ToolCall("c1", "add", {"x": 1})]),
        ChatMessageTool(content="2", tool_call_id="c1", function="add"),
    ]
    request = provider._request(messages, [ADD, SUBTRACT], ToolFunction("add"), GenerateConfig())
    assert [tool["function"]["name"] for tool in request["tools"]] == ["add"]
    assert request["tool_choice"] == "required"
    call = {"id": "c1", "type": "function", "function": {"name": "add", "arguments": '{"x": 1}'}}
    assert request["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "content": "2", "tool_call_id": "c1"},
    ]


def test_a_streamed_tool_call_is_put_together() -> None:
    reply = Reply(usage={"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7})
    for part in (
        {"index": 0, "id": "c1", "function": {"name": "add", "arguments": ""}},
        {"index": 0, "function": {"arguments": '{"x":'}},
        {"index": 0, "function": {"arguments": " 1}"}},
        {"index": 1, "id": "c2", "function": {"name": "add", "arguments": "[1]"}},
    ):
        delta = {"reasoning_content": "hm ", "tool_calls": [part]}
        reply.hear({"choices": [{"finish_reason": "tool_calls", "delta": delta}]})
    output = provider._output("m", reply, GenerateConfig())
    assert output.stop_reason == "tool_calls"
    assert output.message.tool_calls == [
        ToolCall("c1", "add", {"x": 1}),
        ToolCall("c2", "add", {}, parse_error="the arguments must be a JSON object"),
    ]


# --- tools in words ----------------------------------------------------------------------------

TOOLS = [
    {"type": "function", "function": tool.model_dump(exclude_none=True)} for tool in (ADD, SUBTRACT)
]
ASKED: dict[str, Any] = {
    "messages": [{"role": "user", "content": "1 + 1?"}], "tools": TOOLS, "tool_choice": "auto",
}  # fmt: skip


def test_a_template_without_a_place_for_tools_is_noticed_and_they_are_told_in_words(
    alone: Model,
) -> None:
    assert ignores_tools(Setting(find_weights("smollm2-135m"), 1, 512))
    plain = ask(alone, "Add 1 and 2.").usage
    told = asyncio.run(
        alone.generate("Add 1 and 2.", tools=[ADD], config=GenerateConfig(max_tokens=4))
    ).usage
    assert plain
    assert told
    assert told.input_tokens > plain.input_tokens + 60


def test_tools_stand_in_the_system_message_whether_there_is_one_or_not() -> None:
    said = in_words(ASKED)
    assert "tools" not in said
    assert [message["role"] for message in said["messages"]] == ["system", "user"]
    assert '"name": "subtract"' in said["messages"][0]["content"]
    system = {"role": "system", "content": "Be brief."}
    required = ASKED | {"messages": [system, *ASKED["messages"]], "tool_choice": "required"}
    content = in_words(required)["messages"][0]["content"]
    assert content.startswith("Be brief.\n\nYou can call")
    assert content.endswith("Answer with a call.")
    assert system["content"] == "Be brief.", "the request itself is left alone"


def test_calls_and_results_are_told_in_words() -> None:
    call = {"id": "c1", "function": {"name": "add", "arguments": '{"x": 1}'}}
    conversation = [
        *ASKED["messages"],
        {"role": "assistant", "content": "", "tool_calls": [call, call]},
        {"role": "tool", "content": "2", "tool_call_id": "c1"},
        {"role": "tool", "content": "3", "tool_call_id": "c1"},
    ]
    *_, asked, answered = in_words(ASKED | {"messages": conversation})["messages"]
    one = '<tool_call>\n{"name": "add", "arguments": {"x": 1}}\n</tool_call>'
    assert asked == {"role": "assistant", "content": f"{one}\n{one}"}
    assert answered["role"] == "user", "templates may insist that roles take turns"
    assert answered["content"].count("<tool_response>") == 2


@pytest.mark.parametrize(
    ("text", "said", "calls"),
    [
        ("Two.", "Two.", []),
        ('Well: <tool_call>\n{"name": "add", "arguments": {"x": 1}}\n</tool_call>Done',
         "Well: Done", [ToolCall("1-0", "add", {"x": 1})]),
        ('<tool_call>{"name": "add"}', "", [ToolCall("1-0", "add", {})]),
    ],
)  # fmt: skip
def test_calls_are_read_out_of_words(text: str, said: str, calls: list[ToolCall]) -> None:
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    output = provider._output("m", heard(Reply(text=text, usage=usage), ASKED), GenerateConfig())
    assert (output.completion, output.message.tool_calls or []) == (said, calls)


@pytest.mark.parametrize("body", ["", "add 1", "[1]", '{"arguments": {}}', "{" * 100_000])
def test_what_is_no_call_is_told_as_a_mistake_in_one(body: str) -> None:
    reply = heard(Reply(text=f"<tool_call>{body}</tool_call>"), ASKED)
    (call,) = map(provider._tool_call, reply.tool_calls)
    assert call.function == "add"
    assert call.parse_error

"""A bare text that is continued by the real engine, without a chat template."""

import asyncio
from typing import Any

import pytest
from inspect_ai.model import ChatMessageUser, GenerateConfig, Model, ModelOutput, get_model

from worktrial.errors import WorkerError
from worktrial.workers.embedded import EmbeddedAPI, embedded

assert embedded  # importing it registers `embedded/…`
COUNTING = "1, 2, 3, 4, 5, 6, 7, 8,"


@pytest.fixture(scope="module")
def model() -> Model:
    return get_model("embedded/smollm2-135m", slots=1, context=256)


def go_on(model: Model, text: str, **config: Any) -> ModelOutput:
    asked = GenerateConfig(extra_body={"raw": True}, **{"max_tokens": 8, **config})
    return asyncio.run(model.generate(text, config=asked))


def test_a_bare_text_is_continued_where_it_stops(model: Model) -> None:
    output = go_on(model, COUNTING)
    assert output.completion.startswith(" 9, 10"), "its blank is kept"
    assert output.stop_reason == "max_tokens"
    assert output.usage
    assert output.usage.output_tokens == 8


def test_it_differs_from_the_answer_to_the_same_words(model: Model) -> None:
    chat = asyncio.run(model.generate(COUNTING, config=GenerateConfig(max_tokens=8)))
    assert chat.completion != go_on(model, COUNTING).completion
    assert chat.usage
    assert chat.usage.input_tokens > 20, "the template is long"


def test_a_text_too_long_is_an_output_with_an_error(model: Model) -> None:
    output = go_on(model, "a " * 600)
    assert (output.stop_reason, bool(output.error)) == ("model_length", True)


def test_a_conversation_is_no_bare_text() -> None:
    api = EmbeddedAPI("smollm2-135m", slots=1, context=256)
    messages = [ChatMessageUser(content=text) for text in ("one", "two")]
    with pytest.raises(WorkerError, match="2 messages"):
        asyncio.run(
            api.generate(list(messages), [], "auto", GenerateConfig(extra_body={"raw": True}))
        )

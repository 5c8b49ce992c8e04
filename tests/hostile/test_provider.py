"""The hostile provider itself: what a client sees of each fault, and that the draws are its own."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

from hostile.mood import Fault, Latency, Mood
from hostile.provider import Provider
from worktrial.relay import reference
from worktrial.relay.baton import Baton
from worktrial.relay.damage import behaviour
from worktrial.relay.items import custom_course, relay_items

pytestmark = pytest.mark.xdist_group("hostile")
"""One process has the server."""


@pytest.fixture
def client(provider: Provider) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=provider.base_url, api_key="none", max_retries=0) as client:
        yield client


@pytest.fixture(scope="module")
def prompt() -> str:
    course = custom_course("pocket", items=1, round_trips=1, size=None, distractors=None)
    (item,) = relay_items(course, seed=7, domains=["json"])
    return Baton(item).prompt()


def ask(client: openai.OpenAI, prompt: str, seed: int = 0) -> openai.types.chat.ChatCompletion:
    return client.chat.completions.create(
        model="lossy-0.5", messages=[{"role": "user", "content": prompt}], seed=seed
    )


def test_the_reference_worker_speaks_by_prompt_and_seed(client: openai.OpenAI, prompt: str) -> None:
    for seed in (1, 2):
        (choice,) = ask(client, prompt, seed).choices
        assert choice.message.content == reference.answer(behaviour("lossy-0.5"), prompt, seed)
        assert choice.finish_reason == "stop"


def test_a_stream_says_the_same(client: openai.OpenAI, prompt: str) -> None:
    chunks = client.chat.completions.create(
        model="lossy-0.5", messages=[{"role": "user", "content": prompt}], seed=1,
        stream=True, stream_options={"include_usage": True},
    )  # fmt: skip
    got = list(chunks)
    text = "".join(c.choices[0].delta.content or "" for c in got if c.choices)
    assert text == ask(client, prompt, 1).choices[0].message.content
    assert got[-1].usage == ask(client, prompt, 1).usage


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("rate_limited", openai.RateLimitError),
        ("error", openai.InternalServerError),
        ("reset", openai.APIConnectionError),
        ("cut", openai.APIConnectionError),
        ("garbled", ValueError),
    ],
)
def test_a_fault_is_what_it_is_called(
    fault: Fault, error: type[Exception], provider: Provider, client: openai.OpenAI, prompt: str
) -> None:
    provider.begin(Mood({fault: 1.0}, retry_after_seconds=3))
    with pytest.raises(error) as raised:
        ask(client, prompt)
    if isinstance(raised.value, openai.RateLimitError):
        assert raised.value.response.headers["retry-after"] == "3"
    assert provider.counts == {fault: 1}
    assert provider.paid == 0


def test_empty_and_truncated_answers_are_answers(
    provider: Provider, client: openai.OpenAI, prompt: str
) -> None:
    whole = ask(client, prompt).choices[0].message.content or ""
    provider.begin(Mood({"empty": 1.0}))
    assert ask(client, prompt).choices[0].message.content == ""
    provider.begin(Mood({"truncated": 1.0}))
    (half,) = ask(client, prompt).choices
    assert half.message.content == whole[: len(whole) // 2]
    assert half.finish_reason == "length"
    assert provider.paid == 1


def test_faults_follow_from_content_and_attempt_however_many_are_in_flight(
    provider: Provider, client: openai.OpenAI, prompt: str
) -> None:
    mood = Mood({"empty": 0.3, "truncated": 0.2}, seed=5)
    asked = [seed for seed in range(40) for _ in range(2)]
    histories = []
    for at_once in (1, 8):
        provider.begin(mood)
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(lambda seed: ask(client, prompt, seed), asked))
        histories.append(provider.history)
    assert histories[0] == histories[1]
    assert {len(of) for of in provider.history.values()} == {2}
    # Binomial with 80 draws: 24 ± 4.1 empty, 16 ± 3.6 truncated; four deviations either way.
    assert 8 <= provider.counts["empty"] <= 40
    assert 2 <= provider.counts["truncated"] <= 30


def test_latency_is_lognormal_about_its_median() -> None:
    mood = Mood(latency=Latency(0.5, sigma=0.7))
    drawn = sorted(mood.draw(str(n), 0).seconds for n in range(2001))
    # The median of 2001 has a relative error of 1.25 · .7 / √2001 = .02; four of these.
    assert drawn[1000] == pytest.approx(0.5, rel=0.08)
    assert drawn[0] < 0.1 < 2 < drawn[-1]
    assert {Mood(latency=Latency(0.5)).draw(str(n), 0).seconds for n in range(9)} == {0.5}


def test_it_goes_down_and_returns_and_tells_what_it_served(
    provider: Provider, client: openai.OpenAI, prompt: str
) -> None:
    provider.fall_after = 1
    ask(client, prompt)
    with pytest.raises(openai.APIConnectionError):
        ask(client, prompt)
    provider.fall_after, provider.down = None, False
    ask(client, prompt)
    assert client.get("/../counts", cast_to=dict) == {"ok": 2, "down": 1}
    assert provider.counts == Counter({"ok": 2, "down": 1})


def test_rates_beyond_one_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 1"):
        Mood({"empty": 0.6, "error": 0.6})

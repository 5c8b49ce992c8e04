"""The self-test: its texts, its small model, its gates; once at a size of seconds."""

import importlib.util
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from worktrial.errors import ConfigError
from worktrial.memorisation import selftest
from worktrial.memorisation.blind import Blind
from worktrial.memorisation.effect import variant_gap
from worktrial.memorisation.selftest import gates as gating
from worktrial.memorisation.selftest import replicates
from worktrial.memorisation.selftest.gates import gates
from worktrial.memorisation.selftest.recipe import Recipe, Shape, plant
from worktrial.memorisation.selftest.report import Report
from worktrial.memorisation.selftest.table import Row, best, rows, variant_ranks
from worktrial.memorisation.selftest.texts import Item, draw, vocabulary
from worktrial.memorisation.selftest.verdicts import Scenario
from worktrial.memorisation.verdict import Judgement
from worktrial.randomness import stream
from worktrial.workers.logprobs import torch_threads

pytestmark = pytest.mark.xdist_group("self-test")
TINY = Recipe(
    copies=(1, 16, 4, 64),
    items=6,
    twins=40,
    variants=19,
    background=20,
    shape=Shape(layers=1, width=32, heads=2),
)


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    with torch_threads(1):
        yield


def items(count: int, variants: int = 3) -> list[Item]:
    rng = stream(5, "test")
    return [draw(rng, variants) for _ in range(count)]


@pytest.fixture(scope="module")
def found() -> Report:
    return selftest.run(3, recipe=TINY)


# Texts.


def test_every_word_of_a_text_is_in_the_vocabulary() -> None:
    words = set(vocabulary())
    for item in items(200):
        for problem in (item.published, *item.variants):
            assert set(problem.text.split()) <= words


def test_an_answer_stands_once_in_its_question_beside_what_is_asked() -> None:
    for item in items(200):
        for problem in (item.published, *item.variants):
            assert problem.question.split().count(problem.answer) == 1


def test_variants_have_the_form_of_their_item_and_its_number_of_words_by_goods_alone() -> None:
    for item in items(50):
        first = item.published.question.split()
        for variant in item.variants:
            assert variant.question != item.published.question
            assert variant.question.split()[-1] == first[-1]
            assert len(variant.question.split()) == len(first)


def test_what_is_planted_is_read_so_often_and_twins_never() -> None:
    planting = plant(TINY, 3)
    assert len(planting.corpus) == 20 + 6 * (1 + 4 + 16 + 64)
    for copies, of in planting.planted.items():
        assert {planting.corpus.count(item.published.text) for item in of} == {copies}
    fresh = {
        problem.text for item in planting.twins for problem in (item.published, *item.variants)
    }
    assert not fresh & set(planting.corpus)


# The model.


def trained(texts: list[str], seed: int = 1, shape: Shape = TINY.shape) -> Any:
    from worktrial.memorisation.selftest.model import Reader

    reader = Reader(vocabulary(), shape, seed)
    reader.train(texts, lambda *_: None)
    return reader


def test_what_was_read_often_is_more_familiar_and_is_continued_word_for_word() -> None:
    learned, others = items(4), items(30)[4:]
    texts = [item.published.text for item in learned] * 200
    stream(1, "order").shuffle(texts)
    reader = trained(texts, shape=Shape(layers=1, width=64, heads=2, batch=4))
    own, fresh = (
        [float(of.logprobs.logprob.mean()) for of in reader.read([i.published.text for i in these])]
        for these in (learned, others)
    )
    assert min(own) > max(fresh)
    words = learned[0].published.question.split()
    beginning, rest = " ".join(words[:18]), words[18:]
    assert reader.continued([beginning], [len(rest)]) == [" ".join(rest)]
    assert all(of.right for of in reader.read([item.published.text for item in learned]))


def test_one_seed_gives_one_model_and_another_another() -> None:
    texts = [item.published.text for item in items(40)]
    read = [trained(texts, seed).read(texts[:3]) for seed in (1, 1, 2)]
    first, again, other = ([of.logprobs.logprob.tolist() for of in one] for one in read)
    assert first == again
    assert first != other


def test_log_probabilities_and_their_moments_are_those_of_the_distribution() -> None:
    import torch

    reader = trained([item.published.text for item in items(20)])
    problem = items(1)[0].published
    (reading,) = reader.read([problem.text])
    row = reader._encoded([problem.text])
    with torch.inference_mode():
        scores = reader._model(torch.tensor(row))[0][0].double().numpy()
    chances = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    words = len(problem.question.split())
    following = row[0][1 : words + 1]
    told = reading.logprobs
    assert told.logprob == pytest.approx(np.log(chances[range(words), following]), abs=1e-4)
    mean = (chances * np.log(chances)).sum(1)[:words]
    assert told.mean == pytest.approx(mean, abs=1e-4)
    squares = (chances * np.log(chances) ** 2).sum(1)[:words]
    assert told.deviation == pytest.approx(np.sqrt(squares - mean**2), abs=1e-3)


def test_texts_read_together_are_read_as_if_alone() -> None:
    texts = [item.published.text for item in items(20)]
    texts += [" ".join(text.split()[9:]) for text in texts]
    reader = trained(texts)
    together, alone = reader.read(texts, batch=40), [reader.read([text])[0] for text in texts]
    for one, other in zip(together, alone, strict=True):
        assert one.logprobs.logprob == pytest.approx(other.logprobs.logprob, abs=1e-4)


def test_a_greedy_continuation_is_the_likeliest_word_at_each_place() -> None:
    reader = trained([item.published.text for item in items(40)])
    beginning = " ".join(items(1)[0].published.question.split()[:9])
    (written,) = reader.continued([beginning], [3])
    for word in written.split():
        others = [f"{beginning} {other}" for other in (*vocabulary()[::7], word)]
        chances = [
            float(of.logprobs.logprob[-1])
            for of in reader.read([f"{text} x".replace(" x", " 10") for text in others])
        ]
        assert chances[-1] == max(chances)
        beginning += f" {word}"


# The table.


def test_a_statistic_that_always_tells_has_auc_one_and_one_that_never_does_one_half() -> None:
    high, low = np.linspace(1, 2, 30), np.linspace(-1, 0, 300)
    table = rows({4: {"loss": high, "rouge_60": low[:30]}}, {"loss": low, "rouge_60": low}, seed=1)
    by_name = {row.statistic: row for row in table}
    assert (by_name["loss"].auc, by_name["loss"].tpr) == (1, 1)
    assert by_name["loss"].tier == "logprobs"
    assert by_name["rouge_60"].tier == "completion"
    assert by_name["rouge_60"].auc < 0.5


def test_the_best_of_a_tier_is_never_one_that_is_only_shown() -> None:
    made = [
        Row(name, "completion", 16, auc, 0, 1, 0)
        for name, auc in {"rouge_60": 0.7, "exact_80": 0.9, "exact_40": 0.5}.items()
    ]
    assert best(made, "completion", 16).statistic == "rouge_60"


def test_ranks_among_variants_are_told_of_all_sets_together() -> None:
    rng = np.random.default_rng(1)
    above, usual = ({"loss": rng.normal(size=(20, 20))} for _ in range(2))
    above["loss"][:, 0] += 9
    first, second = variant_ranks([above, usual])
    assert first.shape == second.shape == (20,)
    assert first.min() > np.quantile(second, 0.9)


# Gates.


def table_at(aucs: dict[tuple[str, int], float], tpr: float) -> list[Row]:
    return [
        Row("loss" if tier == "logprobs" else "rouge_60", tier, copies, auc, 0, 1, tpr)
        for (tier, copies), auc in aucs.items()
    ]


BOUNDS = {
    **{("logprobs", copies): least for copies, least in gating.LOGPROBS.items()},
    **{("completion", copies): least for copies, least in gating.COMPLETION.items()},
}
EVEN = [(n + 0.5) / 2000 for n in range(2000)]
BLIND = Blind(0.5, 0.45, 0.55, False, 100, "")


def scenarios(*words: Any) -> list[Scenario]:
    effect = variant_gap([1.0, 0.0, 1.0, 1.0], [[0.0, 1.0]] * 4)
    return [
        Scenario(f"set {n}", 0.5, effect, truth, Judgement(word, ""))
        for n, (word, truth) in enumerate(zip(words, (0.2, 0.0), strict=True))
    ]


SOUND = scenarios("inflated", "no evidence")


def test_gates_are_met_at_their_bounds() -> None:
    found = gates(table_at(BOUNDS, 0.5), EVEN, BLIND, SOUND)
    assert [gate.name for gate in found if not gate.met] == []
    assert len(found) == 10


@pytest.mark.parametrize("at", BOUNDS)
def test_a_gate_is_missed_just_below_its_bound(at: tuple[str, int]) -> None:
    found = gates(table_at(BOUNDS | {at: BOUNDS[at] - 1e-6}, 0.5), EVEN, BLIND, SOUND)
    (missed,) = [gate for gate in found if not gate.met]
    assert f"{at[1]} copies: AUC" in missed.name


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"table": table_at(BOUNDS, 0.49)}, "found at 1 %"),
        ({"p_values": [p / 2 for p in EVEN]}, "Share of p"),
        ({"p_values": [(1 + p) / 2 for p in EVEN]}, "Share of p"),
        ({"blind": replace(BLIND, low=0.51, high=0.6)}, "without the model"),
        ({"scenarios": scenarios("cannot tell", "no evidence")}, "set 0"),
        ({"scenarios": scenarios("inflated", "inflated")}, "set 1"),
    ],
)
def test_each_other_gate_can_be_missed_alone(changed: dict[str, Any], name: str) -> None:
    sound = {
        "table": table_at(BOUNDS, 0.5), "p_values": EVEN, "blind": BLIND, "scenarios": SOUND
    }  # fmt: skip
    found = gates(**{**sound, **changed})
    (missed,) = [gate for gate in found if not gate.met]
    assert name in missed.name


def test_exactly_five_percent_of_small_p_agrees_and_eight_does_not() -> None:
    # 2,000 at 5 %: 100 expected, standard deviation 9.7; p > 1e-4 from 64 to 139.
    for count, met in ((63, False), (65, True), (100, True), (138, True), (141, False)):
        p_values = [0.05] * count + [0.5] * (2000 - count)
        (gate,) = [
            g for g in gates(table_at(BOUNDS, 1), p_values, BLIND, SOUND) if "Share" in g.name
        ]
        assert gate.met is met, count


# The whole.


def test_a_report_says_what_was_done_and_every_gate(found: Report) -> None:
    text = found.text()
    assert "1, 4, 16 and 64 times" in text
    assert all(gate.name in text and gate.bound in text for gate in found.gates)
    assert max(map(len, text.splitlines())) < 140
    assert "clean" not in text


def test_a_record_is_plain_and_finite_and_says_the_same(found: Report) -> None:
    import json

    record = json.loads(json.dumps(found.record()))
    assert record["met"] is found.met
    assert len(record["table"]) == 4 * (4 + 1 + 9)
    assert all(math.isfinite(row["auc"]) for row in record["table"])
    assert [of["name"] for of in record["gates"]] == [gate.name for gate in found.gates]


@pytest.mark.slow
def test_one_seed_one_report(found: Report) -> None:
    assert selftest.run(3, recipe=TINY).record() == found.record()


def test_progress_is_told_in_words() -> None:
    told: list[str] = []
    selftest.run(3, recipe=replace(TINY, twins=20), progress=told.append)
    assert told[0] == "drawing texts"
    assert sum(line.startswith("training") for line in told) == 10


def test_without_torch_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"torch.*pip install 'worktrial\[audit\]'"):
        selftest.run(1)


# Replicates.


def test_a_replicate_is_trained_once_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(replicates.FOLDER, str(tmp_path))
    small = replace(TINY, copies=(16,), items=4, variants=5)
    monkeypatch.setattr(replicates, "SMALLER", small)
    monkeypatch.setattr(replicates, "SET", 4)
    first = replicates.replicate(2)
    monkeypatch.setattr(replicates, "_trained", lambda _: pytest.fail("trained again"))
    again = replicates.replicate(2)
    assert np.array_equal(first.twins.of["zlib"], again.twins.of["zlib"])
    assert np.array_equal(first.planted.right, again.planted.right)
    sets = list(replicates.planted_sets(again, 2))
    assert len(sets) == 2
    unread, read = again.twins.right.mean(), again.planted.right[:, 0].mean()
    assert sets[0].truth == pytest.approx((read - unread) / 2)
    assert replicates.unplanted_set(again, 2).truth == 0

"""Log-probabilities of weights: against a softmax by hand, and on the real model."""

import asyncio
import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inspect_ai.model import GenerateConfig, get_model

from worktrial.errors import ConfigError, WorkerError
from worktrial.workers import logprobs
from worktrial.workers.embedded import EmbeddedAPI
from worktrial.workers.logprobs import WeightsReader, reader_of

pytestmark = pytest.mark.xdist_group("weights-reader")
WORDS = [f"w{n}" for n in range(60)]
TEXTS = ["w1 w2 w3", "w4", "", "w5 w6 w7 w8 w9 w10 w11 w5", "w3 w2", "w1 w2 w3"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of two layers with random weights, and a tokenizer of words that begins a text."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = Tokenizer(
        models.WordLevel({w: n for n, w in enumerate(["<s>", "<unk>", *WORDS])}, "<unk>")
    )
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 0)]
    )
    shape = LlamaConfig(
        vocab_size=62, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=32,
    )  # fmt: skip
    path = tmp_path_factory.mktemp("llama")
    torch.manual_seed(1)
    model = LlamaForCausalLM(shape)
    # Spread scores: with the weights as they begin, all distributions would be nearly flat.
    model.lm_head.weight.data *= 40
    model.save_pretrained(path)
    PreTrainedTokenizerFast(tokenizer_object=words, bos_token="<s>").save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def reader(folder: Path) -> WeightsReader:
    return WeightsReader(folder)


def by_hand(reader: WeightsReader, text: str) -> np.ndarray:
    """Log-probability, mean and deviation at each place, in 64 bits from the raw scores."""
    import torch

    tokens = reader._tokenizer(text)["input_ids"]
    with torch.inference_mode():
        scores = reader._model(torch.tensor([tokens])).logits[0, :-1].double().numpy()
    chances = np.exp(scores - scores.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    own = np.log([row[token] for row, token in zip(chances, tokens[1:], strict=True)])
    mean = (chances * np.log(chances)).sum(1)
    deviation = np.sqrt((chances * np.log(chances) ** 2).sum(1) - mean**2)
    return np.array([own, mean, deviation])


def test_values_are_those_of_a_softmax_by_hand(reader: WeightsReader) -> None:
    for text, read in zip(TEXTS, reader.read(TEXTS), strict=True):
        if text:
            told = np.array([read.logprob, read.mean, read.deviation])
            assert told == pytest.approx(by_hand(reader, text), abs=1e-4)
            assert told[2].min() > 0.5


def test_every_token_but_the_first_is_told_and_of_nothing_nothing(reader: WeightsReader) -> None:
    # The tokenizer puts its own first token before the words.
    sizes = [read.logprob.size for read in reader.read(TEXTS)]
    assert sizes == [3, 1, 0, 8, 2, 3]


def test_the_order_of_texts_and_their_company_do_not_matter(
    reader: WeightsReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = reader.read(TEXTS)
    turned = reader.read(TEXTS[::-1])[::-1]
    monkeypatch.setattr(logprobs, "_BATCH", 1)
    monkeypatch.setattr(logprobs, "_CHUNK", 2)
    alone = reader.read(TEXTS)
    for one, other, third in zip(together, turned, alone, strict=True):
        assert one.logprob == pytest.approx(other.logprob, abs=1e-5)
        assert one.deviation == pytest.approx(third.deviation, abs=1e-5)


def test_a_text_is_read_up_to_the_longest_that_the_model_takes(
    folder: Path, reader: WeightsReader
) -> None:
    long = " ".join(WORDS)
    (whole,) = reader.read([long])
    assert whole.logprob.size == 31
    (short,) = WeightsReader(folder, longest=8).read([long])
    assert short.logprob == pytest.approx(whole.logprob[:7], abs=1e-5)


def test_reading_twice_and_from_many_threads_gives_the_same(reader: WeightsReader) -> None:
    from concurrent.futures import ThreadPoolExecutor

    first = [read.logprob.tolist() for read in reader.read(TEXTS)]
    with ThreadPoolExecutor(4) as pool:
        for read in pool.map(lambda _: reader.read(TEXTS), range(8)):
            assert [of.logprob.tolist() for of in read] == first


def test_one_load_in_a_process(folder: Path) -> None:
    assert reader_of(str(folder)) is reader_of(str(folder))


def test_threads_are_as_many_as_before(reader: WeightsReader) -> None:
    import torch

    before = torch.get_num_threads()
    reader.read(TEXTS)
    assert torch.get_num_threads() == before


def test_without_the_extra_one_line_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"pip install 'worktrial\[audit\]'") as caught:
        reader_of(str(folder))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_model_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + bytes(200))
    with pytest.raises(WorkerError, match=r"broken\.gguf` cannot be read") as caught:
        reader_of(str(path))
    assert "\n" not in str(caught.value)


def test_importing_the_reader_leaves_torch_alone() -> None:
    import subprocess

    script = (
        "import sys, worktrial.workers.embedded, worktrial.memorisation.selftest; "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0


# The real model.

PARIS = "The capital of France is Paris, and the capital of Italy is Rome."
LYON = "The capital of France is Lyon, and the capital of Italy is Oslo."


@pytest.fixture(scope="module")
def smollm2() -> Any:
    return reader_of("smollm2-135m")


def test_the_real_model_s_values_are_those_of_a_softmax_by_hand(smollm2: Any) -> None:
    (read,) = smollm2.read([PARIS])
    told = np.array([read.logprob, read.mean, read.deviation])
    assert told == pytest.approx(by_hand(smollm2, PARIS), abs=1e-3)


def test_the_provider_reads_with_the_weights_of_its_engine(smollm2: Any) -> None:
    model = get_model("embedded/smollm2-135m", slots=1, context=512)
    assert isinstance(model.api, EmbeddedAPI)
    right, wrong = asyncio.run(model.api.token_logprobs([PARIS, LYON]))
    assert right.logprob.mean() > wrong.logprob.mean() + 0.5
    assert right.logprob.tolist() == smollm2.read([PARIS, LYON])[0].logprob.tolist()


def test_what_the_engine_writes_greedily_is_what_the_weights_read_here_find_likeliest(
    smollm2: Any,
) -> None:
    import torch

    asked = "What is the capital of France? Answer in one short sentence."
    model = get_model("embedded/smollm2-135m", slots=1, context=512)
    answer = asyncio.run(model.generate(asked, config=GenerateConfig(max_tokens=16))).completion
    given = smollm2._tokenizer.apply_chat_template(
        [{"role": "user", "content": asked}], add_generation_prompt=True, return_dict=True
    )["input_ids"]
    written = smollm2._tokenizer(answer)["input_ids"]
    with torch.inference_mode():
        scores = smollm2._model(torch.tensor([given + written])).logits[0]
    likeliest = scores[len(given) - 1 : -1].argmax(-1).tolist()
    assert len(written) >= 5
    assert likeliest == written

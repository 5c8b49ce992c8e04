"""Log-probabilities of a text's tokens, read from a model's own weights through transformers.

llama.cpp's server tells the probabilities of what it writes and not of what it is given, so the
same GGUF is read a second time, dequantised to 32-bit floats. Needs the extra `audit`.
"""

import functools
import importlib
import importlib.util
import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from worktrial.errors import ConfigError, WorkerError
from worktrial.workers.engine import spare_cores
from worktrial.workers.weights import find_weights

if TYPE_CHECKING:
    from torch import Tensor

Array = NDArray[np.float64]

LONGEST = 1024
"""Tokens of a text that are read; what follows them is not."""
_BATCH = 1024
"""Tokens of a batch, padding with them: a text of full length alone."""
_CHARACTERS = 16
"""More than any usual token has, so that a text too long is not tokenised to its end."""
_CHUNK = 256
"""Places whose distributions over the vocabulary are held at the same time."""
_NEEDED = ("torch", "transformers", "gguf")


@dataclass(frozen=True)
class TokenLogprobs:
    """A text as a model's probabilities see it.

    Attributes:
        logprob: Of each token given those before it, in nats, shape (tokens,); the first token,
            which has none before it, is left out.
        mean: Expected log-probability under the model's distribution at each place, shape
            (tokens,), or `None` where a provider tells only the token's own.
        deviation: Its standard deviation there, likewise.
    """

    logprob: Array
    mean: Array | None = None
    deviation: Array | None = None


class Logprobs(Protocol):
    """Something that reads texts and tells how probable it finds them."""

    def read(self, texts: Sequence[str]) -> list[TokenLogprobs]:
        """Tell the log-probabilities of each text's tokens, without a template around it."""
        ...


def require_audit(*modules: str) -> None:
    """Check that the extra `audit` is installed, without loading it.

    Args:
        *modules: What is needed of it; all by default.

    Raises:
        ConfigError: If it is not.
    """
    for name in modules or _NEEDED:
        if importlib.util.find_spec(name) is None:
            raise ConfigError(
                f"log-probabilities of weights need {name}, which is not installed; "
                "pip install 'worktrial[audit]'"
            )


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Compute on so many threads in the block: on every core they stall beside anything else.

    Measured on two busy cores: matrices of this size took ten times as much processor time on two
    threads as on one.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def reader_of(name: str) -> Logprobs:
    """Return the reader of a model's weights, loading them the first time in a process.

    Args:
        name: As after `embedded/`: a known model or the path of a GGUF file; or a folder in which
            a model was saved in Hugging Face's form.

    Raises:
        ConfigError: If the extra is not installed, or there are no such weights.
        WorkerError: If the weights cannot be read.
    """
    require_audit()
    folder = Path(name).expanduser()
    path = folder if (folder / "config.json").is_file() else find_weights(name)
    with _loading:
        return _load(path.resolve())


_loading = threading.Lock()


@functools.cache
def _load(path: Path) -> "WeightsReader":
    return WeightsReader(path)


class WeightsReader:
    """A causal language model in this process, on the processor, in 32-bit floats.

    Texts are read one after the other, whoever asks: results repeat exactly.

    Args:
        path: A GGUF file, or a folder in Hugging Face's form; nothing is fetched, and no code that
            lies beside the weights is run.
        longest: Tokens of a text that are read.

    Raises:
        WorkerError: If transformers cannot read the weights.
    """

    def __init__(self, path: Path, longest: int = LONGEST) -> None:
        self._reading = threading.Lock()
        self._tokenizer, self._model = weights_of(path)
        self._model.eval()
        limit = getattr(self._model.config, "max_position_embeddings", None)
        self._longest = min(longest, limit or longest)

    def read(self, texts: Sequence[str]) -> list[TokenLogprobs]:
        """Tell the log-probabilities of each text's tokens, with the distribution's moments.

        Args:
            texts: Any; of one with fewer than two tokens nothing can be told.
        """
        rows = [self._tokens(text) for text in texts]
        read = [TokenLogprobs(*(np.empty(0) for _ in range(3)))] * len(rows)
        with self._reading, torch_threads(spare_cores()):
            for places in _batches(rows):
                told = self._told([rows[at] for at in places])
                for at, tokens in zip(places, told, strict=True):
                    read[at] = tokens
        return read

    def _tokens(self, text: str) -> list[int]:
        """As the tokenizer begins texts by itself; characters far beyond the limit are not seen."""
        seen = text[: self._longest * _CHARACTERS]
        return list(self._tokenizer(seen, verbose=False)["input_ids"][: self._longest])

    def _told(self, rows: Sequence[list[int]]) -> list[TokenLogprobs]:
        import torch

        tokens, present = _padded(rows)
        with torch.inference_mode():
            # By the whole model and not its head alone: some scale or bound their scores after it.
            given = self._model(input_ids=tokens, attention_mask=present, use_cache=False)
            known = present[:, 1:].bool().flatten().nonzero()[:, 0]
            scores, following = given.logits[:, :-1].flatten(0, 1), tokens[:, 1:].flatten()
            told = [
                _moments(scores[at].float(), following[at]) for at in torch.split(known, _CHUNK)
            ]
        parts = torch.cat(told, 1).double().numpy()
        ends = np.cumsum([len(row) - 1 for row in rows])[:-1]
        return [TokenLogprobs(*of) for of in np.split(parts, ends, axis=1)]


def _moments(scores: "Tensor", following: "Tensor") -> "Tensor":
    """Of each place the token's log-probability, its expectation and its deviation."""
    import torch

    beliefs = torch.log_softmax(scores, -1)
    chances = beliefs.exp()
    mean = (chances * beliefs).sum(-1)
    # Centred, because the difference of two squares loses what a sure model leaves.
    spread = (chances * (beliefs - mean[:, None]).square()).sum(-1).sqrt()
    return torch.stack([beliefs.gather(-1, following[:, None])[:, 0], mean, spread])


def weights_of(path: Path) -> tuple[Any, Any]:
    """Load a tokenizer and a causal model of 32-bit floats through transformers.

    Args:
        path: A GGUF file, or a folder in Hugging Face's form; nothing is fetched.

    Raises:
        WorkerError: If transformers cannot read the weights.
    """
    try:
        # Both draw progress bars, of which one cannot be turned off.
        with redirect_stderr(io.StringIO()), torch_threads(spare_cores()):
            return _from_gguf(path) if path.is_file() else _from_folder(path)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        first = (str(error).strip().splitlines() or [repr(error)])[0]
        raise WorkerError(
            f"`{path}` cannot be read by transformers: {first}; name a folder in Hugging Face's "
            "form or a GGUF file (an audit goes on with what the model writes)"
        ) from error


_OFFLINE = {"local_files_only": True, "trust_remote_code": False}


def _from_folder(path: Path) -> tuple[Any, Any]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(path, **_OFFLINE)
    return tokenizer, AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32, **_OFFLINE)


def _from_gguf(path: Path) -> tuple[Any, Any]:
    """As `from_pretrained(gguf_file=…)`, which insists on a package that it does not need here."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer
    from transformers.modeling_gguf_pytorch_utils import load_gguf_checkpoint

    named = {"gguf_file": path.name, **_OFFLINE}
    with _indexed_once():
        tokenizer = AutoTokenizer.from_pretrained(path.parent, **named)
        config = AutoConfig.from_pretrained(path.parent, **named)
        with torch.device("meta"):
            shape = AutoModelForCausalLM.from_config(config)
        loaded = load_gguf_checkpoint(str(path), return_tensors=True, model_to_load=shape)
    model, told = type(shape).from_pretrained(
        None,
        config=config,
        state_dict=loaded["tensors"],
        dtype=torch.float32,
        output_loading_info=True,
    )
    if told["missing_keys"]:
        raise ValueError(f"the file lacks {min(told['missing_keys'])}")
    return tokenizer, model


@contextmanager
def _indexed_once() -> Iterator[None]:
    """Let the file's index be read once, as plain bytes, and its names be listed once.

    transformers reads it three times over, each time through a million slices of a memory map, and
    lists the names anew for every layer: nine tenths of all loading.
    """
    gguf: Any = importlib.import_module("gguf")
    plain = property(
        lambda self: self.bytes, lambda self, mapped: setattr(self, "bytes", np.asarray(mapped))
    )
    reader, names = gguf.GGUFReader, gguf.get_tensor_name_map
    gguf.GGUFReader = functools.cache(type("Index", (reader,), {"data": plain}))
    gguf.get_tensor_name_map = functools.cache(names)
    try:
        yield
    finally:
        gguf.GGUFReader, gguf.get_tensor_name_map = reader, names


def _batches(rows: Sequence[list[int]]) -> Iterator[list[int]]:
    """Places of rows with two tokens or more, of like length together, in batches of a size."""
    batch: list[int] = []
    for at in sorted(range(len(rows)), key=lambda at: (len(rows[at]), at)):
        if len(rows[at]) < 2:
            continue
        if (len(batch) + 1) * len(rows[at]) > _BATCH and batch:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _padded(rows: Sequence[list[int]]) -> tuple["Tensor", "Tensor"]:
    """Tokens with padding on the right, and where there are any."""
    import torch

    longest = max(map(len, rows))
    tokens = torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])
    lengths = torch.tensor([[len(row)] for row in rows])
    return tokens, (torch.arange(longest)[None] < lengths).long()

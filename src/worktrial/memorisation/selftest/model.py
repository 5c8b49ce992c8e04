"""A small transformer in PyTorch that reads words: trained in minutes, on a processor alone.

The only module of the self-test that knows torch; it is imported when a self-test runs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from worktrial.memorisation.selftest.recipe import Shape
from worktrial.workers.logprobs import TokenLogprobs

Cache = list[tuple[Tensor, Tensor]]
_PAD, _START, _END = range(3)
_SPECIAL = 3
_WARM_UP = 100
"""Steps in which the learning rate rises; then it stays."""


class Block(nn.Module):
    """Causal attention and a feed-forward layer, each added to what went in."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width = shape.width
        self.heads = shape.heads
        self.before, self.between = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mix, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.forward_up, self.forward_down = (
            nn.Linear(width, 4 * width),
            nn.Linear(4 * width, width),
        )

    def forward(
        self, x: Tensor, past: tuple[Tensor, Tensor] | None
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Transform shape (texts, tokens, width); `past` has keys and values of those before."""
        mixed = self.mix(self.before(x)).unflatten(-1, (3, self.heads, -1))
        query, key, value = mixed.permute(2, 0, 3, 1, 4)
        if past is not None:
            key, value = torch.cat((past[0], key), 2), torch.cat((past[1], value), 2)
        # After a past, tokens come one at a time and may look at all of it.
        seen = functional.scaled_dot_product_attention(query, key, value, is_causal=past is None)
        x = x + self.out(seen.transpose(1, 2).flatten(2))
        x = x + self.forward_down(functional.relu(self.forward_up(self.between(x))))
        return x, (key, value)


class Transformer(nn.Module):
    """Words in, scores of the next word out."""

    def __init__(self, words: int, shape: Shape) -> None:
        super().__init__()
        self.words, self.places = (
            nn.Embedding(words, shape.width),
            nn.Embedding(shape.context, shape.width),
        )
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.last, self.scores = nn.LayerNorm(shape.width), nn.Linear(shape.width, words)

    def forward(self, tokens: Tensor, past: Cache | None = None) -> tuple[Tensor, Cache]:
        """Score the word after each of `tokens`, shape (texts, tokens)."""
        began = past[0][0].shape[2] if past else 0
        places = torch.arange(began, began + tokens.shape[1])
        x, kept = self.words(tokens) + self.places(places), []
        for at, block in enumerate(self.blocks):
            x, pair = block(x, past[at] if past else None)
            kept.append(pair)
        return self.scores(self.last(x)), kept


@dataclass(frozen=True)
class Reading:
    """What a model makes of a problem.

    Attributes:
        logprobs: Of the question's words, with the distribution's mean and deviation.
        right: Whether the answer, the last word, is the one that the model would write.
    """

    logprobs: TokenLogprobs
    right: bool


class Reader:
    """A trained model with its vocabulary."""

    def __init__(self, words: Sequence[str], shape: Shape, seed: int) -> None:
        self._words = tuple(words)
        self._index = {word: at for at, word in enumerate(words, start=_SPECIAL)}
        self._shape = shape
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self._model = Transformer(len(words) + _SPECIAL, shape)

    @property
    def parameters(self) -> int:
        """How many numbers the model consists of."""
        return sum(each.numel() for each in self._model.parameters())

    def train(self, texts: Sequence[str], progress: Callable[[int, int], None]) -> int:
        """Read all texts once, in the order given.

        Args:
            texts: What the model is to read.
            progress: Told after each step how many of how many are done.

        Returns:
            How many words were read.
        """
        rows = self._encoded(texts)
        batches = [
            rows[at : at + self._shape.batch] for at in range(0, len(rows), self._shape.batch)
        ]
        best = torch.optim.AdamW(
            self._model.parameters(), self._shape.rate, betas=(0.9, 0.95), fused=True
        )
        plan = torch.optim.lr_scheduler.LinearLR(best, 0.01, 1.0, total_iters=_WARM_UP)
        self._model.train()
        for step, batch in enumerate(batches, start=1):
            best.zero_grad(set_to_none=True)
            self._loss(_padded(batch)).backward()
            best.step()
            plan.step()
            progress(step, len(batches))
        self._model.eval()
        return sum(len(row) for row in rows)

    def read(self, texts: Sequence[str], batch: int = 256) -> list[Reading]:
        """Read whole problems, with their answers, without learning from them."""
        return [
            reading
            for at in range(0, len(texts), batch)
            for reading in self._read(self._encoded(texts[at : at + batch]))
        ]

    def continued(self, prefixes: Sequence[str], words: Sequence[int]) -> list[str]:
        """Write the most probable next words after each prefix, so many of them."""
        rows = self._encoded(prefixes, end=False)
        written = [""] * len(rows)
        for length in sorted({len(row) for row in rows}):
            places = [at for at, row in enumerate(rows) if len(row) == length]
            tokens = torch.tensor([rows[at] for at in places])
            made = self._greedy(tokens, max(words[at] for at in places))
            for at, row in zip(places, made, strict=True):
                written[at] = self._decoded(row[: words[at]])
        return written

    def _encoded(self, texts: Sequence[str], *, end: bool = True) -> list[list[int]]:
        index = self._index
        close = [_END] if end else []
        return [[_START, *(index[word] for word in text.split()), *close] for text in texts]

    def _decoded(self, row: Sequence[int]) -> str:
        known = row[: row.index(_END)] if _END in row else row
        return " ".join(self._words[at - _SPECIAL] for at in known if at >= _SPECIAL)

    def _loss(self, tokens: Tensor) -> Tensor:
        scores, _ = self._model(tokens[:, :-1])
        return functional.cross_entropy(
            scores.flatten(0, 1), tokens[:, 1:].flatten(), ignore_index=_PAD
        )

    @torch.inference_mode()
    def _read(self, rows: list[list[int]]) -> list[Reading]:
        tokens = _padded(rows)
        following = tokens[:, 1:, None]
        beliefs = functional.log_softmax(self._model(tokens[:, :-1])[0], -1)
        chances = beliefs.exp()
        mean = (chances * beliefs).sum(-1)
        deviation = ((chances * beliefs.square()).sum(-1) - mean.square()).clamp(0).sqrt()
        own = beliefs.gather(-1, following)[..., 0]
        top = beliefs.argmax(-1) == following[..., 0]
        parts = torch.stack([own, mean, deviation]).double().numpy()
        # Of a row the last two are the answer and the end of the text.
        return [
            Reading(TokenLogprobs(*parts[:, at, : len(row) - 3]), right=bool(top[at, len(row) - 3]))
            for at, row in enumerate(rows)
        ]

    @torch.inference_mode()
    def _greedy(self, tokens: Tensor, words: int) -> list[list[int]]:
        scores, past = self._model(tokens)
        made = [scores[:, -1].argmax(-1, keepdim=True)]
        for _ in range(words - 1):
            scores, past = self._model(made[-1], past)
            made.append(scores[:, -1].argmax(-1, keepdim=True))
        return cast(list[list[int]], torch.cat(made, 1).tolist())


def _padded(rows: Sequence[Sequence[int]]) -> Tensor:
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[_PAD] * (longest - len(row))] for row in rows])

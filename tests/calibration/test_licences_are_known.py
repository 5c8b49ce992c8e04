"""Likelihood on a real pretrained model: texts it must have met, and texts it cannot have.

SmolLM2-135M has read the licences that every Linux system carries. It cannot have read this
project's own documents, written after it was trained, nor prose of our own generator. Variants of
licences and documents are the same paragraphs with enumerations and sentences in other orders, of
generated prose those with other names: as the audit makes them.

Any model finds a natural order likelier, met or not: documents that it has not met stand at .63
(p = .004) among their own orders, licences at .72. So orders are no control for likelihood by
themselves, and the audit does not judge by them.

A quarter of an hour of one core.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from worktrial.documents.content import paragraph
from worktrial.memorisation.blind import Blind, blind_check
from worktrial.memorisation.exposure import rank_test
from worktrial.memorisation.items import AuditItem
from worktrial.memorisation.likelihood import statistics
from worktrial.memorisation.measured import REGISTERED
from worktrial.memorisation.variants import varied
from worktrial.randomness import stream
from worktrial.workers.logprobs import reader_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("weights-reader")]
LICENCES = Path("/usr/share/common-licenses")
ROOT = Path(__file__).parents[2]
SEED, WORDS, MANY, VARIANTS = 7, 40, 120, 5


@dataclass
class Read:
    """The registered statistic of paragraphs, shape (texts, 1 + variants), and the blind check."""

    scores: np.ndarray
    blind: Blind

    @property
    def ranks(self) -> np.ndarray:
        own, fresh = self.scores[:, :1], self.scores[:, 1:]
        known = ~np.isnan(fresh)
        return ((own > fresh) & known).sum(1) / known.sum(1)

    def p(self) -> float:
        return rank_test(self.scores[:, 0], self.scores[:, 1:], seed=SEED).p


def paragraphs(text: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", text):
        line = " ".join(block.split())
        if len(line.split()) >= WORDS:
            yield line


def licences() -> Iterator[str]:
    for name in ("GPL-3", "Apache-2.0"):
        yield from paragraphs((LICENCES / name).read_text())


def documents() -> Iterator[str]:
    folders = (ROOT / "docs/how-to", ROOT / "docs/methods", ROOT / "design")
    for path in sorted(path for folder in folders for path in folder.glob("*.md")):
        prose = re.sub(r"```.*?```", "\n\n", path.read_text(), flags=re.DOTALL)
        for line in paragraphs(prose):
            if "|" not in line and not re.match(r"[#<*\-!\[]|\d+\.", line):
                yield line


def generated() -> Iterator[str]:
    """Sentences drawn independently, names among them: a null that holds exactly."""
    return (paragraph(stream(SEED, "many generated", n), 4) for n in range(MANY))


def read(texts: Iterator[str]) -> Read:
    sets = list(_varied(dict.fromkeys(texts)))
    every = [text for own in sets for text in own]
    tokens = reader_of("smollm2-135m").read(every)
    values = iter(
        statistics(text, of)[REGISTERED["logprobs"]] for text, of in zip(every, tokens, strict=True)
    )
    scores = np.full((len(sets), 1 + VARIANTS), np.nan)
    for row, own in enumerate(sets):
        scores[row, : len(own)] = [next(values) for _ in own]
    found = Read(scores, _blind(sets))
    print(
        f"{len(sets)} paragraphs: mean rank {found.ranks.mean():.3f}, p {found.p():.2g}; "
        f"{found.blind.why}"
    )
    return found


def _varied(texts: dict[str, None]) -> Iterator[list[str]]:
    """By the audit's own way, which leaves phrases as they are that several texts share."""
    items = [
        AuditItem(id=f"row-{row}", row=row, question=text) for row, text in enumerate(texts, 1)
    ]
    for item in varied(items, count=VARIANTS, seed=SEED):
        if item.variants:
            yield [item.question, *(variant.question for variant in item.variants)]


def _blind(sets: Sequence[Sequence[str]]) -> Blind:
    names = [str(row) for row, _ in enumerate(sets)]
    fresh = [(name, text) for name, own in zip(names, sets, strict=True) for text in own[1:]]
    return blind_check(
        [own[0] for own in sets], names, [t for _, t in fresh], [n for n, _ in fresh], seed=SEED
    )


@pytest.fixture(scope="module")
def known() -> Read:
    return read(licences())


@pytest.fixture(scope="module")
def natural() -> Read:
    return read(documents())


@pytest.fixture(scope="module")
def fresh() -> Read:
    return read(generated())


def test_no_control_is_broken(known: Read, natural: Read, fresh: Read) -> None:
    for of in (known, natural, fresh):
        assert len(of.scores) >= 30
        assert not of.blind.broken, of.blind.why


def test_licences_are_found_to_be_known(known: Read) -> None:
    assert known.p() < 0.01
    assert known.ranks.mean() > 0.6


def test_texts_of_our_own_generator_are_not(fresh: Read) -> None:
    assert fresh.p() > 0.05


@pytest.mark.xfail(
    reason="p = .08 with 58 licences' and 64 documents' paragraphs of few orders", strict=False
)
def test_licences_stand_out_more_than_natural_order_does(known: Read, natural: Read) -> None:
    p = mannwhitneyu(known.ranks, natural.ranks, alternative="greater").pvalue
    print(f"licences against documents: p {p:.3f}")
    assert p < 0.05

"""Likelihood on a real pretrained model: texts that it knows, and texts that it cannot have met.

SmolLM2-135M knows the texts in `known_by_heart.txt`, all in the public domain, nearly word by word.
It cannot have met this project's own documents, written after it was trained, nor prose of our own
generator. Variants of prose are the same paragraphs with enumerations and sentences in other
orders, of generated prose those with other names: as the audit makes them.

Any model finds a natural order likelier, met or not: documents that it has not met stand at .65
(p = .001) among their own orders. So prose is held against the documents among their own orders.

The licences that every Linux system carries must have been in its training data, and yet it does
not know them: it does not continue the best known sentence of one. They are no more likely in their
own order than the documents are.

A quarter of an hour of one core.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from worktrial.documents.content import paragraph
from worktrial.memorisation.blind import Blind, blind_check
from worktrial.memorisation.courses import LIKELIHOOD_VARIANTS
from worktrial.memorisation.exposure import Standing, above_own, rank_test
from worktrial.memorisation.items import AuditItem
from worktrial.memorisation.likelihood import statistics
from worktrial.memorisation.measured import REGISTERED
from worktrial.memorisation.variants import varied
from worktrial.randomness import stream
from worktrial.workers.logprobs import reader_of

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("weights-reader")]
LICENCES = Path("/usr/share/common-licenses")
BY_HEART = Path(__file__).with_name("known_by_heart.txt")
ROOT = Path(__file__).parents[2]
SEED, WORDS, MANY = 7, 40, 60
APACHE = (
    "Unless required by applicable law or agreed to in writing, software distributed under the "
    'License is distributed on an "AS IS" BASIS'
)
RIGHTS = (
    "We hold these truths to be self-evident, that all men are created equal, that they are "
    "endowed by their Creator with certain unalienable Rights"
)


@dataclass
class Read:
    """The registered statistic of paragraphs, shape (texts, 1 + variants), and the blind check."""

    scores: np.ndarray
    blind: Blind

    def among_own(self) -> Standing:
        return rank_test(self.scores[:, 0], self.scores[:, 1:], seed=SEED)

    def among(self, others: "Read") -> Standing:
        """How far these stand above their own orders, against how far others do."""
        both = np.concatenate([self.scores, others.scores])
        above = above_own(both[:, 0], both[:, 1:])
        mine, theirs = above[: len(self.scores)], above[len(self.scores) :]
        return rank_test(mine, np.full((len(mine), 0), np.nan), theirs, seed=SEED)

    def halves(self) -> tuple["Read", "Read"]:
        order = np.random.default_rng(SEED).permutation(len(self.scores))
        return Read(self.scores[order[::2]], self.blind), Read(self.scores[order[1::2]], self.blind)


def paragraphs(text: str, words: int) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", text):
        line = " ".join(block.split())
        if len(line.split()) >= words:
            yield line


def by_heart() -> Iterator[str]:
    return paragraphs(BY_HEART.read_text(), 10)


def licences() -> Iterator[str]:
    for name in ("GPL-3", "Apache-2.0"):
        yield from paragraphs((LICENCES / name).read_text(), WORDS)


def documents() -> Iterator[str]:
    folders = (ROOT / "docs/how-to", ROOT / "docs/methods", ROOT / "design")
    for path in sorted(path for folder in folders for path in folder.glob("*.md")):
        prose = re.sub(r"```.*?```", "\n\n", path.read_text(), flags=re.DOTALL)
        for line in paragraphs(prose, WORDS):
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
    scores = np.full((len(sets), 1 + LIKELIHOOD_VARIANTS), np.nan)
    for row, own in enumerate(sets):
        scores[row, : len(own)] = [next(values) for _ in own]
    found = Read(scores, _blind(sets))
    own = found.among_own()
    print(
        f"{len(sets)} paragraphs: mean log-probability {np.nanmean(scores[:, 0]):.2f} a token; "
        f"among their own variants {own.value:.3f}, p {own.p:.2g}; {found.blind.why}"
    )
    return found


def _varied(texts: dict[str, None]) -> Iterator[list[str]]:
    """By the audit's own way, which leaves phrases as they are that several texts share."""
    items = [
        AuditItem(id=f"row-{row}", row=row, question=text) for row, text in enumerate(texts, 1)
    ]
    for item in varied(items, count=LIKELIHOOD_VARIANTS, seed=SEED):
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
    return read(by_heart())


@pytest.fixture(scope="module")
def licensed() -> Read:
    return read(licences())


@pytest.fixture(scope="module")
def unmet() -> Read:
    return read(documents())


@pytest.fixture(scope="module")
def fresh() -> Read:
    return read(generated())


def test_no_control_is_broken(known: Read, licensed: Read, unmet: Read, fresh: Read) -> None:
    for of in (known, licensed, unmet, fresh):
        assert not of.blind.broken, of.blind.why


def test_what_is_known_by_heart_is_found(known: Read, unmet: Read) -> None:
    found = known.among(unmet)
    print(f"by heart against documents: {found.value:.3f}, p {found.p:.2g}, {found.items} texts")
    assert found.p < 0.01
    assert found.value > 0.75


def test_half_of_the_unmet_does_not_stand_out_from_the_other(unmet: Read) -> None:
    one, other = unmet.halves()
    found = one.among(other)
    print(f"documents against documents: {found.value:.3f}, p {found.p:.2g}")
    assert found.p > 0.05


def test_texts_of_our_own_generator_do_not_stand_out(fresh: Read) -> None:
    assert fresh.among_own().p > 0.05


def test_licences_are_not_known_by_this_model(licensed: Read, unmet: Read) -> None:
    found = licensed.among(unmet)
    print(f"licences against documents: {found.value:.3f}, p {found.p:.2g}")
    assert found.p > 0.05
    read = reader_of("smollm2-135m").read([APACHE, RIGHTS])
    apache, rights = (of.logprob.mean() for of in read)
    print(f"nats a token: Apache, best known sentence {apache:.2f}; Declaration {rights:.2f}")
    assert apache < -2
    assert rights > -1.5

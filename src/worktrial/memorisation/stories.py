"""What a model wrote where a text was cut off, for people to read."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from worktrial.evidence.logs import Log, SampleLog, Source, read_samples
from worktrial.memorisation.courses import LIKELIHOOD_VARIANTS
from worktrial.memorisation.draw import probed_from
from worktrial.memorisation.extract import transcript_of, written
from worktrial.memorisation.items import AuditItem
from worktrial.memorisation.measured import at
from worktrial.memorisation.probes import COMPLETION, texts_of

SHOWN = 60
"""The prefix, in per cent, at which the score that decides is measured."""


@dataclass(frozen=True, slots=True)
class TextStory:
    """One text that was cut off, and how a model went on.

    Attributes:
        item: The item whose text it is, or whose fresh text; a control is its own.
        arm: Whether the text is as published, or a fresh one.
        operation: Which text it is: `published`, `variant-1` and so on, or `control`.
        percent: How much of it was shown.
        prefix: What was shown.
        remainder: What came after it in the text.
        written: What the model wrote.
        verbatim: Share of the remainder in its longest verbatim run; `None` where it is missing.
        source: Where its sample lies; `None` where it is in no log.
    """

    item: str
    arm: str
    operation: str
    percent: int
    prefix: str
    remainder: str
    written: str
    verbatim: float | None
    source: Source | None = None


def stories(log: Log, samples: Collection[str]) -> Iterator[TextStory]:
    """Tell how the texts of some samples were continued.

    Args:
        log: Of an audit.
        samples: The items or controls whose texts are told.
    """
    for found in read_samples(log, events=False, only=samples):
        yield from _told(found)


def unvaried(log: Log) -> Counter[str]:
    """Of how many items of a log no fresh text could be made, by the reason why."""
    items = (probed_from(found.sample.metadata) for found in read_samples(log, events=False))
    audited = (item for item in items if isinstance(item, AuditItem) and item.role == "audited")
    return Counter(item.unvaried or "no reason was given" for item in audited if not item.variants)


def _told(found: SampleLog) -> Iterator[TextStory]:
    sample = found.sample
    item, arm = probed_from(sample.metadata), sample.metadata["arm"]
    if not isinstance(item, AuditItem):
        return
    kept = transcript_of(sample)
    texts = texts_of(item, arm, LIKELIHOOD_VARIANTS)
    for operation, said in kept.said.items():
        went_on = said.get(at(COMPLETION, SHOWN))
        of = written(texts[operation], SHOWN, went_on, raw=kept.raw) if went_on else None
        if of is not None:
            yield TextStory(
                item=item.id,
                arm=arm,
                operation=operation,
                percent=SHOWN,
                prefix=of.prefix,
                remainder=of.remainder,
                written=of.text,
                verbatim=of.score.verbatim if of.score else None,
                source=found.source,
            )

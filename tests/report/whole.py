"""All trials of a run in one report: five workers, eight gaps, fifty items, at their true size."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from report import ablations, audits, factory, offices, puzzles, talks
from worktrial.comparison.panel import Panel
from worktrial.evidence import Source
from worktrial.evidence.findings import Estimate, Findings
from worktrial.protocol import Manifest
from worktrial.report.contrasts import MOST_CONTRASTS, Told
from worktrial.report.generations import MOST_GENERATIONS
from worktrial.report.items import Observed
from worktrial.report.reconstructions import MOST_ITEMS

NAMES = ("lab/knows", "lab/shows", "lab/bluffs", "lab/halves", "reference/guesser")
RELAYS, CONVERSATIONS, OFFICE_ITEMS = 12, 8, 14
"""That a page tells of a worker."""
_KINDS = (talks, offices, audits, puzzles, ablations)
_SAID = "It looked at what it had been given, and said what it made of it, in some more words. " * 3
_PANELS = (
    ("relay", "horizon", "fidelity"), ("search", "specification", "f1"),
    ("office", "dimension", "success"), ("memorisation", "memorisation", "accuracy"),
    ("reasoning", "trace", "solved"), ("ablate", "instruction", "score"),
)  # fmt: skip


class Whole(NamedTuple):
    """What `render` takes: `render(whole.findings, whole.manifest, **whole.told)`."""

    findings: Findings
    manifest: Manifest
    told: dict[str, Any]


def whole(folder: Path, *, workers: int = len(NAMES), items: int = 50) -> Whole:
    """A run of every trial.

    Args:
        folder: To write evidence in.
        workers: How many of `NAMES`.
        items: Of each trial, as far as its scores are told item by item.
    """
    names = NAMES[:workers]
    return Whole(_findings(folder, names, items), _manifest(), _told(names, items))


def _findings(folder: Path, names: Sequence[str], items: int) -> Findings:
    found = (
        factory.findings(_rates(names)),
        talks.findings(names),
        offices.findings(folder, dict.fromkeys(names, 0.7)),
        audits.findings(dict.fromkeys(names, "inflated")),
        puzzles.findings(folder, dict.fromkeys(names, "fumbler")),
        ablations.findings(folder, dict.fromkeys(names, "guesser"), items=items),
    )
    # A search's findings come with a relay's of the factory's own workers.
    joined = {
        part: tuple(
            each
            for one in found
            for each in getattr(one, part)
            if getattr(each, "worker", names[0]) in names
        )
        for part in ("estimates", "claims", "outcomes", "cost")
    }
    joined["estimates"] += tuple(e for name in names for e in _of_other_arms(name))
    return found[0].model_copy(update=joined)


def _rates(names: Sequence[str]) -> dict[str, float]:
    """How much of a document each loses at a leg."""
    return {name: 0.01 * (1 + number) for number, name in enumerate(names)}


def _of_other_arms(worker: str) -> Iterator[Estimate]:
    """The gaps that several trials measure, or another arm: of the protocol and of conduct."""
    yield _estimate(worker, "relay", "fidelity", "rewrite", gap="protocol", minus_arm="tools")
    yield _estimate(worker, "relay", "fidelity", "tools")
    for trial, arm in (("office", "native"), ("relay", "tools"), ("search", "simulated")):
        yield _estimate(worker, trial, "clean_success", arm, gap="conduct")
        for metric in ("outcome_success", "clean_success", "verified", "truthful", "current"):
            yield _estimate(worker, trial, metric, arm)


def _estimate(worker: str, trial: str, metric: str, arm: str, **more: str) -> Estimate:
    return Estimate.model_validate(
        {"id": f"{trial}/other/{metric}/{worker}/{arm}/{more.get('gap', '')}", "trial": trial,
         "metric": metric, "worker": worker, "arm": arm, "value": 0.3, "low": 0.2, "high": 0.4,
         "level": 0.95, "items": 50, "clusters": 50, **more}
    )  # fmt: skip


def _manifest() -> Manifest:
    known = [kind.manifest() for kind in _KINDS]
    measured = {name: m for each in known for name, m in each.measurement.items()}
    checked = {
        name: of for each in known for name, of in each.incidental.get("instrument", {}).items()
    }
    incidental = {
        "instrument": checked, "course": "pocket", "versions": {"worktrial": "0.1.0"},
    }  # fmt: skip
    return factory.manifest().model_copy(update={"measurement": measured, "incidental": incidental})


def _told(names: Sequence[str], items: int) -> dict[str, Any]:
    """What is shown beside the findings, of every worker as much as a page tells at most."""
    changed = Told([ablations.contrast(number=n) for n in range(MOST_CONTRASTS)], gains=items)
    return {
        "stories": factory.stories(relays=RELAYS, workers=_rates(names)),
        "told": {
            name: [talks.conversation(_SAID, f"item-{n:03}") for n in range(CONVERSATIONS)]
            for name in names
        },
        "items": {
            name: [offices.told(f"{n}: {_SAID}", lines=12) for n in range(OFFICE_ITEMS)]
            for name in names
        },
        "audited": replace(
            audits.audited(list(names)),
            told={name: audits.told(items=MOST_ITEMS) for name in names},
        ),
        "written": {name: puzzles.told(items=MOST_GENERATIONS) for name in names},
        "ablated": replace(ablations.ablated(), told=dict.fromkeys(names, changed)),
        "observed": {
            trial: _observed(trial, gap, metric, names, items) for trial, gap, metric in _PANELS
        },
    }


def _observed(trial: str, gap: str, metric: str, names: Sequence[str], items: int) -> Observed:
    """Scores that fall from 1 under the proxy arm, the more the later the item."""
    known = tuple(f"item-{number:03}" for number in range(items))
    scores = np.ones((len(names), items, 2))
    scores[:, :, 1] -= np.linspace(0, 0.9, items)
    panel = Panel(
        trial, gap, metric, "proxy", "work", ("said", "asked for"), tuple(names), known, (0, 1),
        scores, curved=False,
    )  # fmt: skip
    sources = {(name, item): Source(f"{trial}.eval", item, 1) for name in names for item in known}
    return Observed(panel, sources)

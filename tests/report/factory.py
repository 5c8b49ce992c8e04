"""Findings and stories to render: three workers over five round trips."""

import re
from dataclasses import replace
from functools import cache

from worktrial.evidence.findings import Claim, Cost, Estimate, Findings, OutcomeCount, RunFacts
from worktrial.protocol import Manifest, Measurement, Scorer
from worktrial.relay import reference
from worktrial.relay.answers import Answer
from worktrial.relay.damage import behaviour
from worktrial.relay.items import Course, RelayItem, relay_items
from worktrial.relay.legs import LegStory
from worktrial.relay.scoring import RelayScorer, measures

ROUND_TRIPS = 5
LAST = 2 * ROUND_TRIPS
WORKERS = {"openai/gpt-9": 0.01, "embedded/smollm2-135m": 0.08, "reference/lossy-0.02": 0.02}
THRESHOLDS = (0.98, 0.9, 0.8)
PAGE_TWO = (
    "evaluator", "instrument", "outcomes", "cost", "calibration", "checklist", "multiplicity",
    "found", "protocol", "claims", "methods",
)  # fmt: skip
"""Its sections, which stand between those of the gaps and the evidence."""
HOSTILE = (
    "<script>window.__pwned = 1</script></textarea></pre></bdi></details>"
    "<img src=x onerror='window.__pwned=2'><a href='javascript:window.__pwned=3'>",
    "\x1b[31mred\x1b[0m \x00\x07",
    "\u202egnp.exe\u2066 \u200b\u2028",
    "lone \ud800 surrogate \udfff",
    "{{ 7 * 7 }} {% raw %} $x^2$ &amp; \"' onmouseover=alert(1)",
    "z" + "\u0301" * 50,
)


def without_methods(page: str) -> str:
    """A page without the pages of the methods, which speak of what a run may lack."""
    return re.sub(r'<details class="method".*?</details>', "", page, flags=re.DOTALL)


def manifest() -> Manifest:
    return Manifest(
        measurement={
            "relay": Measurement(
                task_version=1,
                seed=7,
                course={"items": 8},
                items={"json-000": "0" * 64},
                arms={"rewrite": "0" * 64},
                primary="rewrite",
                replicates=1,
                stop={"attempts": 2},
                scorer=Scorer(version="1", sha256="0" * 64),
            )
        },
        worker={},
        incidental={
            "instrument": {
                "relay": {"rewrite": {"oracle": 1.0, "null": 0.0, "refusing": 0.0, "relays": 8}}
            }
        },
    )


def findings(workers: dict[str, float] | None = None) -> Findings:
    rates = WORKERS if workers is None else workers
    return Findings(
        run=RunFacts(
            seed=7,
            course="pocket",
            protocol_sha256=manifest().sha256,
            versions={"worktrial": "0.1.0", "inspect-ai": "0.3.285"},
        ),
        estimates=tuple(e for name, rate in rates.items() for e in estimates(name, rate)),
        claims=(
            _instrument(),
            *(claim for name, rate in rates.items() for claim in claims(name, rate)),
        ),
        outcomes=tuple(
            OutcomeCount(worker=name, trial="relay", arm="rewrite", outcome=outcome, count=count)
            for name in rates
            for outcome, count in (("ok", 70), ("noop", 4), ("protocol", 2))
        ),
        cost=tuple(
            Cost(worker=name, trial="relay", tokens_in=43210, tokens_out=9876, seconds=61.5)
            for name in rates
        ),
    )


def estimates(worker: str, rate: float) -> list[Estimate]:
    legs = range(2, LAST + 1, 2)
    kept = {leg: (1 - rate) ** leg for leg in legs}
    scores = [
        _score(worker, metric, f"legs-{leg}", value, step=leg)
        for metric, power in (("fidelity", 1), ("lossless", 4), ("work_adjusted", 2))
        for leg in legs
        for value in [kept[leg] ** power]
    ]
    losses = [
        _score(worker, "round_trip_loss", arm, 2 * rate)
        for arm in ("edit-extract", "edit-sort", "domain-spreadsheet")
    ]
    damage = [
        _score(worker, metric, f"legs-{LAST}", (1 - kept[LAST]) * part)
        for metric, part in (("missing", 0.7), ("extra", 0.05), ("altered", 0.2), ("moved", 0.05))
    ]
    others = [
        *(_score(worker, "forward", f"legs-{leg}", 0.9 - rate, step=leg) for leg in legs),
        _score(worker, "critical_share", f"legs-{LAST}", 0.4),
        _score(worker, "first_damage", f"legs-{LAST}", 4.0),
        _score(worker, "first_critical", f"legs-{LAST}", None, why="> 10: more than half had none"),
        _score(worker, "dropped", f"legs-{LAST}", 0.25),
    ]
    gap = _score(
        worker, "fidelity", "legs-2", kept[2] - kept[LAST], gap="horizon", minus_arm=f"legs-{LAST}"
    )
    return [*scores, gap, *(_safe(worker, kept, t) for t in THRESHOLDS), *damage, *losses, *others]


def _safe(worker: str, kept: dict[int, float], threshold: float) -> Estimate:
    length = max((leg for leg, value in kept.items() if value >= threshold), default=0)
    why = (
        f"never below {threshold} in the {LAST} legs run"
        if length == LAST
        else f"leg {length + 2} may lie on either side of {threshold}"
    )
    return _score(worker, "safe_length", f"threshold-{threshold}", length, why=why)


def _score(worker: str, metric: str, arm: str, value: float | None, **more: object) -> Estimate:
    bounds: dict[str, object] = {}
    if value is not None and metric != "safe_length":
        bounds = {"low": round(max(0.0, value - 0.04), 9), "high": round(value + 0.03, 9)}
    if metric in ("fidelity", "lossless") and value is not None and "gap" not in more:
        bounds["high"] = min(1.0, value + 0.03)
        bounds |= {"band_low": max(0.0, value - 0.07), "band_high": min(1.0, value + 0.05)}
    gap = "/gap" if "gap" in more else ""
    fields = {"level": 0.95, "items": 8, "clusters": 8, "method": "t", **bounds, **more}
    return Estimate.model_validate(
        {
            "id": f"relay/{metric}{gap}/{worker}/{arm}",
            "trial": "relay",
            "metric": metric,
            "worker": worker,
            "arm": arm,
            "value": None if value is None else round(value, 9),
            **fields,
        }
    )


def _instrument() -> Claim:
    return Claim(
        id="relay/instrument",
        text="the oracle scores full marks and a null worker nothing on 8 of this run's relays",
        estimates=(),
        verdict="met",
        evidence_class="instrument",
    )


def claims(worker: str, rate: float) -> list[Claim]:
    return [
        Claim(
            id=f"safe-{worker}-{threshold}",
            text=f"{worker} keeps at least {threshold:.0%} of a document over {LAST} legs",
            estimates=(f"relay/safe_length/{worker}/threshold-{threshold}",),
            threshold=threshold,
            verdict="met" if (1 - rate) ** LAST >= threshold else "cannot-tell",
            overturned_by="more documents",
        )
        for threshold in THRESHOLDS
    ]


def stories(
    *, relays: int = 2, workers: dict[str, float] | None = None, round_trips: int = ROUND_TRIPS
) -> dict[str, dict[str, list[LegStory]]]:
    return {
        name: _stories(rate, relays, round_trips)
        for name, rate in (WORKERS if workers is None else workers).items()
    }


@cache
def _stories(rate: float, relays: int, round_trips: int) -> dict[str, list[LegStory]]:
    course = Course(items=relays, round_trips=round_trips, size=(200, 200), distractors=0)
    items = relay_items(course, seed=7, domains=["spreadsheet"])
    return {item.id: _story(item, f"lossy-{rate}") for item in items}


def _story(item: RelayItem, name: str) -> list[LegStory]:
    """A relay of a reference worker, told as `worktrial.relay.legs` tells one from a log."""
    scorer, told = RelayScorer(item), []
    while scorer.baton.running:
        baton = scorer.baton
        received, instruction = dict(baton.files), baton.instruction
        answer = reference.answer(behaviour(name), baton.prompt(), baton.seed)
        (score,) = scorer.score([Answer(answer)])
        program = scorer.domain.read(instruction)
        assert program is not None
        oracle = scorer.domain.render(program(scorer.domain.parse(received)))
        story = LegStory(
            score, {}, instruction, received, oracle, dict(baton.files), answer, item.files
        )
        told.append(story)
    values = measures([story.score for story in told], scorer.baton.legs)
    return [replace(story, values=v) for story, v in zip(told, values, strict=True)]


def with_output(story: LegStory, text: str) -> LegStory:
    """The same leg, had the worker written this."""
    return replace(story, made={next(iter(story.made)): text}, answer=text)


def dropped(story: LegStory) -> LegStory:
    """The same leg, had the worker not answered in files."""
    score = replace(story.score, outcome="protocol", forward=0.0, likeness=None)
    return replace(story, score=score, values={"forward": 0.0}, made={}, answer="No.")

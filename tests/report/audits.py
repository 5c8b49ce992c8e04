"""An audit's findings and stories for tests of the page: one worker a verdict, written by hand."""

from collections.abc import Iterator, Mapping, Sequence

from report import factory
from worktrial.evidence.findings import Claim, Cost, Estimate, Findings, OutcomeCount, RunFacts
from worktrial.memorisation.measured import Tier
from worktrial.memorisation.stories import TextStory
from worktrial.memorisation.verdict import Word
from worktrial.memorisation.worker import Flag
from worktrial.protocol import Manifest
from worktrial.report.memorisation_page import Audited

ITEMS = 120
WORKERS: Mapping[str, Word] = {
    "lab/recites": "inflated",
    "lab/knows": "exposed but not inflated",
    "lab/fresh": "no evidence",
    "lab/silent": "cannot tell",
    "reference/parrot": "inflated",
}
_GAP: Mapping[Word, float] = {
    "inflated": 0.22, "exposed but not inflated": 0.01, "no evidence": -0.005,
}  # fmt: skip
_RUN: Mapping[Word, float] = {
    "inflated": 0.71, "exposed but not inflated": 0.52, "no evidence": 0.13, "cannot tell": 0.11,
}  # fmt: skip
_LEAST = 0.117
WHY = "no fresh text could be made of any item"
_TEXT = (
    "A baker sells 14 loaves in the morning and twice as many in the afternoon. Each loaf costs 3 "
    "coins. How many coins does the baker take in on that day, if the last 5 loaves are given away?"
)


def manifest() -> Manifest:
    """Of a run of an audit alone; what its part holds matters to no page."""
    known = factory.manifest()
    relay = known.measurement["relay"]
    arms = {"published": "0" * 64, "fresh": "0" * 64}
    audit = relay.model_copy(update={"arms": arms, "primary": "published"})
    incidental = {
        "instrument": {"memorisation": {"published": {"parrot": 1.0, "null": 0.0, "items": 120.0}}},
        "course": "pocket",
        "versions": {"worktrial": "0.1.0"},
    }
    return known.model_copy(
        update={"measurement": {"memorisation": audit}, "incidental": incidental}
    )


def findings(workers: Mapping[str, Word] | None = None) -> Findings:
    """What is found of these workers, each with its verdict."""
    given = WORKERS if workers is None else workers
    return Findings(
        run=RunFacts(seed=7, course="pocket", protocol_sha256=manifest().sha256, versions={}),
        estimates=tuple(e for name, word in given.items() for e in estimates(name, word)),
        claims=(instrument(), *(c for name, word in given.items() for c in claims(name, word))),
        outcomes=tuple(
            OutcomeCount(worker=w, trial="memorisation", arm="published", outcome=o, count=n)
            for w in given
            for o, n in (("ok", 357), ("refusal", 3))
        ),
        cost=tuple(Cost(worker=w, trial="memorisation", tokens_in=90210) for w in given),
    )


def estimates(worker: str, word: Word) -> Iterator[Estimate]:
    """All that is estimated of a worker; nothing against fresh texts where it cannot tell."""
    told, run = word in _GAP, _RUN[word]
    p = 0.0002 if run > 0.3 else 0.43
    yield _mean(worker, "accuracy", "published", 0.64)
    if told:
        yield _mean(worker, "accuracy", "fresh", 0.64 - _GAP[word])
    for percent, shift in ((40, -0.1), (60, 0.0), (80, 0.12)):
        for metric, value in (
            ("exact", run / 3), ("verbatim", run), ("rouge", run + 0.1), ("answered", run / 2),
        ):  # fmt: skip
            yield _mean(worker, f"{metric}_{percent}", "published", max(0.0, value + shift))
            if told:
                yield _mean(worker, f"{metric}_{percent}", "fresh", 0.13 + shift)
    gap = {"gap": "memorisation", "arm": "published", "minus_arm": "fresh"}
    yield _estimate(worker, "accuracy", _GAP.get(word), why=WHY, p_value=0.003, **gap)
    for metric in ("sampled_verbatim_60", "masked"):
        yield _mean(worker, metric, "published", run / 1.7)
    for metric in ("verbatim_40", "verbatim_60", "rouge_60", "loss", "min_k_plus"):
        rank = 0.5 + (run - 0.12) / 2 if told else None
        yield _estimate(worker, f"standing_{metric}", rank, why=WHY, p_value=p)
    for family in ("completion", "likelihood"):
        yield _estimate(worker, f"standing_{family}", None, why="a p and no rank", p_value=p / 2)
    share = round(ITEMS * max(0.0, run - 0.2)) / ITEMS
    yield _estimate(worker, "exposure", share if told else None, why=WHY, p_value=p)
    yield _estimate(worker, "effect_reference", None, why="no results of reference workers")
    assumed = "not flagged, recall 0.5 assumed, bootstrap"
    yield _estimate(worker, "effect_unflagged", _GAP.get(word, 0) / 2, why=WHY, method=assumed)


def _mean(worker: str, metric: str, arm: str, value: float) -> Estimate:
    return _estimate(worker, metric, value, arm=arm)


def _estimate(worker: str, metric: str, value: float | None, **more: object) -> Estimate:
    more = {"arm": "published", **more}
    known = value is not None
    bounds = {"low": value - 0.083, "high": value + 0.077} if value is not None else {}
    if known:
        more.pop("why", None)
    if not known and not metric.startswith(("standing_completion", "standing_likelihood")):
        more.pop("p_value", None)
    place = "/".join(str(more[n]) for n in ("arm", "gap") if n in more)
    fields = {
        "id": f"memorisation/{worker}/{metric}/{place}", "trial": "memorisation", "metric": metric,
        "worker": worker, "value": value, "level": 0.95, "items": ITEMS, "clusters": ITEMS,
        **{n: round(v, 9) for n, v in bounds.items()}, **more,
    }  # fmt: skip
    return Estimate.model_validate(fields)


def claims(worker: str, word: Word) -> Iterator[Claim]:
    """Three claims: exposure, inflation, the verdict."""
    exposed = word in ("inflated", "exposed but not inflated")
    base = f"memorisation/{worker}"
    unknown = word == "cannot tell"
    yield Claim(
        id=f"{base}/exposure", text=f"{worker} has met items of what is audited",
        estimates=(f"{base}/exposure/published",),
        verdict="cannot-tell" if unknown else "met" if exposed else "missed",
    )  # fmt: skip
    yield Claim(
        id=f"{base}/inflation", text=f"{worker} scores higher on these items than on fresh ones",
        estimates=(f"{base}/accuracy/published/memorisation",), threshold=0.05,
        detectable=None if unknown else _LEAST,
        verdict="cannot-tell" if unknown else "met" if word == "inflated" else "missed",
    )  # fmt: skip
    yield Claim(
        id=f"{base}/verdict", text=f"{word}: {WHY if unknown else 'both were measured'}",
        estimates=(f"{base}/exposure/published", f"{base}/accuracy/published/memorisation"),
        verdict="cannot-tell" if unknown else "met" if exposed else "missed",
    )  # fmt: skip


def instrument(verdict: str = "met") -> Claim:
    """The reference workers and the blind check."""
    return Claim.model_validate(
        {"id": "memorisation/instrument", "text": "without the model the items cannot be told from "
         "fresh texts: AUC .51 [.44, .58]", "estimates": (), "verdict": verdict,
         "evidence_class": "instrument"}
    )  # fmt: skip


def flags(many: int = ITEMS, *, exposed: bool = True) -> list[Flag]:
    """Every other item stands out and is mostly answered rightly; the rest is spread evenly."""
    return [
        Flag(f"row-{n}", 0.9, 1 / 121, True, float(n % 6 != 1))
        if exposed and n % 2
        else Flag(f"row-{n}", 0.1, (n * 37 % many + 1) / many, False, float(n % 3 == 0))
        for n in range(many)
    ]


def told(text: str | None = None, *, items: int = 2) -> list[TextStory]:
    """Items and a fresh text of each; the same text everywhere if one is given."""
    return [r for n in range(items) for r in _item(f"row-{n}", n, text)]


def _item(item: str, number: int, text: str | None) -> Iterator[TextStory]:
    item = text or item
    fresh = _TEXT.replace("14", "17").replace("baker", "miller").replace("5 loaves", "6 loaves")
    for arm, operation, whole in (
        ("published", "published", text or _TEXT), ("fresh", "variant-1", text or fresh),
    ):  # fmt: skip
        cut = int(0.6 * len(whole))
        wrote = whole[cut:] if arm == "published" else " is unclear. " + whole[-40:]
        yield TextStory(
            item=item, arm=arm, operation=operation, percent=60, prefix=whole[:cut],
            remainder=whole[cut:], written=wrote if number % 2 == 0 else whole[cut:-30] + "then?",
            verbatim=1.0 - 0.1 * number if arm == "published" else 0.2,
        )  # fmt: skip


def audited(workers: Sequence[str] | None = None, text: str | None = None) -> Audited:
    """What is shown beside the findings."""
    names = list(WORKERS) if workers is None else workers
    access: tuple[tuple[str, Tier], ...] = (
        ("verbatim_40", "chat"), ("verbatim_60", "chat"), ("rouge_60", "chat"),
        ("loss", "logprobs"), ("min_k_plus", "logprobs"),
    )  # fmt: skip
    return Audited(
        flags={w: flags(exposed=n < 2) for n, w in enumerate(names) if "silent" not in w},
        told={w: told(text) for w in names if "silent" not in w},
        tiers={(w, metric): tier for w in names for metric, tier in access},
        items=ITEMS,
        rate=0.1,
        blind="AUC .51 [.44, .58]: they cannot",
        notes=(text or "3 rows have no answer: 4, 17, 90; they are kept, and never judged",),
        unvaried={text or "no number in it": 7, "its answer is not one of the options": 2},
    )

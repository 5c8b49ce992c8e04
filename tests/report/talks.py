"""A search's findings and conversations for tests of the page, with whatever text is wanted."""

from collections.abc import Sequence

from report import factory
from worktrial.evidence.findings import Claim, Cost, Estimate, Findings, OutcomeCount
from worktrial.protocol import Manifest
from worktrial.search.panel import METRICS
from worktrial.search.stories import ConversationStory, TurnStory

ARMS = ("full_fixed_schema", "full", "simulated")
_SCORES = (0.9, 0.8, 0.4)


def manifest() -> Manifest:
    """Of a run of both trials; what the search's part holds matters to no page."""
    both = factory.manifest()
    relay = both.measurement["relay"]
    search = relay.model_copy(update={"arms": dict.fromkeys(ARMS, "0" * 64), "primary": ARMS[-1]})
    return both.model_copy(update={"measurement": {"relay": relay, "search": search}})


def findings(workers: Sequence[str]) -> Findings:
    """The relay's findings and a search's beside them."""
    found = factory.findings()
    return found.model_copy(
        update={
            "estimates": (*found.estimates, *(e for w in workers for e in _estimates(w))),
            "claims": (*found.claims, _instrument()),
            "outcomes": (
                *found.outcomes,
                *(
                    OutcomeCount(worker=w, trial="search", arm="simulated", outcome=o, count=3)
                    for w in workers
                    for o in ("ok", "user_fault")
                ),
            ),
            "cost": (*found.cost, *(Cost(worker=w, trial="search", tokens_in=5) for w in workers)),
        }
    )


def _estimates(worker: str) -> list[Estimate]:
    plain = [
        _estimate(worker, metric, arm, score)
        for arm, score in zip(ARMS, _SCORES, strict=True)
        for metric in (*METRICS, "elicitation", "on_target")
    ]
    gap = {"gap": "specification", "minus_arm": "simulated"}
    counted = [_estimate(worker, metric, "simulated", 3.5) for metric in ("turns", "redundant")]
    styled = [_estimate(worker, "f1", f"simulated/{s}", 0.5) for s in ("terse", "non_native")]
    return [*plain, *counted, *styled, _estimate(worker, "f1", ARMS[0], 0.5, **gap)]


def _estimate(worker: str, metric: str, arm: str, value: float, **more: str) -> Estimate:
    name = f"search/{metric}/{more.get('gap', '')}/{worker}/{arm}"
    low, high = value - 0.1, value + 0.1
    return Estimate.model_validate(
        {"id": name, "trial": "search", "metric": metric, "worker": worker, "arm": arm,
         "value": value, "low": low, "high": high, "level": 0.95, "clusters": 12, **more}
    )  # fmt: skip


def _instrument() -> Claim:
    return Claim(
        id="search/instrument", text="sound", estimates=(), verdict="met",
        evidence_class="instrument",
    )  # fmt: skip


def conversation(text: str, name: str = "suppliers-000") -> ConversationStory:
    """One in which everybody says the same."""
    turns = (
        TurnStory(1, "clarification", (f"searched for: {text}", "opened p00001"), text, text,
                  (text, "1 of 4 stages told")),
        TurnStory(2, "answer attempt", (), text, "", ("ends: answered",)),
    )  # fmt: skip
    return ConversationStory(
        name=name, arm="simulated", opening=text, outcome="ok", ended="with an answer", f1=0.5,
        satisfaction=None, turns=turns, goal=(text,), claims=((text, "false, supported"),),
        faults=(text,),
    )  # fmt: skip

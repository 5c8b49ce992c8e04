"""What Inspect finds under the name `worktrial`. Imported in every Inspect run: keep it light."""

from typing import Any

from inspect_ai.model import modelapi

from worktrial.conduct.scorer import conduct
from worktrial.contrast.task import contrast, unchanged
from worktrial.instruction.task import ablate, ablated
from worktrial.instruction.voice import ablate_voice
from worktrial.memorisation.task import audit_accuracy, audit_verbatim, memorisation, probing
from worktrial.memorisation.voice import memorisation_voice
from worktrial.readiness.task import office, office_score, work
from worktrial.readiness.voice import office_voice
from worktrial.reasoning.task import reasoning, solved_score, solving
from worktrial.reasoning.voice import reasoning_voice
from worktrial.relay.task import relay, relay_fidelity, relay_legs
from worktrial.relay.voice import RelayVoice
from worktrial.search.task import conversation, search, search_score
from worktrial.search.voice import search_voice
from worktrial.workers.embedded import embedded
from worktrial.workers.reference import register_voice

register_voice("relay", RelayVoice)
register_voice("search", search_voice)
register_voice("office", office_voice)
register_voice("memorisation", memorisation_voice)
register_voice("reasoning", reasoning_voice)
# Last: where a task of ours is ablated, its own workers know more of it.
register_voice("ablate", ablate_voice)


@modelapi(name="reference")
def reference() -> Any:
    """Simulated workers of known quality."""
    from worktrial.workers.reference import ReferenceAPI

    return ReferenceAPI


__all__ = [
    "ablate",
    "ablated",
    "audit_accuracy",
    "audit_verbatim",
    "conduct",
    "contrast",
    "conversation",
    "embedded",
    "memorisation",
    "office",
    "office_score",
    "probing",
    "reasoning",
    "reference",
    "relay",
    "relay_fidelity",
    "relay_legs",
    "search",
    "search_score",
    "solved_score",
    "solving",
    "unchanged",
    "work",
]

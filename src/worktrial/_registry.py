"""What Inspect finds under the name `worktrial`. Imported in every Inspect run: keep it light."""

from typing import Any

from inspect_ai.model import modelapi

from worktrial.conduct.scorer import conduct
from worktrial.memorisation.task import audit_accuracy, audit_verbatim, memorisation, probing
from worktrial.memorisation.voice import MemorisationVoice
from worktrial.readiness.task import office, office_score, work
from worktrial.readiness.voice import OfficeVoice
from worktrial.relay.task import relay, relay_fidelity, relay_legs
from worktrial.relay.voice import RelayVoice
from worktrial.search.task import conversation, search, search_score
from worktrial.search.voice import SearchVoice
from worktrial.workers.embedded import embedded
from worktrial.workers.reference import register_voice

register_voice("relay", RelayVoice)
register_voice("search", SearchVoice)
register_voice("office", OfficeVoice)
register_voice("memorisation", MemorisationVoice)


@modelapi(name="reference")
def reference() -> Any:
    """Simulated workers of known quality."""
    from worktrial.workers.reference import ReferenceAPI

    return ReferenceAPI


__all__ = [
    "audit_accuracy",
    "audit_verbatim",
    "conduct",
    "conversation",
    "embedded",
    "memorisation",
    "office",
    "office_score",
    "probing",
    "reference",
    "relay",
    "relay_fidelity",
    "relay_legs",
    "search",
    "search_score",
    "work",
]

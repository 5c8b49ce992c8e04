"""What an arm with a change gives its workers: the same item, one thing in it otherwise.

Everything that is drawn anew is drawn from the item's own seed, so a changed item follows from the
item and the arm alone.
"""

from collections.abc import Callable, Mapping
from typing import Any

from worktrial.documents.domain import domain
from worktrial.errors import ConfigError
from worktrial.randomness import derive, stream
from worktrial.relay.arms import Arm
from worktrial.relay.items import RelayItem, budget, schedule


def given(item: RelayItem, arm: Arm) -> RelayItem:
    """The item as it is given under an arm; the same one unless the arm changes what is given.

    Raises:
        ConfigError: If the change would change nothing.
    """
    if arm.change is None or arm.change.calls:
        return item
    name, _, _ = arm.change.name.partition("-")
    return _CHANGES[name](item, arm.change.number)


def given_to(metadata: Mapping[str, Any]) -> RelayItem:
    """The item that a sample was given, from its metadata."""
    return RelayItem.model_validate(metadata.get("given", metadata["item"]))


def _crowded(item: RelayItem, tokens: int) -> RelayItem:
    if item.distractors:
        raise ConfigError(
            "`+crowded` puts other files beside the documents, and this course has them; "
            "use `+alone`, or `--distractors 0`"
        )
    others = domain(item.domain).distractors(stream(item.seed, "crowded"), tokens)
    return item.model_copy(update={"distractors": dict(others)})


def _alone(item: RelayItem, _: int) -> RelayItem:
    if not item.distractors:
        raise ConfigError(
            "`+alone` takes other files away, and this course has none; use `+crowded`, or "
            "`--distractors TOKENS`"
        )
    return item.model_copy(update={"distractors": {}})


def _repeated(item: RelayItem, _: int) -> RelayItem:
    edit = stream(item.seed, "repeated").choice(item.schedule)
    return item.model_copy(update={"schedule": [edit] * len(item.schedule)})


def _sized(item: RelayItem, tokens: int) -> RelayItem:
    """Another document of the domain, since none grows into a larger one by itself."""
    chosen = domain(item.domain)
    rng = stream(item.seed, "size", tokens)
    files = dict(chosen.generate(rng, tokens))
    document = chosen.parse(files)
    edits = chosen.plan(document, rng)
    return item.model_copy(
        update={
            "files": files,
            "schedule": schedule(edits, len(item.schedule), derive(item.seed, "size", tokens)),
            "budget_tokens": budget(chosen, document, edits),
        }
    )


_CHANGES: Mapping[str, Callable[[RelayItem, int], RelayItem]] = {
    "crowded": _crowded,
    "alone": _alone,
    "repeated": _repeated,
    "size": _sized,
}

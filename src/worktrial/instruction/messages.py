"""Messages as a solver has rendered them: taken apart, and written anew in place."""

from collections.abc import Sequence

from inspect_ai.model import (
    ChatMessage,
    ChatMessageSystem,
    ChatMessageUser,
    Content,
    ContentText,
)

from worktrial.instruction.arms import BARE, Rewritten, Setting
from worktrial.instruction.items import AblateItem
from worktrial.instruction.parts import Part, Prompt, taken_apart


def place_of(messages: Sequence[ChatMessage], item: AblateItem) -> int | None:
    """Which of the messages shows the input: the user's last one in which it stands."""
    if not item.input.strip():
        return None
    found = (n for n, m in enumerate(messages) if m.role == "user" and item.input.strip() in m.text)
    return max(found, default=None)


def prompt_of(messages: Sequence[ChatMessage], item: AblateItem, setting: Setting) -> Prompt | None:
    """What a worker would be shown, taken apart; `None` where the input is not in it.

    Args:
        messages: As the task's own solver rendered them.
        item: The sample.
        setting: What all samples have in common.
    """
    at = place_of(messages, item)
    if at is None:
        return None
    text = messages[at].text
    parts = taken_apart(
        text,
        item.input if item.input in text else item.input.strip(),
        choices=item.choices,
        shared=setting.shared,
        lead=setting.lead,
        piece=setting.piece(item),
    )
    system = tuple(m.text for m in messages if m.role == "system")
    return None if parts is None else Prompt(system, parts)


def unplaced(item: AblateItem) -> Prompt:
    """What is known where the input is not shown word by word: the input itself, for templates."""
    return Prompt((), (Part("input", item.input),))


def written_anew(
    messages: Sequence[ChatMessage], shown: Rewritten, item: AblateItem, arm: str
) -> list[ChatMessage]:
    """The messages under an arm: system messages and the user's text are new, the rest stays.

    Examples that the solver has put before the input go where the instruction goes; turns that are
    the sample's own stay under every arm.

    Args:
        messages: As they were.
        shown: What the arm shows.
        item: The sample.
        arm: Which.
    """
    at = _asked_at(messages, item)
    before = [m for m in messages[:at] if m.role != "system"]
    if arm in BARE:
        before = [m for m in before if (m.role, m.text) in item.turns]
    system = [ChatMessageSystem(content=text) for text in shown.system]
    user = ChatMessageUser(content=_content(messages[at : at + 1], shown.text))
    after = [m for m in messages[at + 1 :] if m.role != "system"]
    return [*system, *before, user, *after]


def asked(messages: Sequence[ChatMessage], item: AblateItem) -> str:
    """The text of the message that an arm writes anew; empty where there is none."""
    at = _asked_at(messages, item)
    return messages[at].text if at < len(messages) else ""


def _asked_at(messages: Sequence[ChatMessage], item: AblateItem) -> int:
    at = place_of(messages, item)
    users = (n for n, m in enumerate(messages) if m.role == "user")
    return max(users, default=len(messages)) if at is None else at


def _content(replaced: Sequence[ChatMessage], text: str) -> str | list[Content]:
    """The new text; what is no text, such as a picture, stays behind it."""
    content = replaced[0].content if replaced else text
    if isinstance(content, str):
        return text
    return [ContentText(text=text), *(c for c in content if not isinstance(c, ContentText))]

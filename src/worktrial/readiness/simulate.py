"""A reference worker's conversations without Inspect: the same office, the same way to it."""

from collections.abc import Callable, Mapping

from worktrial.documents.editor import Call as EditorCall
from worktrial.documents.editor import Editor
from worktrial.office.events import Event
from worktrial.office.office import Office
from worktrial.office.surface import Surface, failed
from worktrial.readiness import reference
from worktrial.readiness.arms import Arm
from worktrial.readiness.desk import edited, opened, surface_of
from worktrial.readiness.items import OfficeItem
from worktrial.readiness.keys import Key
from worktrial.readiness.modes import file_name, read_calls, read_file, read_message
from worktrial.readiness.reference import Done
from worktrial.readiness.script import Turn, parts

_MOST = 200
"""Calls of a turn: every worker that is simulated ends before."""


def simulate(name: str, item: OfficeItem, arm: Arm) -> list[Event]:
    """What a reference worker leaves in the log of an item under an arm."""
    office = opened(item, arm)
    surface = surface_of(office, item, arm)
    for part in parts(item, arm):
        office.begin_session()
        for number in range(len(part.session.turns)):
            office.begin_turn()
            key = Key(item, arm, Turn(part, number))
            office.say(_MODES[arm.mode](name, key, office, surface))
    return office.events()


def _loop(name: str, key: Key, office: Office, surface: Surface) -> str:
    done: list[Done] = []
    while len(done) < _MOST:
        move = reference.act(name, key, done)
        if isinstance(move, str):
            return move
        reply = surface.call(move.name, move.arguments)
        done.append(Done(move.name, reply.text, failed(reply)))
    return ""


def _at_once(name: str, key: Key, office: Office, surface: Surface) -> str:
    text = reference.write(name, key)
    for call in read_calls(text):
        surface.call(call.tool, call.arguments)
    return read_message(text)


def _file(name: str, key: Key, office: Office, surface: Surface) -> str:
    page = key.item.page
    if page is None:
        return ""
    if key.arm.handover == "tools":
        editor = Editor({file_name(page): page.before}, {})
        for made in reference.edit(name, key):
            editor.turn([EditorCall(made.name, made.arguments)])
        edited(office, page, editor.files.get(file_name(page)))
    else:
        found = read_file(reference.hand_over(name, key), page, key.arm.handover)
        edited(office, page, found if isinstance(found, str) else None)
    return key.turn.answer


_MODES: Mapping[str, Callable[[str, Key, Office, Surface], str]] = {
    "loop": _loop,
    "text_calls": _loop,
    "completion": _at_once,
    "file": _file,
}

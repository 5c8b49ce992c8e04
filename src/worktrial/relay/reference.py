"""Reference workers: simulated, of known quality, working from the prompt's words alone.

In every arm the same worker hands on the same documents: what it damages follows from its seed,
the files it received and the task.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from random import Random

from worktrial.documents.blocks import write_blocks
from worktrial.documents.domain import Domain, domain, installed
from worktrial.documents.editor import MOST_CALLS, read_view, write_calls, write_views
from worktrial.documents.edits import Program, Verb
from worktrial.documents.handover import read_files, whole_lines, write_files
from worktrial.documents.unit import Document, Files, Unit
from worktrial.errors import ConfigError
from worktrial.randomness import derive
from worktrial.relay.answers import Answer, Exchange, leaving
from worktrial.relay.baton import SEED_STEP, SEEDS
from worktrial.relay.damage import Behaviour
from worktrial.relay.left import Left
from worktrial.relay.remedies import KEEP, is_review, read_review

SILENT: Mapping[str, str] = {
    "refusing": "I'm sorry, but I can't help with editing these files.",
    "empty": "",
}
"""What those say who do nothing at all."""
DONE = "Done."
_CAREFUL = Behaviour("oracle", "oracle")
_LISTED = re.compile(r"^- `[^`]+`, \d+ characters$", re.MULTILINE)
_MARKER = re.compile(r"^(<{7,}) SEARCH$", re.MULTILINE)
_SAMPLES = 12
_SAMPLE_SIZE = 300


def answer(behaviour: Behaviour, prompt: str, seed: int, *, earlier: int = 0) -> str:
    """Answer a leg's prompt as the worker of this behaviour would.

    Args:
        behaviour: Who answers.
        prompt: The message of the leg; nothing else is known of the sample.
        seed: Of this answer; with the files and the task it decides what is damaged.
        earlier: Legs before this one in the same conversation.
    """
    if behaviour.kind in SILENT:
        return SILENT[behaviour.kind]
    if is_review(prompt):
        return _reviewed(behaviour, prompt, seed)
    names, instruction = read_task(prompt)
    shown = read_files(prompt[: prompt.rindex("## Task")])
    if not isinstance(shown, dict):
        raise not_a_leg()
    files = {name: shown[name] for name in names}
    behaviour = burdened(behaviour, files, others=len(shown) - len(files), earlier=earlier)
    after = worked(behaviour, files, instruction, seed)
    marker = _MARKER.search(prompt, prompt.rindex("## Answer"))
    return write_blocks(files, after, least=len(marker[1])) if marker else write_files(after)


def turn(behaviour: Behaviour, prompt: str, exchanges: Sequence[Exchange], seed: int) -> Answer:
    """Take a turn with tools: look at all working files, edit them, say that it is done.

    No worker but `careful` looks at the files again.

    Args:
        behaviour: Whose turn it is.
        prompt: The message of the leg.
        exchanges: The conversation since then.
        seed: Of this call, from which that of its leg follows.
    """
    if behaviour.kind in SILENT:
        return Answer(SILENT[behaviour.kind])
    names, instruction = read_task(prompt)
    if not exchanges:
        return Answer("", "tool_calls", tuple(write_views(names)))
    if len(exchanges) > 1 and len(exchanges[-1].answer.calls) < MOST_CALLS:
        return _end(behaviour, exchanges[-1])
    views = zip(names, exchanges[0].results, strict=True)
    files = {name: read_view(shown.text) for name, shown in views}
    of_leg = (seed - SEED_STEP * len(exchanges)) % SEEDS
    behaviour = burdened(behaviour, files, others=listed(prompt) - len(files))
    calls = write_calls(files, worked(behaviour, files, instruction, of_leg))
    begin = MOST_CALLS * (len(exchanges) - 1)
    now = tuple(calls[begin : begin + MOST_CALLS])
    return Answer("", "tool_calls", now) if now else _end(behaviour, exchanges[-1])


def leave(behaviour: Behaviour, prompt: str, files: Files, seed: int) -> Answer:
    """What this worker leaves in the folder of a leg, without an agent to work through.

    Args:
        behaviour: Who works.
        prompt: The message of the leg.
        files: As they are in the folder.
        seed: Of the leg.
    """
    if behaviour.kind in SILENT:
        said = SILENT[behaviour.kind]
        return leaving(Left(said=said, worked=bool(said), files=dict(files)))
    _, instruction = read_task(prompt)
    behaviour = burdened(behaviour, files, others=listed(prompt) - len(files))
    return leaving(Left(said=DONE, files=worked(behaviour, files, instruction, seed)))


def burdened(behaviour: Behaviour, files: Files, *, others: int, earlier: int = 0) -> Behaviour:
    """This worker as it works on such a leg."""
    characters = sum(map(len, files.values()))
    return behaviour.under(others=others, characters=characters, earlier=earlier)


def listed(prompt: str) -> int:
    """How many files a message lists by their names and sizes."""
    return len(_LISTED.findall(prompt[: prompt.rindex("## Task")]))


def _reviewed(behaviour: Behaviour, prompt: str, seed: int) -> str:
    """Do the tasks of a review over again, the last of them as this worker does its work.

    Who is hasty looks at what was made with all the care that the making lacked.
    """
    files, tasks = read_review(prompt)
    if behaviour.kind == "noop":
        return KEEP
    for task in tasks[:-1]:
        files = worked(_CAREFUL, files, task, seed)
    last = _CAREFUL if behaviour.kind == "hasty" else burdened(behaviour, files, others=0)
    return write_files(worked(last, files, tasks[-1], seed))


def _end(behaviour: Behaviour, last: Exchange) -> Answer:
    """Say that it is done; who is careful looks again first at what it changed."""
    calls = [call.arguments for call in last.answer.calls]
    changed = dict.fromkeys(str(call["path"]) for call in calls if call["command"] != "view")
    if behaviour.kind == "careful" and changed:
        return Answer("", "tool_calls", tuple(write_views(changed)))
    return Answer(DONE)


def worked(behaviour: Behaviour, files: Files, instruction: str, seed: int) -> dict[str, str]:
    """The files as this worker leaves them, in whole lines, whatever the arm."""
    if behaviour.kind == "noop":
        return dict(files)
    chosen, program = _find(instruction, files)
    received = dict(sorted(files.items()))
    content = [part for pair in received.items() for part in pair]
    rng = Random(derive(seed, behaviour.name, instruction, *content))  # noqa: S311
    document = _work(behaviour, chosen, program, chosen.parse(received), rng)
    return {name: whole_lines(text) for name, text in chosen.render(document).items()}


def _work(
    behaviour: Behaviour, chosen: Domain, program: Program, received: Document, rng: Random
) -> Document:
    """Damage in the basic form: before an edit, after its inverse."""

    def valid(unit: Unit) -> bool:
        return keeps(chosen, unit)

    if _is_backward(chosen.name, program):
        restored = chosen.parse(chosen.render(program(received)))
        return behaviour.damage(restored, rng, valid)
    return program(behaviour.damage(received, rng, valid))


def keeps(chosen: Domain, unit: Unit) -> bool:
    """Whether a domain writes a unit and reads it back as it is."""
    extension = next(iter(chosen.formats))
    name = f"x{extension}"
    read = chosen.parse(chosen.render(Document({name: (unit,)}))).files[name]
    return sum(u == unit for u in read) == 1 and not any(u.kind == "opaque" for u in read)


def read_task(prompt: str) -> tuple[list[str], str]:
    """The names of the working files and the instruction, whatever the wording."""
    begin, end = prompt.rfind("## Task\n\n"), prompt.rfind("\n\n## Answer")
    lead_in, _, instruction = prompt[begin + len("## Task\n\n") : end].partition("\n\n")
    names = re.findall(r"`([^`]+)`", lead_in)
    if begin < 0 or end < begin or not names:
        raise not_a_leg()
    return names, instruction.strip()


def not_a_leg() -> ConfigError:
    """The error of a worker that is asked something else."""
    return ConfigError("a reference worker was asked something that is not a relay's leg")


def _find(instruction: str, files: Mapping[str, str]) -> tuple[Domain, Program]:
    """The domain whose words these are."""
    for name in installed():
        chosen = domain(name)
        program = chosen.read(instruction)
        if program is not None and all(chosen.knows(file) for file in files):
            return chosen, program
    raise ConfigError(f"no domain knows the instruction {instruction[:80]!r}")


def _is_backward(name: str, program: Program) -> bool:
    return any(step.verb in _closing_verbs(name) for step in program.steps)


@cache
def _closing_verbs(name: str) -> frozenset[Verb]:
    """The verbs that only ever lead back to the basic form.

    An edit without one changes units one by one, and damage before or after it is the same.
    """
    chosen = domain(name)
    opening: set[Verb] = set()
    closing: set[Verb] = set()
    for seed in range(_SAMPLES):
        rng = Random(seed)  # noqa: S311
        document = chosen.parse(chosen.generate(rng, _SAMPLE_SIZE))
        for edit in chosen.plan(document, rng):
            opening |= {step.verb for step in edit.forward.steps}
            closing |= {step.verb for step in edit.backward.steps}
    return frozenset(closing - opening)

"""Reference workers: simulated, of known quality, working from the prompt's words alone."""

import re
from collections.abc import Mapping
from functools import cache
from random import Random

from worktrial.documents.domain import Domain, domain, installed
from worktrial.documents.edits import Program, Verb
from worktrial.documents.handover import read_files, write_files
from worktrial.documents.unit import Document, Unit
from worktrial.errors import ConfigError
from worktrial.randomness import derive
from worktrial.relay.damage import Behaviour

_REFUSAL = "I'm sorry, but I can't help with editing these files."
_SAMPLES = 12
_SAMPLE_SIZE = 300


def answer(behaviour: Behaviour, prompt: str, seed: int) -> str:
    """Answer a leg's prompt as the worker of this behaviour would.

    Args:
        behaviour: Who answers.
        prompt: The message of the leg; nothing else is known of the sample.
        seed: Of this answer; with the prompt it decides what is damaged.
    """
    if behaviour.kind == "refusing":
        return _REFUSAL
    if behaviour.kind == "empty":
        return ""
    files, instruction = _read_prompt(prompt)
    if behaviour.kind == "noop":
        return write_files(files)
    chosen, program = _find(instruction, files)
    rng = Random(derive(seed, behaviour.name, prompt))  # noqa: S311
    received = chosen.parse(files)
    return write_files(chosen.render(_work(behaviour, chosen, program, received, rng)))


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


def _read_prompt(prompt: str) -> tuple[Mapping[str, str], str]:
    """The working files and the instruction, out of the message."""
    files = read_files(prompt[: prompt.rindex("## Task")])
    task = prompt[prompt.rindex("## Task") : prompt.rindex("## Answer")]
    found = re.search(r"The working files are (.*?); any other file.*?\n\n(.*)", task, re.DOTALL)
    if found is None or not isinstance(files, dict):
        raise ConfigError("a reference worker was asked something that is not a relay's leg")
    working = re.findall(r"`([^`]+)`", found[1])
    return {name: files[name] for name in working}, found[2].strip()


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

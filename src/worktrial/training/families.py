"""Families of tasks for `worktrial control instructions`, each with an instruction and a space.

Two groups, so that the control can tell both. In a *label* family the input is to be sorted by
a notion whose name stands for other words in every family: what the instruction says of it helps as
little as a guess. In a *pick* family the same inputs are asked different things, which
only the instruction tells, and which the training families teach.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Literal, NamedTuple

from worktrial.errors import ConfigError
from worktrial.randomness import stream
from worktrial.training.problems import lines, short, text_of

Group = Literal["label", "pick", "classification", "generation"]
TRAIN, TEST = "train", "test"


class Instance(NamedTuple):
    """One input of a family and its output."""

    input: str
    output: str


@dataclass(frozen=True)
class Task:
    """A family: an instruction, the space of its outputs, and instances.

    Attributes:
        name: What it is called.
        group: What kind of family it is.
        split: `train`, or `test` for one that no arm meets in training.
        instruction: All that is to be done.
        space: The outputs that there are; empty where they are free text.
        kind: What the output is, in words.
        instances: Inputs with outputs.
    """

    name: str
    group: Group
    split: str
    instruction: str
    space: tuple[str, ...]
    kind: str
    instances: tuple[Instance, ...]

    def space_of(self, instance: Instance) -> tuple[str, ...]:
        """The outputs that an input allows: of a pick family, the words of the input."""
        return _words(instance.input) if self.group == "pick" else self.space

    def guess(self) -> float:
        """Accuracy of a guess in the space, uniform over it; 0 where outputs are free text."""
        sizes = [len(self.space_of(instance)) for instance in self.instances]
        return sum(1 / size if size else 0.0 for size in sizes) / max(1, len(sizes))


_MARKS = ("a", "b", "c", "d")
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]


class _Count(NamedTuple):
    """Of a split: label families, topics of four pick families each, instances of a family."""

    labels: int
    topics: int
    instances: int


_TRAINED = _Count(labels=240, topics=120, instances=8)
"""Many families with few instances, as Kung and Peng have it: more of each can be learned by heart
instead."""
_WORDS, _IN_A_TOPIC = 240, 15


def families(seed: int, instances: int) -> tuple[Task, ...]:
    """Draw families, so many instances of each that is measured.

    Words are made up, so that no model has met them elsewhere.
    """
    rng, words = stream(seed, "control", "families"), vocabulary(seed)
    measured = _Count(labels=24, topics=4, instances=instances)
    return (*_of_split(TRAIN, words, _TRAINED, rng), *_of_split(TEST, words, measured, rng))


def vocabulary(seed: int) -> list[str]:
    """The words that families are made of."""
    return _made_up(stream(seed, "control", "words"), _WORDS)


def unanswered(words: Sequence[str], rng: Random) -> str:
    """A task of a family like these, without its output."""
    if rng.random() < 0.5:
        task = _label("", TRAIN, words, rng, 1)
    else:
        task = _pick("", TRAIN, rng.choice(_MARKS), words, rng, 1)
    return prompt(task, task.instances[0], rng.choice((FULL, SPACE, "empty")))


def _of_split(split: str, words: Sequence[str], count: _Count, rng: Random) -> list[Task]:
    labels = [
        _label(f"label-{split}-{number}", split, words, rng, count.instances)
        for number in range(1, count.labels + 1)
    ]
    topics = [rng.sample(words, _IN_A_TOPIC) for _ in range(count.topics)]
    picks = [
        _pick(f"pick-{split}-{number}-{mark}", split, mark, topic, rng, count.instances)
        for number, topic in enumerate(topics, start=1)
        for mark in _MARKS
    ]
    return [*labels, *picks]


def _made_up(rng: Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found["".join(rng.choices(_SYLLABLES, k=rng.choice((2, 3))))] = None
    return list(found)


def _pick(name: str, split: str, mark: str, topic: Sequence[str], rng: Random, count: int) -> Task:
    """The word after one of the marks of the input; the same inputs serve all marks alike."""
    instances = []
    for _ in range(count):
        chosen = rng.sample(list(topic), len(_MARKS))
        shown = " ".join(f"{m} {word}" for m, word in zip(_MARKS, chosen, strict=True))
        instances.append(Instance(shown, chosen[_MARKS.index(mark)]))
    told = f"write the word that follows {mark} in the input"
    return Task(name, "pick", split, told, (), "a word of the input", tuple(instances))


def _label(name: str, split: str, words: Sequence[str], rng: Random, count: int) -> Task:
    """Whether an input is of a notion: a name for half of the words, which nothing else tells."""
    notion, one, other, *rest = rng.sample(words, len(words))
    held = frozenset(rest[::2])
    chosen = rng.choices(rest, k=count)
    instances = tuple(Instance(word, one if word in held else other) for word in chosen)
    told = f"write {one} if the input is {notion} , else {other}"
    return Task(name, "label", split, told, (one, other), f"one of {one} , {other}", instances)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split() if word not in _MARKS)


# How arms show a family.

ARMS: Mapping[str, str] = {
    "full": "the true instruction, and what the output is",
    "output-space": "what the output is, and nothing of what is to be done",
    "empty": "the input alone",
    "delusive": "the true instruction, with outputs that belong to other inputs",
    "response-only": "outputs alone",
}
FULL, SPACE = "full", "output-space"


def prompt(task: Task, instance: Instance, arm: str = FULL) -> str:
    """What a model is shown before the output."""
    told = f"Instruction: {task.instruction} .\n" if arm in (FULL, "delusive") else ""
    space = f"The output is {task.kind} .\n" if arm in (FULL, "delusive", SPACE) else ""
    shown = "" if arm == "response-only" else f"Input: {instance.input}\n"
    return f"{told}{space}{shown}Output:"


class Example(NamedTuple):
    """A prompt and what is to be written after it."""

    prompt: str
    completion: str


def examples(tasks: Sequence[Task], arm: str, seed: int) -> tuple[Example, ...]:
    """What an arm is tuned on: of every training family all instances."""
    return tuple(
        Example(prompt(task, instance, arm), f" {output}")
        for task in tasks
        if task.split == TRAIN
        for instance, output in zip(task.instances, _outputs(task, arm, seed), strict=True)
    )


def _outputs(task: Task, arm: str, seed: int) -> list[str]:
    """Those of the instances; delusive ones are dealt out anew within the family.

    Of a pick family each is then a word of its own input, else the space would be wrong too.
    """
    if arm != "delusive":
        return [instance.output for instance in task.instances]
    rng = stream(seed, "control", "delusive", task.name)
    if task.group == "pick":
        return [rng.choice(task.space_of(instance)) for instance in task.instances]
    dealt = [instance.output for instance in task.instances]
    rng.shuffle(dealt)
    return dealt


def own_families(path: Path) -> tuple[Task, ...]:
    """Read one's own families: JSONL with `task`, `split`, `instruction`, `input`, `output`.

    `outputs`, a list, is the space of a family's outputs; without it they are free text, marked by
    Rouge-L. `kind` says in words what the output is.

    Args:
        path: A line an instance; those of a family share all but input and output.

    Raises:
        ConfigError: If the file cannot be read, a line is none, or a split has no family.
    """
    found: dict[str, Task] = {}
    instances: dict[str, list[Instance]] = {}
    for where, entry in lines(path):
        name = text_of(entry, "task", where)
        instance = Instance(text_of(entry, "input", where), text_of(entry, "output", where))
        task = _own(entry, name, where)
        if found.setdefault(name, task) != task:
            raise ConfigError(
                f"{where}: {short(name)} had another split, instruction, `outputs` or "
                "`kind` before; name it otherwise"
            )
        if task.space and instance.output not in task.space:
            raise ConfigError(
                f"{where}: `output` must be one of `outputs`; got {short(instance.output)}"
            )
        instances.setdefault(name, []).append(instance)
    for split in (TRAIN, TEST):
        count = sum(task.split == split for task in found.values())
        if count < 2:
            raise ConfigError(f"`--data` {path} has {count} family of `{split}`; it needs 2")
    return tuple(replace(task, instances=tuple(instances[name])) for name, task in found.items())


def _own(entry: Mapping[str, object], name: str, where: str) -> Task:
    split = text_of(entry, "split", where)
    if split not in (TRAIN, TEST):
        raise ConfigError(f"{where}: `split` must be {TRAIN} or {TEST}; got {short(split)}")
    given = entry.get("outputs") or []
    if not isinstance(given, list) or not all(isinstance(each, str) and each for each in given):
        raise ConfigError(f"{where}: `outputs` must be a list of texts; got {short(given)}")
    if given and len({*given}) < max(2, len(given)):
        raise ConfigError(
            f"{where}: `outputs` must be two texts or more, none twice; got {short(given)}"
        )
    kind = entry.get("kind") or (f"one of {', '.join(given)}" if given else "a text")
    instruction = text_of(entry, "instruction", where)
    group: Group = "classification" if given else "generation"
    return Task(name, group, split, instruction, tuple(given), str(kind), ())

"""An ablation's findings and items for tests of the page: workers whose obedience is known."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from inspect_ai.log import EvalError, EvalSample
from inspect_ai.model import ChatMessageAssistant, ChatMessageUser, ModelOutput
from inspect_ai.scorer import Score

from report import factory
from worktrial.evidence import Evidence, Observation, SampleLog, write_evidence
from worktrial.evidence.findings import Findings, RunFacts
from worktrial.instruction import reference
from worktrial.instruction.arms import ARMS, EMPTY, FORMAT_ONLY, FULL, PERMUTED, WRONG
from worktrial.instruction.extract import of_sample
from worktrial.instruction.findings import ablate_findings
from worktrial.instruction.keys import Key
from worktrial.instruction.space import SpaceKind
from worktrial.instruction.stories import AblateStory, story_of
from worktrial.protocol import Manifest
from worktrial.report.contrasts import Ablated, Contrast, Told

WORKERS: Mapping[str, str] = {
    "lab/obeys": "oracle", "lab/recalls": "memoriser", "lab/silent": "null", "lab/lost": "lost",
    "reference/literalist": "literalist",
}  # fmt: skip
"""What each of them does; who is lost never comes to answer."""
SEED, ITEMS = 7, 12
LETTERS = ("A", "B", "C", "D")
SOUND = {arm: {"oracle": 1.0, "null": 0.0} for arm in ARMS}


def manifest(arms: Sequence[str] = ARMS, kind: SpaceKind = "choices") -> Manifest:
    """Of an ablation alone."""
    known = factory.manifest()
    guess = 0.25 if kind == "choices" else 0.0
    settings = {
        "space": {"kind": kind, "labels": [], "uniform": guess, "majority": guess},
        "instruction": "Which letter? Reply with a letter.", "kept_form": "Reply with a letter.",
        "left_out": {} if PERMUTED in arms else {PERMUTED: "its answers are open"},
    }  # fmt: skip
    measured = known.measurement["relay"].model_copy(
        update={"arms": dict.fromkeys(arms, "0" * 64), "primary": FULL, "settings": settings}
    )
    incidental = {"instrument": {"ablate": SOUND}, "course": "pocket", "versions": {}}
    return known.model_copy(
        update={"measurement": {"ablate": measured}, "incidental": incidental}
    )  # fmt: skip


def key(number: int, arm: str, kind: SpaceKind = "choices") -> Key:
    """Every answer in turn; another task and new names ask for the next one."""
    target, after = LETTERS[number % 4], LETTERS[(number + 1) % 4]
    asked = {FORMAT_ONLY: None, EMPTY: None, WRONG: after, PERMUTED: after}
    return Key(
        item=f"item-{number:02}", arm=arm, kind=kind, options=LETTERS if kind == "choices" else (),
        target=target, right=asked.get(arm, target), wrong=after if arm == WRONG else "",
        form="ANSWER: {}", seed=SEED, replicate=1,
    )  # fmt: skip


def sample(name: str, number: int, arm: str, kind: SpaceKind = "choices") -> EvalSample:
    """What a reference worker makes of an item under an arm, as it is logged."""
    asked = key(number, arm, kind)
    lost = name == "lost"
    text = "" if lost else reference.answer(name, asked)
    counts = asked.right if arm == PERMUTED else asked.target
    right = text == asked.form.format(counts)
    return EvalSample(
        id=asked.item, epoch=1, input="", target=asked.target,
        messages=[
            ChatMessageUser(content=f"{arm} of {asked.item}"),
            ChatMessageAssistant(content=text, source="generate"),
        ],
        output=ModelOutput.from_content("m", text),
        scores={"choice": Score(value="C" if right else "I")},
        metadata={"ablate": {"item": {"id": asked.item}, "arm": arm, "scorer_key": ""}},
        store={} if lost else {"ablate": asked.kept()},
        error=EvalError(message="down", traceback="", traceback_ansi="") if lost else None,
    )  # fmt: skip


def findings(
    path: Path,
    workers: Mapping[str, str] = WORKERS,
    *,
    arms: Sequence[str] = ARMS,
    kind: SpaceKind = "choices",
    items: int = ITEMS,
) -> Findings:
    """What is found of these workers; `path` is a folder to write in."""
    write_evidence(path / "evidence.parquet", _rows(workers, arms, kind, items))
    evidence = Evidence(path / "evidence.parquet", trial="ablate")
    measured = manifest(arms, kind).measurement["ablate"]
    found = ablate_findings(evidence, measured, instrument=SOUND)
    facts = RunFacts(seed=SEED, course="pocket", protocol_sha256=manifest().sha256, versions={})
    return Findings(
        run=facts, estimates=found.estimates, claims=found.claims, outcomes=found.outcomes,
        cost=found.cost,
    )  # fmt: skip


def _rows(
    workers: Mapping[str, str], arms: Sequence[str], kind: SpaceKind, items: int
) -> Iterator[Observation]:
    for worker, name in workers.items():
        for arm in arms:
            for number in range(items):
                found = sample(name, number, arm, kind)
                yield from of_sample(SampleLog(f"{arm}.eval", worker, found))


def story(name: str = "oracle", number: int = 0, arm: str = FULL) -> AblateStory:
    """A reference worker's item, as it is told."""
    return story_of(sample(name, number, arm))


def contrast(name: str = "oracle", number: int = 0) -> Contrast:
    """An item with the instruction, and with the form alone."""
    return Contrast(story(name, number, FULL), story(name, number, FORMAT_ONLY))


def ablated() -> Ablated:
    """One item under every arm, and of every worker what the instruction changed."""
    told = Told(gained=[contrast(number=n) for n in range(3)], gains=ITEMS)
    return Ablated(
        instruction="Which letter? Reply with a letter.",
        kept="Reply with a letter.",
        arms=[story(arm=arm) for arm in ARMS],
        told={"lab/obeys": told, "lab/recalls": Told()},
    )

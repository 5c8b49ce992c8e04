"""A reasoning trial's findings and generations for tests of the page: texts of known worth."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from inspect_ai.log import EvalSample

from report import factory
from worktrial.evidence import Evidence, Observation, SampleLog, write_evidence
from worktrial.evidence.findings import Findings, RunFacts
from worktrial.protocol import Manifest
from worktrial.reasoning import reference
from worktrial.reasoning.draw import drawn
from worktrial.reasoning.extract import of_sample
from worktrial.reasoning.findings import reasoning_findings
from worktrial.reasoning.puzzles import Puzzle
from worktrial.reasoning.stories import PuzzleStory, story_of
from worktrial.reasoning.task import other_of

SOUND = {"traced": {"oracle": 1.0, "null": 0.0, "credited": 1.0, "bluffed": 0.0, "puzzles": 12.0}}
WORKERS: Mapping[str, str] = {
    "lab/knows": "oracle", "lab/shows": "fumbler", "lab/bluffs": "stylist", "lab/halves": "half",
    "lab/lost": "lost", "reference/guesser": "guesser",
}  # fmt: skip
"""Whose texts each of them writes; who is lost never comes to write one."""
SEED, ITEMS = 7, 12


@cache
def puzzles() -> tuple[Puzzle, ...]:
    """Six sudokus and six calculations, easy ones, in turn."""
    return drawn(("sudoku", "calculation"), "pocket", seed=SEED, items=ITEMS).puzzles


def manifest(judge: str | None = None) -> Manifest:
    """Of a run of puzzles alone."""
    known = factory.manifest()
    measured = known.measurement["relay"].model_copy(
        update={"arms": {"traced": "0" * 64}, "primary": "traced",
                "judge": {"judge": judge, "prompt_sha256": "0"} if judge else None}
    )  # fmt: skip
    incidental = {
        "instrument": {"reasoning": SOUND}, "course": "pocket", "versions": {"worktrial": "0.1.0"},
    }  # fmt: skip
    return known.model_copy(
        update={"measurement": {"reasoning": measured}, "incidental": incidental}
    )


def sample(
    puzzle: Puzzle, text: str, *, fault: str = "", stop: str = "stop", marks: bool = False
) -> EvalSample:
    """A logged sample; with marks, of a judge that looks at the length of what it is shown."""
    other = other_of(puzzle, puzzles())
    judged = {"own": 0.9, "wrong": 0.9, "other": 0.4} if marks and not fault else {}
    kept = {"text": text, "stop": stop, "fault": fault, "judged": judged}
    item = {
        "item": puzzle.model_dump(mode="json"),
        "other": other and other.model_dump(mode="json"),
    }
    return EvalSample(
        id=puzzle.id, epoch=1, input="", target="", metadata=item, store={"reasoning": kept}
    )


def samples(name: str, *, marks: bool = False) -> list[EvalSample]:
    """What a reference worker writes about every puzzle."""
    if name == "lost":
        return [sample(puzzle, "", fault="the provider is down") for puzzle in puzzles()]
    texts = ((puzzle, reference.answer(name, puzzle, SEED)) for puzzle in puzzles())
    return [sample(puzzle, text, marks=marks) for puzzle, text in texts]


def findings(path: Path, workers: Mapping[str, str] = WORKERS, *, marks: bool = False) -> Findings:
    """What is found of these workers; `path` is a folder to write in."""
    write_evidence(path / "evidence.parquet", _rows(workers, marks=marks))
    evidence = Evidence(path / "evidence.parquet", trial="reasoning")
    measured = manifest().measurement["reasoning"]
    found = reasoning_findings(evidence, measured, instrument=SOUND)
    facts = RunFacts(seed=SEED, course="pocket", protocol_sha256=manifest().sha256, versions={})
    return Findings(
        run=facts, estimates=found.estimates, claims=found.claims, outcomes=found.outcomes,
        cost=found.cost,
    )  # fmt: skip


def _rows(workers: Mapping[str, str], *, marks: bool) -> Iterator[Observation]:
    for worker, name in workers.items():
        for each in samples(name, marks=marks):
            yield from of_sample(SampleLog("traced.eval", worker, each))


def told(name: str = "fumbler", items: int = 2) -> list[PuzzleStory]:
    """A reference worker's generations, as they are told."""
    return [story_of(each) for each in samples(name)[:items]]


def written() -> dict[str, list[PuzzleStory]]:
    """Of every worker some generations."""
    return {worker: told(name) for worker, name in WORKERS.items()}

"""Exports of other tools, as the tools wrote them, and what is made of damaged ones.

Written by promptfoo 0.123.1, DeepEval 4.3.1 and lm-evaluation-harness 0.4.13 about tiny scripted
models; stacks of errors, and what they say of the machine, are cut.
"""

import json
from pathlib import Path

import pytest

from worktrial.contrast.reading import is_brought, read_brought
from worktrial.contrast.rows import Scored
from worktrial.errors import ConfigError
from worktrial.trial import Contrast

EXPORTS = Path(__file__).parent / "exports"
WORKERS = ("careful", "hasty", "wild")


def read(proxy: object, work: object, **more: object) -> dict[str, list[Scored]]:
    asked = Contrast(str(proxy), str(work), **more)
    assert is_brought(asked)
    return {arm: list(rows) for arm, rows in read_brought(asked).arms.items()}


def means(arms: dict[str, list[Scored]]) -> dict[str, tuple[float, ...]]:
    """The mean score of each worker under each arm."""
    return {
        worker: tuple(
            sum(r.score or 0 for r in rows if r.worker == worker)
            / sum(r.score is not None for r in rows if r.worker == worker)
            for rows in arms.values()
        )
        for worker in WORKERS
    }


def test_promptfoo() -> None:
    folder = EXPORTS / "promptfoo"
    arms = read(folder / "bench.json", folder / "work.json", pair="case")
    # Of 8 tests 8, 6 and 4 are right on the bench, where a call of the last fails; 6, 3, 5 at work.
    assert means(arms) == {"careful": (1, 6 / 8), "hasty": (6 / 8, 3 / 8), "wild": (4 / 7, 5 / 8)}
    (lost,) = [row for row in arms["proxy"] if row.score is None]
    assert (lost.worker, lost.outcome, lost.item) == ("wild", "infrastructure", "c7")
    assert arms["work"][0].usd == 0.001
    assert dict(arms["work"][0].used) == {"tokens_in": 10, "tokens_out": 2}


def test_promptfoo_repeats_are_replicates() -> None:
    document = json.loads((EXPORTS / "promptfoo" / "bench.json").read_text())
    results = document["results"]["results"]
    again = [{**result, "testIdx": result["testIdx"] + 8} for result in results]
    document["results"]["results"] = results + again
    from worktrial.contrast.promptfoo import read_promptfoo

    rows = read_promptfoo(document, Path("out.json"), "")
    assert {(row.item, row.replicate) for row in rows} == {
        (str(n), replicate) for n in range(8) for replicate in (1, 2)
    }


def test_deepeval() -> None:
    arms = read(EXPORTS / "deepeval" / "bench", EXPORTS / "deepeval" / "work", pair="case")
    # Of 12 cases the last has no output, which its metric fails on.
    assert means(arms) == {
        "careful": (1, 9 / 11), "hasty": (10 / 11, 4 / 11), "wild": (6 / 11, 7 / 11),
    }  # fmt: skip
    assert {r.outcome for r in arms["work"] if r.item == "c11"} == {"judge_fault"}
    assert arms["work"][0].usd == 0.001
    with pytest.raises(ConfigError, match=r"must be a metric of .*; it has Exact"):
        read(EXPORTS / "deepeval" / "bench", EXPORTS / "deepeval" / "work", scorer_keys=("G",))


def test_lm_evaluation_harness() -> None:
    place = EXPORTS / "lm_eval"
    keys = ("acc", "exact_match,loose")
    arms = read(f"{place}@sums", f"{place}@jobs", pair="case", scorer_keys=keys)
    # As the harness's own table has them.
    assert means(arms) == {"careful": (1, 5 / 8), "hasty": (5 / 8, 4 / 8), "wild": (4 / 8, 2 / 8)}
    # Each document stands there once for each filter, and counts once.
    assert len(arms["work"]) == 3 * 8
    with pytest.raises(ConfigError, match="@nothing must name one of its tasks, jobs, sums"):
        read(f"{place}@nothing", f"{place}@jobs")
    with pytest.raises(ConfigError, match="`--scorer-key` f1 must be a metric"):
        read(f"{place}@sums", f"{place}@jobs", scorer_keys=("f1",))


def test_arms_may_come_from_different_tools_and_are_not_paired_unless_that_is_said() -> None:
    folder = EXPORTS / "promptfoo"
    found = read_brought(Contrast(f"{EXPORTS / 'lm_eval'}@sums", str(folder / "work.json")))
    assert not found.paired
    assert found.source == "lm-evaluation-harness and promptfoo"
    assert read_brought(
        Contrast(f"{EXPORTS / 'lm_eval'}@sums", str(folder / "work.json"), pair="case")
    ).paired


def test_a_field_that_no_sample_has_is_one_line() -> None:
    folder = EXPORTS / "promptfoo"
    with pytest.raises(ConfigError, match=r"`--pair` nix must be a field .* have a, b, case"):
        read(folder / "bench.json", folder / "work.json", pair="nix")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.json", "{", "is no JSON"),
        ("a.json", "[" * 100_000, "is no JSON"),
        ("a.json", "[1]", "must be JSON of promptfoo"),
        ("a.json", '{"results": {"version": 2, "results": []}}', "results version 3, got 2"),
        ("a.json", '{"testCases": [3, null]}', "the proxy arm must hold scores"),
        ("a.jsonl", "no", "a.jsonl, line 1 must be a sample"),
        ("a.jsonl", '{"doc_id": 1, "metrics": []}', "line 1 must be a sample"),
        ("a.eval", "PK", "cannot be read as an Inspect log"),
        ("a.txt", "x", "must be Inspect logs, .jsonl"),
    ],
)
def test_a_damaged_export_is_one_line(tmp_path: Path, name: str, content: str, says: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(ConfigError) as error:
        read(tmp_path / name, EXPORTS / "promptfoo" / "work.json")
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_task_beside_results_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must both be tasks, or both results"):
        is_brought(Contrast(str(EXPORTS / "deepeval" / "bench"), "inspect_evals/nothing"))

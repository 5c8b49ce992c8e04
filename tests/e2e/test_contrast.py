"""`worktrial contrast` from each kind of input to findings, a page and an exit code."""

import json
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.model import GenerateConfig, ModelAPI, ModelOutput, ModelUsage, modelapi

from contrast.brought import table
from worktrial.cli.main import main
from worktrial.evidence import Evidence

TASKS = Path(__file__).parents[1] / "contrast" / "sums.py"
EXPORTS = Path(__file__).parents[1] / "contrast" / "exports"
KNOWS = {"both": ("bench", "work"), "benched": ("bench",), "mute": ()}
"""What each scripted model can do."""


@modelapi(name="knowing")
def knowing() -> type[ModelAPI]:
    """Models that add where they can, and one that is down for an item."""

    class Knowing(ModelAPI):
        def __init__(self, model_name: str, **_: Any) -> None:
            super().__init__(model_name, config=GenerateConfig())

        async def generate(self, input: Any, *_: Any, **__: Any) -> ModelOutput:  # noqa: A002
            kind, one, _, other = input[-1].text.split()
            if self.model_name == "benched" and kind == "work" and one == "3":
                raise RuntimeError("down")
            knows = kind in KNOWS[self.model_name]
            output = ModelOutput.from_content("m", str(int(one) + int(other)) if knows else "?")
            output.usage = ModelUsage(input_tokens=10, output_tokens=1, total_tokens=11)
            return output

    return Knowing


MODELS = [f"knowing/{name}" for name in KNOWS]


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


def found(out: Path) -> dict[str, Any]:
    return {e["id"]: e for e in json.loads((out / "findings.json").read_text())["estimates"]}


def test_a_table_becomes_a_run_that_other_commands_know(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        (worker, f"i{n}", arm, int(n < right))
        for worker, of in {"a": (20, 6), "b": (20, 18), "c": (10, 19)}.items()
        for arm, right in zip(("proxy", "work"), of, strict=True)
        for n in range(24)
    ]
    path, out = table(tmp_path / "s.csv", rows), tmp_path / "run"
    assert command("contrast", path, "--out", out) == 0
    said = capsys.readouterr()
    assert "a       .83 [.63, .95]  .25 [.10, .47]  58" in said.out
    assert "missed      a scores at most 5 points less on work than on proxy" in said.out
    assert max(map(len, said.out.splitlines())) <= 110
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Would the proxy have given the order that work gives?" in page
    findings = (out / "findings.json").read_bytes()
    assert command("report", out) == 0
    assert (out / "findings.json").read_bytes() == findings
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "gates:\n  level: {trial: contrast, metric: score, gap: contrast, at_most: 0.5}\n"
    )
    capsys.readouterr()
    # a loses 58 points, the interval of which has 50 in it.
    assert command("gate", out, "--policy", policy) == 3
    assert command("compare", out, out) == 3
    assert command("regrade", out) == 2
    assert "no answers that could be graded again" in capsys.readouterr().err


def test_brought_evidence_that_was_changed_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [("w", f"i{n}", arm, 1) for n in range(3) for arm in ("proxy", "work")]
    path, out = table(tmp_path / "s.csv", rows), tmp_path / "run"
    assert command("contrast", path, "--out", out) == 0
    (out / "evidence.parquet").write_bytes((out / "evidence.parquet").read_bytes() + b" ")
    for arguments in (("report", out), ("compare", out, out)):
        assert command(*arguments) == 2
        assert "was changed after it was written" in capsys.readouterr().err
    assert command("contrast", path, "--out", out) == 0
    assert command("report", out) == 0


def test_two_tasks_are_run_and_go_on_and_are_paired_by_a_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    models = [f"--model={name}" for name in MODELS]
    asked = ["contrast", f"{TASKS}@bench", f"{TASKS}@work", *models, "--pair", "case", "--out", out]
    assert command(*asked) == 0
    said = capsys.readouterr()
    assert "worktrial: 8 proxy and 8 work items; 8 ids are under both arms" in said.err
    estimates = found(out)
    gaps = {w: estimates[f"contrast/score/contrast/{w}/proxy"] for w in MODELS}
    # Of 8 pairs; whoever is down for one of them has lost it, and not failed.
    assert {w: (e["value"], e["clusters"]) for w, e in gaps.items()} == {
        "knowing/both": (0, 8), "knowing/benched": (1, 7), "knowing/mute": (0, 8),
    }  # fmt: skip
    lost = Evidence(out / "evidence.parquet").query(
        "select distinct worker, arm, item from evidence where outcome = 'infrastructure'"
    )
    assert lost == [("knowing/benched", "work", "c3")]
    assert command("report", out) == 0
    assert found(out) == estimates
    assert json.loads((out / "protocol.json").read_text())["incidental"]["logs"]
    assert command("contrast", f"{TASKS}@bench", f"{TASKS}@work", "--out", out) == 2
    assert "holds a run" in capsys.readouterr().err


def test_two_folders_of_logs_say_what_the_run_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arm in ("bench", "work"):
        inspect_eval(
            [f"{TASKS}@{arm}"], model=MODELS, epochs=2, log_dir=str(tmp_path / arm), display="none",
            log_realtime=False, fail_on_error=False,
        )  # fmt: skip
    out, bench, work = tmp_path / "run", tmp_path / "bench", tmp_path / "work"
    assert command("contrast", bench, work, "--pair", "case", "--out", out) == 0
    error = capsys.readouterr().err
    assert "work: 2 of 60 scores are missing (2 lost to an error)" in error
    estimates = found(out)
    gap = estimates["contrast/score/contrast/knowing/benched/proxy"]
    assert (gap["value"], gap["clusters"]) == (1, 7)
    # Of the work's ten items two have no partner on the bench.
    assert estimates["contrast/unpaired/knowing/both/work"]["value"] == 2
    assert command("contrast", bench, work, "--out", tmp_path / "other") == 0
    assert "not paired, although 8 ids are under both arms" in capsys.readouterr().err
    assert "unpaired" in found(tmp_path / "other")[gap["id"]]["method"]
    assert command("contrast", bench, work, "--scorer-key", "nix", "--out", tmp_path / "o") == 2
    assert "its scores are match" in capsys.readouterr().err
    (bench / "cut.eval").write_bytes(b"PK")
    assert command("contrast", bench, work, "--out", tmp_path / "o") == 2
    assert "cut.eval cannot be read as an Inspect log" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("proxy", "work", "more"),
    [
        ("promptfoo/bench.json", "promptfoo/work.json", ["--pair", "case"]),
        ("deepeval/bench", "deepeval/work", []),
        ("lm_eval@sums", "lm_eval@jobs", ["--cluster", "case"]),
        ("lm_eval@sums", "promptfoo/work.json", ["--pair", "case", "--proxy", "sums"]),
    ],
)
def test_exports_become_a_page(
    proxy: str, work: str, more: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    assert command("contrast", EXPORTS / proxy, EXPORTS / work, *more, "--out", out) == 0
    assert set(json.loads((out / "protocol.json").read_text())["worker"]) == {
        "careful", "hasty", "wild",
    }  # fmt: skip
    assert (out / "report.html").stat().st_size > 10_000
    assert "The two orders agree to" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere.csv"], "one argument must be a table"),
        (["a/b", "c/d"], "Inspect knows no task 'a/b'"),
        ([EXPORTS / "promptfoo", "c/d"], "must both be tasks, or both results"),
        ([EXPORTS / "promptfoo" / "bench.json", EXPORTS / "promptfoo" / "work.json",
          "--items", 3], "`--items` is for tasks"),
        ([f"{TASKS}@bench", f"{TASKS}@work", "--pair", "nix"], "`--pair` nix must be a field"),
        ([f"{TASKS}@bench", f"{TASKS}@work", "--pair", "kind"], "must tell the samples"),
        ([f"{TASKS}@bench", f"{TASKS}@work", "--items", 1], "`--items` must be at least 2"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_line(
    arguments: list[object], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("contrast", *arguments, "--out", tmp_path / "run") == 2
    error = capsys.readouterr().err.strip()
    assert says in error
    assert "\n" not in error.removeprefix("worktrial: ")

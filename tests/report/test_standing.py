"""What a user brings to a report: public scores and weights, and what they may not be."""

from pathlib import Path

import pytest

from report import factory, offices
from worktrial.cli.main import main
from worktrial.cli.report import show
from worktrial.errors import ConfigError
from worktrial.evidence import Evidence, RunFolder
from worktrial.evidence.findings import Estimate, Findings
from worktrial.protocol import Measurement
from worktrial.readiness.findings import office_findings
from worktrial.report import bring, publish
from worktrial.report.standing import matched, public_table, read_leaderboard, read_weights
from worktrial.running.trials import TRIALS
from worktrial.trial import Found

SCORES = """model,benchmark,score
able,GPQA,81.5
other/careful,GPQA,90
nobody/else,GPQA,12
able,SWE,1
"""


class Office:
    """As much of the trial as a report needs of it."""

    name, task = "office", "worktrial/office"

    def findings(
        self,
        evidence: Evidence,
        measurement: Measurement,
        *,
        instrument: dict[str, dict[str, float]],
        endpoints: object = (),
        looked_at: bool = False,
    ) -> Found:
        return office_findings(evidence, measurement, instrument=instrument)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    """Two workers; by success the able one is first, by privacy the careful one."""
    if "office" not in TRIALS:
        monkeypatch.setitem(TRIALS, "office", Office())
    folder = RunFolder(tmp_path / "run").writable()
    folder.protocol.write_text(offices.manifest().text())
    offices.evidence(folder.path, {"lab/able": 0.95, "lab/careful": 0.4})
    return folder


def put(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# --- reading ---


def test_scores_are_read_by_benchmark_and_model(tmp_path: Path) -> None:
    found = read_leaderboard(put(tmp_path / "l.csv", "\ufeff" + SCORES)).benchmarks
    assert found["GPQA"] == {"able": 81.5, "other/careful": 90, "nobody/else": 12}
    assert found["SWE"] == {"able": 1}


def test_columns_may_stand_in_any_order_and_values_in_quotes(tmp_path: Path) -> None:
    text = 'score, model ,benchmark\n1,"a, b",X\n\n2,c,X\n'
    found = read_leaderboard(put(tmp_path / "l.csv", text)).benchmarks
    assert found == {"X": {"a, b": 1, "c": 2}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1 must be model,benchmark,score"),
        ("model,score\na,1\n", "line 1 must be"),
        ("model,benchmark,score\n", "holds no score"),
        ("model,benchmark,score\na,X,good\n", "line 2: `score` must be a number, got 'good'"),
        ("model,benchmark,score\na,X,nan\n", "must be a number"),
        ("model,benchmark,score\na,X,inf\n", "must be a number"),
        ("model,benchmark,score\na,X\n", "line 2 must have 3 values, got 2"),
        ("model,benchmark,score\n,X,1\n", "line 2: `model` and `benchmark` must be there"),
        ("model,benchmark,score\na,X,1\na,X,2\n", "line 3: 'a' has a score in 'X' already"),
        ('model,benchmark,score\n"a,X,1\n', "unexpected end"),
        (b"model,benchmark,score\n\xff,X,1\n", "is not UTF-8"),
        ("x" * 1_000_001, "at most 1,000,000 bytes"),
        ("model,benchmark,score\n" + "".join(f"{n},X,1\n" for n in range(10_001)), "10,000 lines"),
        ("model,benchmark,score\n" + "".join(f"a,{n},1\n" for n in range(13)), "12 benchmarks"),
    ],
)
def test_bad_scores_are_said_in_one_line(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as error:
        read_leaderboard(put(tmp_path / "l.csv", text))
    assert "--leaderboard" in str(error.value)


@pytest.mark.parametrize(
    "text", ["privacy: 2\ntask_success: 1\n", '{"privacy": 2, "task_success": 1}']
)
def test_weights_are_read_from_yaml_and_json(tmp_path: Path, text: str) -> None:
    assert read_weights(put(tmp_path / "w", text)) == {"privacy": 2.0, "task_success": 1.0}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "privacy", "privacy: -1", "privacy: .nan", "privacy: .inf", "privacy: yes",
     "privacy: '1'", "speed: 1", "privacy: 0", "privacy: 1\nprivacy: 2", "a: &b 1\nc: *b",
     "privacy: {a: 1}", "!!python/object/apply:os.system ['true']", "\x00"],
)  # fmt: skip
def test_bad_weights_are_said_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="--weights") as error:
        read_weights(put(tmp_path / "w", text))
    assert "\n" not in str(error.value).strip()


def test_models_are_found_by_name_or_by_what_follows_the_last_slash() -> None:
    workers = ["lab/a", "lab/b", "c", "lab/d", "host/lab/e", "lab/f"]
    models = ["lab/a", "other/a", "b", "x/c", "one/d", "two/d", "e", "F"]
    assert matched(workers, models) == {
        "lab/a": "lab/a",  # the whole name goes first
        "lab/b": "b",
        "c": "x/c",
        "host/lab/e": "e",  # d could be two, and F is not f
    }


# --- ranks ---


def _rank(worker: str, value: float, low: float, high: float) -> Estimate:
    return Estimate(
        id=worker, trial="office", metric="axis_rank", worker=worker, axis="privacy", value=value,
        low=low, high=high,
    )  # fmt: skip


def test_difference_of_ranks_is_sure_only_outside_the_bounds() -> None:
    public = {"a": 3.0, "b": 2.0, "c": 2.0, "d": 0.0}
    ranks = [_rank("a", 1, 1, 2), _rank("b", 3, 2, 3), _rank("c", 4, 3, 4)]
    found = public_table("X", public, ["a", "b", "c", "z/e"], ranks)
    rows = {row.name: [cell.text for cell in row.cells] for row in found.table.rows}
    # The two that tie share the better rank.
    assert rows["a"] == ["a", "3", "1", "1 [1, 2]"]
    assert rows["b"] == ["b", "2", "2", "3 [2, 3]"]
    notes = {row.name: row.cells[-1].note for row in found.table.rows}
    assert notes == {"a": "", "b": "differs, not surely", "c": "differs"}
    assert found.left_out == (
        "Without a public score, or with more than one that may be meant: z/e.",
        "On the leaderboard, not on trial: d.",
    )


def test_long_list_of_others_is_cut() -> None:
    found = public_table("X", {f"m{n}": 1.0 for n in range(50)}, ["a"], [])
    assert found.left_out[1].endswith("and 30 more.")


# --- the whole way ---


def test_report_shows_where_the_public_rank_differs(
    run: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brought = bring(run, leaderboard=put(tmp_path / "l.csv", SCORES), weights=None)
    show(run, as_json=False, brought=brought)
    page, text = run.report.read_text(), capsys.readouterr().out
    assert "Would the leaderboard have ranked them so?" in page
    assert "On the leaderboard, not on trial: nobody/else." in page
    # In public the careful one leads; at work the able one does by success, for sure.
    assert "task success  1 [1, 1] (differs)" in text
    assert "Without a public score, or with more than one that may be meant: lab/careful." in text
    assert "P(best)" not in factory.without_methods(page)


def test_weights_bring_the_one_total_that_there_is(run: RunFolder, tmp_path: Path) -> None:
    weights = put(tmp_path / "w.yaml", "privacy: 1\ntask_success: 0\n")
    findings = publish(run, bring(run, leaderboard=None, weights=weights))
    best = {e.worker: e.value for e in findings.estimates if e.metric == "p_best"}
    assert best == {"lab/able": 0, "lab/careful": 1}
    assert "P(best)" in run.report.read_text()
    assert "weights privacy 1" in run.report.read_text()
    assert Findings.read(run.findings).estimates == findings.estimates
    publish(run)
    assert not any(e.metric == "p_best" for e in Findings.read(run.findings).estimates)


@pytest.mark.parametrize("option", ["--leaderboard", "--weights"])
def test_bad_file_is_one_line_and_exit_code_2(
    run: RunFolder, tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["report", str(run.path), option, str(tmp_path / "missing")])
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert said.count("\n") == 1
    assert option in said


def test_run_without_an_office_has_no_use_for_weights(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run").writable()
    folder.protocol.write_text(factory.manifest().text())
    with pytest.raises(ConfigError, match="`--weights` is about the axes of an office"):
        bring(folder, leaderboard=None, weights=put(tmp_path / "w", "privacy: 1"))

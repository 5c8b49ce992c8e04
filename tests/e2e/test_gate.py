"""The gate from the command line: exit codes, drift, and the workflow of the example."""

import json
import re
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml

from worktrial.cli.main import commands, main
from worktrial.gate import read_policy

pytestmark = pytest.mark.xdist_group("gate")
"""One process makes the runs that these tests share."""

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "ci"
SMALL = ("--items", "24", "--round-trips", "1", "--domain", "spreadsheet")


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


def policy(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("before") / "r"
    models = ("--model", "reference/oracle", "--model", "reference/lossy-0.2")
    assert command("run", *models, *SMALL, "--out", out) == 0
    return out


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("now") / "r"
    assert command("run", "--model", "reference/lossy-0.2", *SMALL, "--out", out) == 0
    return out


CODES = {
    "met": ("metric: fidelity, step: last, at_least: 0.4", 0),
    "missed": ("metric: fidelity, step: last, at_least: 0.9", 1),
    "cannot tell": ("metric: fidelity, step: last, at_least: 0.77", 3),
    "nothing selected": ("metric: fidelty, at_least: 0.9", 2),
}


@pytest.mark.parametrize("case", CODES)
def test_each_verdict_has_its_exit_code(
    case: str, now: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gate, code = CODES[case]
    written = policy(tmp_path, f"gates: {{mine: {{{gate}}}}}")
    assert command("gate", now, "--policy", written, "--junit", tmp_path / "g.xml") == code
    out, error = capsys.readouterr()
    if code == 2:
        assert "nearest: fidelity" in error
        assert not (tmp_path / "g.xml").exists()
        return
    (line,) = [line for line in out.splitlines() if "mine:" in line]
    assert line.startswith(case)
    assert re.search(r"fidelity ≥ 0\.\d+: 0\.\d+ \[0\.\d+, 0\.\d+\], 24 clusters", line)
    assert ElementTree.parse(tmp_path / "g.xml").getroot().tag == "testsuites"
    assert command("gate", now, "--policy", written, "--json") == code
    record = json.loads(capsys.readouterr().out)
    assert (record["schema"], record["exit_code"]) == ("worktrial/gate@1", code)
    assert record["verdict"] == case.replace(" ", "-")


@pytest.mark.parametrize(
    ("drift", "code"),
    [
        # lossy-0.2 loses a third of its units in two legs, of which an oracle loses none.
        ("{metric: fidelity, at_most_loss: 0.02, baseline_worker: reference/oracle}", 1),
        ("{metric: fidelity, at_most_loss: 0.5, baseline_worker: reference/oracle}", 0),
        ("{metric: missing, at_most_rise: 0.02, baseline_worker: reference/oracle}", 1),
        # Nothing changed on 24 items: that shows no more than that few of all have changed.
        ("{metric: fidelity, at_most_loss: 0.02}", 3),
        ("{metric: fidelity, at_most_loss: 0.2}", 0),
        ("{metric: fidelity, at_most_loss: 0.02, baseline_worker: nobody}", 2),
        ("{metric: fidelty, at_most_loss: 0.02}", 2),
    ],
)
def test_drift_is_paired_with_the_baseline_item_by_item(
    drift: str, code: int, before: Path, now: Path, tmp_path: Path
) -> None:
    written = policy(tmp_path, f"gates: {{drift: {{drift: {drift}}}}}")
    assert command("gate", now, "--policy", written, "--baseline", before) == code


def test_drift_without_a_baseline_is_a_mistake(
    now: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = policy(tmp_path, "gates: {d: {drift: {metric: fidelity, at_most_loss: 0.1}}}")
    assert command("gate", now, "--policy", written) == 2
    assert "--baseline" in capsys.readouterr().err


def test_a_baseline_of_another_measurement_is_not_comparable(
    now: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    options = ("--items", 2, "--round-trips", 1, "--domain", "spreadsheet", "--seed", 8)
    assert command("run", "--model", "reference/oracle", *options, "--out", other) == 0
    capsys.readouterr()
    written = policy(tmp_path, "gates: {d: {drift: {metric: fidelity, at_most_loss: 0.1}}}")
    assert command("gate", now, "--policy", written, "--baseline", other) == 4
    error = capsys.readouterr().err.strip()
    assert "\n" not in error
    assert "items" in error
    assert "seed" in error


def test_a_junit_file_that_cannot_be_written_is_said_in_a_line(
    now: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = policy(tmp_path, "gates: {a: {metric: fidelity, step: last, at_least: 0}}")
    nowhere = tmp_path / "nowhere" / "g.xml"
    assert command("gate", now, "--policy", written, "--junit", nowhere) == 2
    assert "--junit" in capsys.readouterr().err


def test_what_a_name_holds_never_acts_on_the_terminal(
    now: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = policy(tmp_path, 'gates: {"\\e[31mred": {metric: "\\e[2Jx", at_least: 0}}')
    assert command("gate", now, "--policy", written) == 2
    error = capsys.readouterr().err
    assert "\x1b" not in error
    assert "\\x1b[2Jx" in error


# --- the example ---


def workflow_commands(job: str = "gate") -> list[list[str]]:
    """Every `worktrial` command line of an example's workflow, in order."""
    workflow = yaml.safe_load((EXAMPLE / f"worktrial-{job}.yml").read_text())
    model = workflow["env"]["MODEL"]
    steps = workflow["jobs"][job]["steps"]
    lines = [line for step in steps for line in str(step.get("run", "")).splitlines()]
    words = [shlex.split(line.replace("$MODEL", model)) for line in lines]
    return [line[1:] for line in words if line and line[0] == "worktrial"]


def test_the_workflow_is_one_and_pins_its_actions() -> None:
    workflow = yaml.safe_load((EXAMPLE / "worktrial-gate.yml").read_text())
    # YAML 1.1 reads the key `on` as true.
    assert set(workflow) == {"name", True, "permissions", "env", "jobs"}
    steps = workflow["jobs"]["gate"]["steps"]
    used = [step["uses"] for step in steps if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action) for action in used)
    upload = next(step for step in steps if "upload-artifact" in step.get("uses", ""))
    assert upload["if"] == "always()"
    assert "gate.xml" in upload["with"]["path"]
    assert [name for name, *_ in workflow_commands()] == ["run", "gate"]
    assert read_policy(EXAMPLE / "policy.yaml").cannot_tell == "fail"


def test_every_command_of_the_workflow_is_one_of_ours() -> None:
    for name, *arguments in workflow_commands():
        context = commands.commands[name].make_context(name, list(arguments))
        assert context.params


@pytest.mark.slow
def test_the_workflow_lets_a_good_worker_in_and_a_bad_one_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, gate = workflow_commands()
    for worker, code in (("reference/oracle", 0), ("reference/lossy-0.2", 1)):
        folder = tmp_path / worker.replace("/", "-")
        folder.mkdir()
        monkeypatch.chdir(folder)
        (folder / "policy.yaml").write_text((EXAMPLE / "policy.yaml").read_text())
        model = run.index("--model") + 1
        small = [*run[:model], worker, *run[model + 1 :], "--round-trips", "1", "--size", "100"]
        assert command(*small) == 0
        assert command(*gate) == code
        cases = ElementTree.parse(folder / "gate.xml").getroot().iter("testcase")
        failed = [case.attrib["name"] for case in cases if len(case.findall("failure"))]
        assert bool(failed) == bool(code)


# --- the example of drift ---


def test_the_workflow_of_drift_runs_every_week_and_keeps_what_it_found() -> None:
    workflow = yaml.safe_load((EXAMPLE / "worktrial-drift.yml").read_text())
    assert re.fullmatch(r"\d+ \d+ \* \* \d", workflow[True]["schedule"][0]["cron"])
    steps = workflow["jobs"]["drift"]["steps"]
    used = [step["uses"] for step in steps if "uses" in step]
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action) for action in used)
    assert [name for name, *_ in workflow_commands("drift")] == ["run", "gate", "trend"]
    assert read_policy(EXAMPLE / "drift.yaml").cannot_tell == "pass"
    for name, *arguments in workflow_commands("drift"):
        assert commands.commands[name].make_context(name, list(arguments)).params


def test_the_workflow_of_drift_passes_a_rerun_and_stops_a_worker_that_became_worse(
    before: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run, gate, trend = workflow_commands("drift")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "drift.yaml").write_text((EXAMPLE / "drift.yaml").read_text())
    (tmp_path / "baseline").symlink_to(before)
    model = run.index("--model") + 1
    assert command(*run[:model], "reference/lossy-0.2", *run[model + 1 :]) == 0
    assert command(*gate) == 0
    runs = tmp_path / "runs"
    runs.mkdir()
    (runs / "baseline").symlink_to(before)
    (runs / "week").symlink_to(tmp_path / "now")
    capsys.readouterr()
    assert command(*trend) == 0
    assert re.search(r"week .*  0 \[.*cannot tell", capsys.readouterr().out)
    # Whom the same name stands for now is another: an oracle before, one who loses a third now.
    worse = tmp_path / "worse.yaml"
    worse.write_text("gates: {d: {drift: {metric: fidelity, baseline_worker: reference/oracle}}}")
    assert command("gate", "now", "--policy", worse, "--baseline", "baseline") == 1
    assert re.search(r"missed .*drift \(margin 0.03\)", capsys.readouterr().out)

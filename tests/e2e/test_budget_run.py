"""A budget from the command line: a price file, a run for half, and the same command with more."""

from pathlib import Path

import pytest

from worktrial.cli.main import main
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Findings

RUN = (
    *("run", "--model", "reference/lossy-0.05", "--model", "reference/oracle", "--arm", "rewrite"),
    *("--arm", "search_replace", "--domain", "spreadsheet", "--items", 4, "--round-trips", 1),
)


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


def rows(out: Path) -> object:
    return Evidence(out / "evidence.parquet").query(
        "select * exclude (log) from evidence where metric != 'seconds'"
    )


@pytest.mark.slow
def test_a_run_for_half_the_money_goes_on_with_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text("reference/lossy-0.05: {input: 0, output: 10}\n")
    assert command(*RUN, "--out", tmp_path / "whole", "--prices", prices, "--json") == 0
    whole = Findings.model_validate_json(capsys.readouterr().out)
    (written,) = (c.tokens_out for c in whole.cost if c.worker == "reference/lossy-0.05")
    assert written is not None
    dear = written * 10 / 1e6

    out = (*("--out", tmp_path / "r"), *("--prices", prices))
    assert command(*RUN, *out, "--budget-usd", 0.6 * dear) == 0
    said = capsys.readouterr()
    assert "stopped by its budget" in said.err
    assert "This run was stopped by its budget" in said.out
    stopped = Findings.read(tmp_path / "r" / "findings.json").run.stopped
    assert stopped is not None
    assert stopped.spent_usd is not None
    assert 0 < stopped.spent_usd <= 0.6 * dear
    assert 1 <= stopped.trials["relay"].done <= 3
    assert command("report", tmp_path / "r") == 0
    assert "This run was stopped by its budget" in capsys.readouterr().out

    assert command(*RUN, *out, "--budget-usd", dear + 1e-9) == 0
    assert f"${dear:.4f} of" in capsys.readouterr().err
    assert rows(tmp_path / "r") == rows(tmp_path / "whole")
    assert Findings.read(tmp_path / "r" / "findings.json").run.stopped is None


def test_a_worker_without_a_price_is_refused_before_any_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("run", "--model", "mockllm/model", "--out", tmp_path / "r", "--budget-usd", 1)
    assert command(*asked) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "needs the price of mockllm/model; write `mockllm/model: {input: 1.25" in line
    assert not (tmp_path / "r").exists()

"""`worktrial label`: a blind sheet of a run, filled in, read back, and used by the report."""

import csv
import json
from pathlib import Path

import pytest

from contrast.brought import table
from worktrial.cli.main import main


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


def test_a_person_labels_a_relay_blind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run, sheet = tmp_path / "run", tmp_path / "sheet.csv"
    models = ("--model", "reference/oracle", "--model", "reference/lossy-0.2")
    small = ("--domain", "spreadsheet", "--items", 8, "--round-trips", 1, "--size", 60)
    assert command("run", *models, *small, "--out", run) == 0
    assert command("label", run, "--sample", 16, "--out", sheet) == 0
    written = sheet.read_text("utf-8-sig") + sheet.with_suffix(".html").read_text()
    for word in ("oracle", "lossy", "reference/", "fidelity", "<script"):
        assert word not in written
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 16 + 2
    assert all("Asked for, one after the other" in row["task"] for row in rows)
    # This person accepts a table that has all of its rows, however numbers are written.
    for row in rows:
        fewer = row["result"].count("\n") < row["task"].partition("Asked for")[0].count("\n") - 4
        row["accepted"] = "no" if fewer else "yes"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    capsys.readouterr()
    assert command("label", run, "--read", sheet, "--json") == 0
    found = {e["id"]: e for e in json.loads(capsys.readouterr().out)["estimates"]}
    assert found["labelled/labels/self_agreement/*"]["value"] == 1
    assert found["labelled/relay/accepted_labelled/reference/oracle"]["value"] == 1
    lossy = found["labelled/relay/accepted_labelled/reference/lossy-0.2"]
    assert lossy["value"] < 1
    assert lossy["items"] == 8
    assert found["labelled/relay/accepted_corrected/reference/lossy-0.2"]["low"] is not None
    # The person says yes of what is lossless, and of that alone.
    assert found["labelled/relay/kappa_lossless/*"]["value"] == pytest.approx(1)
    assert command("label", run, "--read", sheet) == 0
    said = capsys.readouterr().out
    assert "18 of 18 rows are labelled" in said
    (labels,) = (run / "labels").glob("*.csv")
    assert command("report", run, "--accepted", labels) == 0
    assert "jobs without a label" not in capsys.readouterr().out
    # A sheet that may hold labels is not written over.
    assert command("label", run, "--sample", 4, "--out", sheet) == 2


def test_what_cannot_be_labelled_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scores = table(tmp_path / "s.csv", [("a", f"i{n}", arm, 1) for n in (1, 2) for arm in
                                        ("proxy", "work")])  # fmt: skip
    run = tmp_path / "brought"
    assert command("contrast", scores, "--out", run) == 0
    for arguments, says in (
        (("--sample", 1, "--out", tmp_path / "x.csv"), "this run's scores were brought"),
        ((), "give one"),
        (("--sample", 1, "--read", scores), "give one"),
        (("--read", scores), "must have the columns id and accepted"),
        (("--sample", 1, "--out", tmp_path / "x.xlsx"), "must end in .csv"),
    ):
        capsys.readouterr()
        assert command("label", run, *arguments) == 2
        error = capsys.readouterr().err
        assert says in error
        assert len(error.splitlines()) == 1
    assert not (run / "labels").exists()

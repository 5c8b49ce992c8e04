"""`worktrial report --accepted`: from labels to findings, a page, a terminal, an exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from contrast.brought import table
from worktrial.cli.main import main

SCORES = ("worker", "item", "arm", "score")
LABELS = ("worker", "item", "accepted", "minutes")


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


def brought(folder: Path) -> Path:
    """Two workers on 40 items: the proxy says 1 of every even item, work of every third."""
    rows = [
        (worker, f"i{n}", arm, int(n % by == 0))
        for worker in ("a", "b")
        for arm, by in (("proxy", 2), ("work", 3))
        for n in range(40)
    ]
    path, out = table(folder / "scores.csv", rows, SCORES), folder / "run"
    assert command("contrast", path, "--out", out) == 0
    return out


def found(out: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    read = json.loads((out / "findings.json").read_text())
    mine = [{e["id"]: e for e in read[of] if e["id"].startswith("acceptance/")}
            for of in ("estimates", "claims")]  # fmt: skip
    return mine[0], mine[1]


def test_work_that_is_what_people_accept_predicts_it_better(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = brought(tmp_path)
    # Accepted: every third item, but of every ninth the opposite, for both workers alike.
    rows = [
        (w, f"i{n}", "yes" if (n % 3 == 0) != (n % 9 == 8) else "no", 5 if n % 3 == 0 else 30)
        for w in ("a", "b")
        for n in range(38)
    ]
    rows += [("a", "i38", "", ""), ("a", "nowhere", "yes", 1), ("c", "i1", "no", 1)]
    capsys.readouterr()
    labels = table(tmp_path / "accepted.csv", rows, LABELS)
    assert command("report", out, "--accepted", labels) == 0
    said = capsys.readouterr().out
    estimates, claims = found(out)
    # Items 0 to 37: 13 of every third, all accepted; 4 others (8, 17, 26, 35) accepted, 21 not.
    # Work is 1 in 13 of 17 accepted and in none of 21: (13 + 4/2) / 17.
    work = estimates["acceptance/contrast/auc_work/*"]
    assert work["value"] == pytest.approx((13 + 2) / 17)
    assert (work["items"], work["clusters"]) == (76, 38)
    # The proxy is 1 in 7 of the 13 and 2 of the 4 (8, 26), and in 10 of the 21.
    # Won 9·11, tied 9·10 + 8·11, of 17·21 pairs.
    proxy = estimates["acceptance/contrast/auc_proxy/*"]
    assert proxy["value"] == pytest.approx((9 * 11 + (9 * 10 + 8 * 11) / 2) / (17 * 21))
    difference = estimates["acceptance/contrast/auc_work_minus_proxy/*"]
    assert difference["value"] == pytest.approx(work["value"] - proxy["value"])
    assert difference["low"] > 0
    assert estimates["acceptance/contrast/accepted_share/a"]["value"] == pytest.approx(17 / 38)
    assert estimates["acceptance/contrast/labels_unmatched/*"]["value"] == 2
    assert estimates["acceptance/contrast/labels_blank/*"]["value"] == 1
    assert estimates["acceptance/contrast/jobs_unlabelled/a"]["value"] == 2
    assert claims["acceptance/contrast/work"]["verdict"] == "met"
    assert "predicts acceptance better than" in claims["acceptance/contrast/work"]["text"]
    assert "labels of no job of this run: 2" in said
    assert "Spearman" in said
    page = (out / "report.html").read_text()
    assert "Do the scores tell what people accept?" in page
    # Without labels nothing of it is left.
    assert command("report", out) == 0
    assert found(out) == ({}, {})
    assert "what people accept" not in (out / "report.html").read_text()


def test_a_benchmark_that_predicts_as_well_is_said_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [("a", f"i{n}", arm, n / 600) for arm in ("proxy", "work") for n in range(600)]
    path, out = table(tmp_path / "scores.csv", rows, SCORES), tmp_path / "run"
    assert command("contrast", path, "--out", out) == 0
    labels = [("a", f"i{n}", "yes" if n % 100 < 20 + n // 10 else "no", "") for n in range(600)]
    capsys.readouterr()
    accepted = table(tmp_path / "accepted.csv", labels, LABELS)
    assert command("report", out, "--accepted", accepted) == 0
    text = found(out)[1]["acceptance/contrast/work"]["text"]
    assert text == ("contrast: the score on proxy predicts acceptance as well as the score on work")
    assert f"{text}, within 5 points" in " ".join(capsys.readouterr().out.split())


def test_scores_on_no_common_scale_have_areas_and_no_gap(tmp_path: Path) -> None:
    rows = [
        ("a", f"i{n}", arm, n % 7 * by)
        for arm, by in (("proxy", 1), ("work", 15))
        for n in range(40)
    ]
    path, out = table(tmp_path / "scores.csv", rows, SCORES), tmp_path / "run"
    assert command("contrast", path, "--out", out) == 0
    labels = [("a", f"i{n}", "yes" if n % 7 > 3 else "no", "") for n in range(40)]
    accepted = table(tmp_path / "accepted.csv", labels, LABELS)
    assert command("report", out, "--accepted", accepted) == 0
    estimates = found(out)[0]
    assert estimates["acceptance/contrast/auc_work/*"]["value"] == 1
    gap = estimates["acceptance/contrast/auc_gap/*"]
    assert gap["value"] is None
    assert "common scale" in gap["why"]


def test_a_label_of_a_replicate_stands_against_that_replicate(tmp_path: Path) -> None:
    # At work each item is right once and wrong once, and accepted when it is right.
    rows = [
        ("a", f"i{n}", arm, int(arm == "proxy" or (n + again) % 2 == 0), again)
        for n in range(12)
        for arm in ("proxy", "work")
        for again in (1, 2)
    ]
    path = table(tmp_path / "scores.csv", rows, (*SCORES, "replicate"))
    out = tmp_path / "run"
    assert command("contrast", path, "--out", out) == 0
    said = [
        ("a", f"i{n}", "no" if (n + again) % 2 else "yes", again)
        for n in range(12)
        for again in (1, 2)
    ]
    labels = table(tmp_path / "l.csv", said, ("worker", "item", "accepted", "replicate"))
    assert command("report", out, "--accepted", labels) == 0
    estimates = found(out)[0]
    assert estimates["acceptance/contrast/auc_work/*"]["value"] == 1
    assert estimates["acceptance/contrast/auc_work/*"]["clusters"] == 12
    # Averaged over replicates all items are alike: a coin.
    whole = [("a", f"i{n}", "no" if n % 2 else "yes") for n in range(12)]
    labels = table(tmp_path / "w.csv", whole, ("worker", "item", "accepted"))
    assert command("report", out, "--accepted", labels) == 0
    assert found(out)[0]["acceptance/contrast/auc_work/*"]["value"] == 0.5


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([("nobody", "i1", "yes", "")], "none is of a worker and an item of it"),
        ([("a", "i1", "perhaps", "")], "must be yes or no"),
    ],
)
def test_labels_that_are_of_no_use_are_one_line_and_leave_the_run_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: list[tuple[str, ...]], says: str
) -> None:
    out = brought(tmp_path)
    before = (out / "findings.json").read_bytes()
    capsys.readouterr()
    assert command("report", out, "--accepted", table(tmp_path / "l.csv", rows, LABELS)) == 2
    error = capsys.readouterr().err
    assert says in error
    assert len(error.splitlines()) == 1
    assert (out / "findings.json").read_bytes() == before

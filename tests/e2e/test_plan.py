"""Planning from the command line, with a pilot of reference workers."""

import json
from pathlib import Path

import pytest

from worktrial.cli.main import main

pytestmark = pytest.mark.xdist_group("plan")
"""One process makes the runs that these tests share."""


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def pilot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pilot") / "r"
    models = ("--model", "reference/lossy-0.02", "--model", "reference/lossy-0.1")
    assert command("run", *models, "--items", 16, "--round-trips", 2, "--out", out) == 0
    return out


def test_a_pilot_tells_items_tokens_and_money(
    pilot: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("plan", "--pilot", pilot, "--difference", 0.15, "--price-in", 1, "--price-out", 4)
    assert command(*asked) == 0
    text = capsys.readouterr().out
    assert command(*asked, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "worktrial/plan@1"
    row = found["rows"][0]
    assert row["items"] % 8 == 0
    assert row["power"] >= 0.9
    # Two workers, four legs a relay and now and then a second attempt.
    assert row["generations"] >= row["items"] * 2 * 4
    assert row["usd"] == pytest.approx((row["tokens_in"] + 4 * row["tokens_out"]) / 1e6, abs=0.01)
    assert f"Take {row['items']} items × 1 for 2 worker(s)." in text
    assert "upper 80% bound" in text
    assert "cannot be told apart" in text


@pytest.mark.slow
def test_each_target_can_be_planned_for(pilot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = ("--pilot", pilot, "--worker", "reference/lossy-0.1")
    for asked in (
        (*one, "--half-width", 0.05),
        (*one, "--of", "score", "--half-width", 0.05),
        ("--pilot", pilot, "--margin", 0.1),
        ("--sd", 0.1, "--within-sd", 0.05, "--correlation", 0.5, "--difference", 0.1),
    ):
        capsys.readouterr()
        assert command("plan", *asked, "--tokens-per-leg", 400, 200, "--json") == 0
        row = json.loads(capsys.readouterr().out)["rows"][0]
        assert row["tokens_in"] == pytest.approx(400 * row["generations"], abs=1)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--sd", 0.1), "name one decision"),
        (("--sd", 0.1, "--difference", 0.1, "--half-width", 0.1), "name one decision"),
        (("--difference", 0.1), "--pilot"),
        (("--sd", 0.1, "--difference", 0.01), "margin"),
        (("--sd", 0.1, "--difference", 0.1, "--power", 90), "power"),
        (("--sd", 0.1, "--difference", 0.1, "--strata", 0), "strata"),
        (("--sd", 0.1, "--difference", 0.1, "--legs", 0), "legs"),
        (("--sd", 2, "--difference", 0.1), "sd"),
        (("--pilot", "/nowhere", "--difference", 0.1), "/nowhere"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: tuple[object, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("plan", *arguments) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert says in line

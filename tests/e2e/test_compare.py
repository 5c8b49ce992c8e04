"""Two runs against each other: compared where they measured the same, refused elsewhere."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from worktrial.cli.main import main
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Findings
from worktrial.protocol import Manifest
from worktrial.relay import arms, protocol, scoring
from worktrial.relay.trial import Relay
from worktrial.trial import Request

pytestmark = pytest.mark.xdist_group("compare")
"""One process makes the runs that these tests share."""

SMALL = ("--items", 8, "--round-trips", 2, "--seed", 7)


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


def run(out: Path, model: str, *more: object) -> Path:
    assert command("run", "--model", model, *SMALL, *more, "--out", out) == 0
    return out


@pytest.fixture(scope="module")
def lossy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(tmp_path_factory.mktemp("lossy") / "r", "reference/lossy-0.1")


@pytest.fixture
def copy(lossy: Path, tmp_path: Path) -> Path:
    shutil.copytree(lossy, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def fresh_scorer() -> Iterator[None]:
    protocol.scorer.cache_clear()
    yield
    protocol.scorer.cache_clear()


# --- what compares ---------------------------------------------------------------------------


def test_another_model_of_the_same_measurement_is_compared(
    lossy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = run(tmp_path / "b", "reference/oracle")
    capsys.readouterr()
    assert command("compare", lossy, other, "--json") in (0, 3)
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "worktrial/comparison@1"
    assert found["runs"]["A"] == found["runs"]["B"] == Manifest.read(lossy / "protocol.json").sha256
    work = next(e for e in found["estimates"] if e.get("endpoint") == "declared")
    lost = Evidence(lossy / "evidence.parquet").query(
        "select 1 - avg(value) from evidence where metric = 'fidelity' and step = 4"
    )
    assert work["value"] == pytest.approx(-lost[0][0])
    assert work["p_adjusted"] == work["p_value"], "one pair is one test"


def test_another_temperature_is_another_worker_and_compared(lossy: Path, tmp_path: Path) -> None:
    warm = run(tmp_path / "b", "reference/lossy-0.1", "--temperature", 1)
    assert command("compare", lossy, warm) in (0, 3)


def test_a_worker_that_loses_all_is_apart_from_one_that_loses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = (
        run(tmp_path / name, f"reference/{name}", "--items", 16) for name in ("oracle", "empty")
    )
    capsys.readouterr()
    assert command("compare", one, other) == 0
    assert "are apart after leg 4" in capsys.readouterr().out


def test_cannot_tell_leaves_with_three(lossy: Path, copy: Path) -> None:
    assert command("compare", lossy, copy) == 3


# --- what does not ---------------------------------------------------------------------------


def refused(one: Path, other: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert command("compare", one, other) == 4
    return capsys.readouterr().err


def test_one_changed_word_of_a_prompt_is_named(
    lossy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plain = arms.ARMS["rewrite"]
    words = replace(plain.wording, introduction=plain.wording.introduction + " Please.")
    monkeypatch.setitem(arms.ARMS, "rewrite", replace(plain, wording=words))
    other = run(tmp_path / "b", "reference/oracle")
    said = refused(lossy, other, capsys)
    assert "relay arms.rewrite: " in said
    assert said.count("against") == 1, "nothing else differs"
    assert "--bridge" in said


@pytest.mark.slow
def test_another_version_of_the_scorer_is_named_with_its_remedy(
    copy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fresh_scorer: None,
) -> None:
    monkeypatch.setattr(protocol, "SCORER_VERSION", "2")
    other = run(tmp_path / "b", "reference/oracle")
    said = refused(copy, other, capsys)
    assert "relay scorer.version: 1 against 2" in said
    assert "worktrial regrade RUN" in said
    assert command("regrade", copy) == 0
    assert command("compare", copy, other) in (0, 3)
    monkeypatch.undo()
    protocol.scorer.cache_clear()
    assert command("report", copy) == 2, "graded by a scorer that is not this version's"
    assert command("regrade", copy) == 0


def test_one_changed_item_is_named(
    lossy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    drawn = Relay.draw

    def other_budget(trial: Relay, asked: Request) -> object:
        first, *rest = drawn(trial, asked)
        return [first.model_copy(update={"budget_tokens": first.budget_tokens + 1}), *rest]

    other = tmp_path / "b"
    shutil.copytree(lossy, other)
    monkeypatch.setattr(Relay, "draw", other_budget)
    assert command("run", "--model", "reference/oracle", *SMALL, "--out", other) == 2
    assert "items.json-000" in capsys.readouterr().err
    (other / "protocol.json").unlink()
    shutil.rmtree(other / "logs")
    asked = Request(workers=[], out=Path(), items=8, round_trips=2)
    items = other_budget(Relay(), asked)
    monkeypatch.setattr("worktrial.relay.task.draw_items", lambda *_, **__: items)
    run(other, "reference/oracle")
    assert "relay items.json-000: " in refused(lossy, other, capsys)


@pytest.mark.slow
def test_another_seed_is_refused_but_a_bridge_leads_over(
    lossy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = run(tmp_path / "b", "reference/oracle", "--seed", 8, "--model", "reference/lossy-0.3")
    assert "relay seed: 7 against 8" in refused(lossy, other, capsys)
    bridge = run(tmp_path / "bridge", "reference/oracle")
    stranger = run(tmp_path / "stranger", "reference/noop")
    capsys.readouterr()
    assert command("compare", lossy, other, "--bridge", bridge, "--json") in (0, 3)
    found = json.loads(capsys.readouterr().out)["estimates"]
    values = {(e["worker"], e["minus_worker"], e["arm"]): e for e in found}
    over = values["A:reference/lossy-0.1", "B:reference/oracle", "legs-4"]
    # The bridging worker is an oracle under both protocols, so nothing is added but its interval.
    lost = Evidence(lossy / "evidence.parquet").query(
        "select avg(value) - 1 from evidence where metric = 'fidelity' and step = 4"
    )
    assert over["value"] == pytest.approx(lost[0][0])
    assert over["method"] == "bridged, MOVER"
    assert command("compare", lossy, other, "--bridge", stranger) == 4
    assert "shares no worker" in capsys.readouterr().err


def test_a_margin_that_is_no_fraction_is_one_line(
    lossy: Path, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert command("compare", lossy, copy, "--margin", 3) == 2
    assert capsys.readouterr().err == (
        "worktrial: `--margin` must be in (0, 1), got 3.0; write 0.03 for 3 points\n"
    )


# --- a run and its own protocol ---------------------------------------------------------------


def test_a_log_changed_by_hand_is_refused_everywhere(
    copy: Path, lossy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = next((copy / "logs").iterdir())
    log.write_bytes(log.read_bytes() + b" ")
    before = (copy / "findings.json").read_bytes()
    capsys.readouterr()
    for words in (("report", copy), ("regrade", copy), ("compare", lossy, copy)):
        assert command(*words) == 2
        assert f"the log {log.name} was changed after the run" in capsys.readouterr().err
    assert (copy / "findings.json").read_bytes() == before


def test_a_log_of_another_run_is_refused(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = run(tmp_path / "b", "reference/oracle", "--seed", 8)
    shutil.copy(next((other / "logs").iterdir()), copy / "logs")
    capsys.readouterr()
    assert command("report", copy) == 2
    assert "is not the one of protocol.json" in capsys.readouterr().err


def test_a_published_protocol_is_repeated_as_it_is(
    lossy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    protocol_file = tmp_path / "published.json"
    shutil.copy(lossy / "protocol.json", protocol_file)
    out = tmp_path / "again"
    asked = ("run", "--model", "reference/lossy-0.1", "--protocol", protocol_file, "--out", out)
    assert command(*asked) == 0
    ours, theirs = (Manifest.read(path / "protocol.json") for path in (out, lossy))
    assert ours.sha256 == theirs.sha256
    one, other = (Findings.read(path / "findings.json").estimates for path in (out, lossy))
    assert one == other
    protocol_file.write_text("{}")
    capsys.readouterr()
    assert command(*asked) == 2
    assert "is not a protocol" in capsys.readouterr().err


# --- grading again ----------------------------------------------------------------------------


def test_grading_again_names_each_changed_score_and_then_nothing(
    copy: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fresh_scorer: None,
) -> None:
    before = Evidence(copy / "evidence.parquet").curves("reference/lossy-0.1", "fidelity").values
    real = scoring._fidelity

    def halved(score: scoring.LegScore, forwards: list[float]) -> dict[str, float | None]:
        return {n: v if v is None else v / 2 for n, v in real(score, forwards).items()}

    monkeypatch.setattr(scoring, "_fidelity", halved)
    capsys.readouterr()
    assert command("report", copy) == 2, "the scorer's behaviour changed, though not its version"
    assert "worktrial regrade" in capsys.readouterr().err
    assert command("regrade", copy, "--json") == 0
    changed = json.loads(capsys.readouterr().out)
    fidelity = [s for s in changed["scores"] if s["metric"] == "fidelity"]
    assert len(fidelity) == (before > 0).sum()
    assert all(s["after"] == pytest.approx(s["before"] / 2) for s in fidelity)
    assert any("legs-4" in change["id"] for change in changed["findings"])
    assert command("regrade", copy, "--json") == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["scores"], again["findings"]) == ([], [])
    history = json.loads((copy / "protocol.json").read_text())["incidental"]["regraded"]
    assert len(history) == 1

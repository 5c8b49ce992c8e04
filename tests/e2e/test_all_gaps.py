"""Every trial in one folder, under one protocol, of one worker that each of them knows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from inspect_ai.model import ModelOutput

from e2e.test_audit import write_items
from worktrial.cli.main import main
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Findings
from worktrial.protocol import Manifest
from worktrial.workers.reference import ReferenceAPI

pytestmark = pytest.mark.xdist_group("all-gaps")
"""One process makes the run that these tests share."""

TASK = f"{Path(__file__).parents[1] / 'instruction' / 'shapes.py'}@letters"
PROFILE = "reference/lossy-0.05+premature+brittle+fumbler+literalist+memoriser"
GAPS = {
    "horizon": "relay",
    "specification": "search",
    "dimension": "office",
    "conduct": "office",
    "protocol": "relay",
    "memorisation": "memorisation",
    "instruction": "ablate",
    "trace": "reasoning",
}
TRIALS = ("relay", "search", "office", "reasoning")
ARMS = ("rewrite", "tools", "native", "full_fixed_schema", "simulated")
"""The fewest that have every gap; the audit and the ablation run their own."""
SMALL = ("--items", 3, "--round-trips", 2, "--size", 200, "--family", "sudoku")


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


CALL = 0.001
"""US dollars, as if a provider with a price had answered."""


@pytest.fixture(scope="module", autouse=True)
def priced() -> Iterator[None]:
    """Every call of a reference worker costs the same, and Inspect logs it."""
    plain = ReferenceAPI.generate

    async def generate(*arguments: Any, **named: Any) -> ModelOutput:
        output = await plain(*arguments, **named)
        assert output.usage is not None
        output.usage.total_cost = CALL
        return output

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ReferenceAPI, "generate", generate)
        yield


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("all")
    items = write_items(folder / "sums.jsonl", 3)
    trials = [f"--trial={trial}" for trial in TRIALS]
    arms = [f"--arm={arm}" for arm in ARMS]
    asked = (*trials, "--audit", items, "--ablate", TASK, *arms, *SMALL, "--model", PROFILE)
    assert command("run", *asked, "--out", folder / "r") == 0
    return folder / "r"


@pytest.fixture(scope="module")
def found(run: Path) -> Findings:
    return Findings.read(run / "findings.json")


@pytest.fixture(scope="module")
def means(run: Path) -> dict[tuple[str, str, str], float]:
    """Of each trial, arm and metric of whole items."""
    rows = Evidence(run / "evidence.parquet").query(
        "select trial, arm, metric, avg(value) from evidence where step = 0 group by all"
    )
    return {(trial, arm, metric): value for trial, arm, metric, value in rows}


def test_all_trials_are_in_one_folder_under_one_protocol(run: Path) -> None:
    trials = {*TRIALS, "memorisation", "ablate"}
    assert set(Manifest.read(run / "protocol.json").measurement) == trials
    rows = Evidence(run / "evidence.parquet").query("select distinct trial, worker from evidence")
    assert set(rows) == {(trial, PROFILE) for trial in trials}


@pytest.mark.parametrize("gap", list(GAPS))
def test_every_gap_is_held(found: Findings, gap: str) -> None:
    mine = [e for e in found.estimates if e.gap == gap and e.trial == GAPS[gap]]
    assert [e for e in mine if e.value is not None and e.worker == PROFILE]


def test_each_trial_hears_the_first_name_that_it_has(
    run: Path, means: dict[tuple[str, str, str], float]
) -> None:
    kept = Evidence(run / "evidence.parquet").under("rewrite").curves(PROFILE, "fidelity").values
    assert 0 < kept[:, -1].mean() < 1
    # Who answers at once asks for nothing.
    assert means["search", "simulated", "turns"] == 1
    assert means["office", "native", "success"] == 1
    # The steps are shown, and the answer is wrong.
    assert (means["reasoning", "traced", "credit"], means["reasoning", "traced", "solved"]) == (
        1,
        0,
    )
    # The audit's memoriser stands after the ablation's literalist, who has no such name.
    assert means["memorisation", "published", "accuracy"] == 1
    assert means["memorisation", "fresh", "accuracy"] == 0
    assert (means["ablate", "full", "score"], means["ablate", "wrong", "wrong_key"]) == (1, 1)


def test_jobs_their_cost_and_the_worst_failures_are_told(found: Findings) -> None:
    accepted = {e.trial: e.value for e in found.estimates if e.metric == "accepted"}
    assert set(accepted) == set(TRIALS)
    assert accepted["reasoning"] == 0
    per_accepted = {e.trial: e.why for e in found.estimates if e.metric == "tokens_per_accepted"}
    assert per_accepted["reasoning"] == "nothing succeeded"
    failed = [failure.trial for failure in found.failures]
    assert len(failed) == len(set(failed)) == 3
    told = [c for c in found.claims if c.more_items is not None]
    assert told
    assert all(claim.verdict == "cannot-tell" for claim in told)


def test_every_trial_passes_on_what_calls_cost(found: Findings) -> None:
    costs = {cost.trial: cost for cost in found.cost}
    assert set(costs) == {*TRIALS, "memorisation", "ablate"}
    for cost in costs.values():
        assert cost.usd is not None
        calls = cost.usd / CALL
        assert calls >= 3
        assert calls == pytest.approx(round(calls), abs=1e-6)
    # One call a puzzle.
    assert costs["reasoning"].usd == pytest.approx(3 * CALL)
    per_job = {e.trial: e.value for e in found.estimates if e.metric == "usd_per_job"}
    assert set(per_job) == set(TRIALS)
    assert per_job["reasoning"] == CALL


def test_prices_that_are_brought_go_before_the_logs(run: Path, tmp_path: Path) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text(f"{PROFILE}: {{input: 2, output: 10}}\n")
    assert command("report", run, "--prices", prices) == 0
    found = Findings.read(run / "findings.json")
    cost = next(c for c in found.cost if c.trial == "reasoning")
    assert cost.tokens_in is not None
    assert cost.tokens_out is not None
    assert cost.usd == pytest.approx((2 * cost.tokens_in + 10 * cost.tokens_out) / 1e6, abs=1e-6)
    per_job = found.estimate(f"reasoning/usd_per_job/{PROFILE}/traced").value
    assert per_job == pytest.approx(cost.usd / 3, abs=1e-6)
    assert any(claim.more_usd for claim in found.claims)


def test_prices_of_nobody_in_the_run_are_refused(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prices = tmp_path / "prices.yaml"
    prices.write_text("openai/gpt-9: {input: 2, output: 10}\n")
    assert command("report", run, "--prices", prices) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "`--prices` must name a worker of this run" in said[0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--ablate", "nowhere.py"], "TASK must be a file that exists; there is no nowhere.py"),
        (["--ablate", f"{TASK}s"], "name one of them"),
        (["--audit", "nowhere.jsonl"], "there is no file 'nowhere.jsonl'"),
        (["--model", "reference/lossy-0.05+nonsense"], "got 'nonsense'"),
        (["--model", "reference/premature+brittle"], "got 'premature'"),
    ],
)
def test_what_cannot_be_run_is_one_clear_line(
    asked: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = [] if "--model" in asked else ["--model", "reference/oracle"]
    assert command("run", *asked, *models, "--out", tmp_path / "r") == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert said in lines[0]
    assert not (tmp_path / "r" / "findings.json").exists()

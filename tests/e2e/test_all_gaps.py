"""Every trial in one folder, under one protocol, of one worker that each of them knows."""

import math
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from inspect_ai.model import ModelOutput

from e2e.test_audit import write_items
from worktrial.cli.main import main
from worktrial.estimate import (
    Interval,
    cost_per_success,
    fidelity_curve,
    mean_interval,
    paired_difference,
    safe_delegation_length,
    settled_from,
)
from worktrial.evidence import Evidence, Source
from worktrial.evidence.findings import Estimate, Findings
from worktrial.protocol import Manifest
from worktrial.report.economy import economies
from worktrial.report.gaps import Gaps
from worktrial.report.methods import method_of
from worktrial.report.places import place
from worktrial.report.words import number, plain, points, share
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
    # Before a test has the report made again with prices of its own.
    shutil.copy(folder / "r" / "report.html", folder / "first.html")
    return folder / "r"


@pytest.fixture(scope="module")
def page(run: Path) -> str:
    return (run.parent / "first.html").read_text()


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


# --- page one's numbers, out of the evidence by plain arithmetic ---


class Rows:
    """The evidence as it lies there; replicates and texts of an item are averaged."""

    def __init__(self, run: Path) -> None:
        self.rows = pq.read_table(run / "evidence.parquet").to_pylist()

    def of(self, trial: str, arm: str, metric: str, step: int = 0) -> dict[str, float]:
        found: dict[str, list[float]] = {}
        for row in self.rows:
            at = (row["trial"], row["arm"], row["metric"], row["step"])
            if at == (trial, arm, metric, step) and row["value"] is not None:
                found.setdefault(row["item"], []).append(row["value"])
        return {item: sum(values) / len(values) for item, values in found.items()}

    def spent(self, trial: str, arm: str, *metrics: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for row in self.rows:
            if (row["trial"], row["arm"]) == (trial, arm) and row["metric"] in metrics:
                found[row["item"]] = found.get(row["item"], 0.0) + row["value"]
        return found

    def ready(self) -> dict[str, float]:
        success = self.of("office", "native", "success")
        private = self.of("office", "native", "privacy")
        return {item: s * (private.get(item, 1) >= 0.7) for item, s in success.items()}


def bounds(found: Estimate | Interval) -> tuple[float, float]:
    """NaN where there are none, in findings as in an interval."""
    low, high = (math.nan if end is None else end for end in (found.low, found.high))
    return low, high


def mean(values: Mapping[str, float]) -> float:
    return sum(values.values()) / len(values)


LAST = 4
"""Two round trips of two legs."""


def ends(rows: Rows) -> dict[str, tuple[dict[str, float], dict[str, float]]]:
    """Of every gap what each item scored under the proxy arm and at work."""
    of = rows.of
    return {
        "horizon": (
            of("relay", "rewrite", "fidelity", 2),
            of("relay", "rewrite", "fidelity", LAST),
        ),
        "specification": (
            of("search", "full_fixed_schema", "f1"),
            of("search", "simulated", "f1"),
        ),
        "dimension": (of("office", "native", "success"), rows.ready()),
        "conduct": (
            of("office", "native", "outcome_success"),
            of("office", "native", "clean_success"),
        ),
        "protocol": (
            of("relay", "rewrite", "fidelity", LAST),
            of("relay", "tools", "fidelity", LAST),
        ),
        "memorisation": (
            of("memorisation", "published", "accuracy"),
            of("memorisation", "fresh", "accuracy"),
        ),
        "instruction": (of("ablate", "full", "score"), of("ablate", "format_only", "score")),
        "trace": (of("reasoning", "traced", "credit"), of("reasoning", "traced", "solved")),
    }


@pytest.mark.parametrize("gap", list(GAPS))
def test_the_gap_chart_is_the_evidence(run: Path, page: str, found: Findings, gap: str) -> None:
    proxy, work = ends(Rows(run))[gap]
    gaps = Gaps(found)
    (row,) = [each for each in gaps.rows if each.name == gap]
    measured = gaps.of(row, PROFILE)
    assert measured is not None
    assert measured.proxy is not None
    assert len(proxy) == len(work) == 3
    assert measured.proxy.value == pytest.approx(mean(proxy))
    assert [e.value for e in measured.work] == pytest.approx([mean(work)])
    paired = {item: proxy[item] - work[item] for item in proxy}
    assert [e.value for e in measured.loss] == pytest.approx([mean(paired)])
    for scores, estimate in ((proxy, measured.proxy), (work, measured.work[0])):
        assert bounds(estimate) == pytest.approx(bounds(mean_interval(list(scores.values()))))
    # What is clean or ready is a part of what succeeds, so that what is lost lies in [0, 1], too.
    whole = gap in ("dimension", "conduct")
    lost = [paired[item] for item in sorted(paired)]
    again = mean_interval(lost) if whole else paired_difference(lost, [0.0] * len(lost))
    assert bounds(measured.loss[0]) == pytest.approx(bounds(again))
    for estimate in (measured.proxy, *measured.work):
        assert number(estimate) in page
    assert number(measured.loss[0], points) in page


@pytest.mark.parametrize(
    ("trial", "arm", "metric", "step", "bar"),
    [
        ("relay", "rewrite", "work_adjusted", LAST, 0.9),
        ("search", "simulated", "f1", 0, 0.8),
        ("office", "native", "ready", 0, 1),
        ("reasoning", "traced", "solved", 0, 1),
    ],
)
def test_accepted_jobs_and_their_cost_are_the_evidence(
    run: Path, page: str, found: Findings, trial: str, arm: str, metric: str, step: int, bar: float
) -> None:
    rows = Rows(run)
    scores = rows.ready() if metric == "ready" else rows.of(trial, arm, metric, step)
    accepted = mean({item: float(score >= bar) for item, score in scores.items()})
    mine = {e.metric: e for e in found.estimates if e.trial == trial and e.arm == arm}
    assert mine["accepted"].value == pytest.approx(accepted)
    for unit, metrics in {"tokens": ("tokens_in", "tokens_out"), "usd": ("usd",)}.items():
        a_job = mean(rows.spent(trial, arm, *metrics))
        assert mine[f"{unit}_per_job"].value == pytest.approx(a_job)
        for_one = mine[f"{unit}_per_accepted"]
        assert for_one.value == (pytest.approx(a_job / accepted) if accepted else None)
        spent = rows.spent(trial, arm, *metrics)
        costs = [spent[item] for item in sorted(scores)]
        won = [float(scores[item] >= bar) for item in sorted(scores)]
        assert bounds(for_one) == pytest.approx(bounds(cost_per_success(costs, won)), nan_ok=True)
    (told,) = [of for of in economies(found) if of.trial == trial]
    assert told.unit == "usd"
    for of in (mine["accepted"], mine["usd_per_accepted"]):
        assert number(of, share if of is mine["accepted"] else told.in_unit) in page


def test_the_worst_failures_are_the_evidence_and_lead_to_where_they_are_told(
    run: Path, page: str, found: Findings
) -> None:
    rows = Rows(run)
    scored = {
        "relay": tuple(rows.of("relay", "rewrite", "work_adjusted", n) for n in (2, LAST)),
        "search": ends(rows)["specification"],
        "office": ends(rows)["dimension"],
        "reasoning": ends(rows)["trace"],
    }
    for failure in found.failures:
        proxy, work = scored[failure.trial]
        assert (failure.proxy, failure.work) == pytest.approx(
            (proxy[failure.item], work[failure.item])
        )
        of = (failure.trial, failure.arm, failure.sample)
        (log,) = {
            row["log"] for row in rows.rows if (row["trial"], row["arm"], row["sample"]) == of
        }
        at = place(Source(Path(log).name, failure.sample, failure.replicate))
        assert f'<a href="#{at}"' in page
        assert f'id="{at}"' in page


def test_every_number_of_the_run_is_explained(found: Findings) -> None:
    told = [e for e in found.estimates if e.method not in (None, "none")]
    assert {e.metric for e in told} >= {"accepted", "tokens_per_accepted", "fidelity", "f1", "axis"}
    unknown = {(e.method, e.metric) for e in told if (m := method_of(e)) is None or not m.page}
    assert unknown == set()


def test_the_axes_are_the_evidence(run: Path, page: str, found: Findings) -> None:
    rows, axes = Rows(run), {e.axis: e for e in found.estimates if e.metric == "axis"}
    scores = {
        "task_success": rows.of("office", "native", "success"),
        "privacy": rows.of("office", "native", "privacy"),
    }
    # The arms of the other three were not run.
    assert {axis for axis, e in axes.items() if e.value is not None} == set(scores)
    for axis, values in scores.items():
        assert axes[axis].value == pytest.approx(mean(values))
        again = bounds(mean_interval(list(values.values())))
        assert bounds(axes[axis]) == pytest.approx(again, nan_ok=True)
        assert number(axes[axis]) in page


def test_the_curve_and_the_safe_length_are_the_evidence(
    run: Path, page: str, found: Findings
) -> None:
    rows, legs = Rows(run), (2, LAST)
    by_leg = [rows.of("relay", "rewrite", "fidelity", leg) for leg in legs]
    curve = fidelity_curve(
        np.array([[of[i] for of in by_leg] for i in sorted(by_leg[0])]), legs=legs
    )
    for leg, step, low, high in zip(
        legs, curve.steps, curve.band_low, curve.band_high, strict=True
    ):
        told = found.estimate(f"relay/fidelity/{PROFILE}/legs-{leg}")
        assert (told.value, *bounds(told)) == pytest.approx((step.value, step.low, step.high))
        assert (told.band_low, told.band_high) == pytest.approx((low, high))
        assert number(told) in page
    for percent in (98, 90, 80):
        told = found.estimate(f"relay/safe_length/{PROFILE}/threshold-{percent / 100:g}")
        assert told.value == safe_delegation_length(curve, threshold=percent / 100).legs
        assert number(told, plain, "legs") in page


def test_what_a_verdict_lacks_is_its_interval_and_the_run_s_cost(
    page: str, found: Findings
) -> None:
    costs = {cost.trial: cost for cost in found.cost}
    lacking = [claim for claim in found.claims if claim.more_items]
    assert len(lacking) > 3
    for claim in lacking:
        (judged,) = (found.estimate(name) for name in claim.estimates)
        assert judged.value is not None
        assert claim.threshold is not None
        assert judged.clusters is not None
        low, high = bounds(judged)
        wanted = settled_from(
            judged.value, low, high, judged.clusters, [claim.threshold], method=judged.method,
            difference=judged.gap is not None,
        )  # fmt: skip
        assert claim.more_items == int(wanted) + 1 - judged.clusters
        cost = costs[judged.trial]
        assert cost.tokens_in is not None
        assert cost.tokens_out is not None
        share_of_run = claim.more_items / (judged.items or 1)
        assert claim.more_tokens == round(share_of_run * (cost.tokens_in + cost.tokens_out))
        assert f"about {claim.more_items:,} more items" in page

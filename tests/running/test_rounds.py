"""A run under a budget ends with complete pairs, says what is missing, and pays nothing twice."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from e2e import slow
from running.test_coordinator import Here
from worktrial.decision import Price
from worktrial.errors import ConfigError, EvidenceError
from worktrial.evidence import Evidence, RunFolder
from worktrial.protocol import Manifest
from worktrial.report import publish, summary
from worktrial.running import Budget, extract, run
from worktrial.running import rounds as rounds_of
from worktrial.running.extraction import stopped_of
from worktrial.running.ledger import Ledger
from worktrial.running.registering import register
from worktrial.trial import Request

PRICES = {
    "reference/lossy-0.05": Price(input=1, output=10),
    "reference/oracle": Price(input=0, output=5),
}


def request(out: Path, **changed: Any) -> Request:
    small = Request(
        workers=["reference/lossy-0.05", "reference/oracle"],
        out=out,
        arms=["rewrite", "search_replace"],
        domains=["spreadsheet"],
        items=4,
        round_trips=1,
    )
    return replace(small, **changed)


def rows(out: Path) -> list[tuple[Any, ...]]:
    return Evidence(out / "evidence.parquet").query(
        "select * exclude (log) from evidence where metric != 'seconds'"
    )


def spent(out: Path) -> float:
    return Budget().amount(Ledger(out / "spent").totals()).tokens


def calls(out: Path) -> int:
    return sum(len(path.read_text().splitlines()) for path in (out / "spent").glob("*.jsonl"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("alone") / "r"
    run(request(out))
    return out


def test_every_call_of_a_run_is_in_its_ledger(alone: Path) -> None:
    assert calls(alone) == 2 * 2 * 4 * 2, "workers, arms, items, legs"
    logged = Evidence(alone / "evidence.parquet").query(
        "select sum(value) from evidence where metric in ('tokens_in', 'tokens_out')"
    )
    assert spent(alone) == logged[0][0]


def test_a_budget_for_half_leaves_complete_pairs_and_a_larger_one_goes_on(
    tmp_path: Path, alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, half = tmp_path / "r", spent(alone) * 0.6
    run(request(out), budget=Budget(tokens=int(half)))
    said = capsys.readouterr().err
    assert "estimate for all 4 items" in said
    assert "stopped by its budget" in said
    assert spent(out) <= half
    pairs = Evidence(out / "evidence.parquet").query(
        "select item, count(distinct (arm, worker)) from evidence group by item order by item"
    )
    stopped = stopped_of(Manifest.read(out / "protocol.json"))
    assert stopped is not None
    done, missing = stopped.trials["relay"].done, stopped.trials["relay"].missing
    assert 1 <= done <= 3
    assert [count for _, count in pairs] == [4] * done
    assert not {item for item, _ in pairs} & set(missing)

    findings = publish(RunFolder(out))
    assert findings.run.stopped == stopped
    assert f"after {done} of 4 items" in " ".join(summary(findings).split())
    assert "Not all items were run." in (out / "report.html").read_text()
    extract(RunFolder(out))
    assert len(rows(out)) == len(rows(alone)) * done // 4, "the logs alone say the same"

    run(request(out), budget=Budget(tokens=10**9))
    assert rows(out) == rows(alone)
    assert (calls(out), spent(out)) == (calls(alone), spent(alone)), "nothing was paid twice"
    assert stopped_of(Manifest.read(out / "protocol.json")) is None
    assert not (out / "generations").exists()
    said = capsys.readouterr().err
    assert "estimate" not in said, "what was done says more"
    assert "stopped" not in said


def test_executors_keep_a_budget_and_one_process_without_one_goes_on(
    tmp_path: Path, alone: Path
) -> None:
    out = tmp_path / "r"
    where = Here(2, lambda here, shard: None)
    run(request(out), executor=where, budget=Budget(tokens=int(spent(alone) * 0.6)))
    stopped = stopped_of(Manifest.read(out / "protocol.json"))
    assert stopped is not None
    assert len(where.shards) == 4 * stopped.trials["relay"].done
    run(request(out))
    assert rows(out) == rows(alone)
    assert calls(out) == calls(alone)
    assert stopped_of(Manifest.read(out / "protocol.json")) is None


def test_dollars_are_those_of_the_prices(
    tmp_path: Path, alone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    totals = Ledger(alone / "spent").totals()
    lossy, oracle = totals["reference/lossy-0.05"], totals["reference/oracle"]
    by_hand = (lossy.tokens_in + 10 * lossy.tokens_out + 5 * oracle.tokens_out) / 1e6
    run(request(tmp_path / "r"), budget=Budget(usd=10.0, prices=PRICES))
    assert f"· ${by_hand:.4f} of $10.00" in capsys.readouterr().err


def test_a_budget_too_small_for_one_block_is_refused_with_what_it_takes(tmp_path: Path) -> None:
    out = tmp_path / "r"
    with pytest.raises(ConfigError, match=r"too small for one block: 1 item .* need about [\d,]+"):
        run(request(out), budget=Budget(tokens=10))
    assert not (out / "protocol.json").exists()
    assert calls(out) == 0


def test_a_block_that_a_failure_cut_off_is_finished_and_only_its_rest_is_paid(
    tmp_path: Path, alone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, made = tmp_path / "r", []
    evaluated = rounds_of.evaluate

    def breaks_off(*asked: Any, **options: Any) -> Any:
        made.append(options)
        logs = evaluated(*asked, **options)
        if len(made) == 2:
            raise EvidenceError("the machine is gone")
        return logs

    monkeypatch.setattr(rounds_of, "evaluate", breaks_off)
    with pytest.raises(EvidenceError, match="the machine is gone"):
        run(request(out), budget=Budget(tokens=10**9))
    run(request(out), budget=Budget(tokens=10**9))
    assert [len(options["tasks"]) for options in made] == [2] * 4
    assert rows(out) == rows(alone)
    assert calls(out) == calls(alone)


def test_what_was_lost_to_infrastructure_is_asked_for_again_from_what_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow.Slow, "calls", tmp_path / "calls", raising=False)
    asked = request(tmp_path / "r", workers=["slow/lossy-0.05"], arms=["rewrite"])
    monkeypatch.setattr(slow.Slow, "failing", 1)
    run(asked, budget=Budget(tokens=10**9))
    assert (tmp_path / "r" / "generations").exists()
    monkeypatch.setattr(slow.Slow, "failing", 0)
    run(asked, budget=Budget(tokens=10**9))
    assert not any(row[10] == "infrastructure" for row in rows(tmp_path / "r"))
    assert len((tmp_path / "calls").read_text().splitlines()) == 8
    assert len(list((tmp_path / "r" / "logs").iterdir())) == 4


def test_what_was_fixed_before_the_first_call_takes_no_budget(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ends when it is decided"):
        run(request(tmp_path / "u", until_decided=True, arms=["rewrite"]), budget=Budget(tokens=9))
    (tmp_path / "plan.yaml").write_text(
        "question: Which is better?\nendpoints:\n  - {id: loss, kind: gap, gap: horizon, "
        "metric: fidelity, margin: 0.03, workers: [reference/oracle]}\n"
    )
    register(tmp_path / "plan.yaml", tmp_path / "r")
    with pytest.raises(ConfigError, match="is registered, and a budget would end it"):
        run(request(tmp_path / "r"), budget=Budget(tokens=9))


def test_what_a_changed_protocol_says_of_a_stop_is_refused(tmp_path: Path, alone: Path) -> None:
    manifest = Manifest.read(alone / "protocol.json")
    strange = {"spent_tokens": 1, "trials": {}, "blocks": {"relay": {"rewrite": [10**12, 1]}}}
    with pytest.raises(EvidenceError, match="budget cannot be read"):
        stopped_of(manifest.model_copy(update={"incidental": {"stopped": strange}}))

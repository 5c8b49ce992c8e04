"""What a gate selects, how it is judged, and what is said where nothing fits."""

from pathlib import Path

import pytest

from report import factory
from worktrial.errors import ConfigError, EvidenceError
from worktrial.evidence import RunFolder
from worktrial.evidence.findings import Claim, Estimate, Findings, OutcomeCount
from worktrial.gate import GateReport, Policy, Result, judge

GPT, LOSSY = "openai/gpt-9", "reference/lossy-0.02"


def folder(path: Path, found: Findings | None = None) -> Path:
    """A run's folder with these findings; the evidence is only read for drift."""
    path.mkdir()
    run = RunFolder(path)
    run.protocol.write_text(factory.manifest().text())
    run.findings.write_text((found or factory.findings()).text())
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("gate") / "run")


def judged(run: Path, **gate: object) -> Result:
    report = judge(run, Policy.model_validate({"gates": {"mine": gate}}))
    (instrument, mine) = report.results
    assert instrument.name == "instrument"
    return mine


def test_a_gate_takes_those_on_trial_and_reference_workers_only_when_asked(run: Path) -> None:
    found = judged(run, metric="fidelity", step="last", at_least=0.5)
    assert {c.subject.split(",")[0] for c in found.checks} == {GPT, "embedded/smollm2-135m"}
    named = judged(run, metric="fidelity", step="last", at_least=0.5, worker="reference/*")
    assert [c.subject for c in named.checks] == [f"{LOSSY}, legs-10"]


def test_reference_workers_are_taken_where_nobody_else_is(tmp_path: Path) -> None:
    run = folder(tmp_path / "r", factory.findings({LOSSY: 0.02}))
    found = judged(run, metric="fidelity", step="last", at_least=0.5)
    assert [c.subject for c in found.checks] == [f"{LOSSY}, legs-10"]


def test_a_gap_is_no_score_and_a_score_no_gap(run: Path) -> None:
    score = judged(run, metric="fidelity", worker=GPT, arm="legs-2", at_least=0.1)
    gap = judged(run, metric="fidelity", worker=GPT, gap="horizon", at_most=0.5)
    assert [c.rests_on for c in score.checks] == [(f"relay/fidelity/{GPT}/legs-2",)]
    assert [c.rests_on for c in gap.checks] == [(f"relay/fidelity/gap/{GPT}/legs-2",)]


def test_the_whole_curve_is_judged_by_the_band_and_one_leg_by_its_interval(run: Path) -> None:
    # At leg 10: .99^10 = .904, interval [.864, .934], band [.834, .954].
    whole = judged(run, metric="fidelity", worker=GPT, at_least=0.85)
    assert len(whole.checks) == 5
    assert whole.verdict == "cannot-tell"
    assert "band" in whole.marks[0]
    assert whole.worst is not None
    assert whole.worst.low == pytest.approx(0.99**10 - 0.07)
    last = judged(run, metric="fidelity", worker=GPT, step="last", at_least=0.85)
    assert (last.verdict, last.marks) == ("met", ())
    assert len(last.checks) == 1


def test_the_conservative_end_is_the_default_and_the_value_is_marked(run: Path) -> None:
    asked = {"metric": "fidelity", "worker": GPT, "step": "last", "at_least": 0.9}
    default = judged(run, **asked)
    assert (default.verdict, default.marks) == ("cannot-tell", ())
    assert default.checks[0].why == "the interval straddles the threshold"
    assert default.checks[0].settles is not None
    assert judged(run, **asked, bound="low").verdict == "cannot-tell"
    value = judged(run, **asked, bound="value")
    assert (value.verdict, value.marks) == ("met", ("by the value alone, not its interval",))
    high = judged(run, **asked, bound="high")
    assert (high.verdict, high.marks) == ("met", ("by the optimistic end of the interval",))


def test_a_number_without_an_interval_cannot_be_told_unless_it_is_asked_for(run: Path) -> None:
    asked = {"metric": "safe_length", "arm": "threshold-0.8", "worker": GPT, "at_least": 4}
    default = judged(run, **asked)
    assert default.verdict == "cannot-tell"
    assert "`bound: value`" in str(default.checks[0].why)
    assert judged(run, **asked, bound="value").verdict == "met"


def test_what_was_not_measured_says_why(run: Path) -> None:
    found = judged(run, metric="first_critical", worker=GPT, at_least=4, bound="value")
    assert found.verdict == "cannot-tell"
    assert found.checks[0].why == "> 10: more than half had none"


@pytest.mark.parametrize(
    ("gate", "says"),
    [
        ({"metric": "fidelty", "at_least": 1}, "no `metric` fidelty; nearest: fidelity"),
        ({"metric": "fidelity", "at_least": 1, "step": 11}, "no `step` 11; nearest: 10"),
        ({"metric": "fidelity", "at_least": 1, "worker": "gpt-9"}, f"nearest: {GPT}"),
        ({"metric": "fidelity", "at_least": 1, "arm": "leg-2"}, "nearest: legs-2"),
        ({"metric": "fidelity", "at_least": 1, "gap": "horizn"}, "nearest: horizon"),
        ({"metric": "fidelity", "at_least": 1, "trial": "relays"}, "nearest: relay"),
        ({"metric": "fidelity", "at_least": 1, "axis": "privacy"}, "there is none"),
        ({"metric": "fidelity", "at_least": 1, "minus_worker": "x"}, "there is none"),
        ({"claim": "relay/instrumnt"}, "nearest: relay/instrument"),
        ({"faults": {"at_most": 0, "worker": "x"}}, "no outcome of `worker` x"),
    ],
)
def test_a_gate_that_selects_nothing_is_a_mistake_unless_it_is_optional(
    run: Path, gate: dict[str, object], says: str
) -> None:
    with pytest.raises(ConfigError) as error:
        judged(run, **gate)
    assert "'mine' selects nothing" in str(error.value)
    assert says in str(error.value)
    skipped = judged(run, **gate, optional=True)
    assert skipped.verdict == "skipped"
    assert says in str(skipped.why)


def test_a_claim_must_have_its_verdict(run: Path) -> None:
    assert judged(run, claim="relay/instrument").verdict == "met"
    assert judged(run, claim="relay/instrument", verdict="missed").verdict == "missed"
    several = judged(run, claim=f"safe-{GPT}-*")
    assert [c.verdict for c in several.checks] == ["cannot-tell", "met", "met"]
    assert several.checks[0].settles == "more documents"


def test_faults_are_counted_over_all_that_was_tried(tmp_path: Path) -> None:
    counts = {"ok": 95, "infrastructure": 2, "judge_fault": 1, "refusal": 2}
    rows = [
        OutcomeCount(worker=GPT, trial="relay", arm="rewrite", outcome=outcome, count=count)
        for outcome, count in counts.items()
    ]
    rows += [row.model_copy(update={"worker": LOSSY, "outcome": "ok"}) for row in rows]
    found = factory.findings().model_copy(update={"outcomes": tuple(rows)})
    run = folder(tmp_path / "r", found)
    # Two and one of a hundred; a refusal is the worker's own, and a reference worker, which never
    # fails, does not make the share smaller.
    assert judged(run, faults={"at_most": 0.03}).verdict == "met"
    missed = judged(run, faults={"at_most": 0.02})
    assert missed.verdict == "missed"
    assert missed.checks[0].value == 0.03


def with_claims(*claims: Claim) -> Findings:
    return factory.findings().model_copy(update={"claims": claims})


@pytest.mark.parametrize("verdict", ["missed", "cannot-tell", None])
def test_an_instrument_that_is_not_shown_sound_fails_every_policy(
    tmp_path: Path, verdict: str | None
) -> None:
    told = [c for c in factory.findings().claims if c.id == "relay/instrument"]
    broken = [c.model_copy(update={"verdict": verdict}) for c in told] if verdict else []
    run = folder(tmp_path / "r", with_claims(*broken))
    lenient = {"gates": {"a": {"metric": "fidelity", "at_least": 0}}, "cannot_tell": "pass"}
    report = judge(run, Policy.model_validate(lenient))
    assert report.results[0].verdict == "missed"
    assert report.exit_code == 1


def test_findings_of_another_protocol_are_refused(tmp_path: Path) -> None:
    found = factory.findings()
    other = found.model_copy(
        update={"run": found.run.model_copy(update={"protocol_sha256": "0" * 64})}
    )
    policy = Policy.model_validate({"gates": {"a": {"metric": "fidelity", "at_least": 0}}})
    with pytest.raises(EvidenceError, match="worktrial report"):
        judge(folder(tmp_path / "r", other), policy)
    with pytest.raises(EvidenceError, match="not a run folder"):
        judge(tmp_path / "nowhere", policy)


def test_a_damaged_number_is_never_met(tmp_path: Path) -> None:
    bad = Estimate(
        id="x", trial="relay", metric="odd", worker=GPT, value=float("nan"), low=0.9, high=None
    )
    found = factory.findings()
    run = tmp_path / "r"
    folder(run, found)
    text = found.text().replace('"estimates": [', '"estimates": [' + bad.model_dump_json() + ",", 1)
    (run / "findings.json").write_text(text)
    assert judged(run, metric="odd", at_least=0.5).verdict == "cannot-tell"
    assert judged(run, metric="odd", at_least=0.5, bound="value").verdict == "cannot-tell"


def test_the_record_holds_every_check_and_nothing_that_is_not_there(run: Path) -> None:
    gates = {"a": {"metric": "fidelity", "step": "last", "at_least": 0.2}}
    report: GateReport = judge(run, Policy.model_validate({"gates": gates}))
    record = report.record()
    assert (record["schema"], record["exit_code"]) == ("worktrial/gate@1", 0)
    (instrument, mine) = record["gates"]
    assert instrument["checks"][0]["rests_on"] == ["relay/instrument"]
    assert mine["asks"] == "fidelity ≥ 0.2"
    assert len(mine["checks"]) == 2
    assert all("why" not in check and check["clusters"] == 8 for check in mine["checks"])

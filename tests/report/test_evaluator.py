"""Page two: fault attribution, multiplicity, calibration and methods, by hand."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from report import ablations, audits, factory, offices, puzzles, talks
from report.test_page import Elements
from worktrial.calibration.run import _narrowest, cases
from worktrial.estimate.calibrated import calibrated
from worktrial.evidence import Evidence, Observation, write_evidence
from worktrial.evidence.findings import Estimate, Findings, OutcomeCount
from worktrial.evidence.totals import RunCount, count_runs
from worktrial.protocol import Measurement, Scorer
from worktrial.protocol.registration import Declaration, Endpoint, Registration
from worktrial.report import render
from worktrial.report.card import USES, Card
from worktrial.report.evaluator import EvaluatorPage, Kept
from worktrial.report.faults import Faults
from worktrial.report.methods import METHODS, OF_TRIAL, method_of, method_pages
from worktrial.report.multiplicity import Multiplicity
from worktrial.running.looks import Diary, Logged, Plan
from worktrial.running.trials import TRIALS


def of(*estimates: Estimate, **more: object) -> Findings:
    return factory.findings({}).model_copy(update={"estimates": estimates, "claims": (), **more})


def estimate(name: str = "e", **more: object) -> Estimate:
    fields = {"trial": "relay", "metric": "fidelity", "worker": "a", "value": 0.5, **more}
    return Estimate.model_validate({"id": name, **fields})


# --- whose doing it was ---

OUTCOMES = tuple(
    OutcomeCount(worker=worker, trial="search", arm=arm, outcome=outcome, count=count)
    for worker, arm, outcome, count in (
        ("a", "full", "ok", 7), ("a", "full", "refusal", 1),
        ("a", "simulated", "ok", 6), ("a", "simulated", "user_fault", 2),
        ("b", "full", "ok", 8), ("b", "simulated", "ok", 8),
    )
)  # fmt: skip
RUNS = (
    RunCount("search", "a", "full", 8, 0),
    RunCount("search", "a", "simulated", 8, 2),
    RunCount("search", "b", "full", 8, 0),
    RunCount("search", "b", "simulated", 8, 0),
)


def test_outcomes_stand_by_whose_doing_they_are() -> None:
    table = Faults(of(outcomes=OUTCOMES), RUNS).table()
    # Own: ok and refusal. Not the worker's: user_fault, and the samples lost.
    assert [(head.text, head.columns) for head in table.over] == [
        ("the worker's own", 2), ("not the worker's", 2)
    ]  # fmt: skip
    assert table.columns == ["trial", "ok", "refusal", "user fault", "samples lost"]
    (a,), (b,) = (group.rows for group in table.groups)
    # 7 + 6 ok, 1 refusal, 2 faults; 2 of 8 + 8 samples, .125, rounded half to even.
    assert [cell.text for cell in a.cells] == ["13", "1", "2", "2 of 16"]
    assert a.cells[-1].note == ".12"
    assert [cell.text for cell in b.cells] == ["16", "0", "0", "0 of 16"]


def test_what_is_missing_is_said_with_where_it_is_least_and_most() -> None:
    faults = Faults(of(outcomes=OUTCOMES), RUNS)
    assert faults.missing() == [
        "search: 2 of 32 samples are missing, from 0 (a, full) to .25 (a, simulated)"
    ]
    assert faults.at_risk() == ["search"], "2 of 8 is more than 5 %"


def test_a_few_in_a_hundred_are_stated_and_put_nothing_at_risk() -> None:
    faults = Faults(of(), [RunCount("office", "a", "native", 100, 5)])
    assert len(faults.missing()) == 1
    assert faults.at_risk() == [], "5 % is not more than 5 %"
    assert Faults(of(), [RunCount("office", "a", "native", 100, 6)]).at_risk() == ["office"]
    assert Faults(of(), [RunCount("office", "a", "native", 9, 0)]).missing() == []


def test_a_relay_is_lost_as_a_whole_by_one_leg(tmp_path: Path) -> None:
    def leg(item: str, step: int, outcome: str | None) -> Observation:
        return Observation("relay", "a", item, item, "json", "rewrite", 1, step, "", "", outcome,
                           "fidelity", None, "log", item)  # fmt: skip

    path = tmp_path / "evidence.parquet"
    legs = [leg("one", 1, "ok"), leg("one", 2, "infrastructure"), leg("one", 3, None),
            leg("two", 1, "ok"), leg("two", 2, "refusal"), leg("two", 3, None)]  # fmt: skip
    write_evidence(path, legs)
    # Of six legs one failed, of two relays one.
    assert count_runs(Evidence(path)) == [RunCount("relay", "a", "rewrite", 2, 1)]


def test_the_page_warns_where_pairs_are_at_risk() -> None:
    kept = Kept(runs=[RunCount("relay", factory.HOSTILE[0], "rewrite", 8, 2)])
    page = render(factory.findings(), factory.manifest(), {}, kept=kept)
    assert "A paired comparison is at risk in relay." in page
    assert "2 of 8 samples are missing" in page
    assert not any(tag == "script" for tag, _ in Elements(page).tags)
    assert "at risk" not in factory.without_methods(
        render(factory.findings(), factory.manifest(), {})
    )


# --- how many things were asked ---


def test_intervals_are_counted_by_level_and_only_those_that_can_miss() -> None:
    found = of(
        *(estimate(f"wide-{n}", low=0.4, high=0.6, level=0.95) for n in range(40)),
        estimate("open", low=0.4, level=0.95),
        estimate("known", low=0.5, high=0.5, level=0.95),
        estimate("none", level=0.95),
        *(estimate(f"narrow-{n}", low=0.4, high=0.6, level=0.9) for n in range(10)),
        estimate("band", low=0.4, high=0.6, level=0.9, band_low=0.3, band_high=0.7),
    )
    asked = Multiplicity(found)
    # 11 × .1 = 1.1 and 41 × .05 = 2.05.
    assert [(at, n, round(missed, 9)) for at, n, missed in asked.levels()] == [
        (0.9, 11, 1.1), (0.95, 41, 2.05)
    ]  # fmt: skip
    assert asked.bands == 1


def test_declared_endpoints_are_families_by_trial_and_claims_are_told_apart() -> None:
    declared = [
        estimate(f"{trial}-{n}", trial=trial, endpoint="declared", p_value=0.01, p_adjusted=0.03)
        for trial, many in (("relay", 3), ("search", 1))
        for n in range(many)
    ]
    claims = [
        factory.claims("w", 0.1)[0].model_copy(update={"id": name, "estimates": rests})
        for name, rests in (("one", ("relay-0",)), ("two", ("other",)), ("three", ()))
    ]
    asked = Multiplicity(of(*declared, estimate("other"), claims=(factory._instrument(), *claims)))
    assert (len(asked.declared), asked.families) == (4, ["relay", "search"])
    assert asked.claims == {"declared": 1, "exploratory": 2, "instrument": 1}
    assert [cell.text for cell in asked.endpoints().rows[0].cells] == ["relay", "50", ".01", ".03"]


PLAN = Plan(workers=("a", "b"), items=(16, 32), margin=0.03, level=0.95, futility=0.03,
            order=tuple(map(str, range(32))))  # fmt: skip


def test_looks_are_shown_as_planned_and_as_taken() -> None:
    taken = Logged(
        look=1, items=16, pairs=15, lost=("7",), value=0.1, low=-0.05, high=0.25,
        narrow_low=0.0, narrow_high=0.2, promise=0.5, verdict=None, reason=None,
    )  # fmt: skip
    diary = Diary.of(PLAN).model_copy(update={"looks": (taken,)})
    table = Multiplicity(of(), diary=diary).looks()
    assert table is not None
    first, second = table.rows
    assert (first.name, second.name) == ("1, 16 items", "2, 32 items")
    assert [cell.text for cell in first.cells[2:]] == ["10 [−5, 25]", "goes on"]
    assert first.cells[2].note == "1 pairs lost"
    assert second.cells[2].note == "not taken"
    assert Multiplicity(of()).looks() is None


def registration() -> Registration:
    endpoint = Endpoint(
        id="e", kind="difference", metric="fidelity", margin=0.03, pairs=(("a", "b"),)
    )
    declared = Declaration(question="<b>Who</b> keeps more?", endpoints=(endpoint,))
    when = datetime(2026, 1, 2, tzinfo=UTC)
    return Registration(declaration=declared, registered=when, worktrial="0.1.0")


def test_a_registration_counts_only_if_it_was_before_the_first_call() -> None:
    found, kept = factory.findings(), Kept(registration=registration())
    late = render(found, factory.manifest(), {}, kept=kept)
    assert "so it does not count" in late
    assert "keeps more?" not in late
    early = found.model_copy(update={"run": found.run.model_copy(update={"registered": True})})
    page = render(early, factory.manifest(), {}, kept=kept)
    assert "&lt;b&gt;Who&lt;/b&gt; keeps more?" in page
    assert registration().sha256[:12] in page


# --- the card ---


def test_the_card_says_what_the_manifest_and_the_findings_say() -> None:
    facts = {fact.name: fact.text for fact in Card(factory.findings(), factory.manifest()).facts()}
    assert facts["Protocol"] == factory.manifest().sha256
    assert facts["Course and seed"] == "pocket, 7"
    assert facts["Software"] == "inspect-ai 0.3.285, worktrial 0.1.0"
    # Three workers with 43,210 tokens in, 9,876 out and 61.5 seconds each.
    assert facts["Cost in total"] == "129,630 tokens in, 29,628 out, 184.5 s; price unknown"
    assert (
        facts["Met before?"]
        == "items of 1 of 1 trials are fresh from the seed; no audit of others ran"
    )


@pytest.mark.parametrize(
    ("trial", "settings", "origin", "fresh"),
    [
        ("relay", {"documents": False}, "fresh from seed 3", True),
        ("relay", {"documents": True},
         "one's own documents, by their hashes in protocol.json", False),
        ("search", {"tasks": "ab" * 32}, "one's own tasks, SHA-256 abababababab…", False),
        ("reasoning", {"families": ["sudoku"]}, "fresh from seed 3", True),
        ("memorisation", {"name": "set", "items": "ef" * 32}, "set, SHA-256 efefefefefef…", False),
        ("ablate", {"task": "t.py", "version": "0", "file": None},
         "a task of others: t.py, version 0, no file", False),
    ],
)  # fmt: skip
def test_where_the_items_are_from(
    trial: str, settings: dict[str, object], origin: str, fresh: bool
) -> None:
    measured = Measurement(
        task_version=1, seed=3, course={}, items={"i": "0"}, arms={"x": "0"}, primary="x",
        replicates=2, stop={}, scorer=Scorer(version="1", sha256="0"), settings=settings,
    )  # fmt: skip
    manifest = factory.manifest().model_copy(update={"measurement": {trial: measured}})
    card = Card(factory.findings({}), manifest)
    (row,) = card.trials().rows
    assert row.cells[-1].text == origin
    assert [cell.text for cell in row.cells[:2]] == ["1", "1, 2 times each"]
    assert (
        f"items of {int(fresh)} of 1 trials are fresh"
        in {fact.name: fact.text for fact in card.facts()}["Met before?"]
    )


def test_every_trial_has_its_use_and_its_pages() -> None:
    assert set(USES) == set(OF_TRIAL) == set(TRIALS)


# --- calibration ---


def test_the_shipped_summary_is_of_the_present_cases() -> None:
    summary = calibrated()
    present = _narrowest(cases()) if summary.quick else cases()
    there = {(c.estimator, c.claim, c.control): c.cases for c in summary.claims}
    assert there == Counter((c.estimator, c.claim, c.control) for c in present), (
        "make it again: worktrial calibrate --summary src/worktrial/estimate/calibrated.json"
    )
    assert summary.sound
    assert all(claim.refuted == claim.cases for claim in summary.claims if claim.control)


def test_every_estimator_behind_a_method_is_calibrated() -> None:
    known = {claim.estimator.partition(",")[0] for claim in calibrated().claims}
    assert {name for method in METHODS for name in method.estimators} <= known


def test_only_the_estimators_of_the_run_are_shown() -> None:
    page = EvaluatorPage(of(estimate(method="kaplan-meier")), factory.manifest())
    names = {row.name for row in page.calibration_table().rows}
    assert names == {"event_times", "event_times, median"}
    assert page.uncalibrated == []


# --- methods ---


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Findings]:
    folder = tmp_path_factory.mktemp
    return {
        "relay": factory.findings(),
        "search": talks.findings(["lab/one", "lab/two"]),
        "office": offices.findings(folder("office"), {"lab/one": 0.9, "lab/two": 0.5}),
        "memorisation": audits.findings(audits.WORKERS),
        "reasoning": puzzles.findings(folder("reasoning"), puzzles.WORKERS, marks=True),
        "ablate": ablations.findings(folder("ablate"), ablations.WORKERS),
    }


def test_every_method_of_every_trial_has_its_page(found: dict[str, Findings]) -> None:
    named = [e for findings in found.values() for e in findings.estimates if e.method]
    factories = {"t"}  # What the relay's findings made up for a test are called.
    unknown = {(e.method, e.metric) for e in named if method_of(e) is None}
    assert {method for method, _ in unknown} <= factories, unknown
    assert all(method.page for e in named if (method := method_of(e)) and e.method != "none")


@pytest.mark.parametrize(
    ("method", "more", "page"),
    [
        ("gaffke", {}, "intervals"),
        ("gaffke", {"gap": "horizon"}, "paired"),
        ("clopper-pearson", {"minus_worker": "b"}, "paired"),
        ("paired-t", {"minus_worker": "b"}, "paired"),
        ("repeated paired-t, O'Brien–Fleming-type spending, look 3 of 6", {}, "sequential"),
        ("gaffke; band: gaffke, joint quantiles", {}, "curves"),
        ("unseen bootstrap", {"metric": "critical_share"}, "ratios"),
        ("tau-b, sure orders", {"metric": "rank_agreement"}, "ranks"),
        ("over 3 protocols", {"metric": "reversals"}, "components"),
        ("gaffke", {"metric": "pass_k"}, "reliability"),
    ],
)
def test_a_method_leads_to_the_page_that_explains_it(
    method: str, more: dict[str, object], page: str
) -> None:
    found = method_of(estimate(method=method, **more))
    assert found is not None
    assert found.page == page


def test_pages_link_to_those_beside_them_and_to_no_others() -> None:
    alone, both = method_pages(["paired"]), method_pages(["paired", "intervals"])
    assert "<a" not in alone[0].body
    assert '<a href="#method-intervals">' in both[1].body
    assert (both[0].name, both[1].title) == ("intervals", "Paired difference and equivalence")
    assert "<h1" not in both[1].body
    assert '<code class="language-python">' in both[1].body


def test_every_page_there_is_can_be_shown_and_loads_nothing() -> None:
    names = {method.page for method in METHODS if method.page}
    names |= {name for pages in OF_TRIAL.values() for name in pages} | {
        "calibration",
        "multiplicity",
    }
    for page in method_pages(names):
        elements = Elements(page.body)
        assert not {tag for tag, _ in elements.tags} & {"script", "img", "style", "h1", "h2"}
        assert all(href.startswith("#method-") for href in elements.values("href"))
        assert page.body.count("<table>") == page.body.count('class="scroll"')


def test_links_of_the_page_lead_to_methods_that_are_there(found: dict[str, Findings]) -> None:
    page = render(found["office"], offices.manifest(), {})
    elements = Elements(page)
    ids = set(elements.values("id"))
    wanted = {href[1:] for href in elements.values("href") if href.startswith("#method-")}
    assert wanted
    assert wanted <= ids
    assert {"method-readiness", "method-calibration"} <= ids
    assert "method-memorisation" not in ids
    assert not re.search(r'<details class="method"[^>]* open', page)


def test_what_the_checklist_does_not_show_is_said_first() -> None:
    answers = [
        {"part": "reporting", "question": "Shown", "met": True, "shown_by": "x"},
        {"part": "reporting", "question": "Not shown", "met": False, "shown_by": "nobody measured"},
    ]
    known = factory.manifest()
    manifest = known.model_copy(
        update={"incidental": {**known.incidental, "checklist": {"relay": answers}}}
    )
    page = EvaluatorPage(factory.findings(), manifest)
    assert [(row.name, [c.text for c in row.cells]) for row in page.not_shown.rows] == [
        ("Not shown", ["relay", "nobody measured"])
    ]
    assert [(c.trial, c.met, len(c.table.rows)) for c in page.checklists] == [("relay", 1, 2)]


def test_the_summary_is_json_of_its_schema() -> None:
    record = json.loads(calibrated().text())
    assert record["schema"] == "worktrial/calibration-summary@1"

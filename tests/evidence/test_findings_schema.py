"""The published schema says what `findings.json` is: what is written fits, and little else does."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from report import ablations, audits, factory, offices, puzzles, talks
from worktrial.evidence.findings import Failure, Findings

VALIDATOR = jsonschema.Draft202012Validator(Findings.json_schema())


def record(findings: Findings) -> dict[str, Any]:
    return dict(json.loads(findings.text()))


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(Findings.json_schema())


@pytest.mark.parametrize("trial", ["relay", "search", "office", "reasoning", "audit", "ablate"])
def test_findings_of_every_trial_fit(trial: str, tmp_path: Path) -> None:
    found = {
        "relay": factory.findings,
        "search": lambda: talks.findings(["a/b"]),
        "office": lambda: offices.findings(tmp_path, {"a/b": 0.5, "c/d": 0.9}),
        "reasoning": lambda: puzzles.findings(tmp_path),
        "audit": audits.findings,
        "ablate": lambda: ablations.findings(tmp_path),
    }[trial]()
    VALIDATOR.validate(record(found))


def test_what_is_missing_is_absent_and_only_a_value_is_null() -> None:
    estimate = factory.findings().estimates[0]
    unknown = estimate.model_copy(update={"value": None, "low": None, "why": "one item"})
    whole = record(factory.findings().model_copy(update={"estimates": (unknown,)}))
    assert whole["estimates"][0]["value"] is None
    assert "low" not in whole["estimates"][0]
    VALIDATOR.validate(whole)


def test_a_failure_without_a_proxy_fits_and_is_read_back(tmp_path: Path) -> None:
    failure = Failure(
        trial="relay", worker="a/b", item="i", metric="fidelity", proxy_arm="legs-2",
        work_arm="legs-10", work=0.25, arm="rewrite", sample="i", replicate=1,
    )  # fmt: skip
    found = factory.findings().model_copy(update={"failures": (failure,)})
    VALIDATOR.validate(record(found))
    (tmp_path / "findings.json").write_text(found.text())
    assert Findings.read(tmp_path / "findings.json") == found


BROKEN: dict[str, Any] = {
    "no schema": lambda whole: whole.pop("schema"),
    "another schema": lambda whole: whole.update(schema="worktrial/findings@2"),
    "no value": lambda whole: whole["estimates"][0].pop("value"),
    "a null bound": lambda whole: whole["estimates"][0].update(low=None),
    "a bound in words": lambda whole: whole["estimates"][0].update(low="low"),
    "another verdict": lambda whole: whole["claims"][0].update(verdict="perhaps"),
    "a field of nobody's": lambda whole: whole["claims"][0].update(mood="good"),
    "no run": lambda whole: whole.pop("run"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_not_findings_does_not_fit(case: str) -> None:
    whole = copy.deepcopy(record(factory.findings()))
    VALIDATOR.validate(whole)
    BROKEN[case](whole)
    assert list(VALIDATOR.iter_errors(whole))

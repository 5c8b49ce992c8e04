"""A policy is read with limits, and what is wrong with one is said in a line with its place."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from worktrial.errors import ConfigError
from worktrial.gate import Policy, read_policy
from worktrial.gate.policy import ClaimGate, DriftGate, EstimateGate, FaultsGate

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "reference" / "policy.schema.json").read_text()
)
WHOLE = """
gates:
  keeps: {metric: fidelity, step: last, at_least: 0.9}
  pair: {metric: fidelity, minus_worker: "*", within: [-0.1, 0.1], bound: value}
  sound: {claim: "safe-*", verdict: met, optional: true}
  faults: {faults: {at_most: 0.02}}
  drift: {drift: {metric: fidelity, at_most_loss: 0.02}}
cannot_tell: fail
"""


def read(folder: Path, text: str | bytes) -> Policy:
    path = folder / "policy.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_policy(path)


def test_each_kind_of_gate_is_told_by_its_word(tmp_path: Path) -> None:
    policy = read(tmp_path, WHOLE)
    kinds = [EstimateGate, EstimateGate, ClaimGate, FaultsGate, DriftGate]
    assert [type(gate) for gate in policy.gates.values()] == kinds
    assert list(policy.gates) == ["keeps", "pair", "sound", "faults", "drift"]
    assert policy.cannot_tell == "fail"
    jsonschema.validate(yaml.safe_load(WHOLE), SCHEMA)


WRONG = {
    "no gates": ("gates: {}", "gates"),
    "empty file": ("", "dictionary"),
    "no bound": ("gates: {a: {metric: fidelity}}", "at_least, at_most, within"),
    "two bounds": (
        "gates: {a: {metric: fidelity, at_least: 0, at_most: 1}}", "got at_least, at_most",
    ),
    "unknown word": ("gates: {a: {metric: fidelity, at_lest: 1, at_most: 2}}", "at_lest"),
    "unknown end": ("gates: {a: {metric: f, at_least: 1, bound: middle}}", "middle"),
    "not a number": ("gates: {a: {metric: f, at_least: .nan}}", "finite"),
    "endless number": ("gates: {a: {metric: f, at_least: .inf}}", "finite"),
    "crossed ends": ("gates: {a: {metric: f, within: [1, 0]}}", "[low, high]"),
    "half an interval": ("gates: {a: {metric: f, within: [0, 1], bound: low}}", "both ends"),
    "share above one": ("gates: {a: {faults: {at_most: 2}}}", "less than or equal to 1"),
    "two drifts": (
        "gates: {a: {drift: {metric: f, at_most_loss: 0, at_most_rise: 0}}}", "at_most_loss",
    ),
    "a margin and a limit": (
        "gates: {a: {drift: {metric: f, margin: 0.1, at_most_rise: 0}}}", "got margin",
    ),
    "a margin of nothing": ("gates: {a: {drift: {metric: f, margin: 0}}}", "greater than 0"),
    "instrument taken": ("gates: {instrument: {claim: x}}", "always there"),
    "name is no text": ("gates: {1: {claim: x}}", "string"),
    "a name that no terminal can show": ('gates: {"\\ud800": {claim: x}}', "unicode"),
    "step by name": ("gates: {a: {metric: f, at_least: 0, step: first}}", "first"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_policy_is_refused_in_one_line(case: str, tmp_path: Path) -> None:
    text, says = WRONG[case]
    with pytest.raises(ConfigError) as error:
        read(tmp_path, text)
    assert says in str(error.value)
    assert "`--policy`" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "case", sorted(WRONG.keys() - {"crossed ends", "half an interval", "instrument taken",
                                   "not a number", "endless number", "name is no text",
                                   "a name that no terminal can show"}),
)  # fmt: skip
def test_the_published_schema_refuses_it_too(case: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(yaml.safe_load(WRONG[case][0]), SCHEMA)


HARMFUL = {
    "an alias": ("gates: &a {x: {claim: y}}\ncannot_tell: *a", "line 1: anchors"),
    "a bomb": ("a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", "anchors"),
    "a tag": ("gates: !!python/object/apply:os.getcwd []", "python/object"),
    "a key twice": (
        "gates:\n  a: {metric: f, at_least: 0.9}\n  a: {metric: f, at_least: 0.1}",
        "line 3: 'a' stands there twice",
    ),
    "a bound twice": ("gates: {a: {metric: f, at_least: 1, at_least: 0}}", "at_least"),
    "great depth": ("[" * 100_000, "deeper than 12"),
    "two documents": ("a: 1\n---\nb: 2", "line 2"),
    "too many bytes": ("# " + "x" * 1_000_001, "1,000,000 bytes"),
    "not UTF-8": (b"\xff\xfe", "UTF-8"),
    "a control character": ("gates: \x07", "not plain YAML"),
    "unfinished": ("gates: {a: [", "line 1"),
}


@pytest.mark.parametrize("case", HARMFUL)
def test_a_harmful_file_is_refused_before_it_is_built(case: str, tmp_path: Path) -> None:
    text, says = HARMFUL[case]
    with pytest.raises(ConfigError) as error:
        read(tmp_path, text)
    assert says in str(error.value)


@pytest.mark.parametrize("place", ["nowhere.yaml", "."])
def test_a_file_that_cannot_be_read_is_named(place: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_policy(tmp_path / place)

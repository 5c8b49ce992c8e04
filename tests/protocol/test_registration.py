"""A registration fixes what will be decided, and shows when it was touched."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
import yaml

from worktrial.errors import ConfigError, EvidenceError
from worktrial.protocol.declared import read_declared
from worktrial.protocol.registration import Declaration, Registration, registered

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "reference" / "registration.schema.json").read_text()
)
WHOLE = """
question: Does a keep more of a document than b?
endpoints:
  - {id: order, kind: difference, metric: fidelity, margin: 0.03, pairs: [[a, b]]}
  - {id: loss, kind: gap, gap: horizon, metric: fidelity, step: 20, workers: [a, b]}
  - {id: same, kind: level, metric: fidelity, arm: legs-2, margin: 0.03, pairs: [[a, b]]}
looks: [24, 48]
course: standard
seed: 7
"""


def declared(folder: Path, text: str) -> Declaration:
    path = folder / "plan.yaml"
    path.write_text(text)
    return read_declared(path, Declaration, name="FILE")


def written(folder: Path) -> Registration:
    moment = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    found = Registration(declaration=declared(folder, WHOLE), registered=moment, worktrial="0.1.0")
    (folder / "registration.json").write_text(found.text())
    return found


def test_it_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    found = written(tmp_path)
    again = Registration.read(tmp_path)
    assert again == found
    assert again is not None
    assert [e.id for e in again.endpoints] == ["order", "loss", "same"]
    jsonschema.validate(yaml.safe_load(WHOLE), SCHEMA)
    assert Registration.read(tmp_path / "nowhere") is None


def test_the_hash_is_of_what_is_said_and_not_of_how(tmp_path: Path) -> None:
    one = declared(tmp_path, WHOLE).sha256
    other = declared(tmp_path, "# a comment\n" + WHOLE.replace("[24, 48]", "\n - 24\n - 48")).sha256
    assert re.fullmatch("[0-9a-f]{64}", one)
    assert one == other
    for was, becomes in (("0.03", "0.04"), ("48", "96"), ("seed: 7", "seed: 8"), ("than b", "x")):
        assert declared(tmp_path, WHOLE.replace(was, becomes)).sha256 != one


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("0.03", "0.05"),
        ("2026-11-24T12", "2026-11-23T12"),
        ('"worktrial": "0.1.0"', '"worktrial": "0.0.9"'),
        ("worktrial/registration@1", "worktrial/registration@2"),
        ('"seed": 7', '"seed": 8'),
    ],
)
def test_an_edit_by_hand_is_found(tmp_path: Path, was: str, becomes: str) -> None:
    written(tmp_path)
    path = tmp_path / "registration.json"
    assert was in path.read_text()
    path.write_text(path.read_text().replace(was, becomes))
    with pytest.raises(EvidenceError, match="was changed"):
        Registration.read(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"sha256": 1', "\x00", "[" * 9999])
def test_a_damaged_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "registration.json").write_text(text)
    with pytest.raises(EvidenceError, match=r"registration\.json"):
        Registration.read(tmp_path)


def endpoint(**fields: object) -> str:
    base = {"id": "e", "kind": "difference", "metric": "f", "margin": 0.1, "pairs": [["a", "b"]]}
    kept = {n: v for n, v in {**base, **fields}.items() if v is not None}
    return yaml.safe_dump({"question": "q", "endpoints": [kept]})


WRONG = {
    "no endpoint": ("question: q\nendpoints: []", "endpoints"),
    "no question": ("endpoints: []", "question"),
    "a difference of one": (endpoint(pairs=None, workers=["a"]), "`pairs` alone"),
    "a gap of two": (endpoint(kind="gap", gap="horizon"), "`workers` alone"),
    "a gap without a name": (endpoint(kind="gap", pairs=None, workers=["a"]), "`gap`"),
    "a named gap that is none": (endpoint(gap="horizon"), "`gap`"),
    "no margin": (endpoint(margin=None), "`margin`"),
    "a margin of nothing": (endpoint(margin=0), "greater than 0"),
    "level on one side": (endpoint(kind="level", direction="less"), "two sides"),
    "against itself": (endpoint(pairs=[["a", "a"]]), "against itself"),
    "three in a pair": (endpoint(pairs=[["a", "b", "c"]]), "pairs"),
    "a name with a slash": (endpoint(id="../x"), "id"),
    "an unknown kind": (endpoint(kind="rank"), "rank"),
    "looks that shrink": (WHOLE.replace("[24, 48]", "[48, 24]"), "must grow"),
    "a look at nothing": (WHOLE.replace("[24, 48]", "[0, 24]"), "greater than 0"),
    "an id twice": (WHOLE.replace("id: loss", "id: order"), "twice"),
    "an unknown word": (WHOLE + "mood: good", "mood"),
    "no hash": (WHOLE + "previous: abc", "previous"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_declaration_is_refused_in_one_line(case: str, tmp_path: Path) -> None:
    text, says = WRONG[case]
    with pytest.raises(ConfigError) as error:
        declared(tmp_path, text)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("started", "is_registered"),
    [
        ("2026-11-24T12:00:00+00:00", True),
        ("2026-11-24T12:00:01", True),
        ("2026-11-24T13:30:00+02:00", False),
        ("2026-11-24T11:59:59+00:00", False),
        ("yesterday", False),
        (None, False),
    ],
)
def test_only_what_came_before_the_first_call_counts(
    tmp_path: Path, started: str | None, is_registered: bool
) -> None:
    assert registered(written(tmp_path), started) is is_registered
    assert registered(None, started) is False

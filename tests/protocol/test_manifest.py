"""The manifest: one way to write it, one hash, and what differs."""

import json
from pathlib import Path

import jsonschema
import pytest

from worktrial.errors import EvidenceError
from worktrial.protocol import (
    Manifest,
    Measurement,
    Scorer,
    Worker,
    canonical,
    check_seals,
    digest,
    seal,
)
from worktrial.relay.items import Course, relay_items
from worktrial.relay.protocol import measurement

MEASURED = Measurement(
    task_version=1,
    seed=7,
    course={"round_trips": 5},
    items={"json-000": "a" * 64, "json-001": "b" * 64},
    arms={"rewrite": "c" * 64},
    primary="rewrite",
    replicates=1,
    stop={"attempts": 2},
    scorer=Scorer(version="1", sha256="d" * 64),
)
MANIFEST = Manifest(measurement={"relay": MEASURED}, worker={"m": Worker()}, incidental={})
ROOT = Path(__file__).parents[2]
COURSE = Course(items=2, round_trips=2, size=(100, 100), distractors=0)


def test_canonical_json_does_not_depend_on_order() -> None:
    assert canonical({"b": 1, "a": [2]}) == '{"a":[2],"b":1}' == canonical({"a": [2], "b": 1})
    # printf '{"a":1}' | sha256sum
    assert digest({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


def test_the_hash_is_of_the_measurement_alone() -> None:
    other = MANIFEST.model_copy(update={"worker": {"n": Worker()}, "incidental": {"x": 1}})
    assert other.sha256 == MANIFEST.sha256


def test_a_manifest_is_read_back_and_tampering_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "protocol.json"
    path.write_text(MANIFEST.text())
    assert Manifest.read(path) == MANIFEST
    path.write_text(MANIFEST.text().replace('"seed": 7', '"seed": 8'))
    with pytest.raises(EvidenceError, match="was changed"):
        Manifest.read(path)
    path.write_text("{")
    with pytest.raises(EvidenceError, match="not a protocol"):
        Manifest.read(path)


def changed(**fields: object) -> Manifest:
    return Manifest(
        measurement={"relay": MEASURED.model_copy(update=fields)}, worker={}, incidental={}
    )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"seed": 8}, "relay seed: 7 against 8"),
        ({"course": {"round_trips": 6}}, "relay course.round_trips: 5 against 6"),
        (
            {"arms": {"rewrite": "e" * 64}},
            "relay arms.rewrite: cccccccccccc… against eeeeeeeeeeee…",
        ),
        (
            {"items": {"json-000": "a" * 64}},
            "relay items.json-001: bbbbbbbbbbbb… against nothing",
        ),
        ({"judge": {"model": "x"}}, 'relay judge: nothing against {"model":"x"}'),
    ],
)
def test_each_difference_is_named_with_both_values(fields: dict[str, object], says: str) -> None:
    (difference,) = MANIFEST.differences(changed(**fields))
    assert str(difference) == says
    assert "--protocol" in difference.remedy
    assert "--bridge" in difference.remedy


def test_a_scorer_that_differs_has_regrading_as_its_remedy() -> None:
    (difference,) = MANIFEST.differences(changed(scorer=Scorer(version="2", sha256="d" * 64)))
    assert (difference.field, difference.ours, difference.theirs) == ("scorer.version", "1", "2")
    assert "worktrial regrade" in difference.remedy


def test_a_worker_or_a_machine_makes_nothing_incomparable() -> None:
    other = MANIFEST.model_copy(
        update={"worker": {"m": Worker(settings={"temperature": 1})}, "incidental": {"x": 1}}
    )
    assert not MANIFEST.differences(other)


def test_an_arm_that_only_one_run_has_makes_nothing_incomparable() -> None:
    assert not MANIFEST.differences(changed(arms={**MEASURED.arms, "tools": "f" * 64}))


def test_runs_without_a_common_trial_are_not_comparable() -> None:
    other = Manifest(measurement={"search": MEASURED}, worker={}, incidental={})
    assert [str(d) for d in MANIFEST.differences(other)] == ["run trials: relay against search"]


def test_what_a_run_writes_is_valid_by_the_published_schema() -> None:
    schema = json.loads((ROOT / "docs" / "reference" / "protocol.schema.json").read_text())
    jsonschema.validate(json.loads(MANIFEST.text()), schema)
    broken = json.loads(MANIFEST.text())
    del broken["measurement"]["relay"]["items"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_a_log_without_a_seal_passes_and_one_that_is_gone_or_changed_does_not(
    tmp_path: Path,
) -> None:
    sealed, loose = tmp_path / "a.eval", tmp_path / "b.eval"
    sealed.write_bytes(b"one")
    loose.write_bytes(b"two")
    manifest = seal(MANIFEST, [sealed])
    check_seals(manifest, [sealed, loose])
    with pytest.raises(EvidenceError, match=r"a\.eval is gone"):
        check_seals(manifest, [loose])
    sealed.write_bytes(b"One")
    with pytest.raises(EvidenceError, match=r"a\.eval was changed"):
        check_seals(manifest, [sealed, loose])


def test_a_changed_item_changes_the_measurement() -> None:
    items = relay_items(COURSE, seed=1, domains=["spreadsheet"])
    changed = [items[0].model_copy(update={"files": {"a.csv": "x\n1\n"}}), items[1]]
    one, other = (measurement(COURSE, i, seed=1) for i in (items, changed))
    assert one.items != other.items
    assert one == measurement(COURSE, items, seed=1)

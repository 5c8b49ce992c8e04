"""The manifest: one way to write it, one hash, and what differs."""

from pathlib import Path

import pytest

from worktrial.errors import EvidenceError
from worktrial.protocol import Manifest, canonical, digest
from worktrial.relay.items import Course, relay_items
from worktrial.relay.protocol import measurement

MANIFEST = Manifest(measurement={"seed": 7, "arm": "rewrite"}, worker={"m": {}}, incidental={})
COURSE = Course(items=2, round_trips=2, size=(100, 100), distractors=0)


def test_canonical_json_does_not_depend_on_order() -> None:
    assert canonical({"b": 1, "a": [2]}) == '{"a":[2],"b":1}' == canonical({"a": [2], "b": 1})
    # printf '{"a":1}' | sha256sum
    assert digest({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


def test_the_hash_is_of_the_measurement_alone() -> None:
    other = MANIFEST.model_copy(update={"worker": {"n": {}}, "incidental": {"x": 1}})
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


def test_differences_are_named() -> None:
    other = Manifest(measurement={"seed": 8, "arm": "rewrite"}, worker={}, incidental={})
    assert MANIFEST.differences(other) == ["seed"]


def test_a_changed_item_changes_the_measurement() -> None:
    items = relay_items(COURSE, seed=1, domains=["spreadsheet"])
    changed = [items[0].model_copy(update={"files": {"a.csv": "x\n1\n"}}), items[1]]
    one, other = (measurement(COURSE, i, seed=1) for i in (items, changed))
    assert digest(one) != digest(other)
    assert digest(one) == digest(measurement(COURSE, items, seed=1))

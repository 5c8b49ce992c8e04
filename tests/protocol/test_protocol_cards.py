"""The published protocols: what this version measures, and what is said where it does not."""

import importlib
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from worktrial.cli.main import main
from worktrial.errors import ConfigError
from worktrial.protocol import Manifest
from worktrial.protocol.published import card, protocol_file, published
from worktrial.running import Request, run

DOCS = Path(__file__).parents[2] / "docs"
NAMES = ("office-standard", "relay-standard", "search-standard")


@pytest.fixture(scope="module")
def cards() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DOCS))
        return importlib.import_module("cards")


def test_there_are_three_and_each_has_its_card() -> None:
    assert tuple(published()) == NAMES
    for name, path in published().items():
        assert Manifest.read(path).sha256 in card(name)


@pytest.mark.parametrize("name", NAMES)
def test_this_version_draws_the_same_items_and_writes_the_same_card(
    name: str, cards: ModuleType
) -> None:
    drawn, kept = cards.manifest(name), Manifest.read(published()[name])
    assert drawn.differences(kept) == [], "another measurement: make protocols, and say so"
    assert drawn.sha256 == kept.sha256
    assert card(name) == cards.card(name, drawn)


def test_a_file_is_taken_before_a_name_and_what_is_neither_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert protocol_file(Path("relay-standard")) == published()["relay-standard"]
    monkeypatch.chdir(tmp_path)
    Path("relay-standard").touch()
    assert protocol_file(Path("relay-standard")) == Path("relay-standard")
    with pytest.raises(ConfigError, match="or one of office-standard, relay-standard"):
        protocol_file(Path("relay-standart"))
    with pytest.raises(ConfigError):
        protocol_file(Path("../protocol/relay-standard"))


def test_a_protocol_is_run_by_its_name_and_refused_where_items_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small = {"items": 2, "round_trips": 1, "domains": ["json"]}
    first = run(Request(["reference/oracle"], tmp_path / "first", **small))
    shutil.copy(first.protocol, tmp_path / "small.json")
    monkeypatch.setattr("worktrial.protocol.published.FOLDER", tmp_path)
    again = ["run", "--protocol", "small", "--model", "reference/noop", "--out"]
    with pytest.raises(SystemExit) as left:
        main([*again, str(tmp_path / "again")])
    assert not left.value.code
    ours = Manifest.read(tmp_path / "again" / "protocol.json")
    assert ours.sha256 == Manifest.read(first.protocol).sha256

    manifest = Manifest.read(first.protocol)
    relay = manifest.measurement["relay"]
    other = relay.model_copy(update={"items": {**relay.items, "json-001": "0" * 64}})
    changed = manifest.model_copy(update={"measurement": {"relay": other}})
    (tmp_path / "small.json").write_text(changed.text())
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        main([*again, str(tmp_path / "never")])
    assert left.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "which does not measure the same: relay items.json-001" in line
    assert "install the version that wrote it, 0." in line
    assert not list((tmp_path / "never" / "logs").glob("*"))

"""From an audit that was run to what its page shows."""

import json

import pytest

from worktrial.evidence import Evidence, RunFolder
from worktrial.memorisation.stories import SHOWN, stories, unvaried
from worktrial.protocol import Manifest
from worktrial.report import publish
from worktrial.report.audited import audited
from worktrial.running import run
from worktrial.running.extraction import logs_of
from worktrial.trial import Audit, Request

pytestmark = pytest.mark.xdist_group("audited")
KNOWS, FRESH = "reference/memoriser", "reference/oracle"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """Six items with numbers, a row without a question, and one that no program can vary."""
    path = tmp_path_factory.mktemp("audited")
    rows = [
        {"id": f"q{n}", "answer": str(3 * n + 1), "question": f"Ada packs {n} plums into a crate "
         f"and adds {2 * n + 1} more after lunch. How many plums are in the crate then?"}
        for n in range(20, 26)
    ]  # fmt: skip
    rows.append({"id": "none", "question": "", "answer": "0"})
    rows.append({"id": "why", "question": "so why would that ever be", "answer": "because"})
    (path / "items.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    asked = Audit(items=str(path / "items.jsonl"), rate=0.2)
    request = Request(workers=(KNOWS, FRESH), out=path / "run", trials=("memorisation",),
                      audit=asked)  # fmt: skip
    run(request)
    return RunFolder(path / "run")


def test_what_was_known_is_told_word_for_word_and_flagged(folder: RunFolder) -> None:
    manifest = Manifest.read(folder.protocol)
    logs = logs_of(folder, manifest)["memorisation"]
    measured = manifest.measurement["memorisation"]
    shown = audited(logs, Evidence(folder.evidence), measured)
    assert shown.items == 7
    without, short = shown.notes or []
    assert "no question; left out (row 7)" in without
    assert "too short" in short
    assert shown.rate == 0.2
    assert sum(shown.unvaried.values()) == 1
    assert set(shown.told) == set(shown.flags) == {KNOWS, FRESH}
    published = [text for text in shown.told[KNOWS] if text.arm == "published"]
    assert len(published) == 7
    assert all(text.written.strip() == text.remainder.strip() for text in published)
    assert {flag.item for flag in shown.flags[KNOWS] if flag.flagged} == {
        f"q{n}" for n in range(20, 26)
    }
    assert not any(flag.flagged for flag in shown.flags[FRESH])
    assert shown.tiers[KNOWS, "verbatim_60"] in ("chat", "raw")


def test_texts_of_a_log_are_told_with_their_parts(folder: RunFolder) -> None:
    logs = logs_of(folder, Manifest.read(folder.protocol))["memorisation"]
    fresh = next(log for log in logs if (log.worker, log.arm) == (KNOWS, "fresh"))
    told = list(stories(fresh, {"q20"}))
    assert [text.operation for text in told] == [f"variant-{n}" for n in range(1, 6)]
    assert {text.item for text in told} == {"q20"}
    for text in told:
        words = len(text.prefix.split()), len((text.prefix + text.remainder).split())
        assert words[0] == round(words[1] * SHOWN / 100)
        assert text.verbatim == 0
    assert unvaried(fresh) == {}


def test_page_of_the_run_shows_its_worst_items(folder: RunFolder) -> None:
    publish(folder)
    page = folder.report.read_text(encoding="utf-8")
    assert 'id="reconstructions"' in page
    assert "Of 1 of 7 items a program can make no fresh text" in page
    assert "<mark>" in page

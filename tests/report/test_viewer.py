"""Links from what a report shows to the same sample in Inspect's viewer."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from report import ablations, audits, factory, offices, puzzles, talks
from worktrial.cli.main import main
from worktrial.evidence import Source
from worktrial.instruction.arms import FULL
from worktrial.memorisation.arms import PUBLISHED
from worktrial.report import render
from worktrial.report.contrasts import Contrast, Told
from worktrial.report.viewer import Viewer

VIEWER = Viewer(frozenset({"a.eval"}))
STEM = "viewer/index.html#/logs/a.eval/samples/sample"
HOSTILE = "x/#? %\"'><script>\u202e日"
ENCODED = "x%2F%23%3F%20%25%22%27%3E%3Cscript%3E%E2%80%AE%E6%97%A5"
HREF = f"{STEM}/{ENCODED}/2"
SOURCE = Source("a.eval", HOSTILE, 2)

Pages = Callable[[Source, Viewer | None], str]


@pytest.mark.parametrize(
    ("log", "sample", "replicate", "at"),
    [
        ("a.eval", "json-001", 1, "json-001/1"),
        ("logs/a.eval", "7", 12, "7/12"),
        ("a.eval", "a/b c#d?e=f&g", 1, "a%2Fb%20c%23d%3Fe%3Df%26g/1"),
        ("a.eval", "50%2F", 1, "50%252F/1"),
        ("a.eval", "../up\\", 1, "..%2Fup%5C/1"),
        ("a.eval", "é日😀", 1, "%C3%A9%E6%97%A5%F0%9F%98%80/1"),
        ("a.eval", HOSTILE, 2, f"{ENCODED}/2"),
    ],
)
def test_a_sample_has_the_address_that_the_viewer_understands(
    log: str, sample: str, replicate: int, at: str
) -> None:
    assert VIEWER.href(log, sample, replicate) == f"{STEM}/{at}"


def test_a_log_of_unusual_name_is_one_part_of_the_address() -> None:
    href = Viewer(frozenset({"a #1%.eval"})).href("a #1%.eval", "s", 1)
    assert href == "viewer/index.html#/logs/a%20%231%25.eval/samples/sample/s/1"


@pytest.mark.parametrize("sample", ["two\nlines", "two\rlines", "two\u2028lines", "\ud800"])
def test_an_id_that_the_viewer_cannot_find_is_not_linked(sample: str) -> None:
    assert VIEWER.href("a.eval", sample, 1) is None


def test_a_log_that_the_viewer_does_not_hold_is_not_linked() -> None:
    assert VIEWER.href("b.eval", "s", 1) is None


def relay(source: Source, viewer: Viewer | None) -> str:
    told = {
        worker: {s: [replace(leg, source=source) for leg in legs] for s, legs in relays.items()}
        for worker, relays in factory.stories(relays=1).items()
    }
    return render(factory.findings(), factory.manifest(), told, viewer=viewer)


def search(source: Source, viewer: Viewer | None) -> str:
    told = {"w": [replace(talks.conversation("hello"), source=source)]}
    return render(talks.findings(["w"]), talks.manifest(), {}, told, viewer=viewer)


def audit(source: Source, viewer: Viewer | None) -> str:
    shown = audits.audited()
    told = {w: [replace(text, source=source) for text in texts] for w, texts in shown.told.items()}
    return render(
        audits.findings(), audits.manifest(), {}, audited=replace(shown, told=told), viewer=viewer
    )


def ablation(source: Source, viewer: Viewer | None, tmp_path: Path) -> str:
    shown, found = ablations.ablated(), ablations.findings(tmp_path)
    pair = Contrast(*(replace(story, source=source) for story in ablations.contrast()))
    told = dict.fromkeys(shown.told, Told(gained=[pair], gains=1))
    arms = [replace(ablations.story(arm=FULL), source=source)]
    page = replace(shown, told=told, arms=arms)
    return render(found, ablations.manifest(), {}, ablated=page, viewer=viewer)


def office(source: Source, viewer: Viewer | None, tmp_path: Path) -> str:
    told = offices.told("hello")
    items = {"w": [replace(told, story=replace(told.story, source=source))]}
    found = offices.findings(tmp_path, {"w": 0.7})
    return render(found, offices.manifest(), {}, items=items, viewer=viewer)


def reasoning(source: Source, viewer: Viewer | None, tmp_path: Path) -> str:
    written = {w: [replace(s, source=source) for s in of] for w, of in puzzles.written().items()}
    found = puzzles.findings(tmp_path)
    return render(found, puzzles.manifest(), {}, written=written, viewer=viewer)


@pytest.fixture(params=[relay, search, audit, ablation, office, reasoning])
def pages(request: pytest.FixtureRequest, tmp_path: Path) -> Pages:
    made = request.param
    if made in (relay, search, audit):
        return lambda source, viewer: made(source, viewer)
    return lambda source, viewer: made(source, viewer, tmp_path)


def linked(page: str) -> set[str]:
    return set(re.findall(r'href="(viewer[^"]*)"', page))


def test_every_sample_that_is_shown_leads_to_the_viewer(pages: Pages) -> None:
    page = pages(SOURCE, VIEWER)
    assert linked(page) == {HREF}
    assert "<code>worktrial serve RUN</code>" in page


def test_without_a_viewer_nothing_leads_there(pages: Pages) -> None:
    page = pages(SOURCE, None)
    assert linked(page) == set()
    assert "worktrial serve" not in page


def test_what_the_viewer_cannot_show_is_not_linked() -> None:
    assert linked(relay(Source("b.eval", "s", 1), VIEWER)) == set()


def test_each_text_of_an_audit_leads_to_its_own_log() -> None:
    shown = audits.audited()
    told = {
        worker: [replace(t, source=Source(f"{t.arm}.eval", t.item, 1)) for t in texts]
        for worker, texts in shown.told.items()
    }
    viewer = Viewer(frozenset({f"{PUBLISHED}.eval"}))
    page = render(
        audits.findings(), audits.manifest(), {}, audited=replace(shown, told=told), viewer=viewer
    )
    items = {t.item for texts in told.values() for t in texts if t.arm == PUBLISHED}
    assert {href.split("/")[-2] for href in linked(page)} <= items
    assert linked(page)


def command(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0), capsys.readouterr().err


def test_a_control_has_no_logs_to_view(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "control.json").write_text("{}")
    code, said = command(capsys, "report", tmp_path, "--with-logs")
    assert (code, said) == (
        2,
        "worktrial: `--with-logs` is about Inspect's logs, and a control has none\n",
    )


def test_a_run_without_a_viewer_is_not_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "protocol.json").write_text("{}")
    code, said = command(capsys, "serve", tmp_path)
    assert code == 2
    assert "worktrial report" in said
    assert "--with-logs" in said

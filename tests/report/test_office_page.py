"""The office's part of a report: what it says, what it never says, and what it lets nobody do."""

import re
from pathlib import Path

import pytest

from report import factory, offices
from report.test_page import Elements
from worktrial.evidence.findings import Findings
from worktrial.report import render, summary
from worktrial.report.readiness import AT, ReadinessReading, evidence_of, readiness_sentence
from worktrial.report.text import WIDTH
from worktrial.report.words import points, share

WORKERS = {"lab/able": 0.95, "lab/careful": 0.5, "reference/oracle": 1.0}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return offices.findings(tmp_path_factory.mktemp("office"), WORKERS)


@pytest.fixture(scope="module")
def page(found: Findings) -> str:
    items = {worker: [offices.told("do it")] for worker in WORKERS}
    return render(found, offices.manifest(), {}, items=items)


def test_sections_come_in_their_order(page: str) -> None:
    names = "readiness dimension arms retention privacy orders ecosystem"
    assert re.findall(r'<h2 id="([\w-]+)"', page.partition('id="limits"')[2]) == [
        *names.split(),
        *factory.PAGE_TWO,
        "items",
    ]


def test_every_link_leads_somewhere_and_every_id_is_unique(page: str) -> None:
    elements = Elements(page)
    ids = elements.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in elements.values("href") if href[0] == "#"} <= set(ids)
    assert set(" ".join(elements.values("aria-labelledby")).split()) <= set(ids)


def test_there_is_no_total_and_the_checklist_says_that_it_is_none(page: str) -> None:
    assert "Not a measurement" in page
    assert "P(best)" not in factory.without_methods(page)
    assert "There is no total" in page


def test_every_number_of_a_sentence_is_one_of_the_findings(found: Findings) -> None:
    reading = ReadinessReading(found)
    for worker in reading.workers:
        mine = [e for e in found.estimates if e.worker == worker]
        values = [v for e in mine for v in (e.value, e.low, e.high) if v is not None]
        known = {unit(v) for v in values for unit in (share, points)} | {str(AT)}
        text = readiness_sentence(reading, worker)
        assert set(re.findall(r"−?(?:\d*\.)?\d+", text)) <= known


def test_sentence_names_the_lowest_axis(found: Findings) -> None:
    text = readiness_sentence(ReadinessReading(found), "lab/able")
    # Privacy is 1.2 − .95 = .25 on every task, far below the others.
    assert "Its lowest other axis is privacy, .25" in text
    assert f"some axis is below {AT} %" in text


def test_checklist_points_only_at_what_was_run(found: Findings, tmp_path: Path) -> None:
    reading = ReadinessReading(found)
    standard = next(row for row in evidence_of(reading) if row[0] == "Standardisation")
    assert standard[2] == "success over MCP (success under mcp)"
    nothing = found.model_copy(update={"estimates": ()})
    assert all(evidence == "" for _, _, evidence, _ in evidence_of(ReadinessReading(nothing)))
    assert len(evidence_of(reading)) == 5


def test_matrix_of_flips_is_there_for_two_and_not_for_one(page: str, tmp_path: Path) -> None:
    assert "flips-table" in page
    alone = offices.findings(tmp_path, {"lab/able": 0.9})
    assert "flips-table" not in render(alone, offices.manifest(), {})


def test_withheld_agreement_gives_its_reason(page: str) -> None:
    assert "2 worker(s); agreement of axes needs 6" in page


def test_three_workers_are_told_pair_by_pair(tmp_path: Path) -> None:
    three = {"a": 0.9, "b": 0.7, "c": 0.5}
    text = render(offices.findings(tmp_path, three), offices.manifest(), {})
    assert all(f"{one} − {other}" in text for one, other in ("ab", "ac", "bc"))


@pytest.mark.parametrize("hostile", factory.HOSTILE)
def test_hostile_events_and_names_are_text_and_nothing_else(
    page: str, hostile: str, tmp_path: Path
) -> None:
    # DuckDB takes no lone surrogate: a worker's name comes out of a log, which holds none either.
    name = hostile if hostile.isprintable() else "lab/able"
    found = offices.findings(tmp_path, {name: 0.9, "lab/careful": 0.5})
    items = {name: [offices.told(hostile, lines=9)]}
    text = render(found, offices.manifest(), {}, items=items)
    text.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069]", text)
    tags = {tag for tag, _ in Elements(text).tags}
    assert tags <= {tag for tag, _ in Elements(page).tags}
    assert not any(key.startswith("on") for _, attrs in Elements(text).tags for key in attrs)


def test_long_logs_are_cut_and_say_so(found: Findings) -> None:
    items = {"lab/able": [offices.told("x" * 100_000, lines=500)] * 4}
    text = render(found, offices.manifest(), {}, items=items)
    assert len(text) < 1_500_000
    assert "440 more events are in the log" in text
    assert "about other things that lay between: 5" in text


def test_empty_findings_still_make_a_page() -> None:
    empty = factory.findings({}).model_copy(update={"claims": ()})
    assert "Not a measurement" in render(empty, offices.manifest(), {})


def test_the_terminal_shows_axes_and_the_gap(found: Findings) -> None:
    text = summary(found)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "gap, points" in text
    assert "fidelity" not in text
    order = [text.index(name) for name in ("lab/able", "lab/careful", "reference/oracle")]
    assert order == sorted(order)


def test_an_office_beside_a_relay_leaves_the_relay_as_it_was(found: Findings) -> None:
    relay = factory.findings()
    both = relay.model_copy(update={"estimates": (*found.estimates, *relay.estimates)})
    manifest = offices.manifest()
    measured = {**factory.manifest().measurement, **manifest.measurement}
    page = render(both, manifest.model_copy(update={"measurement": measured}), {})
    assert {"gap", "readiness"} <= set(
        re.findall(r'<h2 id="(\w+)"', page.partition('id="limits"')[2])
    )
    assert summary(both).count("fidelity") >= 2

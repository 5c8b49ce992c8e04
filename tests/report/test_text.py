"""The table that `make trial` ends with."""

import re

from report import factory
from worktrial.evidence.findings import Findings
from worktrial.report import summary
from worktrial.report.text import WIDTH


def test_every_line_fits_and_every_worker_has_its_row() -> None:
    text = summary(factory.findings())
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(text.count(f"\n{name}") == 1 for name in factory.WORKERS)


def test_workers_stand_in_order_of_name_with_references_last() -> None:
    text = summary(factory.findings({"z/best": 0.0, "reference/oracle": 0.0, "a/worst": 0.2}))
    order = [text.index(f"\n{name}") for name in ("a/worst", "z/best", "reference/oracle")]
    assert order == sorted(order)


def test_fidelity_never_stands_without_its_interval() -> None:
    text = summary(factory.findings())
    # (1 − .01)² = .9801 and (1 − .01)¹⁰ = .9044, each with the factory's −.04 and +.03.
    assert ".98 [.94, 1]" in text
    assert ".90 [.86, .93]" in text


def test_missing_number_is_a_dash_with_its_why_beneath() -> None:
    known = factory.findings()
    gap = next(e for e in known.estimates if e.gap)
    unknown = gap.model_copy(update={"value": None, "low": None, "high": None, "why": "2 needed"})
    others = (e for e in known.estimates if e is not gap)
    text = summary(known.model_copy(update={"estimates": (*others, unknown)}))
    assert "    – horizon gap: 2 needed" in text


def test_doubtful_length_carries_a_question_mark_that_is_explained() -> None:
    text = summary(factory.findings())
    assert "2?/10/10" in text
    assert "? the data cannot tell" in text


def test_empty_findings_still_make_a_summary() -> None:
    assert "pocket" in summary(_empty())


def test_long_and_hostile_names_neither_break_lines_nor_reach_the_terminal() -> None:
    names = [f"{'long/' * 40}{i}\x1b[2J\u202e" for i in range(7)]
    text = summary(factory.findings(dict.fromkeys(names, 0.02)))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)


def _empty() -> Findings:
    return factory.findings({}).model_copy(update={"claims": ()})

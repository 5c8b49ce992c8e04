"""The section of a run's report on conduct: what trials told, and nothing where they told none."""

import re

from report import factory
from worktrial.evidence.findings import Estimate, Findings
from worktrial.report import render
from worktrial.report.conduct import ConductReading

WORKER = "openai/gpt-9"


def one(
    metric: str,
    value: float | None,
    *,
    worker: str = WORKER,
    gap: str | None = None,
    trial: str = "office",
    why: str | None = None,
) -> Estimate:
    known = value is not None
    return Estimate(
        id=f"{trial}/{worker}/{metric}/{gap}", trial=trial, metric=metric, worker=worker,
        gap=gap, arm="native", value=value, low=value - 0.1 if known else None,
        high=value + 0.1 if known else None, level=0.95, items=24, clusters=24, why=why,
    )  # fmt: skip


def with_conduct(*estimates: Estimate) -> Findings:
    known = factory.findings()
    return known.model_copy(update={"estimates": (*known.estimates, *estimates)})


TOLD = (
    one("clean_success", 0.2, gap="conduct"),
    one("success", 0.7),
    one("clean_success", 0.5),
    one("verified", 0.6),
    one("truthful", 0.9),
    one("current", None, why="no fact is known"),
)


def test_every_number_that_a_trial_told_is_there_with_its_interval() -> None:
    (table,) = ConductReading(with_conduct(*TOLD)).tables()
    (row,) = table.rows
    assert row.name == f"{WORKER}, native"
    assert [cell.text for cell in row.cells] == [
        ".70 [.60, .80]", ".50 [.40, .60]", "20 [10, 30]",
        ".60 [.50, .70]", ".90 [.80, 1]", "–", "24",
    ]  # fmt: skip
    assert row.cells[5].note == "no fact is known"


def test_page_has_a_table_for_each_trial_and_keeps_the_rest_as_it_was() -> None:
    plain = render(factory.findings(), factory.manifest(), {})
    assert 'id="conduct"' not in plain
    hostile = factory.HOSTILE[0]
    told = (*TOLD, one("clean_success", 0.1, gap="conduct", trial="search", worker=hostile))
    page = render(with_conduct(*told), factory.manifest(), {})
    assert page.count('id="conduct-table') == 2
    assert "Every mutation of consequence was looked at afterwards." in page
    assert "<script" not in page
    rest = _without_counts(re.sub(CONDUCT, "", page, flags=re.DOTALL))
    rest = rest.replace('<a href="#conduct">Conduct</a> ', "")
    assert re.sub(r"\s+", " ", rest) == re.sub(r"\s+", " ", _without_counts(plain))


CONDUCT = r'<section aria-labelledby="conduct">.*?</section>\n*'


def _without_counts(page: str) -> str:
    """The page without what counts every estimate, wherever it is from."""
    counted = (
        r'<section aria-labelledby="(?:decision|gaps|evaluator|calibration|multiplicity|found)">'
        r".*?</section>"
    )
    return re.sub(counted, "", page, flags=re.DOTALL)


def test_success_alone_makes_no_section() -> None:
    assert not ConductReading(with_conduct(one("success", 0.7), one("verified", 1.0))).tables()


def test_gap_alone_is_shown_and_the_rest_is_said_to_be_missing() -> None:
    ((row,),) = (t.rows for t in ConductReading(with_conduct(TOLD[0])).tables())
    assert [cell.text for cell in row.cells] == ["–", "–", "20 [10, 30]", "–", "–", "–", "24"]
    assert row.cells[0].note == "not estimated in this run"

"""The report of a whole run, five workers by eight gaps by fifty items: its size, in a browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from report.whole import NAMES, Whole, whole
from worktrial.report import render
from worktrial.report.gaps import Gaps

pytestmark = pytest.mark.xdist_group("browser")
MOST_BYTES = 5_000_000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return whole(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def page(run: Whole, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scale") / "report.html"
    path.write_text(render(run.findings, run.manifest, **run.told), encoding="utf-8")
    return path


def test_whole_run_has_every_gap_of_every_worker(run: Whole) -> None:
    assert {(one.worker, one.gap.name) for one in Gaps(run.findings).every()} == {
        (worker, gap)
        for worker in NAMES
        for gap in ("horizon", "specification", "dimension", "conduct", "protocol",
                    "memorisation", "instruction", "trace")
    }  # fmt: skip


def test_page_of_a_whole_run_is_at_most_five_megabytes(page: Path) -> None:
    assert 1_000_000 < page.stat().st_size <= MOST_BYTES


def test_page_of_a_whole_run_opens_silently_fits_and_asks_for_nothing(
    page: Path, browser: Browser
) -> None:
    said: list[str] = []
    asked: list[str] = []
    opened = browser.new_page(viewport={"width": 390, "height": 844})
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda sent: asked.append(sent.url))
    opened.goto(page.as_uri())
    opened.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert opened.evaluate(wide) == 0
    opened.close()
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [page.as_uri()]

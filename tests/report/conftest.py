"""Pages of every kind, each drawn once, and a browser to open them in."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from report.pages import KINDS, PageOf

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> PageOf:
    """The page of a kind; tests that ask for one share the group `browser`, and so the pages."""

    @cache
    def written(kind: str) -> Path:
        folder = tmp_path_factory.mktemp(kind)
        (folder / "page.html").write_text(KINDS[kind](folder), encoding="utf-8")
        return folder / "page.html"

    return written


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that is closed with the module: while it is there, nothing else can be awaited."""
    if not CHROMIUM.exists():
        pytest.fail(f"no browser at {CHROMIUM}; install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()

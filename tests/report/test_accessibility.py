"""Pages for everyone: read by axe, walked by keyboard, every link leading somewhere."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from report.pages import KINDS, PageOf

pytestmark = pytest.mark.xdist_group("browser")

# Every kind of page once, half of them in `make calibrate`, and every pair of scheme, width and
# state of the evidence.
STATES = (
    ("light", 390, "open"), ("dark", 1280, "open"), ("light", 1280, "closed"),
    ("dark", 390, "closed"), ("dark", 390, "open"), ("light", 1280, "open"),
)  # fmt: skip
READ = [
    pytest.param(
        kind,
        *STATES[n % len(STATES)],
        marks=() if n % 2 == 0 or kind == "whole" else pytest.mark.slow,
    )
    for n, kind in enumerate(KINDS)
]
# axe looks at every text for what lies behind it: of what repeats, some is enough.
THIN = """document.querySelectorAll(`tbody > tr:nth-child(n+3), section > section:nth-of-type(n+3),
  .sentences > li:nth-child(n+3), .claims > li:nth-child(n+3), .timeline > li:nth-child(n+5),
  .method ~ .method ~ .method, details.relay ~ details.relay ~ details.relay,
  details.leg ~ details.leg ~ details.leg, tr > :nth-child(n+6), .scores > :nth-child(n+5),
  svg defs, svg g:not(:has(a, text)), svg g > a ~ a`).forEach(e => e.remove())"""
OPEN = "document.querySelectorAll('details').forEach(d => { d.open = true })"
CLOSE = "document.querySelectorAll('details').forEach(d => { d.open = false })"
RUN = "axe.run(document, {resultTypes: ['violations', 'incomplete']})"
REACHED = """() => {
  const stops = [...document.querySelectorAll('a[href], summary, [tabindex="0"]')]
    .filter(e => e.checkVisibility({contentVisibilityAuto: true}));
  window.reached = [];
  document.addEventListener('focusin', ({target}) => window.reached.push(
    [stops.indexOf(target), parseFloat(getComputedStyle(target).outlineWidth)]));
  return stops.length;
}"""


class Parts(HTMLParser):
    """The elements of a page and, of each, those around it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self._around: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, dict(attrs), tuple(self._around)))
        if tag not in ("meta", "link", "br", "img"):
            self._around.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._around and self._around.pop() != tag:
            pass

    def values(self, name: str) -> list[str]:
        return [value for _, attrs, _ in self.parts if (value := attrs.get(name))]


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_unique_and_everything_refers_to_one(kind: str, page_of: PageOf) -> None:
    page = page_of(kind).read_text(encoding="utf-8")
    parts = Parts(page)
    ids = Counter(parts.values("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    hrefs = [href for href in parts.values("href") if href != "data:,"]
    assert [href for href in hrefs if not href.startswith("#") or href[1:] not in ids] == []
    named = " ".join(parts.values("aria-labelledby")).split()
    assert [name for name in named if name not in ids] == []
    assert [name for name in re.findall(r"url\(#(.*?)\)", page) if name not in ids] == []


@pytest.mark.parametrize("kind", KINDS)
def test_headings_go_down_by_one_and_nothing_lies_in_what_is_pressed(
    kind: str, page_of: PageOf
) -> None:
    parts = Parts(page_of(kind).read_text(encoding="utf-8")).parts
    levels = [int(tag[1]) for tag, *_ in parts if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    pressed = {"a", "summary"}
    assert [tag for tag, _, around in parts if tag in pressed and pressed & {*around}] == []
    heads = [attrs for tag, attrs, _ in parts if tag == "th"]
    assert all(attrs.get("scope") for attrs in heads)


@pytest.mark.parametrize(("kind", "scheme", "width", "state"), READ)
def test_axe_finds_nothing(
    kind: str, scheme: Any, width: int, state: str, page_of: PageOf, browser: Browser
) -> None:
    # The page forbids scripts; axe is one.
    page = browser.new_page(
        bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 844}
    )
    page.goto(page_of(kind).as_uri())
    page.evaluate(THIN)
    page.evaluate(OPEN if state == "open" else CLOSE)
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN)
    page.close()
    assert [_told(rule) for rule in found["violations"]] == []
    doubtful = [_told(rule) for rule in found["incomplete"] if rule["impact"] == "critical"]
    assert doubtful == []


def _told(rule: dict[str, Any]) -> str:
    nodes = "\n".join(node["html"][:200] for node in rule["nodes"][:3])
    return f"{rule['id']} ({rule['impact']}), {len(rule['nodes'])} times: {rule['help']}\n{nodes}"


@pytest.fixture
def opened(page_of: PageOf, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    page.goto(page_of(getattr(request, "param", "relay")).as_uri())
    yield page
    page.close()


@pytest.mark.parametrize("opened", ["control", "whole"], indirect=True)
def test_tab_goes_through_everything_in_order_and_shows_where_it_is(opened: Page) -> None:
    stops = opened.evaluate(REACHED)
    for _ in range(stops):
        opened.keyboard.press("Tab")
    reached = opened.evaluate("window.reached")
    assert [stop for stop, _ in reached] == list(range(stops))
    assert min(width for _, width in reached) >= 2


def test_link_into_what_is_closed_opens_all_of_it(opened: Page) -> None:
    leg = opened.locator("details.relay details.leg > .body").first
    assert not leg.is_visible()
    opened.goto(f"{opened.url}#{leg.get_attribute('id')}")
    leg.wait_for(state="visible")
    box = leg.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 844
    shut = "[...document.querySelectorAll('.relay')].filter(d => !d.open).length"
    assert opened.evaluate(shut) > 0, "the others stay closed"


@pytest.mark.parametrize("opened", ["whole"], indirect=True)
def test_whatever_scrolls_can_be_scrolled_by_keyboard(opened: Page) -> None:
    opened.set_viewport_size({"width": 390, "height": 844})
    opened.evaluate(OPEN)
    scrolling = """[...document.body.querySelectorAll('*')].filter(e =>
      ['auto', 'scroll'].some(v => [getComputedStyle(e).overflowX, getComputedStyle(e).overflowY]
        .includes(v)) && (e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight))
      .map(e => [e.tabIndex, e.ariaLabel || e.getAttribute('aria-labelledby')])"""
    found = opened.evaluate(scrolling)
    assert found, "tables are wider than a phone"
    assert [name for index, name in found if index != 0 or not name] == []
    opened.evaluate("""() => { window.scrolled = new Promise(
      done => document.querySelector('.scroll').addEventListener('scroll', () => done(true))); }""")
    opened.locator(".scroll").first.focus()
    opened.keyboard.press("ArrowRight")
    assert opened.evaluate("window.scrolled") is True

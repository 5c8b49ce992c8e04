"""The page in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from report.pages import KINDS, PageOf

pytestmark = pytest.mark.xdist_group("browser")
"""One process draws the pages and starts the browser."""

CONTRAST = """names => names.map(name => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = e => { const c = parse(getComputedStyle(e).backgroundColor);
    return c.length == 4 && !c[3] && e.parentElement ? behind(e.parentElement) : c; };
  const e = document.querySelector(name);
  const [a, b] = [parse(getComputedStyle(e).color), behind(e)].map(light).sort((x, y) => x - y);
  return [name, (b + .05) / (a + .05)];
})"""


@pytest.fixture
def opened(page_of: PageOf, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page on a phone, unless a test asks otherwise; it must stay silent and at home."""
    options: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
    options |= getattr(request, "param", {})
    report = page_of(options.pop("kind", "relay"))
    page = browser.new_page(**options)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto(report.as_uri())
    yield page
    page.close()
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]


@pytest.mark.parametrize(
    "opened",
    [{"kind": kind} for kind in KINDS],
    indirect=True,
    ids=KINDS,
)
def test_hostile_text_does_not_run(opened: Page) -> None:
    assert opened.evaluate("window.__pwned") is None
    assert opened.locator("script, img, textarea, a:not([href^='#'])").count() == 0


@pytest.mark.parametrize(
    "opened",
    [
        {"viewport": {"width": (390, 1280)[n % 2], "height": 844}, "kind": kind}
        for n, kind in enumerate([*KINDS, "whole"])
    ],
    indirect=True,
)
def test_page_never_scrolls_sideways(opened: Page) -> None:
    opened.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert opened.evaluate(wide) == 0


@pytest.mark.parametrize(
    "opened", [{"color_scheme": scheme} for scheme in ("light", "dark")], indirect=True
)
def test_text_is_readable_in_either_scheme(opened: Page) -> None:
    opened.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    names = ["body", "a", ".quiet", "caption", ".met", ".cannot-tell", ".outcome", "pre",
             ".diff del", ".diff ins", ".diff ins mark", ".tag", "svg text"]  # fmt: skip
    found = dict(opened.evaluate(CONTRAST, names))
    assert {name: ratio for name, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize(
    "opened", [{"kind": "audit", "color_scheme": scheme} for scheme in ("light", "dark")],
    indirect=True,
)  # fmt: skip
def test_an_audit_is_readable_in_either_scheme(opened: Page) -> None:
    opened.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    names = [".inflated", ".exposed-but-not-inflated", ".no-evidence", ".cannot-tell", "dt",
             "td.unjudged", ".pair mark", "pre.shown", "th[scope=rowgroup]"]  # fmt: skip
    found = dict(opened.evaluate(CONTRAST, names))
    assert {name: ratio for name, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("opened", [{"kind": "audit"}], indirect=True)
def test_what_was_written_stands_beside_what_it_should_be(opened: Page) -> None:
    for width, beside in ((1280, True), (390, False)):
        opened.set_viewport_size({"width": width, "height": 900})
        rest, wrote = (opened.locator(".pair > div").nth(n).bounding_box() for n in (0, 1))
        assert rest is not None
        assert wrote is not None
        assert (wrote["x"] >= rest["x"] + rest["width"]) is beside


@pytest.mark.parametrize("opened", [{"kind": "audit"}], indirect=True)
def test_verdict_leads_to_what_was_written_with_one_click(opened: Page) -> None:
    link = opened.get_by_role("link", name="What it wrote from memory").first
    target = opened.locator(link.get_attribute("href") or "")
    link.click()
    box = target.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 844


@pytest.mark.parametrize("opened", [{"kind": "reasoning"}], indirect=True)
def test_sentence_leads_to_what_was_written_by_keyboard_alone(opened: Page) -> None:
    link = opened.get_by_role("link", name="What it wrote").first
    target = opened.locator(link.get_attribute("href") or "")
    link.focus()
    opened.keyboard.press("Enter")
    box = target.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 844
    for _ in range(3):
        opened.keyboard.press("Tab")
        if opened.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    opened.keyboard.press("Enter")
    assert opened.evaluate("document.activeElement.parentElement.open") is False
    assert opened.get_by_role("img", name="The trace gap").count() == 1


@pytest.mark.parametrize("opened", [{"kind": "ablation"}], indirect=True)
def test_sentence_leads_to_changed_items_by_keyboard_alone(opened: Page) -> None:
    link = opened.get_by_role("link", name="Items it changed").last
    target = opened.locator(link.get_attribute("href") or "")
    link.focus()
    opened.keyboard.press("Enter")
    box = target.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 844
    assert opened.get_by_role("img", name="Scores under every arm").count() == 1


@pytest.mark.parametrize("opened", [{"kind": "search"}], indirect=True)
def test_a_conversation_has_its_state_beside_it(opened: Page) -> None:
    opened.set_viewport_size({"width": 1280, "height": 900})
    opened.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    said, state = (
        opened.locator(f".turn {name}").first.bounding_box() for name in ("pre", ".state")
    )
    assert said is not None
    assert state is not None
    assert state["x"] >= said["x"] + said["width"], "beside it, not below"
    opened.set_viewport_size({"width": 390, "height": 844})
    below = opened.locator(".turn .state").first.bounding_box()
    assert below is not None
    assert below["x"] < 60, "below it on a phone"


@pytest.mark.parametrize("opened", [{"color_scheme": "dark"}], indirect=True)
def test_charts_take_the_colour_of_the_page(opened: Page) -> None:
    inks = "name => getComputedStyle(document.querySelector(name))"
    assert opened.evaluate(f"({inks})('svg text').fill") == opened.evaluate(
        f"({inks})('body').color"
    )


@pytest.mark.parametrize(
    "opened",
    [
        pytest.param({"kind": kind}, marks=() if kind == "whole" else pytest.mark.slow)
        for kind in KINDS
    ],
    indirect=True,
    ids=KINDS,
)
def test_print_cuts_no_table_splits_no_chart_and_says_what_is_closed(opened: Page) -> None:
    opened.set_viewport_size({"width": 720, "height": 1000})  # A4 between its margins
    opened.emulate_media(media="print")
    ends = "[...document.querySelectorAll('table')].map(t => t.getBoundingClientRect().right)"
    assert max(opened.evaluate(ends)) <= 720
    figures = """[...document.querySelectorAll('figure')].map(
      f => [f.getBoundingClientRect().height, getComputedStyle(f).breakInside])"""
    for height, breaks in opened.evaluate(figures):
        assert height < 1000
        assert breaks == "avoid"
    said = """[...document.querySelectorAll('details:not([open])')].map(
      d => [d.className, getComputedStyle(d.firstElementChild, '::after').content])"""
    for kind, text in opened.evaluate(said):
        assert text == ("none" if kind == "numbers" else '" (closed in this print)"')


@pytest.mark.parametrize("opened", [{"kind": "relay"}, {"kind": "office"}], indirect=True)
def test_page_can_be_made_a_pdf(opened: Page) -> None:
    made = opened.pdf(format="A4", margin=dict.fromkeys(("left", "right"), "1cm"))
    assert made.startswith(b"%PDF")
    assert 5 < made.count(b"/Type /Page\n") < 60


def test_relay_opens_by_keyboard_alone(opened: Page) -> None:
    for _ in range(40):
        opened.keyboard.press("Tab")
        if opened.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    closed = opened.evaluate("document.activeElement.parentElement.open")
    opened.keyboard.press("Enter")
    assert (closed, opened.evaluate("document.activeElement.parentElement.open")) == (False, True)


def test_link_to_a_relay_opens_it(opened: Page) -> None:
    link = opened.locator("tbody th > a").first
    relay = opened.locator(link.get_attribute("href") or "")
    assert not relay.is_visible()
    link.click()
    relay.wait_for(state="visible")


def test_charts_are_images_with_names(opened: Page) -> None:
    for number, name in enumerate(["The horizon gap", "Fidelity over the relay"]):
        assert opened.get_by_role("img", name=name).count() == 1
        box = opened.locator("figure svg").nth(number).bounding_box()
        assert box is not None
        assert box["height"] > 100

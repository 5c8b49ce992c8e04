"""From a model that attacks its reader to the report that its reader opens."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from inspect_ai.model import (
    ChatMessage,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo
from playwright.sync_api import Browser

from worktrial.evidence.findings import Findings
from worktrial.report import publish
from worktrial.running import run
from worktrial.trial import Request

pytestmark = pytest.mark.xdist_group("browser")

LINES = (
    "<script>window.__pwned = 1</script><img src=x onerror='window.__pwned = 2'>",
    "</textarea></pre></bdi></details><svg onload='window.__pwned = 3'><style>* { display: none }",
    "<a href='javascript:window.__pwned = 4'>javascript:window.__pwned = 4</a> --> ]]>",
    "\x1b[31mred\x1b[0m \x1b]8;;javascript:alert(5)\x07link\x1b]8;;\x07 \x00 \r",
    "\u202egnp.exe \u2066isolate\u2069 \u200f\u200b\u2028",
    "lone \ud800 surrogate \udfff",
    "{{ 7 * 7 }} {% raw %} ${8 * 8} &lt; &amp;",
    "z" + "\u0301" * 2_000,
)
SHOWN = (
    *LINES[:3],
    r"\x1b[31mred\x1b[0m \x1b]8;;javascript:alert(5)\x07link\x1b]8;;\x07 \x00 \r",
    r"\u202egnp.exe \u2066isolate\u2069 \u200f\u200b\u2028",
    LINES[6],
    "z" + "\u0301" * 6 + r"\u0301",
)
"""As they are to be read. What a log makes of a lone surrogate is Inspect's affair."""
SAYS = {
    "hostile/file": "```\n" + "\n".join(LINES) + "\n```",
    "hostile/prose": "\n".join(LINES),
    # Reading and scoring take their time in step with the length; the cut is tested with more.
    "hostile/line": "```\n" + "x" * 500_000 + "\n```",
    "hostile/lines": "```\n" + "".join(f"{n}\n" for n in range(5_000)) + "```",
}


@modelapi(name="hostile")
class Hostile(ModelAPI):
    """Says the same whatever it is asked."""

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - Inspect's own signature
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        name = self.model_name.rpartition("/")[2]
        output = ModelOutput.from_content(self.model_name, SAYS[f"hostile/{name}"])
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        return output


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of all of them on one relay of one round trip."""
    out = tmp_path_factory.mktemp("hostile") / "r"
    publish(run(Request(workers=tuple(SAYS), out=out, items=1, round_trips=1)))
    return out


def test_whoever_hands_on_rubbish_is_scored_and_who_does_not_has_dropped_it(made: Path) -> None:
    found = Findings.read(made / "findings.json").outcomes
    ended: dict[str, Sequence[str]] = {
        name: sorted({o.outcome for o in found if o.worker == name and o.count}) for name in SAYS
    }
    assert ended.pop("hostile/prose") == ["protocol"]
    assert ended == {name: ["ok"] for name in ended}


def test_report_of_hostile_workers_is_small_silent_and_shows_text_as_text(
    made: Path, browser: Browser
) -> None:
    report = made / "report.html"
    assert report.stat().st_size < 1_000_000
    page = browser.new_page(viewport={"width": 390, "height": 844})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda sent: asked.append(sent.url))
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    seen = page.inner_text("body")
    ran = page.evaluate("window.__pwned")
    wide = page.evaluate("document.documentElement.scrollWidth")
    links = page.locator("a:not([href^='#'])").count()
    page.close()
    assert (ran, said, links) == (None, [], 0)
    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]
    assert wide <= 390
    assert [line for line in SHOWN if line not in seen] == []
    assert "more characters" in seen
    assert "more lines" in seen

"""The reference of the Python interface, out of its docstrings."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pdoc.doc
import pdoc.render
from markup import Section, Text

TEMPLATES = Path(__file__).parent / "templates"
MODULES = (
    "worktrial.interface",
    "worktrial.running",
    "worktrial.running.compare",
    "worktrial.running.trend",
    "worktrial.evidence",
    "worktrial.evidence.findings",
    "worktrial.estimate",
    "worktrial.estimate.planning",
    "worktrial.comparison",
    "worktrial.comparison.panel",
    "worktrial.comparison.pairs",
    "worktrial.comparison.order",
    "worktrial.comparison.bridge",
    "worktrial.comparison.trend",
    "worktrial.comparison.frames",
    "worktrial.report",
    "worktrial.gate",
    "worktrial.protocol",
    "worktrial.protocol.published",
    "worktrial.protocol.registration",
    "worktrial.conduct",
    "worktrial.conduct.findings",
    "worktrial.conduct.events",
    "worktrial.conduct.clean",
    "worktrial.conduct.metric",
    "worktrial.documents",
    "worktrial.documents.domain",
    "worktrial.documents.edits",
    "worktrial.documents.likeness",
    "worktrial.documents.unit",
    "worktrial.trial",
    "worktrial.randomness",
    "worktrial.errors",
)
"""What a notebook or a new trial imports; the rest may change without notice."""
_ARRAY = (
    r"numpy \. ndarray \[ tuple \[ typing \. Any , \.\.\. \] ,"
    r" numpy \. dtype \[ numpy \. (\w+) \] \]"
).replace(" ", r"(?:</?span[^>]*>|\s)*")
"""How pdoc writes the type of an array, with or without colours."""


def address(name: str) -> str:
    """The page of a module, within the reference."""
    return f"api/{name.replace('.', '/')}.html"


def summary(name: str) -> str:
    """The first sentence of a module's docstring."""
    return (import_module(name).__doc__ or "").strip().partition("\n\n")[0].replace("\n", " ")


def pages() -> Iterator[tuple[str, Text]]:
    """Every module's name and page."""
    pdoc.render.configure(
        docformat="google",
        include_undocumented=True,
        search=False,
        show_source=False,
        template_directory=TEMPLATES,
    )
    modules = {name: pdoc.doc.Module(import_module(name)) for name in MODULES}
    for name, module in modules.items():
        html = _tidied(pdoc.render.html_module(module, modules))
        members = re.findall(r'<section id="([^"]+)"', html)
        yield name, Text(name, html, [Section(2, member, member) for member in members])


def _tidied(html: str) -> str:
    """Arrays by a short name; labels in docstrings as what they are: no headings, without ids."""
    html = re.sub(_ARRAY, r"ndarray[\1]", html)
    html = re.sub(r'<h6 id="[^"]*">(.*?)</h6>', r'<p class="label">\1</p>', html)
    anchors = set(re.findall(r' id="([^"]+)"', html))
    html = re.sub(
        r'<a href="#([^"]+)">(.*?)</a>',
        # pdoc links a word to a member that is inherited from elsewhere and not on the page.
        lambda link: link[0] if link[1] in anchors else link[2],
        html,
    )
    return html.replace("<pre>", '<pre tabindex="0">')

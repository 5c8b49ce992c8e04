"""A page for every domain of the relay, made of the domain itself."""

import inspect
import textwrap
from collections.abc import Iterator

from markup import Text, render

from worktrial.documents.domain import DOMAINS, STANDARD, Domain, domain
from worktrial.randomness import stream

SEED, SIZE = 7, 150
"""Of the example; the size in tokens."""
_WIDTH = 95
_CATEGORIES = {
    "code": "Code and configuration",
    "science": "Science and engineering",
    "creative": "Creative work and media",
    "records": "Structured records",
    "everyday": "Everyday life",
}


def address(name: str) -> str:
    """The page of a domain, within the reference."""
    return f"domains/{name}.html"


def addresses() -> dict[str, str]:
    """The pages of all domains, as the list of them links to them."""
    return {name: address(name) for name in DOMAINS}


def index() -> str:
    """The list of all domains, as Markdown."""
    known = [domain(name) for name in DOMAINS]
    parts = ["# Domains\n", _ABOUT]
    for category, title in _CATEGORIES.items():
        rows = [_row(chosen) for chosen in known if chosen.category == category]
        parts += [f"## {title}\n", _HEAD + "".join(rows)] if rows else []
    return "\n".join(parts)


def pages() -> Iterator[tuple[str, Text]]:
    """Every domain's page."""
    for name in DOMAINS:
        yield name, render(source(domain(name)), modules={})


def source(chosen: Domain) -> str:
    """A domain's page, as Markdown: what it is, an example, its units and its edits."""
    files = chosen.generate(stream(SEED, "domains", chosen.name), SIZE)
    document = chosen.parse(files)
    written = "\n".join(_fenced(f"{name}\n\n{text}") for name, text in files.items())
    edits = chosen.plan(document, stream(SEED, "domains", chosen.name))
    return "\n".join(
        [
            f"# {chosen.name}\n",
            f"{_docstring(chosen)}\n",
            f"Two independent documents are alike by {chosen.floor} at most, on average: what "
            "likeness is worth nothing. It reads and writes "
            f"{', '.join(f'`{extension}`' for extension in chosen.formats)}.\n",
            "## A fresh document\n",
            written,
            "## What can be asked\n",
            *(f"**{e.name}** ({e.kind})\n\n{_wrapped(e.forward.instruction)}" for e in edits),
        ]
    )


def _row(chosen: Domain) -> str:
    summary = _docstring(chosen).partition("\n\n")[0].replace("\n", " ")
    return f"| `{chosen.name}` | {summary} | {chosen.floor} |\n"


def _docstring(chosen: Domain) -> str:
    module = inspect.getmodule(type(chosen))
    return inspect.cleandoc((module and module.__doc__) or "")


def _wrapped(instruction: str) -> str:
    return _fenced("\n".join(textwrap.fill(line, _WIDTH) for line in instruction.splitlines()))


def _fenced(text: str) -> str:
    """A block that nothing in the text can end."""
    fence = "`" * 3
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text.rstrip()}\n{fence}\n"


_HEAD = "| Domain | What its documents are | Floor |\n| :-- | :-- | --: |\n"
_ABOUT = f"""\
What a relay's documents can be. `worktrial run --domain NAME` takes one, and may be repeated; when
none is named, a relay draws from {", ".join(STANDARD)}. The page of each says what a unit is, what
counts as loss, what means nothing, and what can be asked. The *floor* is the mean likeness of two
independent documents. Written from the domains by `make docs`.
"""

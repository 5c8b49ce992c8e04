"""`make docs`: write the reference of commands and files, then the site out of these pages."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cards
import click
import domain_pages
import example_run
import interface
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markup import Text, render

from worktrial.cli.main import commands
from worktrial.conduct.findings import ConductFindings
from worktrial.conduct.mapping import MapFile
from worktrial.evidence.findings import Findings
from worktrial.gate import Policy
from worktrial.protocol import Manifest
from worktrial.protocol.registration import Declaration

HERE = Path(__file__).parent
SITE = HERE.parent / "site"
SCHEMAS: dict[str, Callable[[], dict[str, object]]] = {
    "conduct": ConductFindings.model_json_schema,
    "conduct-map": MapFile.model_json_schema,
    "findings": Findings.json_schema,
    "policy": Policy.model_json_schema,
    "protocol": Manifest.json_schema,
    "registration": Declaration.model_json_schema,
}
"""The files that a person writes or publishes, and what each must be."""
NAVIGATION: Mapping[str, Mapping[str, Sequence[str]]] = {
    "Start": {"": ("index", "tutorial")},
    "How to": {
        "": ("how-to/gaps",),
        "Measure a gap": (
            "how-to/horizon",
            "how-to/factors",
            "how-to/search",
            "how-to/office",
            "how-to/conduct",
            "how-to/protocols",
            "how-to/audit",
            "how-to/ablate",
            "how-to/reasoning",
        ),
        "Decide": (
            "how-to/report",
            "how-to/compare",
            "how-to/until-decided",
            "how-to/register",
            "how-to/gate",
            "how-to/trend",
            "how-to/accepted",
        ),
        "Bring your own": (
            "how-to/contrast",
            "how-to/workers",
            "how-to/survival",
            "how-to/documents",
            "how-to/domain",
            "how-to/office-mcp",
        ),
        "Train": ("how-to/control",),
        "Scale": ("how-to/scale", "how-to/budget"),
    },
    "Methods": {
        "Of the gaps": (
            "methods/relay",
            "methods/likeness",
            "methods/search",
            "methods/readiness",
            "methods/conduct",
            "methods/memorisation",
            "methods/instruction",
            "methods/trace",
            "methods/training",
            "methods/contrast",
        ),
        "Of a score": (
            "methods/intervals",
            "methods/ratios",
            "methods/reliability",
            "methods/crossed",
            "methods/agreement",
            "methods/acceptance",
        ),
        "Of a relay": (
            "methods/curves",
            "methods/delegation",
            "methods/shape",
            "methods/survival",
        ),
        "Of a comparison": (
            "methods/paired",
            "methods/ranks",
            "methods/components",
            "methods/preferences",
            "methods/multiplicity",
            "methods/sequential",
            "methods/planning",
        ),
        "Of the instrument": ("methods/calibration",),
    },
    "Reference": {
        "": (
            "reference/commands",
            "reference/files",
            "reference/domains",
            "reference/protocols",
            "reference/python",
            "reference/words",
        )
    },
    "Example": {"": ("example",)},
}
"""Every page, by group and by what it is for. A page that is not here is not built."""
PYTHON, DOMAINS = "reference/python", "reference/domains"
"""Pages with others under them, which are made of the code."""


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Attributes:
        path: Within the site.
        group: Of the navigation.
        text: What it says.
        above: The page under which it is, if it is not in the navigation itself.
    """

    path: str
    group: str
    text: Text
    above: "Page | None" = None

    @property
    def marked(self) -> str:
        """The page of the navigation that is marked when one is here."""
        return self.above.path if self.above else self.path

    @property
    def trail(self) -> Sequence[tuple[str, str]]:
        """What lies above it, by title and path; nothing above the home page."""
        if self.path == "index.html":
            return ()
        above = ((self.above.text.short, self.above.path),) if self.above else ()
        return ((self.group, ""), *above)


@dataclass(frozen=True)
class Group:
    """A group of pages, in parts with a heading each."""

    title: str
    parts: Sequence[tuple[str, Sequence[Page]]]

    @property
    def first(self) -> str:
        """Where its name leads."""
        return self.parts[0][1][0].path


def command_reference() -> str:
    """What `--help` says of every command."""
    parts = ["# Commands\n\nWritten from `--help` by `make docs`.\n"]
    context = click.Context(commands, info_name="worktrial", max_content_width=100)
    parts.append(f"## worktrial\n\n```text\n{commands.get_help(context)}\n```\n")
    for name in sorted(commands.commands):
        parts += _help(commands.commands[name], name, context)
    return "\n".join(parts)


def json_schema(name: str) -> str:
    """The JSON Schema of one of these files."""
    schema = SCHEMAS[name]()
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps({**dialect, **schema}, indent=2, ensure_ascii=False) + "\n"


def write_reference() -> None:
    """Write what of `docs/reference` is made out of the code, which tests hold against it."""
    reference = HERE / "reference"
    for name in SCHEMAS:
        (reference / f"{name}.schema.json").write_text(json_schema(name), encoding="utf-8")
    (reference / "commands.md").write_text(command_reference(), encoding="utf-8")
    (reference / "domains.md").write_text(domain_pages.index(), encoding="utf-8")
    (reference / "protocols.md").write_text(cards.page(), encoding="utf-8")


def build(site: Path = SITE, *, example: bool = True) -> None:
    """Write the site.

    Args:
        site: Its folder; what was there is replaced.
        example: Whether to run the example, too, whose report one of the pages shows.
    """
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    groups = list(_groups())
    pages = [page for group in groups for _, part in group.parts for page in part]
    python, domains = (
        next(page for page in pages if page.path == f"{name}.html") for name in (PYTHON, DOMAINS)
    )
    for page in (*pages, *_interface(python), *_domains(domains)):
        _write(page, groups, pages, site)
    shutil.copy(HERE / "templates" / "style.css", site)
    shutil.copytree(HERE / "examples", site / "examples")
    for schema in (HERE / "reference").glob("*.json"):
        shutil.copy(schema, site / "reference")
    if example:
        example_run.write(site / "example" / "report.html")


def _help(command: click.Command, name: str, parent: click.Context) -> list[str]:
    """What `--help` says of a command, and of the commands within it."""
    context = click.Context(command, info_name=name, parent=parent, max_content_width=100)
    parts = [f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"]
    if isinstance(command, click.Group):
        for inner in sorted(command.commands):
            parts += _help(command.commands[inner], inner, context)
    return parts


def _groups() -> Iterator[Group]:
    for title, parts in NAVIGATION.items():
        yield Group(
            title, [(part, [_page(name, title) for name in names]) for part, names in parts.items()]
        )


def _page(name: str, group: str) -> Page:
    """A page as it was written; names of documented modules lead to their reference."""
    up = "../" * name.count("/")
    modules = {module: f"{up}reference/{interface.address(module)}" for module in interface.MODULES}
    if name == DOMAINS:
        modules |= domain_pages.addresses()
    source = (HERE / f"{name}.md").read_text(encoding="utf-8")
    return Page(f"{name}.html", group, render(source, modules=modules))


def _interface(above: Page) -> Iterator[Page]:
    for name, text in interface.pages():
        yield Page(f"reference/{interface.address(name)}", above.group, text, above)


def _domains(above: Page) -> Iterator[Page]:
    for name, text in domain_pages.pages():
        yield Page(f"reference/{domain_pages.address(name)}", above.group, text, above)


def _write(page: Page, groups: Sequence[Group], pages: Sequence[Page], site: Path) -> None:
    at = next((at for at, other in enumerate(pages) if other is page), None)
    html = (
        Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )
        .get_template("page.html")
        .render(
            here=page,
            text=page.text,
            groups=groups,
            home="../" * page.path.count("/"),
            before=pages[at - 1] if at else None,
            after=pages[at + 1] if at is not None and at + 1 < len(pages) else None,
        )
    )
    target = site / page.path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(html, encoding="utf-8")


if __name__ == "__main__":
    write_reference()
    build()
    print(f"{len(list(SITE.rglob('*.html')))} pages in {SITE}")

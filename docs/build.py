"""`make docs`: write the reference of commands, then the site out of these pages."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import click
from markdown_it import MarkdownIt

from worktrial.cli.main import commands
from worktrial.conduct.findings import ConductFindings
from worktrial.conduct.mapping import MapFile
from worktrial.evidence.findings import Findings
from worktrial.gate import Policy
from worktrial.protocol import Manifest
from worktrial.protocol.registration import Declaration

HERE = Path(__file__).parent
SITE = HERE.parent / "site"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} · worktrial</title><style>{style}</style></head>
<body><nav>{nav}</nav><main>{body}</main></body></html>
"""
SCHEMAS: dict[str, Callable[[], dict[str, object]]] = {
    "conduct": ConductFindings.model_json_schema,
    "conduct-map": MapFile.model_json_schema,
    "findings": Findings.json_schema,
    "policy": Policy.model_json_schema,
    "protocol": Manifest.json_schema,
    "registration": Declaration.model_json_schema,
}
"""The files that a person writes or publishes, and what each must be."""
STYLE = """
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif }
body { max-width: 46rem; margin: 0 auto; padding: 1rem }
nav { font-size: .85rem; border-bottom: 1px solid; padding-bottom: .5rem }
nav a { margin-right: .8rem }
pre { overflow-x: auto; padding: .8rem; border: 1px solid }
table { border-collapse: collapse }
th, td { border: 1px solid; padding: .2rem .6rem; text-align: left }
"""


def command_reference() -> str:
    """What `--help` says of every command."""
    parts = ["# Commands\n\nWritten from `--help` by `make docs`.\n"]
    context = click.Context(commands, info_name="worktrial", max_content_width=100)
    parts.append(f"## worktrial\n\n```text\n{commands.get_help(context)}\n```\n")
    for name in sorted(commands.commands):
        parts += _help(commands.commands[name], name, context)
    return "\n".join(parts)


def _help(command: click.Command, name: str, parent: click.Context) -> list[str]:
    """What `--help` says of a command, and of the commands within it."""
    context = click.Context(command, info_name=name, parent=parent, max_content_width=100)
    parts = [f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"]
    if isinstance(command, click.Group):
        for inner in sorted(command.commands):
            parts += _help(command.commands[inner], inner, context)
    return parts


def json_schema(name: str) -> str:
    """The JSON Schema of one of these files."""
    schema = SCHEMAS[name]()
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps({**dialect, **schema}, indent=2, ensure_ascii=False) + "\n"


def build() -> None:
    """Write `site/`."""
    (HERE / "reference").mkdir(exist_ok=True)
    for name in SCHEMAS:
        target = HERE / "reference" / f"{name}.schema.json"
        target.write_text(json_schema(name), encoding="utf-8")
    (HERE / "reference" / "commands.md").write_text(command_reference(), encoding="utf-8")
    pages = sorted(HERE.rglob("*.md"))
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    for page in pages:
        target = (SITE / page.relative_to(HERE)).with_suffix(".html")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = page.read_text(encoding="utf-8")
        body = re.sub(r'(href="(?!https?:)[^"]+)\.md', r"\1.html", markdown.render(text))
        target.write_text(
            PAGE.format(title=_title(text), style=STYLE, nav=_navigation(page, pages), body=body),
            encoding="utf-8",
        )
    print(f"{len(pages)} pages in {SITE}")


def _title(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")


def _navigation(page: Path, pages: list[Path]) -> str:
    depth = len(page.relative_to(HERE).parts) - 1
    links = (
        (
            "../" * depth + str(other.relative_to(HERE).with_suffix(".html")),
            _title(other.read_text(encoding="utf-8")),
        )
        for other in pages
    )
    return "".join(f'<a href="{href}">{title}</a>' for href, title in links)


if __name__ == "__main__":
    build()

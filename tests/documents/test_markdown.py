"""Markdown of any kind, read by its blocks and edited."""

from collections import Counter
from decimal import Decimal
from random import Random

import pytest
from markdown_it import MarkdownIt

from worktrial.documents.choose import choose, same
from worktrial.documents.domain import domain
from worktrial.documents.domains.markdown.format import MARKDOWN

README = """\
---
title: A
---

Tool
====

Some text
goes on.\x20\x20
A new line.

## Use ##

* one
  more
* two

```sh
# no heading
- no item

```

| a | b |
|---|:-----|
|1|2|

> said
> twice

## Build

<p align="center">
text
</p>

    indented
      code

---

[link]: https://a.example
"""


def blocks(text: str) -> list[tuple[str, str]]:
    return [(unit.kind, unit.text) for unit in MARKDOWN.parse(text)]


def test_a_unit_is_a_block_or_a_line_of_a_table_or_quotation() -> None:
    assert blocks(README) == [
        ("front", "---\ntitle: A\n---"),
        ("heading", "Tool"),
        ("paragraph", "Some text goes on.  \nA new line."),
        ("heading", "Use"),
        ("item", "* one more"),
        ("item", "* two"),
        ("code", "```sh\n# no heading\n- no item\n\n```"),
        ("row", "| a | b |"),
        ("row", "| --- | :--- |"),
        ("row", "| 1 | 2 |"),
        ("quote", "> said"),
        ("quote", "> twice"),
        ("heading", "Build"),
        ("html", '<p align="center">'),
        ("html", "text"),
        ("html", "</p>"),
        ("code", "    indented\n      code"),
        ("rule", "---"),
        ("definition", "[link]: https://a.example"),
    ]
    levels = [u.fields["level"] for u in MARKDOWN.parse(README) if u.kind == "heading"]
    assert levels == [Decimal(1), Decimal(2), Decimal(2)]


def test_a_file_is_written_as_it_was() -> None:
    assert MARKDOWN.render(MARKDOWN.parse(README)) == README


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a\nb\n", "a b\n"), ("# A\n", "A\n=\n"), ("## A ##\n", "A\n--\n"),
        ("- a\n- b\n", "- a\n\n\n- b\n"), ("|a|b|\n", "| a  |  b |\n"),
    ],
)  # fmt: skip
def test_what_markdown_calls_meaningless_is_the_same(one: str, other: str) -> None:
    assert MARKDOWN.parse(one) == MARKDOWN.parse(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a  \nb\n", "a\nb\n"), ("# A\n", "## A\n"), ("- a\n", "* a\n"), ("- a\n", "  - a\n"),
        ("```\na  b\n```\n", "```\na b\n```\n"), ("a\n\nb\n", "a\nb\n"),
    ],
)  # fmt: skip
def test_what_markdown_tells_apart_is_another(one: str, other: str) -> None:
    assert MARKDOWN.parse(one) != MARKDOWN.parse(other)


def test_a_fence_that_is_not_closed_costs_its_own_block_alone() -> None:
    found = blocks("```sh\na\n\n```py\nb\n```\n")
    assert found == [("paragraph", "```sh a"), ("code", "```py\nb\n```")]


def test_blocks_are_set_apart_where_they_would_run_into_one_another() -> None:
    first, second = MARKDOWN.parse("a\n\n# H\nb\n")[0::2]
    assert MARKDOWN.render([first, second]) == "a\n\nb\n"


def test_edits_fit_a_readme_and_say_what_becomes_of_it() -> None:
    found = choose("README.md", README, lambda: Random(1))
    assert (found.domain.name, len(found.edits)) == ("markdown", 10)
    document = found.domain.parse({"README.md": README})
    edits = {edit.name: edit for edit in found.edits}
    files = found.domain.render(edits["split"].forward(document))
    assert list(files) == ["README.md", "use.md", "build.md"]
    code = found.domain.render(edits["extract"].forward(document))
    assert code["readme_code.md"] == "@@1\n\n```sh\n# no heading\n- no item\n\n```\n"
    moved = found.domain.render(edits["move"].forward(document))["README.md"]
    assert moved.index("## Build") < moved.index("## Use")
    assert all(same(found.domain, document, e.backward(e.forward(document))) for e in found.edits)


def test_another_reader_finds_the_same_blocks() -> None:
    fresh = domain("markdown").generate(Random(3), 1500)["README.md"]
    tokens = Counter(token.type for token in MarkdownIt().enable("table").parse(fresh))
    found = Counter(kind for kind, _ in blocks(fresh))
    assert found["heading"] == tokens["heading_open"] > 5
    assert found["code"] == tokens["fence"] > 2
    assert found["item"] == tokens["list_item_open"] > 5
    assert found["row"] == tokens["tr_open"] + tokens["table_open"] > 3

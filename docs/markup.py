"""A page of Markdown as HTML: its sections can be linked to, and links lead within the site."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token


@dataclass(frozen=True)
class Section:
    """A place on a page.

    Attributes:
        level: Of its heading; 0 for a paragraph that begins with its own name in bold.
        anchor: Its `id`.
        title: Its text.
    """

    level: int
    anchor: str
    title: str


@dataclass(frozen=True)
class Text:
    """A rendered page.

    Attributes:
        title: Its `h1`, which is not in `html`.
        html: All below it.
        sections: In their order.
    """

    title: str
    html: str
    sections: Sequence[Section]

    @property
    def contents(self) -> Sequence[Section]:
        """What a table of contents lists: headings, or leads where there are no headings."""
        headings = [section for section in self.sections if section.level in (2, 3)]
        return headings or [section for section in self.sections if section.level == 0]

    @property
    def short(self) -> str:
        """The title as navigation has it, under a heading that says *How to*."""
        name = self.title.partition(":")[0]
        task = name.removeprefix("How to ")
        return name if task == name else task[0].upper() + task[1:]


def title_of(source: str) -> str:
    """The text of a page's first line."""
    return source.partition("\n")[0].removeprefix("# ")


def render(source: str, *, modules: Mapping[str, str]) -> Text:
    """Render a page.

    Args:
        source: Markdown whose first line is its only heading of level 1.
        modules: Where inline code that is one of these names leads, relative to the page.
    """
    title, _, below = source.partition("\n")
    markdown = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
    tokens = markdown.parse(below)
    sections = list(_named(tokens))
    for token in tokens:
        token.children = list(_linked(token.children or [], modules)) or token.children
    html = markdown.renderer.render(tokens, markdown.options, {})
    return Text(title_of(title), html, sections)


def slug(text: str) -> str:
    """An anchor, as GitHub makes it of a heading, so that links work there and here."""
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


class _Renderer(RendererHTML):
    """Tables and code scroll within themselves, and so have to be within reach of the keyboard."""

    def table_open(self, *_: object) -> str:
        return '<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>\n'

    def table_close(self, *_: object) -> str:
        return "</table></div>\n"

    def fence(self, tokens: Sequence[Token], idx: int, *_: object) -> str:
        code = escape(tokens[idx].content, quote=False)
        return f'<pre tabindex="0"><code>{code}</code></pre>\n'


def _named(tokens: Sequence[Token]) -> Iterator[Section]:
    """Give headings and leads their `id`, each its own."""
    seen = Counter[str]()
    for opening, inline in pairwise(tokens):
        level, text = _place(opening, inline)
        if not text:
            continue
        anchor = slug(text)
        seen[anchor] += 1
        anchor += f"-{seen[anchor] - 1}" if seen[anchor] > 1 else ""
        opening.attrSet("id", anchor)
        if level:
            (inline.children or []).append(_self_link(anchor))
        yield Section(level, anchor, text)


def _place(opening: Token, inline: Token) -> tuple[int, str]:
    """Level and name of what begins here; no name where it has none."""
    if opening.type == "heading_open":
        return int(opening.tag[1]), _plain(inline.children or [])
    if opening.type == "paragraph_open" and opening.level == 0:
        lead = re.match(r"\*\*([^*]+)[.:]\*\*", inline.content)
        return 0, lead[1].replace("`", "") if lead else ""
    return 0, ""


def _plain(children: Sequence[Token]) -> str:
    return "".join(child.content for child in children if child.type in ("text", "code_inline"))


def _self_link(anchor: str) -> Token:
    link = f'<a class="anchor" href="#{anchor}" aria-label="Link to this section">#</a>'
    return Token("html_inline", "", 0, content=link)


def _linked(children: Sequence[Token], modules: Mapping[str, str]) -> Iterator[Token]:
    """Links to other pages lead to their HTML, and names of modules to their reference."""
    within = 0
    for child in children:
        within += child.nesting if child.type in ("link_open", "link_close") else 0
        if child.type == "link_open":
            child.attrSet("href", _page(str(child.attrGet("href"))))
        if child.type == "code_inline" and not within and child.content in modules:
            code = f'<a href="{modules[child.content]}"><code>{escape(child.content)}</code></a>'
            child = Token("html_inline", "", 0, content=code)
        yield child


def _page(href: str) -> str:
    """Where a link of the Markdown leads on the site."""
    return href if href.startswith(("http:", "https:")) else re.sub(r"\.md(?=$|#)", ".html", href)

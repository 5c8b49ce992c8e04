"""XML: the elements of a vocabulary as units, read tolerantly and written in one form.

A `Vocabulary` says which elements are units. One that holds other units (a folder, a segment) is
structural and comes before them; where it ends follows from the levels. All else is a field of
the unit it stands in, named by its path as in XPath: `@lat` is an attribute, `link/@href` one of a
child, `link[2]/text` the text in the second of them, `.` the unit's own text.

What counts is every name, attribute and word, and the order of units. The XML declaration, the
order of attributes and of unlike children, quotes, entities against characters, CDATA, runs of
white space and indentation mean nothing. Tags that don't fit are kept as text where they stand,
and a tag that is owed costs a small unit of its own.

Text is read tag by tag and never by an XML processor: nothing is expanded, included or fetched, and
an entity beyond the five of XML is its own name. Repair by such processors drops what it repairs.

Known limits: a name is taken as it is written, so that a prefix more or less is another name. Where
text and children are mixed, the text comes first. Comments end at their first `--`.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from typing import NamedTuple

from worktrial.documents import table
from worktrial.documents.domain import Format
from worktrial.documents.unit import Unit, Value, opaque

NAME, DEPTH = "name()", "depth"
"""Fields of a unit: its element where its kind is another word, and how many units it stands in
where levels alone would have it elsewhere."""
COMMENT = "comment"
FLAW = Unit("opaque", text="malformed XML", layout=" ")
"""Stands for an end tag that was missing."""
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
DERIVED = re.compile(re.escape(DECLARATION))
"""The line that every file begins with."""
_COMMENTS = "comment()"
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Element:
    """An element that is a unit.

    Attributes:
        level: How deep it stands: it ends what is open at its own level or deeper.
        kind: The kind of unit, where that is another word than the element's name.
        holds: Whether other units stand in it.
        nests: Whether one may stand in another at its own level.
        structural: Whether it is a header or legend; what holds others is so in any case.
        key: The field that identifies it.
        text: The path of its running text.
        order: Its attributes and children as they are written; others come after them.
        inline: Whether it is written on one line.
        plain: Elements of the vocabulary that are mere fields in it.
    """

    level: int
    kind: str = ""
    holds: bool = False
    nests: bool = False
    structural: bool = False
    key: str = ""
    text: str = ""
    order: Sequence[str] = ()
    inline: bool = False
    plain: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The elements of a format and what their fields are.

    Attributes:
        elements: The units, by the name of their element.
        numbers: Paths that hold numbers, without what stands in square brackets.
        vectors: Attributes or elements that hold several numbers, with the names of these and
            what stands between them; each is a field, such as `@xyz[x]`.
        named: Elements that are told apart by an attribute instead of by counting, and which:
            `Data[phone]`.
        closed: Elements in which no unit begins, whatever the names in there.
    """

    elements: Mapping[str, Element]
    numbers: Collection[str] = ()
    vectors: Mapping[str, tuple[Sequence[str], str]] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)
    closed: Collection[str] = ()


class Xml(Format):
    """XML text of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def parse(self, text: str) -> list[Unit]:
        """One unit for every element of the vocabulary, holders before what they hold."""
        return _Reader(self.vocabulary).read(text.replace("\r\n", "\n").removeprefix("\ufeff"))

    def render(self, units: Sequence[Unit]) -> str:
        """The declaration and the units, indented by what they stand in."""
        return _Writer(self.vocabulary).write(units)


# --- reading -----------------------------------------------------------------------------------

_WORD = r"[A-Za-z_][\w:.-]{0,80}+"
_TOKEN = re.compile(
    r"<!--(?P<comment>(?:[^-]|-(?!-))*+)-->"
    r"|<!\[CDATA\[(?P<cdata>(?:[^\]<]|\](?!\]>)|<(?!!\[CDATA\[))*+)\]\]>"
    r"|(?P<declaration><\?xml\s[^?<]*+\?>)"
    rf"|</(?P<end>{_WORD})\s*+>"
    rf"|<(?P<start>{_WORD})(?P<inner>(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+)>"
    rf"|<(?P<broken>{_WORD})(?P<rest>[^<>]*+)(?:>|(?=<))"
    r"|(?P<junk><[^<>]*+>?)|(?P<text>[^<]++)"
)
_ATTRIBUTE = re.compile(
    rf"\s*+(?:(?P<name>{_WORD})\s*+=\s*+(?:\"(?P<one>[^\"]*+)\"|'(?P<other>[^']*+)')|(?P<loose>\S++))"
)
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(lt|gt|amp|quot|apos));")
_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_INDEX = re.compile(r"\[[^\]]*+\]")
_PLAIN_NAME = re.compile(r"[^\[\]/`]{0,80}[^\[\]/`\d][^\[\]/`]{0,80}")


def _plain(text: str) -> str:
    """Text as it is meant: references are characters, a run of white space is one space."""
    return " ".join(_REFERENCE.sub(_character, text).split())


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return _CHARACTERS[found[3]]
    code = int(found[1]) if found[1] else int(found[2], 16)
    known = 0 < code < 0xD800 or 0xDFFF < code <= 0x10FFFF
    return chr(code) if known else found[0]


def bare(path: str) -> str:
    """A path without what stands in square brackets."""
    return _INDEX.sub("", path)


@dataclass(slots=True)
class _Open:
    """An element that is still being read, inside a unit."""

    name: str
    path: str
    parts: list[str] = field(default_factory=list)
    used: bool = False


class _Draft:
    """A unit that is still being read: its fields, and the elements open in it."""

    def __init__(self, name: str, element: Element, vocabulary: Vocabulary) -> None:
        self.name = name
        self.element = element
        self.fields: dict[str, Value] = {NAME: name} if element.kind else {}
        self._vocabulary = vocabulary
        self._copies: Counter[str] = Counter()
        self.stack = [_Open(name, "")]

    def begin(self, name: str, inner: str) -> None:
        """A child begins."""
        attributes, loose = _attributes(inner)
        above = self.stack[-1]
        above.used = True
        above.parts.append(" ")
        self.stack.append(_Open(name, _joined(above.path, self._step(name, attributes)), loose))
        self.describe(attributes)

    def describe(self, attributes: Mapping[str, str], loose: Sequence[str] = ()) -> None:
        """Attributes of the element that is open."""
        top = self.stack[-1]
        top.parts += loose
        for name, value in attributes.items():
            top.used = True
            self._set(_joined(top.path, f"@{name}"), value)

    def _step(self, name: str, attributes: dict[str, str]) -> str:
        told = self._vocabulary.named.get(name, "")
        step = f"{name}[{attributes.get(told, '')}]"
        place = _joined(self.stack[-1].path, step)
        if _PLAIN_NAME.fullmatch(attributes.get(told, "")) and place not in self._copies:
            self._copies[place] += 1
            del attributes[told]
            return step
        place = _joined(self.stack[-1].path, name)
        self._copies[place] += 1
        return name if self._copies[place] == 1 else f"{name}[{self._copies[place]}]"

    def say(self, text: str) -> None:
        """Text inside the element that is open."""
        self.stack[-1].parts.append(text)

    def comment(self, text: str) -> None:
        """A comment inside the element that is open."""
        path = _joined(self.stack[-1].path, _COMMENTS)
        self.stack[-1].used = True
        self.fields[path] = " ".join(f"{self.fields.get(path, '')} {text}".split())

    def end(self) -> None:
        """The element that is open ends."""
        last = self.stack.pop()
        text = _plain("".join(last.parts))
        if not last.path and text:
            self.fields["."] = text
        elif last.path and (text or not last.used):
            self._set(last.path, text)

    def _set(self, path: str, text: str) -> None:
        plain = bare(path)
        names, between = self._vocabulary.vectors.get(plain.rpartition("/")[2], ((), " "))
        parts = [table.typed(p.strip()) for p in text.split(between)] if names else []
        if 1 < len(parts) <= len(names) and all(isinstance(p, Decimal) for p in parts):
            self.fields |= {f"{path}[{n}]": p for n, p in zip(names, parts, strict=False)}
        else:
            self.fields[path] = table.typed(text) if plain in self._vocabulary.numbers else text

    def unit(self) -> Unit:
        """The unit, now that it has been read."""
        while self.stack:
            self.end()
        element = self.element
        text = self.fields.get(element.text)
        if isinstance(text, str) and text:
            del self.fields[element.text]
        return Unit(
            element.kind or self.name,
            self.fields,
            key=element.key if element.key in self.fields else None,
            text=text if isinstance(text, str) else "",
            ordered=not element.holds,
            structural=element.holds or element.structural,
        )


def _joined(path: str, step: str) -> str:
    return f"{path}/{step}" if path else step


def _attributes(inner: str) -> tuple[dict[str, str], list[str]]:
    """The attributes of a tag, and what of it is none."""
    found: dict[str, str] = {}
    loose: list[str] = []
    for part in _ATTRIBUTE.finditer(inner):
        name, value = part["name"], part["one"] if part["one"] is not None else part["other"]
        if name is None or name in found:
            loose.append(f" {part[0].strip()} ")
        else:
            found[name] = _plain(value)
    return found, loose


class _Reader:
    """Reads tokens in one pass, with the units that are open."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._done: list[_Draft | Unit] = []
        self._holders: list[_Draft] = []
        self._shown: list[_Draft] = []
        """The holders that a writer would still have open; those of now are its beginning."""
        self._record: _Draft | None = None
        self._loose: list[str] = []

    def read(self, text: str) -> list[Unit]:
        for token in _TOKEN.finditer(text):
            self._take(token)
        self._close(0)
        self._flush()
        return [d.unit() if isinstance(d, _Draft) else d for d in self._done]

    def _take(self, token: re.Match[str]) -> None:
        match token.lastgroup:
            case "inner" | "rest":
                self._start(token)
            case "end":
                self._end(token)
            case "comment":
                self._comment(token)
            case "cdata":
                self._say(escape(token["cdata"], quote=False), token[0])
            case "declaration":
                pass
            case "junk":
                self._say(f" {escape(token[0], quote=False)} ", token[0])
            case _:
                self._say(token[0], token[0])

    @property
    def _draft(self) -> _Draft | None:
        """The unit that text and children belong to."""
        return self._record or (self._holders[-1] if self._holders else None)

    def _say(self, text: str, raw: str) -> None:
        """Text; loose where it stands between units."""
        draft = self._draft
        if draft is None or (draft is not self._record and len(draft.stack) == 1):
            self._loose.append(raw)
        else:
            draft.say(text)

    def _comment(self, token: re.Match[str]) -> None:
        draft = self._draft
        if draft is not None and (draft is self._record or len(draft.stack) > 1):
            draft.comment(token["comment"])
        else:
            self._flush()
            self._done.append(Unit(COMMENT, text=" ".join(token["comment"].split())))

    # tags

    def _start(self, token: re.Match[str]) -> None:
        name, inner = (token["start"] or token["broken"]), (token["inner"] or token["rest"] or "")
        element = self._vocabulary.elements.get(name)
        draft = self._draft
        self._done += [] if token[0].endswith(">") else [FLAW]
        if element and not self._plain(name, draft):
            self._begin(name, element, inner.removesuffix("/"))
            if inner.endswith("/"):
                self._finish(name)
        elif draft is None:
            self._loose.append(token[0])
        elif len(draft.stack) > _DEEPEST:
            draft.say(f" {escape(token[0], quote=False)} ")
        else:
            draft.begin(name, inner.removesuffix("/"))
            if inner.endswith("/"):
                draft.end()

    def _plain(self, name: str, draft: _Draft | None) -> bool:
        """Whether an element of the vocabulary is no unit in what is open."""
        if draft is None:
            return False
        within = any(o.name in self._vocabulary.closed for o in draft.stack[1:])
        return within or name in draft.element.plain

    def _begin(self, name: str, element: Element, inner: str) -> None:
        """A unit begins: what is open at its level or deeper should have ended before."""
        self._close(under(self._holders, element.level + element.nests))
        self._flush()
        draft = _Draft(name, element, self._vocabulary)
        attributes, loose = _attributes(inner)
        draft.describe(attributes, () if element.holds else loose)
        self._loose += loose if element.holds else ()
        self._place(draft)
        self._done.append(draft)
        if element.holds and len(self._holders) < _DEEPEST:
            self._holders.append(draft)
            self._shown.append(draft)
        else:
            self._record = draft

    def _place(self, draft: _Draft) -> None:
        """Note the depth where it does not follow from the levels."""
        if under(self._shown, draft.element.level) != len(self._holders):
            draft.fields[DEPTH] = Decimal(len(self._holders))
        del self._shown[len(self._holders) :]

    def _end(self, token: re.Match[str]) -> None:
        name, draft = token["end"], self._draft
        if draft is not None and any(o.name == name for o in draft.stack[1:]):
            while draft.stack[-1].name != name:
                draft.end()
                self._done.append(FLAW)
            draft.end()
        elif not self._finish(name):
            self._say(f" {escape(token[0], quote=False)} ", token[0])

    def _finish(self, name: str) -> bool:
        """End a unit, and those in it that should have ended before; false if none is open."""
        if self._record and self._record.name == name:
            self._done += [FLAW] * (len(self._record.stack) > 1)
            self._record = None
            return True
        at = max((i for i, h in enumerate(self._holders) if h.name == name), default=None)
        if at is None:
            return False
        self._close(at + 1)
        self._flush()
        self._done += [FLAW] * (len(self._holders[at].stack) > 1)
        self._holders.pop()
        return True

    def _close(self, keep: int) -> None:
        """End the record and all but the first holders, each with a flaw, as its tag is owed."""
        if self._record:
            self._record = None
            self._done.append(FLAW)
        for _ in self._holders[keep:]:
            self._holders.pop()
            self._done.append(FLAW)
        if self._holders and len(self._holders[-1].stack) > 1:
            while len(self._holders[-1].stack) > 1:
                self._holders[-1].end()
            self._done.append(FLAW)

    def _flush(self) -> None:
        lines = "".join(self._loose).splitlines()
        self._done += [opaque(_loose(line)) for line in lines if line.strip()]
        self._loose.clear()


def _loose(line: str) -> str:
    """A line between units; tags in it are text, or else they would fit where it is written."""
    tags = "<" in line and not line.lstrip().startswith("<!")
    return escape(line, quote=False) if tags else line


def under(opened: Sequence[_Draft] | Sequence["_Shown"], level: int) -> int:
    """How many holders stay open when an element of a level begins: those above it."""
    count = len(opened)
    while count and opened[count - 1].element.level >= level:
        count -= 1
    return count


# --- writing -----------------------------------------------------------------------------------


class _Node:
    """An element to be written."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.attributes: dict[str, str] = {}
        self.text = ""
        self.comments = ""
        self.children: dict[str, _Node] = {}

    def lines(self, *, inline: bool) -> list[str]:
        """All on one line, or a line a child and the ends around them."""
        if inline or not (self.children or self.comments):
            return [self.line()]
        return [self.tag(), *(f"  {line}" for line in self.inner()), f"</{self.name}>"]

    def line(self) -> str:
        """All of it on one line."""
        first, inner = self.tag(), "".join(self.inner())
        return f"{first}{inner}</{self.name}>" if inner else f"{first[:-1]}/>"

    def tag(self) -> str:
        """The start tag."""
        attributes = (f' {n}="{_quoted(v)}"' for n, v in self.attributes.items())
        return f"<{self.name}{''.join(attributes)}>"

    def inner(self) -> Iterator[str]:
        """What stands between the tags: its text, and a line a child."""
        if self.text:
            yield escape(self.text, quote=False)
        if self.comments:
            yield f"<!-- {self.comments} -->"
        for child in self.children.values():
            yield child.line()


def _quoted(value: str) -> str:
    return escape(value, quote=False).replace('"', "&quot;")


class _Shown(NamedTuple):
    name: str
    element: Element


class _Writer:
    """Writes units one after the other, with the holders that are open."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._lines: list[str] = []
        self._shown: list[_Shown] = []

    def write(self, units: Sequence[Unit]) -> str:
        for unit in units:
            self._unit(unit)
        self._close(0)
        lines = [line for line in self._lines if line.strip()]
        if any(self._name(unit) for unit in units):
            lines.insert(0, DECLARATION)
        return "".join(f"{line}\n" for line in lines)

    def _name(self, unit: Unit) -> str:
        """The element's name, or none."""
        name = unit.fields.get(NAME, unit.kind)
        element = self._vocabulary.elements.get(name) if isinstance(name, str) else None
        return str(name) if element and (element.kind or name) == unit.kind else ""

    def _unit(self, unit: Unit) -> None:
        name = self._name(unit)
        if not name:
            text = f"<!-- {unit.text} -->" if unit.kind == COMMENT else unit.layout or unit.text
            self._lines += [f"{self._indent}{line}" for line in text.splitlines()]
            return
        element = self._vocabulary.elements[name]
        self._close(self._depth(unit, element))
        node = self._node(name, element, unit)
        if element.holds:
            inner = [f"  {line}" for line in node.inner()]
            self._lines += [f"{self._indent}{line}" for line in (node.tag(), *inner)]
            self._shown.append(_Shown(name, element))
        else:
            lines = node.lines(inline=element.inline)
            self._lines += [f"{self._indent}{line}" for line in lines]

    @property
    def _indent(self) -> str:
        return "  " * len(self._shown)

    def _depth(self, unit: Unit, element: Element) -> int:
        told = unit.fields.get(DEPTH)
        if isinstance(told, Decimal) and 0 <= told <= _DEEPEST:
            return int(told)
        return under(self._shown, element.level)

    def _close(self, keep: int) -> None:
        while len(self._shown) > keep:
            name = self._shown.pop().name
            self._lines.append(f"{self._indent}</{name}>")

    def _node(self, name: str, element: Element, unit: Unit) -> _Node:
        root = _Node(name)
        fields = dict(unit.fields)
        if unit.text:
            fields[element.text or "."] = unit.text
        rank = {n: i for i, n in enumerate(element.order)}
        paths = [p for p in fields if p not in (NAME, DEPTH)]
        for path in sorted(paths, key=lambda p: rank.get(bare(p.split("/")[0]), len(rank))):
            self._put(root, path, table.written(fields[path]))
        return root

    def _put(self, node: _Node, path: str, value: str) -> None:
        *above, last = path.split("/", _DEEPEST + 2)
        for step in above:
            node = self._child(node, step)
        between = self._vocabulary.vectors.get(bare(last), ((), ""))[1] if "[" in last else ""
        if last.startswith("@"):
            _append(node.attributes, bare(last[1:]), value, between)
        elif last == ".":
            node.text = value
        elif last == _COMMENTS:
            node.comments = value.replace("--", "- -")
        elif between:
            node = self._child(node, bare(last))
            node.text = f"{node.text}{between}{value}" if node.text else value
        else:
            self._child(node, last).text = value

    def _child(self, node: _Node, step: str) -> _Node:
        if step not in node.children:
            name = bare(step)
            node.children[step] = child = _Node(name)
            told = step[len(name) + 1 : -1]
            if name in self._vocabulary.named and told and not told.isdigit():
                child.attributes[self._vocabulary.named[name]] = told
        return node.children[step]


def _append(values: dict[str, str], name: str, value: str, between: str) -> None:
    values[name] = f"{values[name]}{between}{value}" if between and name in values else value


# --- formatting that means nothing -------------------------------------------------------------


def reformatted(text: str) -> list[str]:
    """The same file with Windows line ends, on one line, in single quotes, with spaces in tags."""
    return [
        text.replace("\n", "\r\n"),
        re.sub(r">\s*\n\s*<", "><", text),
        re.sub(r"=\"([^\"'<>]*)\"", r"='\1'", text),
        text.replace("/>", " />").replace("</", "\n</").replace("<!--", "\n<!--"),
    ]

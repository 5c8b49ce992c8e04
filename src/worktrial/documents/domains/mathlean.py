"""Lean 4 files: declarations with their docstrings, in namespaces and sections.

A unit is a declaration, with its keyword, name, docstring, attributes and modifiers as fields and
all that follows the name as text; a comment; another command as text; or a line that opens or
closes a namespace or section, which is structural.

Every name, symbol, number and comment counts, and so do line breaks and indentation in statements
and proofs, and the order of units. Blank lines between units, spaces at line ends, and line breaks
in docstrings, in comments and after attributes mean nothing.

Known limits: nothing is elaborated, imported or checked; a command begins at the start of a line;
an instance without a name is named by nothing; a comment ends at the first `-/`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table, wording
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

DECLARATION, SCOPE, COMMAND, COMMENT = "declaration", "scope", "command", "comment"
_LONGEST_COMMENT = 200
_KEYWORDS = "theorem|lemma|def|abbrev|instance|example|structure|inductive|class|axiom|opaque"
_MODIFIERS = r"(?:(?:private|protected|noncomputable|partial|unsafe)\s+)*"
_DECLARED = re.compile(
    rf"(?:@\[([^\]\n]*)\]\s*)?({_MODIFIERS})({_KEYWORDS})\b(?: +([\w.'«»!?]+))?", re.DOTALL
)
_AFTER_DOC = re.compile(rf"-/ +(?=(?:@\[|(?:{_KEYWORDS}|private|protected|noncomputable)\b))")
_AFTER_ATTRIBUTES = re.compile(r"(?m)^(@\[[^\]\n]*\])\n(?=\S)")
_SCOPE = re.compile(r"(namespace|section|end)\b *([\w.']*)")
_COMMAND = re.compile(
    r"(?:import|open|export|variable|universe|set_option|attribute|local|scoped|notation|infixl|"
    r"infixr|infix|macro|syntax|deriving|mutual|#\w+)\b"
)


class Lean(Format):
    """Commands that begin at the start of a line."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a command; a docstring belongs to the declaration after it."""
        units: list[Unit] = []
        doc = ""
        for piece in _pieces(_joined(text)):
            if doc and not _DECLARED.match(piece):
                units.append(opaque(doc))
                doc = ""
            if piece.startswith("/--") and piece.endswith("-/"):
                doc = piece
            else:
                units.append(_unit(piece, doc))
                doc = ""
        return [*units, opaque(doc)] if doc else units

    def render(self, units: Sequence[Unit]) -> str:
        """A blank line between units, but for commands of a line."""
        written = [_written(unit) for unit in units]
        gaps = [
            "\n" if one.kind == other.kind == COMMAND else "\n\n" for one, other in pairwise(units)
        ]
        return "".join(a + b for a, b in zip(written, [*gaps, "\n"], strict=False))


LEAN = Lean()


def _joined(text: str) -> list[str]:
    """Lines, where a declaration follows its docstring on a new one and its attributes on none."""
    plain = "\n".join(line.rstrip() for line in text.splitlines())
    return _AFTER_ATTRIBUTES.sub(r"\1 ", _AFTER_DOC.sub("-/\n", plain)).split("\n")


def _pieces(lines: Sequence[str]) -> list[str]:
    """The lines of each command, docstring or comment."""
    pieces: list[list[str]] = []
    at, open_ = 0, False
    while at < len(lines):
        line = lines[at]
        length = _commented(lines, at)
        if length or _begins(line) or (line and not open_):
            pieces.append(list(lines[at : at + max(1, length)]))
            open_ = not length
        elif open_:
            pieces[-1].append(line)
        at += max(1, length)
    return ["\n".join(piece).rstrip() for piece in pieces]


def _begins(line: str) -> bool:
    patterns = (_DECLARED, _SCOPE, _COMMAND)
    return line.startswith(("--", "/-", "@[")) or any(p.match(line) for p in patterns)


def _commented(lines: Sequence[str], at: int) -> int:
    """How many lines a comment or docstring takes that begins here."""
    if lines[at].startswith("--"):
        return 1
    if not lines[at].startswith("/-"):
        return 0
    ahead = lines[at : at + _LONGEST_COMMENT]
    end = next((i for i, line in enumerate(ahead, 1) if "-/" in line), 0)
    return end if end and ahead[end - 1].endswith("-/") else 0


def _unit(piece: str, doc: str) -> Unit:
    if piece.startswith(("--", "/-")):
        return Unit(COMMENT, text=" ".join(piece.split()))
    if _SCOPE.fullmatch(piece):
        return Unit(SCOPE, text=" ".join(piece.split()), structural=True)
    found = _DECLARED.match(piece)
    if found is None:
        return Unit(COMMAND, text=piece) if _COMMAND.match(piece) else opaque(piece)
    said = {
        "docstring": " ".join(doc.removeprefix("/--").removesuffix("-/").split()),
        "attributes": found[1],
        "modifiers": " ".join(found[2].split()),
        "keyword": found[3],
        "name": found[4],
    }
    fields: dict[str, Value] = {name: value for name, value in said.items() if value}
    key = "name" if found[4] else None
    return Unit(DECLARATION, fields, key=key, text=piece[found.end() :].strip(" "))


def _written(unit: Unit) -> str:
    if unit.kind != DECLARATION:
        return unit.layout or unit.text
    values = {name: table.written(value) for name, value in unit.fields.items()}
    doc = f"/-- {values['docstring']} -/\n" if values.get("docstring") else ""
    attributes = f"@[{values['attributes']}] " if values.get("attributes") else ""
    words = [values.get(name, "") for name in ("modifiers", "keyword", "name")]
    gap = "" if unit.text.startswith("\n") else " "
    return f"{doc}{attributes}{' '.join(filter(None, words))}{gap}{unit.text}".rstrip()


# --- edits -------------------------------------------------------------------------------------

RECORDS = keyed_verbs(DECLARATION, one="declaration", many="declarations", key="name")
DECLARATIONS = KeyedEdits(
    RECORDS,
    kind=DECLARATION,
    keys=("name",),
    removable=("docstring",),
    recodes={"keyword": {"theorem": "lemma"}},
)
_ASCII = {"→": "->", "≤": "<=", "≥": ">=", "∧": "/\\", "∨": "\\/", "ℕ": "Nat", "ℤ": "Int"}


def respell(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Write symbols of statements and proofs otherwise."""
    symbols = re.compile("|".join(map(re.escape, legend)))

    def respelled(unit: Unit) -> Unit:
        return replace(unit, text=symbols.sub(lambda s: legend[s[0]], unit.text))

    return programs.each(document, DECLARATION, respelled)


def qualify(document: Document, *, name: str) -> Document:
    """Make a namespace a section, and name what it declares in full."""
    return _scoped(document, name, ("namespace", "section"), lambda own: f"{name}.{own}")


def enclose(document: Document, *, name: str) -> Document:
    """Make a section a namespace, and name what it declares in short."""
    return _scoped(
        document, name, ("section", "namespace"), lambda own: own.removeprefix(f"{name}.")
    )


def _scoped(
    document: Document, name: str, words: tuple[str, str], change: Callable[[str], str]
) -> Document:
    def scoped(units: Sequence[Unit]) -> list[Unit]:
        result, inside = [], False
        for unit in units:
            if unit.kind == SCOPE and unit.text == f"{words[0]} {name}":
                inside, unit = True, replace(unit, text=f"{words[1]} {name}")
            elif unit.kind == SCOPE and unit.text == f"end {name}":
                inside = False
            elif inside and unit.kind == DECLARATION and "name" in unit.fields:
                own = change(table.written(unit.fields["name"]))
                unit = programs.with_fields(unit, {**unit.fields, "name": own})
            result.append(unit)
        return result

    return programs.in_each_file(document, scoped)


def detach(document: Document, *, attribute: str) -> Document:
    """Give an attribute in a command of its own."""

    def detached(units: Sequence[Unit]) -> list[Unit]:
        result = []
        for unit in units:
            name = unit.fields.get("name")
            if name is None or unit.fields.get("attributes") != attribute:
                result.append(unit)
                continue
            rest = {n: v for n, v in unit.fields.items() if n != "attributes"}
            said = Unit(COMMAND, text=f"attribute [{attribute}] {name}")
            result += [programs.with_fields(unit, rest), said]
        return result

    return programs.in_each_file(document, detached)


def attach(document: Document, *, attribute: str) -> Document:
    """Give an attribute with the declaration itself."""

    def attached(units: Sequence[Unit]) -> list[Unit]:
        result: list[Unit] = []
        for unit in units:
            last = result[-1] if result else unit
            said = f"attribute [{attribute}] {last.fields.get('name')}"
            if unit.kind == COMMAND and unit.text == said and "attributes" not in last.fields:
                fields = {**last.fields, "attributes": attribute}
                result[-1] = programs.with_fields(last, fields)
            else:
                result.append(unit)
        return result

    return programs.in_each_file(document, attached)


def protect(document: Document) -> Document:
    """Protect all theorems and lemmas."""

    def protected(unit: Unit) -> Unit:
        if unit.fields.get("keyword") not in ("theorem", "lemma") or "modifiers" in unit.fields:
            return unit
        return programs.with_fields(unit, {**unit.fields, "modifiers": "protected"})

    return programs.each(document, DECLARATION, protected)


def unprotect(document: Document) -> Document:
    """Protect no theorem or lemma."""

    def plain(unit: Unit) -> Unit:
        if unit.fields.get("keyword") not in ("theorem", "lemma"):
            return unit
        if unit.fields.get("modifiers") != "protected":
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != "modifiers"}
        return programs.with_fields(unit, rest)

    return programs.each(document, DECLARATION, plain)


RESPELL = Verb(
    "In everything that follows a declaration's name, statement and proof, write symbols as "
    "follows: {**legend}.",
    respell,
)
QUALIFY = Verb(
    "Turn the namespace {name} into a section of that name, and put its name and a dot before the "
    "name of each declaration in it; how they are used stays.",
    qualify,
)
ENCLOSE = Verb(
    "Turn the section {name} into a namespace of that name, and take its name and the dot away "
    "from the name of each declaration in it; how they are used stays.",
    enclose,
)
DETACH = Verb(
    "Give the attribute {attribute} by a command, such as `attribute [simp] foo`, right after the "
    "declaration, wherever it is a named declaration's one attribute in `@[...]`.",
    detach,
)
ATTACH = Verb(
    "Give the attribute {attribute} in front of the declaration, such as `@[simp] theorem foo`, "
    "wherever a command `attribute` gives it right after that declaration; take the command out.",
    attach,
)
PROTECT = Verb(
    "Mark every theorem and lemma that has no modifier as `protected`, in front of its keyword.",
    protect,
)
UNPROTECT = Verb(
    "Take `protected` away from every theorem and lemma that has no other modifier.", unprotect
)
RENAME = Verb(
    "Rename declarations throughout, also where they are used and in docstrings, wherever a name "
    "stands as a whole word: {**words}.",
    wording.reword,
)


def ascii_symbols(document: Document, _: Random) -> Edit | None:
    """Symbols as they are typed."""
    text = "\n".join(u.text for u in DECLARATIONS.records(document))
    legend = {old: new for old, new in _ASCII.items() if old in text and new not in text}
    if not legend:
        return None
    back = programs.inverse(legend)
    return edit("ascii_symbols", "substitute", [RESPELL(legend=legend)], [RESPELL(legend=back)])


def full_names(document: Document, rng: Random) -> Edit | None:
    """A namespace's names in full."""
    scopes = [u.text for u in document.units() if u.kind == SCOPE]
    names = [text.removeprefix("namespace ") for text in scopes if text.startswith("namespace ")]
    fitting = [
        n for n in names if sayable(n) and _stands_once(n, scopes) and not _prefixed(document, n)
    ]
    if not fitting:
        return None
    said = {"name": rng.choice(fitting)}
    return edit("full_names", "convert", [QUALIFY(**said)], [ENCLOSE(**said)])


def _stands_once(name: str, scopes: Sequence[str]) -> bool:
    """Whether a namespace is opened and closed once, with nothing opened in between."""
    own = [i for i, text in enumerate(scopes) if text.split()[1:] == [name]]
    return own == [own[0], own[0] + 1]


def _prefixed(document: Document, name: str) -> bool:
    names = programs.text_values(DECLARATIONS.records(document), "name")
    return any(own.startswith(f"{name}.") for own in names)


def attributes(document: Document, _: Random) -> Edit | None:
    """Attributes by command."""
    found = programs.text_values(DECLARATIONS.records(document), "attributes")
    single = [a for a in found if sayable(a) and re.fullmatch(r"\w+", a)]
    if not single or any(u.text.startswith(f"attribute [{single[0]}]") for u in document.units()):
        return None
    said = {"attribute": single[0]}
    return edit("attributes", "convert", [DETACH(**said)], [ATTACH(**said)])


def protected(document: Document, _: Random) -> Edit | None:
    """Theorems protected."""
    proved = [
        u for u in DECLARATIONS.records(document) if u.fields["keyword"] in ("theorem", "lemma")
    ]
    if not proved or any("protected" in str(u.fields.get("modifiers")) for u in proved):
        return None
    return edit("protected", "normalise", [PROTECT()], [UNPROTECT()])


def renamed(document: Document, rng: Random) -> Edit | None:
    """Declarations with other names."""
    names = programs.text_values(DECLARATIONS.records(document), "name")
    used = wording.used_words(document)
    texts = "\n".join(u.text for u in document.units())
    fitting = [n for n in names if re.fullmatch(r"[a-z]\w{3,40}", n) and f"{n}'" not in texts]
    chosen = rng.sample(fitting, min(4, len(fitting)))
    words = {name: f"{name}_aux" for name in chosen}
    if not words or used & set(words.values()):
        return None
    back = programs.inverse(words)
    return edit("renamed", "rename", [RENAME(words=words)], [RENAME(words=back)])


PLANNERS: tuple[Planner, ...] = (
    *DECLARATIONS.planners(), ascii_symbols, full_names, attributes, protected, renamed,
    compose("library", DECLARATIONS.recode, renamed, attributes),
    compose("port", ascii_symbols, DECLARATIONS.extract, protected),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_STEMS = (
    "shift", "fold", "tower", "ladder", "ripple", "span", "tilt", "bound", "gauge", "weave",
    "drift", "pivot", "chain", "ridge", "step",
)  # fmt: skip
_BODIES = (
    "{n} * {x} + {m}", "{x} + {n} + {m} * {x}", "{x} ^ 2 + {n} * {x} + {m}",
    "if {x} ≤ {n} then {m} else {x} + {m}", "max {x} {n} + {m}", "({x} + {n}) * ({x} + {m})",
)  # fmt: skip
_FACTS = (
    ("zero", "", "{f} 0 = {f} (0 * {n})", "by\n  simp"),
    ("pos", "({x} : ℕ) ({h} : 1 ≤ {f} {x})", "0 < {n} * {f} {x}", "by\n  omega"),
    (
        "mono", "{{{x} {y} : ℕ}} ({h} : {f} {x} ≤ {f} {y})", "{f} {x} + {n} ≤ {f} {y} + {m}",
        "by\n  omega",
    ),
    (
        "imp", "({x} : ℕ)", "{f} {x} ≤ {n} → {f} {x} ≤ {m}",
        "fun {h} =>\n  {h}.trans (by norm_num)",
    ),
    (
        "both", "({x} {y} : ℕ)", "{f} {x} = {f} {x} ∧ {n} + {y} = {y} + {n}",
        "by\n  constructor\n  · rfl\n  · omega",
    ),
    (
        "cancel", "({x} {y} : ℕ) ({h} : {f} {x} + {n} = {f} {y} + {n})", "{f} {x} = {f} {y}",
        "by\n  exact add_right_cancel {h}",
    ),
    (
        "int", "({x} : ℕ)", "(({f} {x} : ℕ) : ℤ) + {n} ≥ {n}",
        "by\n  have := Int.natCast_nonneg ({f} {x})\n  linarith",
    ),
    (
        "or", "({x} {y} : ℕ)", "{f} {x} ≤ {f} {y} ∨ {f} {y} ≤ {f} {x} + {n}",
        "by\n  rcases le_total ({f} {x}) ({f} {y}) with {h} | {h}\n  · exact Or.inl {h}\n"
        "  · exact Or.inr (by omega)",
    ),
)  # fmt: skip
_DOCS = (
    "Used in the bound on page {n}.", "The constant {n} is not the best one.",
    "See the notes of {who} on {topic}.", "{who} asked for this form.",
    "A step towards the case of {n} levels.", "Only `{f}` is unfolded here.",
    "Fails for {m} without the hypothesis.", "Stated for natural numbers; {who} has the rest.",
)  # fmt: skip
_LETTERS = "abcijkmnpqrstuvwxyz"


class _Writer:
    """Writes declarations, each with a name that no other has."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.count = rng.randint(1, 9)

    def group(self, size: int) -> list[Unit]:
        """A function and some facts about it."""
        rng = self.rng
        self.count += rng.randint(1, 5)
        name = f"{rng.choice(_STEMS)}{self.count}"
        letter = rng.choice(_LETTERS)
        body = self.filled(rng.choice(_BODIES), x=letter)
        units = [self.declared("def", name, name, f"({letter} : ℕ) : ℕ :=\n  {body}")]
        for ending, given, claim, proof in rng.sample(_FACTS, min(size, len(_FACTS))):
            x, y = rng.sample(_LETTERS, 2)
            form = f"{given} : {claim} := {proof}".lstrip()
            text = self.filled(form, f=name, x=x, y=y, h=f"h{rng.choice(_LETTERS)}")
            units.append(self.declared("theorem", f"{name}_{ending}", name, text))
        return units

    def declared(self, keyword: str, name: str, about: str, text: str) -> Unit:
        """A declaration, the first ones documented and with an attribute."""
        rng = self.rng
        fields: dict[str, Value] = {}
        if keyword == "def" or rng.random() < 0.3:
            fields["docstring"] = self.filled(rng.choice(_DOCS), f=about)
        if (keyword == "def") == (rng.random() < 0.9):
            fields["attributes"] = "simp"
        fields |= {"keyword": keyword, "name": name}
        return Unit(DECLARATION, fields, key="name", text=text)

    def filled(self, form: str, **names: str) -> str:
        """A form with numbers that grow, and people."""
        rng = self.rng
        n = rng.randint(2, 400)
        who, topic = content.person(rng), content.topic(rng)
        return form.format(n=n, m=n + rng.randint(1, 99), who=who, topic=topic, **names)


class Mathlean(Domain):
    """A Lean file of elementary facts."""

    name = "mathlean"
    category = "science"
    formats: ClassVar = {".lean": LEAN, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), RESPELL, QUALIFY, ENCLOSE, DETACH, ATTACH, PROTECT, UNPROTECT, RENAME,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.05

    def generate(self, rng: Random, size: int) -> Files:
        """Functions with facts about them, each group in its namespace."""
        writer = _Writer(rng)
        units = [
            Unit(COMMENT, text=f"/- {content.person(rng)}, {content.day(rng)} -/"),
            Unit(COMMAND, text="import Mathlib"),
        ]
        names = iter(rng.sample(content.FIRMS, len(content.FIRMS)))
        written = 0
        while not written or written < size * 3.1:
            name = next(names, f"Part{written}")
            group = writer.group(2 if size < 400 else rng.randint(3, 6))
            opened, closed = (
                Unit(SCOPE, text=f"{word} {name}", structural=True) for word in ("namespace", "end")
            )
            units += [opened, *group, closed]
            written += len(LEAN.render([opened, *group, closed]))
        return {"facts.lean": LEAN.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; more blank lines; docstrings on lines of their own."""
        docs = re.sub(r"(?m)^/-- (.*) -/$", r"/--\n\1\n-/", text)
        return [text.replace("\n", "\r\n"), text.replace("\n\n", "\n\n\n"), docs]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of a seminar and a list of talks."""
        rows = [
            Unit(table.ROW, {"talk": content.topic(rng), "by": content.person(rng)})
            for _ in range(max(3, size // 16))
        ]
        return {"talks.csv": table.CSV.render(rows), "seminar.md": content.memo(rng, size // 2)}


DOMAIN = Mathlean()

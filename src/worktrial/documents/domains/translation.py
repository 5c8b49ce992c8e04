r"""The messages of a program and their translations, as gettext PO.

A unit is a message, identified by its `msgid`; context, plural, translations, references, flags
and comments are its fields, as they are written between the quotes. The header, the message
whose `msgid` is empty, is structural and has a field for each of its lines.

What counts is every field, escapes included, and the order of messages. How a string is broken
over lines, blank lines, line ends and the breaks of a comment mean nothing.

Known limits: one changed word costs the whole field that it stands in. Obsolete messages (`#~`) are
opaque, previous ones (`#|`) and stray lines are text of their message and stand above it. Escapes
are not interpreted, so `\"` and an unescaped quote differ.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

MESSAGE, HEAD = "message", "head"
_COMMENTS = {"#": "comment", "#.": "extracted", "#:": "references", "#,": "flags"}
_COMMENT = re.compile(r"(#[.:,]?)(?:[ \t]+(.*))?")
_STRING = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)[ \t]*)?"(.*)"')
_NAMELESS = ""
"""The field of whatever a header holds that is no `Name: value`."""
_WORDS = ("msgctxt", "msgid", "msgid_plural", "msgstr", *(f"msgstr[{i}]" for i in range(10)))


class Po(Format):
    """Messages after one another; each begins with its comments or with its first string."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a message."""
        units, block = [], _Block()
        for line in (line.strip() for line in text.split("\n")):
            if not block.takes(line):
                units += block.units()
                block = _Block()
            block.add(line)
        return units + block.units()

    def render(self, units: Sequence[Unit]) -> str:
        """A blank line between messages."""
        return "\n".join(map(_written, units))


PO = Po()


class _Block:
    """The lines of one message as they come."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.stray: list[str] = []
        self.last = ""

    def takes(self, line: str) -> bool:
        """Whether a line can belong to this message: a field can't be given twice."""
        if not line:
            return False
        if line.startswith("#"):
            return not self._spoken
        found = _STRING.fullmatch(line)
        return not (found and found[1] in self.fields)

    @property
    def _spoken(self) -> bool:
        return any(name in self.fields for name in _WORDS)

    def add(self, line: str) -> None:
        """Read a line as a comment, a string, more of a string, or a stray line."""
        if found := _COMMENT.fullmatch(line):
            self.last = _COMMENTS[found[1]]
            joined = f"{self.fields.get(self.last, '')} {found[2] or ''}".split()
            self.fields |= {self.last: " ".join(joined)} if joined else {}
        elif (found := _STRING.fullmatch(line)) and (found[1] or self.last in _WORDS):
            self.last = found[1] or self.last
            self.fields[self.last] = self.fields.get(self.last, "") + found[2]
        elif line:
            self.stray.append(line)

    def units(self) -> list[Unit]:
        """The message, if there is one."""
        text = "\n".join(self.stray)
        if not self._spoken:
            kept = [*(f"{s} {self.fields[n]}" for s, n in _COMMENTS.items() if n in self.fields)]
            return [opaque("\n".join([*kept, *self.stray]))] if kept or text else []
        if self.fields.get("msgid") == "" and "msgstr" in self.fields:
            return [_head(self.fields, text)]
        return [Unit(MESSAGE, dict(self.fields), key="msgid", text=text)]


def _head(fields: dict[str, str], text: str) -> Unit:
    said = {n: v for n, v in fields.items() if n not in ("msgid", "msgstr")}
    for line in filter(None, fields["msgstr"].split("\\n")):
        name, colon, value = line.partition(": ")
        if colon and name and name not in (*said, *_WORDS, *_COMMENTS.values()):
            said[name] = value
        else:
            said[_NAMELESS] = "\\n".join(filter(None, (said.get(_NAMELESS), line)))
    return Unit(HEAD, said, text=text, structural=True)


def _written(unit: Unit) -> str:
    if unit.kind not in (HEAD, MESSAGE):
        return f"{unit.layout or unit.text}\n"
    values = {n: table.written(v) for n, v in unit.fields.items()}
    # A stray line that looks like a string would go on with the string above it.
    lines = [unit.text] if unit.text else []
    lines += [f"{sign} {values[n]}" for sign, n in _COMMENTS.items() if n in values]
    if unit.kind == HEAD:
        own = {n: v for n, v in values.items() if n not in (*_WORDS, *_COMMENTS.values())}
        said = (f"{n}: {v}" if n else v for n, v in own.items())
        lines += ['msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in said)]
    lines += [f'{n} "{values[n]}"' for n in _WORDS if n in values]
    return "\n".join([*lines, ""])


# --- edits -------------------------------------------------------------------------------------

RECORDS = keyed_verbs(
    MESSAGE,
    one="message",
    many="messages",
    key="msgid",
    text="Strings stand in the table as they do between their quotes, escapes included.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=MESSAGE,
    keys=("msgid",),
    columns=("msgctxt", "msgid", "msgid_plural", "msgstr", "msgstr[0]", "msgstr[1]",
             *_COMMENTS.values()),
    sortable=("msgid", "references"),
    category="msgctxt",
    removable=("comment", "extracted", "references"),
    extension=".po",
    plural="messages",
)  # fmt: skip
_GLOSSARY = {
    "Konto": "Benutzerkonto", "Ordner": "Verzeichnis", "Lieferant": "Zulieferer",
    "löschen": "entfernen", "speichern": "sichern", "Rechnung": "Faktura", "öffnen": "aufrufen",
    "Lager": "Depot", "Datei": "Dokument", "Bericht": "Auswertung", "Auftrag": "Bestellung",
}  # fmt: skip
_PERCENT = re.compile(r"%\(([A-Za-z]\w{0,40})\)([sd])")
_BRACES = re.compile(r"\{([A-Za-z]\w{0,40})(:d)?\}")
_LINE = re.compile(r"[1-9][0-9]{0,8}")


def _strings(unit: Unit, change: Callable[[str], str], names: Sequence[str]) -> Unit:
    """A message with some of its fields changed."""
    changed = {n: change(v) if n in names and isinstance(v, str) else v
               for n, v in unit.fields.items()}  # fmt: skip
    return programs.with_fields(unit, changed)


def brace(document: Document, *, old: str, new: str) -> Document:
    """Write placeholders in braces."""

    def braced(found: re.Match[str]) -> str:
        return f"{{{found[1]}:d}}" if found[2] == "d" else f"{{{found[1]}}}"

    return _respelled(document, lambda text: _PERCENT.sub(braced, text), old, new)


def percent(document: Document, *, old: str, new: str) -> Document:
    """Write placeholders with percent signs."""

    def signed(found: re.Match[str]) -> str:
        return f"%({found[1]}){'d' if found[2] else 's'}"

    return _respelled(document, lambda text: _BRACES.sub(signed, text), old, new)


def _respelled(document: Document, change: Callable[[str], str], old: str, new: str) -> Document:
    def respelled(unit: Unit) -> Unit:
        flags = _flags(unit)
        if old not in flags:
            return unit
        changed = _strings(unit, change, _WORDS[1:])
        said = ", ".join(new if flag == old else flag for flag in flags)
        return programs.with_fields(unit, {**changed.fields, "flags": said})

    return programs.each(document, MESSAGE, respelled)


def _flags(unit: Unit) -> list[str]:
    return [flag.strip() for flag in table.written(unit.fields.get("flags")).split(",")]


def prefix(document: Document, *, mark: str) -> Document:
    """Write the context in front of the message."""

    def prefixed(unit: Unit) -> Unit:
        context, msgid = unit.fields.get("msgctxt"), unit.fields.get("msgid")
        if context is None or msgid is None:
            return unit
        rest = {n: v for n, v in unit.fields.items() if n != "msgctxt"}
        return programs.with_fields(unit, {**rest, "msgid": f"{context}{mark}{msgid}"})

    return programs.each(document, MESSAGE, prefixed)


def unprefix(document: Document, *, mark: str) -> Document:
    """Write what stands in front of the message as its context."""

    def unprefixed(unit: Unit) -> Unit:
        context, found, msgid = table.written(unit.fields.get("msgid")).partition(mark)
        said: dict[str, Value] = {"msgctxt": context, "msgid": msgid}
        return programs.with_fields(unit, {**unit.fields, **said}) if found else unit

    return programs.each(document, MESSAGE, unprefixed)


def reword(document: Document, *, words: Mapping[str, str]) -> Document:
    """Replace whole words of the translations."""
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b")

    def worded(text: str) -> str:
        return pattern.sub(lambda found: words.get(found[0], found[0]), text)

    return programs.each(document, MESSAGE, lambda u: _strings(u, worded, _WORDS[3:]))


def relocate(document: Document, *, paths: Mapping[str, str]) -> Document:
    """Name source files otherwise."""
    return _placed(document, lambda path, line: (paths.get(path, path), line))


def lines_down(document: Document, *, path: str, lines: str) -> Document:
    """Add to the line numbers of one source file."""
    return _placed(document, lambda p, line: (p, line + int(lines) if p == path else line))


def lines_up(document: Document, *, path: str, lines: str) -> Document:
    """Subtract from the line numbers of one source file."""
    return _placed(document, lambda p, line: (p, line - int(lines) if p == path else line))


def _placed(document: Document, change: Callable[[str, int], tuple[str, int]]) -> Document:
    def placed(reference: str) -> str:
        path, _, line = reference.rpartition(":")
        return "{}:{}".format(*change(path, int(line))) if _LINE.fullmatch(line) else reference

    def each_placed(text: str) -> str:
        return " ".join(map(placed, text.split(" ")))

    return programs.each(document, MESSAGE, lambda u: _strings(u, each_placed, ("references",)))


BRACE = Verb(
    "In every message with the flag {old}, write the placeholders of the message and of its "
    "translations with braces: `%(…)s` as the name alone in braces, `%(…)d` as the name and `:d` "
    "in braces. The flag becomes {new}.",
    brace,
)
PERCENT = Verb(
    "In every message with the flag {old}, write the placeholders of the message and of its "
    "translations with percent signs: a name alone in braces as `%(…)s`, a name and `:d` in "
    "braces as `%(…)d`. The flag becomes {new}.",
    percent,
)
PREFIX = Verb(
    "Where a message has a `msgctxt`, take it out and write it in front of the `msgid` instead, "
    "with {mark} between the two.",
    prefix,
)
UNPREFIX = Verb(
    "Where the `msgid` of a message holds a {mark}, take what stands before the first one out of "
    "it, without the mark, and make it the `msgctxt` of the message.",
    unprefix,
)
REWORD = Verb(
    "In the translations (every `msgstr`), replace these whole words, spelled exactly so: "
    "{**words}.",
    reword,
)
RELOCATE = Verb(
    "Source files have moved: in the references, change their paths as follows and keep the line "
    "numbers: {**paths}.",
    relocate,
)
DOWN = Verb(
    "{lines} lines were added at the top of {path}: add as many to its line numbers in the "
    "references.",
    lines_down,
)
UP = Verb(
    "{lines} lines were removed from the top of {path}: subtract as many from its line numbers in "
    "the references.",
    lines_up,
)


def placeholders(document: Document, _: Random) -> Edit | None:
    """Python's other way of writing placeholders."""
    said = {"old": "python-format", "new": "python-brace-format"}
    found = [u for u in EDITS.records(document) if said["old"] in _flags(u)]
    spoken = "".join(table.written(u.fields.get(n)) for u in found for n in _WORDS[1:])
    others = "{" in spoken or "%" in _PERCENT.sub("", spoken) or "%" not in spoken
    if others or any(said["new"] in _flags(u) for u in EDITS.records(document)) or not _tidy(found):
        return None
    back = {"old": said["new"], "new": said["old"]}
    return edit("placeholders", "convert", [BRACE(**said)], [PERCENT(**back)])


def _tidy(units: Sequence[Unit]) -> bool:
    return all(", ".join(_flags(u)) == u.fields.get("flags") for u in units)


def context(document: Document, _: Random) -> Edit | None:
    """The context as a prefix of the message."""
    messages, mark = EDITS.records(document), "|"
    written = [table.written(u.fields.get(n)) for u in messages for n in ("msgctxt", "msgid")]
    if any(mark in text for text in written) or not programs.values(messages, "msgctxt"):
        return None
    if any("msgctxt" in u.fields and "msgid" not in u.fields for u in messages):
        return None
    return edit("context", "convert", [PREFIX(mark=mark)], [UNPREFIX(mark=mark)])


def terms(document: Document, rng: Random) -> Edit | None:
    """Other words of the glossary."""
    translated = [u.fields.get(n) for u in EDITS.records(document) for n in _WORDS[3:]]
    present = set(re.findall(r"\w+", " ".join(map(table.written, translated))))
    known = [(o, n) for o, n in _GLOSSARY.items() if o in present and n not in present]
    if not known:
        return None
    words = dict(rng.sample(known, min(4, len(known))))
    back = programs.inverse(words)
    return edit("terms", "substitute", [REWORD(words=words)], [REWORD(words=back)])


def moved(document: Document, rng: Random) -> Edit | None:
    """Source files in another folder."""
    paths = _paths(document)
    new = {p: f"lib/{p.removeprefix('src/')}" for p in paths if p.startswith("src/")}
    if not new or {*new.values()} & {*paths} or not sayable(*new, *new.values()):
        return None
    chosen = dict(rng.sample(list(new.items()), min(5, len(new))))
    back = programs.inverse(chosen)
    return edit("moved", "rename", [RELOCATE(paths=chosen)], [RELOCATE(paths=back)])


def added_lines(document: Document, rng: Random) -> Edit | None:
    """More lines at the top of a source file."""
    paths = [p for p in _paths(document) if sayable(p)]
    if not paths:
        return None
    said = {"path": rng.choice(paths), "lines": str(rng.randint(3, 40))}
    return edit("added_lines", "renumber", [DOWN(**said)], [UP(**said)])


def _paths(document: Document) -> list[str]:
    references = (table.written(u.fields.get("references")) for u in EDITS.records(document))
    parts = (word.rpartition(":") for text in references for word in text.split(" "))
    return list(dict.fromkeys(p for p, _, line in parts if p and _LINE.fullmatch(line)))


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), placeholders, context, terms, moved, added_lines,
    compose("release", added_lines, moved, EDITS.sort),
    compose("handover", context, placeholders, EDITS.extract),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_NOUNS = {
    "account": "Konto", "folder": "Ordner", "supplier": "Lieferant", "invoice": "Rechnung",
    "warehouse": "Lager", "file": "Datei", "report": "Bericht", "order": "Auftrag",
    "customer": "Kunde", "price list": "Preisliste", "delivery note": "Lieferschein",
    "calendar": "Kalender", "password": "Kennwort", "printer": "Drucker", "label": "Etikett",
    "shipment": "Sendung", "address": "Adresse", "discount": "Rabatt", "backup": "Sicherung",
    "template": "Vorlage", "chart": "Diagramm", "signature": "Unterschrift", "currency": "Währung",
    "article": "Artikel", "department": "Abteilung", "message": "Nachricht", "budget": "Budget",
}  # fmt: skip
_ACTS = {
    "Delete": "löschen", "Save": "speichern", "Open": "öffnen", "Print": "drucken",
    "Rename": "umbenennen", "Export": "exportieren", "Archive": "archivieren", "Show": "anzeigen",
    "Hide": "ausblenden", "Share": "teilen", "Lock": "sperren", "Copy": "kopieren",
    "Approve": "freigeben", "Check": "prüfen", "Import": "importieren", "Select": "auswählen",
}  # fmt: skip
_SAID = (
    ("%(who)s has changed the {0} “{1}”.", "%(who)s hat „{1}“ geändert ({0})."),
    ("No {0} is called “{1}”.", "{0} „{1}“ wurde nicht gefunden."),
    ("The {0} of {1} is not complete.", "{0} von {1} ist unvollständig."),
    ("Sent to %(who)s: {0}, {1}", "An %(who)s gesendet: {0}, {1}"),
    ("Page %(page)d of the {0} for {1}", "{0} für {1}, Seite %(page)d"),
    ("{1} may not see this {0}.\\nAsk %(who)s for it.",
     "{0}: {1} hat keinen Zugriff.\\nBitte %(who)s fragen."),
)  # fmt: skip
_CONTEXTS = ("menu", "toolbar", "dialog", "title", "tooltip")
_HINTS = (
    "Keep it shorter than {0} characters.", "Shown to {1} customers in the {2}.",
    "Spoken by the help desk in {2}.", "Asked for by {3}, {0} days after the first release.",
    "Also printed on the {1} form {0}.", "{3} knows the exact term.", "Not a verb here, see {2}.",
)  # fmt: skip
_PARTS = ("ui", "core", "sales", "stock", "print", "mail", "admin", "import")
_NAMES = ("main", "view", "list", "editor", "wizard", "forms", "actions", "export", "rules")


def _message(rng: Random, number: int) -> Unit:
    noun = rng.choice(list(_NOUNS))
    fields: dict[str, Value] = {}
    if rng.random() < 0.3:
        fields["comment"] = f"{content.person(rng)}: {_hint(rng)}"
    if rng.random() < 0.5:
        fields["extracted"] = _hint(rng)
    fields["references"] = " ".join(_reference(rng) for _ in range(rng.choice((1, 1, 2))))
    fields |= (_menu, _sentence, _menu, _plural)[number % 4](rng, noun)
    return Unit(MESSAGE, fields)


def _menu(rng: Random, noun: str) -> dict[str, Value]:
    act, which = rng.choice(list(_ACTS)), content.firm(rng)
    return {
        "msgctxt": rng.choice(_CONTEXTS),
        "msgid": f"{act} {noun} of {which}",
        "msgstr": f"{_NOUNS[noun]} von {which} {_ACTS[act]}",
    }


def _sentence(rng: Random, noun: str) -> dict[str, Value]:
    (english, german), name = rng.choice(_SAID), content.topic(rng)
    flags = ["fuzzy"] if rng.random() < 0.2 else []
    flags += ["python-format"] if "%" in english else []
    return {
        **({"flags": ", ".join(flags)} if flags else {}),
        "msgid": english.format(noun, name),
        "msgstr": german.format(_NOUNS[noun], name),
    }


def _plural(rng: Random, noun: str) -> dict[str, Value]:
    city = rng.choice(content.CITIES)
    return {
        "flags": "python-format",
        "msgid": f"%(count)d {noun} in {city}",
        "msgid_plural": f"%(count)d times: {noun} in {city}",
        "msgstr[0]": f"%(count)d {_NOUNS[noun]} in {city}",
        "msgstr[1]": f"%(count)d Mal: {_NOUNS[noun]} in {city}",
    }


def _hint(rng: Random) -> str:
    words = (rng.randint(12, 90), rng.choice(content.ADJECTIVES), rng.choice(content.CITIES),
             content.person(rng))  # fmt: skip
    return rng.choice(_HINTS).format(*words)


def _reference(rng: Random) -> str:
    return f"src/{rng.choice(_PARTS)}/{rng.choice(_NAMES)}.py:{rng.randint(8, 900)}"


class Translation(Domain):
    """The messages of a program and their translations."""

    name = "translation"
    category = "code"
    formats: ClassVar = {".po": PO, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), BRACE, PERCENT, PREFIX, UNPREFIX, REWORD, RELOCATE, DOWN, UP,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.02

    def generate(self, rng: Random, size: int) -> Files:
        """A catalogue with German translations."""
        count = max(4, round((size - 30) / 56))
        messages = {u.fields["msgid"]: u for u in (_message(rng, n) for n in range(count))}
        shuffled = rng.sample(list(messages.values()), len(messages))
        about: dict[str, Value] = {
            "Project-Id-Version": f"{rng.choice(content.FIRMS)} {rng.randint(1, 9)}",
            "Language": "de",
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        return {"de.po": PO.render([Unit(HEAD, about), *shuffled])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; every string on a line below its keyword; strings cut into words."""
        below = re.sub(r'^(msg\S+) "', r'\1 ""\n"', text, flags=re.MULTILINE)
        return [text.replace("\n", "\r\n"), below, re.sub(r" of (?=\w+.*\"$)", ' of "\n"', below)]

    def distractors(self, rng: Random, size: int) -> Files:
        """A style guide and a list of reviewers."""
        rows = [
            Unit(table.ROW, {"no": code, "reviewer": content.person(rng),
                             "since": str(content.day(rng))})
            for code in content.codes(rng, "TR", max(3, size // 24))
        ]  # fmt: skip
        return {"style.md": content.memo(rng, size // 2), "reviewers.csv": table.CSV.render(rows)}


DOMAIN = Translation()

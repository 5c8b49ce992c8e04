"""A listing of directories, as `ls -lR --time-style=long-iso` writes it.

A unit is a file, directory or link, identified by its path, which is the directory of the heading
and the name together. A directory in which nothing is listed is a unit of its own.

What counts is every column, and the order of lines. Space between columns, and a heading that comes
again, mean nothing; nor does it where a line has the whole path itself. Totals follow from sizes,
in blocks of four kibibytes: they are written anew and not compared.

Known limits: times are to the minute, others make a line opaque. A `?` for a column means that it
is not known. A link's name ends at the first arrow. Sizes such as `1.2K` are text.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

ENTRY, EMPTY = "entry", "empty"
PATH, MODE, LINKS, OWNER, GROUP, SIZE, TIME, TARGET = (
    "path", "mode", "links", "owner", "group", "size", "time", "target",
)  # fmt: skip
_TOTAL = re.compile(r"total \d+")
_LINE = re.compile(
    r"([-bcdlps?](?:[r-][w-][xsS-][r-][w-][xsS-][r-][w-][xtT-]|[0-7]{4})[.+@]?)[ \t]+"
    r"(\d+|\?)[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+|\d+,[ \t]*\d+)[ \t]+"
    r"(\d{4}-\d\d-\d\d[ \t]\d\d:\d\d|\?) (.*\S.*)"
)
_BLOCK, _KIBIBYTES = 4096, 4
_UNKNOWN = "?"


class Listing(Format):
    """Headings with the lines of what is in a directory."""

    def parse(self, text: str) -> list[Unit]:
        """A unit a line, or a heading without lines."""
        units: list[Unit] = []
        directory, empty = "", False
        for line in text.splitlines():
            if found := _LINE.fullmatch(line):
                units.append(_entry(directory, found))
                empty = False
            elif line.rstrip().endswith(":"):
                units += [_empty(directory)] if empty else []
                directory, empty = line.rstrip()[:-1], True
            elif line.strip() and not _TOTAL.fullmatch(line.strip()):
                units.append(opaque(line))
        return [*units, *([_empty(directory)] if empty else [])]

    def render(self, units: Sequence[Unit]) -> str:
        """A heading for lines of one directory that follow each other, and columns aligned."""
        blocks = (list(block) for _, block in groupby(enumerate(units), _place))
        whole = "\n".join(_block([unit for _, unit in block]) for block in blocks)
        return whole.removeprefix(":\n")


LISTING = Listing()


def _entry(directory: str, found: re.Match[str]) -> Unit:
    mode, links, owner, group, size, time, name = found.groups()
    target = ""
    if mode.startswith("l"):
        name, _, target = name.partition(" -> ")
    cells: dict[str, Value] = {
        PATH: _path(directory, name), MODE: mode, LINKS: table.typed(links), OWNER: owner,
        GROUP: group, SIZE: table.typed(" ".join(size.split())), TIME: as_time(time),
    }  # fmt: skip
    known = {n: v for n, v in cells.items() if v != _UNKNOWN}
    return Unit(ENTRY, {**known, **({TARGET: target} if target else {})}, key=PATH)


def _empty(directory: str) -> Unit:
    return Unit(EMPTY, {PATH: directory})


def _path(directory: str, name: str) -> str:
    whole = not directory or name.startswith(("/", "./"))
    return name if whole else f"{directory.rstrip('/')}/{name}"


def _parent(unit: Unit) -> str:
    """The directory that a unit is listed in."""
    head, slash, _ = table.written(unit.fields.get(PATH)).rpartition("/")
    return head or slash


def _place(numbered: tuple[int, Unit]) -> tuple[str, str, int]:
    """What lines under one heading have in common; anything but an entry stands alone."""
    number, unit = numbered
    return (ENTRY, _parent(unit), 0) if unit.kind == ENTRY else (unit.kind, "", number)


def _block(units: Sequence[Unit]) -> str:
    if units[0].kind == EMPTY:
        return f"{table.written(units[0].fields.get(PATH))}:\ntotal 0\n"
    if units[0].kind != ENTRY:
        return f"{units[0].layout or units[0].text}\n"
    blocks = sum(_blocks(unit) for unit in units)
    rows = [_cells(unit) for unit in units]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["".join(_padded(row, widths)) for row in rows]
    return "".join(f"{line}\n" for line in (f"{_parent(units[0])}:", f"total {blocks}", *lines))


def _blocks(unit: Unit) -> int:
    size = unit.fields.get(SIZE)
    link = table.written(unit.fields.get(MODE)).startswith("l")
    return 0 if link or not isinstance(size, Decimal) else -(-int(size) // _BLOCK) * _KIBIBYTES


def _cells(unit: Unit) -> list[str]:
    known = {n: _cell(v) for n, v in unit.fields.items()}
    cells = [known.get(n) or _UNKNOWN for n in (MODE, LINKS, OWNER, GROUP, SIZE, TIME)]
    name = known.get(PATH, "").rpartition("/")[2]
    return [*cells, f"{name} -> {known[TARGET]}" if TARGET in known else name]


def _cell(value: Value) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else table.written(value)


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Numbers to the right, all else to the left, and the name as it is."""
    mode, links, owner, group, size, time, name = row
    left = [mode.ljust(widths[0]), links.rjust(widths[1]), owner.ljust(widths[2])]
    return [" ".join([*left, group.ljust(widths[3]), size.rjust(widths[4]), time, name])]


def as_time(cell: str) -> Value:
    """A time where the cell is one, else its text."""
    try:
        return datetime.fromisoformat(cell)
    except ValueError:
        return cell


# --- edits -------------------------------------------------------------------------------------

FILES = keyed_verbs(
    ENTRY,
    one="listed file",
    many="listed files",
    a_field="column",
    key=PATH,
    readers={LINKS: table.typed, SIZE: table.typed, TIME: as_time},
    text="A `path` is the directory with the name, such as `./src/a.c`, a `target` what stands "
    "behind a link's arrow; a `time` in a table has seconds, such as `2026-01-31 17:45:00`. In a "
    "listing, `?` stands for what is gone from another column.",
)
EDITS = KeyedEdits(
    FILES,
    kind=ENTRY,
    keys=(PATH,),
    columns=(PATH, MODE, LINKS, OWNER, GROUP, SIZE, TIME, TARGET),
    category=OWNER,
    removable=(OWNER, GROUP, SIZE, TARGET),
    extension=".lst",
    plural="files",
)
_SYMBOLS = re.compile(r"([-bcdlps?])([r-][w-][xsS-])([r-][w-][xsS-])([r-][w-][xtT-])([.+@]?)")
_OCTAL = re.compile(r"([-bcdlps?])([0-7])([0-7])([0-7])([0-7])([.+@]?)")


def sort_listed(document: Document, *, field: str) -> Document:
    """Sort the lines of every directory."""
    return programs.sort_within(document, kind=ENTRY, field=field, group=_parent)


def to_octal(document: Document) -> Document:
    """Permissions as octal digits behind the sign of the type."""

    def octal(mode: str) -> str:
        found = _SYMBOLS.fullmatch(mode)
        if found is None:
            return mode
        kind, *triples, mark = found.groups()
        special = sum((t[2] in "sStT") << (2 - i) for i, t in enumerate(triples))
        digits = [4 * (t[0] == "r") + 2 * (t[1] == "w") + (t[2] in "xst") for t in triples]
        return f"{kind}{special}{''.join(map(str, digits))}{mark}"

    return _modes(document, octal)


def to_symbols(document: Document) -> Document:
    """Permissions as nine letters behind the sign of the type."""

    def symbols(mode: str) -> str:
        found = _OCTAL.fullmatch(mode)
        if found is None:
            return mode
        kind, special, *digits, mark = found.groups()
        last = ["-x" + pair for pair in ("Ss", "Ss", "Tt")]
        signs = [
            ("r" if int(d) & 4 else "-")
            + ("w" if int(d) & 2 else "-")
            + last[i][(int(d) & 1) + 2 * (int(special) >> (2 - i) & 1)]
            for i, d in enumerate(digits)
        ]
        return f"{kind}{''.join(signs)}{mark}"

    return _modes(document, symbols)


def _modes(document: Document, change: Callable[[str], str]) -> Document:
    def changed(unit: Unit) -> Unit:
        mode = unit.fields.get(MODE)
        if not isinstance(mode, str):
            return unit
        return programs.with_fields(unit, {**unit.fields, MODE: change(mode)})

    return programs.each(document, ENTRY, changed)


def move(document: Document, *, old: str, new: str) -> Document:
    """Give a directory another path, and so whatever is in it."""

    def moved(unit: Unit) -> Unit:
        path = table.written(unit.fields.get(PATH))
        if path != old and not path.startswith(f"{old}/"):
            return unit
        return programs.with_fields(unit, {**unit.fields, PATH: new + path[len(old) :]})

    return programs.each(programs.each(document, ENTRY, moved), EMPTY, moved)


def clock(document: Document, *, minutes: str, sign: int) -> Document:
    """Move every time by minutes."""

    def shifted(unit: Unit) -> Unit:
        time = unit.fields.get(TIME)
        if not isinstance(time, datetime):
            return unit
        try:
            later = time + sign * timedelta(minutes=int(minutes))
        except OverflowError:
            return unit
        return programs.with_fields(unit, {**unit.fields, TIME: later})

    return programs.each(document, ENTRY, shifted)


SORT = Verb(
    "Sort the lines of each directory of the listing by {field}, smallest or earliest first; "
    "ties keep their order. Directories stay where they are.",
    sort_listed,
)
OCTAL = Verb(
    "In the listing, write permissions as four octal digits behind the sign of the type, such as "
    "`-0644` for `-rw-r--r--`; a mark behind them such as `+` stays.",
    to_octal,
)
SYMBOLS = Verb(
    "In the listing, write permissions as nine letters and hyphens behind the sign of the type, "
    "such as `-rw-r--r--` for `-0644`; a mark behind them such as `+` stays.",
    to_symbols,
)
MOVE = Verb(
    "Wherever the path of a listed file or of a heading is {old} or lies below it, let {new} stand "
    "in place of {old}. Lines stay in order, and targets of links as they are.",
    move,
)
LATER = Verb("Add {minutes} minutes to the time of every listed file.", partial(clock, sign=1))
EARLIER = Verb(
    "Subtract {minutes} minutes from the time of every listed file.", partial(clock, sign=-1)
)


def sort_lines(document: Document, rng: Random) -> Edit | None:
    """Lines by size or time within directories; a table keeps the old order."""
    field, order = rng.choice((SIZE, TIME)), "files_order.csv"
    every = all(field in u.fields for u in EDITS.records(document))
    there = sort_listed(document, field=field)
    if EDITS.key(document) is None or not every or there == document or order in document.files:
        return None
    said = {"key": PATH, "order": order}
    return edit("sort", "sort", [FILES.note(**said), SORT(field=field)], [FILES.restore(**said)])


def octal(document: Document, _: Random) -> Edit | None:
    """Permissions in octal."""
    there = to_octal(document)
    if there == document or to_symbols(document) != document or to_symbols(there) != document:
        return None
    return edit("octal", "convert", [OCTAL()], [SYMBOLS()])


def numbers(document: Document, rng: Random) -> Edit | None:
    """Numbers for the names of owners or of groups."""
    field, start = rng.choice(((OWNER, 1000), (GROUP, 500)))
    present = sorted(programs.text_values(EDITS.records(document), field))
    legend = {name: str(start + i) for i, name in enumerate(present[:8], 1)}
    if not legend or set(legend.values()) & set(present) or not sayable(*legend):
        return None
    back = FILES.substitute(field=field, legend=programs.inverse(legend))
    return edit("numbers", "substitute", [FILES.substitute(field=field, legend=legend)], [back])


def zone(document: Document, rng: Random) -> Edit | None:
    """The clock of another zone."""
    times = [u.fields.get(TIME) for u in EDITS.records(document)]
    if not times or not all(isinstance(t, datetime) and 1900 < t.year < 2900 for t in times):
        return None
    said = {"minutes": rng.choice(("60", "120", "330", "345"))}
    return edit("zone", "renumber", [LATER(**said)], [EARLIER(**said)])


def root(document: Document, rng: Random) -> Edit | None:
    """Paths from the root."""
    new = f"/{rng.choice(('srv', 'export', 'mnt'))}/{rng.choice(content.FIRMS).lower()}"
    return _moving(document, "root", ".", new)


def directory(document: Document, rng: Random) -> Edit | None:
    """A directory under another name."""
    entries = [u for u in EDITS.records(document) if str(u.fields.get(MODE)).startswith("d")]
    if not entries:
        return None
    old = table.written(rng.choice(entries).fields[PATH])
    parent = old.rpartition("/")[0]
    return _moving(document, "directory", old, f"{parent}/{rng.choice(_NEW)}_{rng.randint(2, 99)}")


def _moving(document: Document, name: str, old: str, new: str) -> Edit | None:
    there = move(document, old=old, new=new)
    clash = move(document, old=new, new=old) != document
    if clash or there == document or move(there, old=new, new=old) != document:
        return None
    if not sayable(old, new):
        return None
    return edit(name, "rename", [MOVE(old=old, new=new)], [MOVE(old=new, new=old)])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), sort_lines, octal, numbers, zone, root, directory,
    compose("mirror", root, zone, octal),
    compose("audit", numbers, octal, EDITS.extract),
    compose("inventory", zone, root, EDITS.tabulate),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_DEEPEST = 4
_NEW = ("archive", "legacy", "moved", "kept")
_STEMS = (
    "orchard", "harbour", "invoice", "survey", "lattice", "meadow", "turbine", "glossary", "quarry",
    "rotation", "tariff", "antenna", "ballast", "canopy", "draft", "estuary", "furnace", "gallery",
    "hangar", "isotope", "journal", "kiln", "ledger", "mosaic",
)  # fmt: skip
_ENDS = ("c", "h", "py", "md", "csv", "odt", "png", "log", "tar.gz", "json", "sql", "tex", "conf")
_GROUPS = ("staff", "lab", "ops", "finance", "press", "archive", "design", "field")
_FILE_MODES = (
    "-rw-r--r--", "-rw-r-----", "-rw-rw-r--", "-rwxr-xr-x", "-r--r--r--", "-rw-------",
    "-rwsr-xr-x", "-rw-rw-r--+",
)  # fmt: skip
_DIRECTORY_MODES = ("drwxr-xr-x", "drwxrwsr-x", "drwx------", "drwxrwxrwt", "drwxr-x---")


def _tree(rng: Random, count: int) -> list[str]:
    """The paths of some directories, as they are listed."""
    paths = ["."]
    for i in range(count):
        name = f"{rng.choice(_STEMS)}{rng.choice(('', '', f'-{rng.randint(1, 40)}'))}"
        above = rng.choice([path for path in paths if path.count("/") < _DEEPEST])
        new = f"{above}/{name}"
        paths.append(new if new not in paths else f"{new}_{i}")
    return sorted(paths, key=lambda path: path.split("/"))


def _names(rng: Random, count: int) -> list[str]:
    """Names of files, any two of them different."""
    found: dict[str, None] = {}
    while len(found) < count:
        words = "_".join(rng.sample(_STEMS, rng.randint(1, 2)))
        number = rng.choice(("", f"_{rng.randint(1, 30 + count)}", f" {rng.randint(2, 9)}"))
        found[f"{words}{number}.{rng.choice(_ENDS)}"] = None
    return list(found)


def _fresh(rng: Random, path: str, mode: str, owners: Sequence[str], groups: Sequence[str]) -> Unit:
    directory = mode.startswith("d")
    size = 4096 * rng.randint(1, 3) if directory else int(10 ** rng.uniform(1.2, 7))
    time = datetime(2025, 1, 1) + timedelta(minutes=rng.randrange(700_000))
    fields: dict[str, Value] = {
        PATH: path, MODE: mode, LINKS: Decimal(rng.randint(2, 9) if directory else 1),
        OWNER: rng.choice(owners), GROUP: rng.choice(groups), SIZE: Decimal(size), TIME: time,
    }  # fmt: skip
    if mode.startswith("l"):
        fields[TARGET] = f"../{rng.choice(_STEMS)}/{rng.choice(_STEMS)}.{rng.choice(_ENDS)}"
        fields[SIZE] = Decimal(len(str(fields[TARGET])))
    return Unit(ENTRY, fields, key=PATH)


class Filesystem(Domain):
    """A listing of directories."""

    name = "filesystem"
    category = "code"
    formats: ClassVar = {".lst": LISTING, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *FILES.all(), SORT, OCTAL, SYMBOLS, MOVE, LATER, EARLIER,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    derived: ClassVar[Sequence[re.Pattern[str]]] = (_TOTAL,)
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """A tree of directories with files and links."""
        count = max(4, round(size / 20))
        paths = _tree(rng, max(1, count // 8))
        owners = [name.lower() for name in content.distinct(rng, content.LAST_NAMES, 4)]
        groups = content.distinct(rng, _GROUPS, 3)
        modes = {path: rng.choice(_DIRECTORY_MODES) for path in paths[1:]}
        for i, name in enumerate(_names(rng, count - len(modes))):
            parent = paths[i] if i < len(paths) else rng.choice(paths)
            mode = "lrwxrwxrwx" if rng.random() < 0.1 else rng.choice(_FILE_MODES)
            modes[f"{parent}/{name}"] = mode
        units = [_fresh(rng, path, mode, owners, groups) for path, mode in modes.items()]
        units.sort(key=lambda u: (_parent(u).split("/"), str(u.fields[PATH])))
        return {"listing.lst": LISTING.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; columns not aligned; no totals; no blank lines."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"(?m)^(\S{10,11}) +(\d+) ", r"\1    \2   ", text),
            re.sub(r"(?m)^total \d+\n", "", text),
            re.sub(r"(?m)^(total \d+\n)", r"\1\n", text),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on the move of the files and a table of quotas."""
        return {"notes.md": content.memo(rng, size // 2), "quotas.csv": _quotas(rng, size // 2)}


def _quotas(rng: Random, size: int) -> str:
    rows = [
        Unit(table.ROW, {"volume": code, "site": rng.choice(content.CITIES)})
        for code in content.codes(rng, "VOL", max(3, size // 9))
    ]
    return table.CSV.render(rows)


DOMAIN = Filesystem()

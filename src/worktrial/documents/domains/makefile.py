"""The makefile of a software project; it is read, never run.

A unit is a rule, identified by its target and with its recipe as text; or an assignment, a special
target such as `.PHONY`, a directive (`include`, `ifeq`, `define`, ...), or a comment.

What counts is every word, the order of everything, and the space within values and recipes. Blank
lines, line ends, space around marks, and where a value or a head is continued mean nothing.

Known limits: nothing is expanded, so a value is what is written. A rule of several targets is one
unit. An assignment with `export` or `override` is a directive. What stands in a `define` is read
like the rest, and a recipe under anything but a rule is opaque.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.edits import content as units_of_kind
from worktrial.documents.keyed import TEXT, KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value, opaque

RULE, SPECIAL, VARIABLE, DIRECTIVE, COMMENT = "rule", "special", "variable", "directive", "comment"
TARGET, NEEDS, ORDER_ONLY, HELP = "target", "prerequisites", "order_only", "help"
_WORDS = (
    "include", "-include", "sinclude", "ifeq", "ifneq", "ifdef", "ifndef", "else", "endif",
    "define", "endef", "export", "unexport", "override", "private", "undefine", "vpath",
)  # fmt: skip
_LOGICAL = re.compile(r"(?:[^\\\n]|\\[\s\S]?)+")
_ASSIGNMENT = re.compile(r"([^\s:=#?+!]+)[ \t]*(:{0,3}=|\?=|\+=|!=)")
_SEPARATOR = re.compile(r"&?::?")
_NAME = r"[A-Za-z_][\w.-]*"


class MakeRules(Format):
    """Rules with recipes after a tab, assignments, directives and comments."""

    def parse(self, text: str) -> list[Unit]:
        """A unit a logical line; the lines of a recipe belong to its rule."""
        units: list[Unit] = []
        recipes: dict[int, list[str]] = defaultdict(list)
        for line in _LOGICAL.findall(text.replace("\r\n", "\n")):
            if not line.strip():
                continue
            if not line.startswith("\t"):
                units.append(_unit(line))
            elif units and units[-1].kind in (RULE, SPECIAL):
                recipes[len(units) - 1].append(line.lstrip().replace("\n\t", "\n"))
            else:
                units.append(opaque(line))
        return [replace(u, text="\n".join(recipes[i]) or u.text) for i, u in enumerate(units)]

    def render(self, units: Sequence[Unit]) -> str:
        """A blank line above every rule and between what is of different kinds."""
        before = [None, *units]
        return "".join(
            ("\n" if _apart(above, unit) else "") + _written(unit)
            for above, unit in zip(before, units, strict=False)
        )


MAKEFILE = MakeRules()


def _unit(line: str) -> Unit:
    whole = " ".join(part.strip() for part in line.split("\\\n")).strip()
    if whole.startswith("#"):
        return Unit(COMMENT, text=whole[1:].strip())
    if whole.split()[:1] and whole.split()[0] in _WORDS:
        return Unit(DIRECTIVE, text=" ".join(whole.split()))
    masked = _masked(whole)
    body, mark, _ = masked.partition("#")
    note = _note(whole[len(body) + 1 :].strip()) if mark else {}
    if found := _ASSIGNMENT.match(body):
        value = whole[found.end() : len(body)].strip()
        fields = {"name": whole[: found.end(1)], "operator": found[2], "value": value}
        return Unit(VARIABLE, {**fields, **note}, key="name")
    colon = _SEPARATOR.search(body)
    if colon is None or not body[: colon.start()].strip() or "=" in body[: colon.start()]:
        return opaque(line)
    target = _folded(whole[: colon.start()])
    needs, _, _ = body[colon.end() :].partition("|")
    cut = colon.end() + len(needs)
    fields = {
        TARGET: target,
        "separator": "" if colon[0] == ":" else colon[0],
        NEEDS: _folded(whole[colon.end() : cut]),
        ORDER_ONLY: _folded(whole[cut + 1 : len(body)]),
    }
    kind = SPECIAL if re.fullmatch(r"\.[A-Z_]+", target) else RULE
    return Unit(kind, {n: v for n, v in {**fields, **note}.items() if v}, key=TARGET)


def _masked(line: str) -> str:
    """The line with references and escaped marks blotted out: what is in them separates nothing."""
    depth, out = 0, []
    for before, mark in zip(" " + line, line, strict=False):
        depth += mark in "({" and (depth > 0 or before == "$")
        out.append("_" if depth or before == "\\" else mark)
        depth -= mark in ")}" and depth > 0
    return "".join(out)


def _note(text: str) -> dict[str, str]:
    """A comment behind a line; after two marks it is what `make help` shows."""
    return {HELP: text[1:].strip()} if text.startswith("#") else {COMMENT: text}


def _folded(text: str) -> str:
    return " ".join(text.split())


def _apart(above: Unit | None, unit: Unit) -> bool:
    if above is None or above.kind == COMMENT:
        return False
    return unit.kind == RULE or above.kind != unit.kind


def _written(unit: Unit) -> str:
    cells = {n: table.written(v) for n, v in unit.fields.items()}
    notes = [f"## {cells[HELP]}"] if HELP in cells else []
    notes += [f"# {cells[COMMENT]}"] if COMMENT in cells else []
    match unit.kind:
        case "rule" | "special":
            separator = cells.get("separator", ":")
            gap = " " if separator.startswith("&") else ""
            head = [f"{cells.get(TARGET, '')}{gap}{separator}", cells.get(NEEDS, "")]
            head += [f"| {cells[ORDER_ONLY]}"] if ORDER_ONLY in cells else []
            recipe = "\n\t".join(["", *unit.text.split("\n")]) if unit.text else ""
            return f"{' '.join(filter(None, [*head, *notes]))}{recipe}\n"
        case "variable":
            parts = [cells.get("name", ""), cells.get("operator", ""), cells.get("value", "")]
            return f"{' '.join(filter(None, [*parts, *notes]))}\n"
        case "comment":
            return f"#{unit.text if unit.text.startswith('#') else ' ' + unit.text}".rstrip() + "\n"
        case _:
            return f"{unit.layout or unit.text}\n"


# --- edits -------------------------------------------------------------------------------------

RULES = keyed_verbs(
    RULE,
    one="make target",
    many="make targets",
    key=TARGET,
    text="The `text` of a make target is its recipe, a command a line, without the tabs.",
)
EDITS = KeyedEdits(
    RULES,
    kind=RULE,
    keys=(TARGET,),
    columns=(TARGET, "separator", NEEDS, ORDER_ONLY, HELP, COMMENT, TEXT),
    sortable=(TARGET,),
    removable=(HELP, NEEDS, TEXT),
    extension=".mk",
    plural="targets",
)
_REFERENCE = re.compile(rf"\$\$|\$(?:\(({_NAME})(?=[):])|\{{({_NAME})(?=[}}:]))")
_ROUND = re.compile(rf"\$\$|\$\(({_NAME})\)")
_CURLY = re.compile(rf"\$\$|\$\{{({_NAME})\}}")
_NAMING = re.compile(r"(?:ifdef|ifndef|export|unexport|undefine|define) ")


def _everywhere(document: Document, change: Callable[[str], str]) -> Document:
    """Change what is written anywhere in makefiles but in comments on their own."""

    def changed(unit: Unit) -> Unit:
        if unit.kind in (programs.HEADER, table.ROW, COMMENT):
            return unit
        fields: dict[str, Value] = {
            n: change(v) if isinstance(v, str) and n not in (HELP, COMMENT) else v
            for n, v in unit.fields.items()
        }
        return replace(unit, fields=fields, text=change(unit.text), layout=None)

    return programs.in_each_file(document, lambda units: map(changed, units))


def rename(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Give variables other names, where they are assigned and where they are used."""

    def used(found: re.Match[str]) -> str:
        name = found[1] or found[2] or ""
        return found[0] if name not in legend else f"{found[0][:2]}{legend[name]}"

    def named(unit: Unit) -> Unit:
        words = [legend.get(word, word) for word in unit.text.split(" ")]
        return replace(unit, text=" ".join(words)) if _NAMING.match(unit.text) else unit

    document = programs.each(document, DIRECTIVE, named)
    document = programs.substitute(document, kind=VARIABLE, field="name", legend=legend)
    return _everywhere(document, lambda text: _REFERENCE.sub(used, text))


def bracket(document: Document, *, pattern: re.Pattern[str], form: str) -> Document:
    """Write plain references in another pair of brackets."""

    def other(found: re.Match[str]) -> str:
        return form % found[1] if found[1] else found[0]

    return _everywhere(document, lambda text: pattern.sub(other, text))


def redirect(document: Document, *, old: str, new: str) -> Document:
    """Replace a directory where a path begins with it."""
    pattern = re.compile(rf"(?<![\w./-]){re.escape(old)}/")
    return _everywhere(document, lambda text: pattern.sub(lambda _: f"{new}/", text))


def help_above(document: Document) -> Document:
    """Write the help of every rule on a line above it."""

    def above(unit: Unit) -> list[Unit]:
        if unit.kind != RULE or HELP not in unit.fields:
            return [unit]
        rest = {n: v for n, v in unit.fields.items() if n != HELP}
        text = f"# {table.written(unit.fields[HELP])}"
        return [Unit(COMMENT, text=text), programs.with_fields(unit, rest)]

    return programs.in_each_file(document, lambda units: [x for u in units for x in above(u)])


def help_beside(document: Document) -> Document:
    """Write the help of every rule behind its prerequisites."""

    def beside(units: Sequence[Unit]) -> list[Unit]:
        out: list[Unit] = []
        for unit in units:
            told = out[-1].text if out and out[-1].kind == COMMENT else ""
            if unit.kind == RULE and told.startswith("#") and HELP not in unit.fields:
                out[-1] = programs.with_fields(unit, {**unit.fields, HELP: told[1:].strip()})
            else:
                out.append(unit)
        return out

    return programs.in_each_file(document, beside)


def _phony(names: Sequence[str]) -> Unit:
    return Unit(SPECIAL, {TARGET: ".PHONY", NEEDS: " ".join(names)}, key=TARGET)


def _is_phony(unit: Unit) -> bool:
    return unit.kind == SPECIAL and not unit.text and unit == _phony(_names(unit))


def _names(unit: Unit) -> list[str]:
    return table.written(unit.fields.get(NEEDS)).split()


def phony_each(document: Document) -> Document:
    """A `.PHONY` line for every name."""

    def parted(unit: Unit) -> list[Unit]:
        names = _names(unit) if _is_phony(unit) else []
        return [_phony([name]) for name in names] or [unit]

    return programs.in_each_file(document, lambda units: [x for u in units for x in parted(u)])


def phony_joined(document: Document) -> Document:
    """One `.PHONY` line for neighbours, as long as no name comes twice."""

    def joined(units: Sequence[Unit]) -> list[Unit]:
        out: list[Unit] = []
        for unit in units:
            alike = out and _is_phony(unit) and _is_phony(out[-1])
            if alike and not set(_names(unit)) & set(_names(out[-1])):
                out[-1] = _phony([*_names(out[-1]), *_names(unit)])
            else:
                out.append(unit)
        return out

    return programs.in_each_file(document, joined)


def _is_default(unit: Unit) -> bool:
    return unit.kind == VARIABLE and unit.fields.get("operator") == "?="


def move_defaults(document: Document, *, file: str, target: str) -> Document:
    """Move what may be set from outside to a file of its own, included in its place."""
    units = document.files.get(file, ())
    first = next((i for i, u in enumerate(units) if _is_default(u)), None)
    if first is None:
        return document
    line = Unit(DIRECTIVE, text=f"include {target}")
    rest = [u for u in units[first:] if not _is_default(u)]
    moved = filter(_is_default, units)
    return document.replacing(file, [*units[:first], line, *rest]).replacing(target, moved)


def take_in(document: Document, *, file: str, target: str) -> Document:
    """Put what a file says in place of the line that includes it."""
    units = list(document.files.get(file, ()))
    line = Unit(DIRECTIVE, text=f"include {target}")
    at = units.index(line) if line in units else len(units)
    units[at : at + 1] = document.files.get(target, ())
    return document.replacing(target, None).replacing(file, units)


RENAME = Verb(
    "Rename make variables, where they are assigned or defined and wherever they are referred to "
    "or named in a directive: {**legend}. Leave comments alone.",
    rename,
)
CURLY = Verb(
    "Write every reference that is only the name of a make variable in round brackets, such as "
    "`$(CC)`, with curly brackets instead, in recipes too. Leave comments, calls of functions, "
    "substitutions such as `$(SRC:.c=.o)` and whatever follows `$$` alone.",
    partial(bracket, pattern=_ROUND, form="${%s}"),
)
ROUND = Verb(
    "Write every reference that is only the name of a make variable in curly brackets with round "
    "ones instead, such as `$(CC)`, in recipes too. Leave comments, calls of functions, "
    "substitutions with a colon and whatever follows `$$` alone.",
    partial(bracket, pattern=_CURLY, form="$(%s)"),
)
REDIRECT = Verb(
    "Wherever a path in the makefiles begins with the directory {old}, let it begin with {new}, in "
    "values, targets, prerequisites and recipes. Leave comments alone.",
    redirect,
)
ABOVE = Verb(
    "Write the help of each make target, after `##` on its line, as a `##` comment on a line of "
    "its own directly above the target.",
    help_above,
)
BESIDE = Verb(
    "Where a `##` comment stands on the line directly above a make target that has no help of its "
    "own, write it at the end of the target's line instead, after `##`.",
    help_beside,
)
EACH = Verb(
    "Write each `.PHONY` line as one `.PHONY` line a name, in the same place and order.",
    phony_each,
)
JOINED = Verb(
    "Join `.PHONY` lines that follow each other directly into one, names in the same order; begin "
    "a new line only at a name that the line has already.",
    phony_joined,
)
DEFAULTS = Verb(
    "Move the assignments with `?=` from {file} to a new file {target}, in the same order, and put "
    "a line that includes {target} in place of the first of them.",
    move_defaults,
)
TAKE_IN = Verb(
    "In {file}, put what {target} says in place of the line that includes it, and remove {target}.",
    take_in,
)


def variables(document: Document, rng: Random) -> Edit | None:
    """Other names for variables, everywhere."""
    names = programs.text_values(units_of_kind(document, VARIABLE), "name")
    olds = [n for n in names if re.fullmatch(_NAME, n)]
    chosen = rng.sample(olds, min(3, len(olds)))
    legend = {old: f"{rng.choice(_PREFIXES)}_{old}" for old in chosen}
    said = legend and sayable(*legend, *legend.values())
    if not said or _mentions(document, *legend.values()):
        return None
    back = RENAME(legend=programs.inverse(legend))
    return edit("variables", "rename", [RENAME(legend=legend)], [back])


def _mentions(document: Document, *texts: str) -> bool:
    """Whether any of some texts occurs anywhere."""
    whole = "".join(map(MAKEFILE.render, document.files.values()))
    return any(text in whole for text in texts)


def brackets(document: Document, _: Random) -> Edit | None:
    """References in curly brackets."""
    there = bracket(document, pattern=_ROUND, form="${%s}")
    back = bracket(there, pattern=_CURLY, form="$(%s)")
    if there == document or back != document:
        return None
    return edit("brackets", "convert", [CURLY()], [ROUND()])


def directory(document: Document, rng: Random) -> Edit | None:
    """Another directory for what is built."""
    said = {"old": "build", "new": rng.choice(("out", "target/make", "var/work"))}
    if redirect(document, **said) == document or _mentions(document, f"{said['new']}/"):
        return None
    back = REDIRECT(old=said["new"], new=said["old"])
    return edit("directory", "rename", [REDIRECT(**said)], [back])


def help_lines(document: Document, _: Random) -> Edit | None:
    """The help of targets above them."""
    there = help_above(document)
    if there == document or help_beside(there) != document or help_beside(document) != document:
        return None
    return edit("help_lines", "move", [ABOVE()], [BESIDE()])


def phony(document: Document, _: Random) -> Edit | None:
    """A declaration for every target that is no file."""
    there = phony_each(document)
    if there == document or phony_joined(document) != document or phony_joined(there) != document:
        return None
    return edit("phony", "normalise", [EACH()], [JOINED()])


def defaults(document: Document, _: Random) -> Edit | None:
    """What may be set from outside, in a file of its own."""
    file, target = next(iter(document.files), ""), "defaults.mk"
    said = {"file": file, "target": target}
    there = move_defaults(document, **said)
    lone = len(document.files) == 1 and file != target and not _mentions(document, target)
    if not lone or not sayable(file) or there == document or take_in(there, **said) != document:
        return None
    return edit("defaults", "split", [DEFAULTS(**said)], [TAKE_IN(**said)])


PLANNERS: tuple[Planner, ...] = (
    *EDITS.planners(), variables, brackets, directory, help_lines, phony, defaults,
    compose("house_style", variables, brackets, help_lines),
    compose("packaging", directory, defaults, phony),
    compose("overview", brackets, EDITS.sort, EDITS.extract),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_PREFIXES = ("APP", "SITE", "PROJ", "MK")
_STEMS = (
    "ledger", "router", "parser", "cache", "mailer", "solver", "index", "codec", "queue", "report",
    "sensor", "tariff", "survey", "matrix", "filter", "stream", "signal", "roster", "budget",
    "viewer", "loader", "merger", "planner", "scanner",
)  # fmt: skip
_DEEDS = ("check", "pack", "push", "bench", "fuzz", "lint", "stage", "audit", "serve", "profile")
_DEFAULTS = (
    ("CC", ("gcc-{}", "clang-{}", "cc")), ("PREFIX", ("/opt/{stem}", "/usr/local", "/srv/{stem}")),
    ("JOBS", ("{}",)), ("PYTHON", ("python3.{}", "python3")), ("PORT", ("8{}", "90{}")),
    ("SEED", ("{}{}",)), ("REGION", ("north-{}", "{stem}-{}")), ("LEVEL", ("debug", "info")),
)  # fmt: skip
_FIXED = (
    ("VERSION", ("{}.{}.{}", "2026.{}")), ("BUILD", ("build/{stem}", "build/{stem}-{}")),
    ("CFLAGS", ("-O2 -Wall -DLIMIT={}", "-Os -std=c17", "-g -fno-{stem} -DSIZE={}")),
    ("LDLIBS", ("-lm -l{stem}", "-l{stem} -lz")), ("DATA", ("data/{stem}", "data/{stem}/{}")),
    ("STAMP", ("$(shell git rev-parse --short={} HEAD)", "$(shell date +%s)")),
)  # fmt: skip
_BUILT = (
    (
        "$(BUILD)/{name}.o", "src/{stem}/{name}.c include/{other}.h",
        ("$(CC) $(CFLAGS) -D{STEM}_MAX={n} -c $< -o $@", "$(CC) -O{m} -I{other} -c -o $@ $<"),
    ),
    (
        "build/bin/{name}", "$(BUILD)/{other}.o build/lib{stem}{m}.a",
        ("$(CC) -o $@ $^ $(LDLIBS)\nstrip -{m} $@", "$(CC) -Wl,-z,{other} $^ -l{stem} -o $@"),
    ),
    (
        "$(DATA)/{name}.csv", "raw/{other}_{n}.json tools/{stem}.py",
        (
            "$(PYTHON) tools/{stem}.py --rows {n} --out $@ $<",
            "sort -t, -k{m} $< \\\n  | head -n {n} > $@",
        ),
    ),
    (
        "docs/{name}.html", "docs/{other}.md docs/{stem}.css",
        (
            "pandoc --toc-depth={m} -s $< -o $@",
            "@echo \"page {n}: $@\"\nmarkdown -f {other} $< > $@",
        ),
    ),
)  # fmt: skip
_DONE = (
    "$(PYTHON) -m {stem} --jobs $(JOBS) --limit {n}",
    "for f in {other}/*.t; do prove -j{m} $$f; done",
    "rsync -a --bwlimit={n} build/{other}/ $(PREFIX)/{stem}", "rm -rf build/{other}-{n}",
    "curl -fsS localhost:$(PORT)/{stem}?n={n}", "tar -czf build/{stem}-{n}.tgz -C {other} .",
    "@test {n} -gt $$(wc -l < {other}.log)", "-docker stop -t {m} {stem}-{other}",
)  # fmt: skip
_HELPS = (
    "Run {n} cases of the {stem}", "Copy the {other} to the {stem} host", "Tidy up after {stem}",
    "Compare {stem} with {other}", "Show what the {other} needs", "Prepare release {n}",
    "Wait for the {stem}, {m} minutes at most", "Send the {other} figures",
)  # fmt: skip


def _filled(rng: Random, form: str, name: str = "") -> str:
    stem = rng.choice(_STEMS)
    return form.format(
        name=name, stem=stem, STEM=stem.upper(), other=rng.choice(_STEMS), n=rng.randint(11, 990),
        m=rng.randint(2, 9),
    )  # fmt: skip


def _variable(rng: Random, name: str, operator: str, forms: Sequence[str]) -> Unit:
    form = rng.choice(forms).replace("{}", "{m}")
    value = _filled(rng, form)
    return Unit(VARIABLE, {"name": name, "operator": operator, "value": value}, key="name")


def _built(rng: Random, name: str) -> Unit:
    target, needs, recipes = rng.choice(_BUILT)
    fields: dict[str, Value] = {
        TARGET: _filled(rng, target, name),
        NEEDS: _filled(rng, needs, name),
    }
    if rng.random() < 0.3:
        fields[ORDER_ONLY] = _filled(rng, "build/{other}")
    return Unit(RULE, fields, key=TARGET, text=_filled(rng, rng.choice(recipes), name))


def _done(rng: Random, name: str) -> Unit:
    fields: dict[str, Value] = {TARGET: f"{rng.choice(_DEEDS)}-{name}"}
    if rng.random() < 0.6:
        fields[NEEDS] = _filled(rng, "build/bin/{other} docs/{stem}.html")
    fields[HELP] = _filled(rng, rng.choice(_HELPS))
    lines = rng.sample(_DONE, rng.randint(1, 2))
    return Unit(RULE, fields, key=TARGET, text="\n".join(_filled(rng, line) for line in lines))


def _variables(rng: Random, count: int) -> list[Unit]:
    """Defaults, fixed values, and some that depend on a mode."""
    some = sorted(rng.sample(_DEFAULTS, min(count, len(_DEFAULTS) - 1)))
    units = [_variable(rng, name, "?=", forms) for name, forms in some]
    always = [entry for entry in _FIXED if entry[0] in ("BUILD", "VERSION")]
    more = rng.sample(_FIXED, min(count, len(_FIXED)))
    fixed = dict([*always, *more])
    units += [_variable(rng, name, ":=", forms) for name, forms in fixed.items()]
    if count > 2:
        extra = _filled(rng, "-g{m} -DTRACE_{STEM}={n}")
        units += [
            Unit(DIRECTIVE, text=_filled(rng, "ifeq ($(MODE),{other})")),
            Unit(VARIABLE, {"name": "CFLAGS", "operator": "+=", "value": extra}, key="name"),
            Unit(DIRECTIVE, text="endif"),
        ]
    return units


class Makefile(Domain):
    """The makefile of a software project."""

    name = "makefile"
    category = "code"
    formats: ClassVar = {".mk": MAKEFILE, "": MAKEFILE, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RULES.all(), RENAME, CURLY, ROUND, REDIRECT, ABOVE, BESIDE, EACH, JOINED, DEFAULTS,
        TAKE_IN,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.04

    def generate(self, rng: Random, size: int) -> Files:
        """Variables, phony targets, and rules that build and do things."""
        count = max(5, round(size / 36))
        names = [f"{a}_{b}" for a in _STEMS for b in _STEMS if a != b]
        names += [f"{name}{i}" for name in names for i in range(2, 2 + count // len(names))]
        chosen = rng.sample(names, count)
        rules = [_built(rng, n) if i % 2 else _done(rng, n) for i, n in enumerate(chosen)]
        rng.shuffle(rules)
        told = [str(u.fields[TARGET]) for u in rules if HELP in u.fields]
        about = Unit(COMMENT, text=f"Build of {content.firm(rng)}: {content.topic(rng)}.")
        first = [about, *_variables(rng, 1 + count // 8), _phony(told[:40])]
        return {"project.mk": MAKEFILE.render([*first, *rules])}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; marks aligned; blank lines gone; long heads continued."""
        return [
            text.replace("\n", "\r\n"),
            re.sub(r"(?m)^(\w+) (\?=|:=) ", r"\1   \2  ", text),
            text.replace("\n\n", "\n"),
            re.sub(r"(?m)^([^\t#\s][^:=#\n]*: *\S+) ", r"\1 \\\n    ", text),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes on the build and a list of machines."""
        return {"notes.md": content.memo(rng, size // 2), "machines.csv": _machines(rng, size // 2)}


def _machines(rng: Random, size: int) -> str:
    rows = [
        Unit(
            table.ROW,
            {"machine": code, "site": rng.choice(content.CITIES), "cores": str(rng.randint(2, 64))},
        )
        for code in content.codes(rng, "CI", max(3, size // 9))
    ]
    return table.CSV.render(rows)


DOMAIN = Makefile()

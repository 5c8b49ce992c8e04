"""Csound documents: an orchestra and a score in one file.

A unit is a line: a note (i-statement), a function table (f-statement) or a tempo (t-statement) with
its p-fields, a setting of the orchestra's head (`sr = 44100`), the line that opens or closes an
instrument, a tag, a comment, or any other statement as text. Tags, `instr` and `endin` are
structural.

Every p-field counts, every word of a statement or comment, and the order of lines. The space
between words and blank lines mean nothing.

Known limits: nothing is executed, included or expanded, and instruments that are started from the
orchestra are not followed; a line is known by its own look, wherever it stands.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table, wording
from worktrial.documents.domain import Domain, Format
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.unit import Document, Files, Unit, Value

NOTE, TABLE, TEMPO, SETTING, INSTRUMENT = "note", "table", "tempo", "setting", "instrument"
END, TAG, COMMENT, STATEMENT = "end", "tag", "comment", "statement"
_SCORE = {"i": NOTE, "f": TABLE, "t": TEMPO}
_LETTERS = {kind: letter for letter, kind in _SCORE.items()}
_EVENT = re.compile(r'([ift])[ \t]*((?:\d|"|-\d).*)')
_WORD = re.compile(r'"[^"]*"|[^\s;]+')
_SECOND = re.compile(r"[\d.+^<>!-]")
_SETTING = re.compile(r"(sr|kr|ksmps|nchnls|0dbfs)[ \t]*=[ \t]*(\d[\d.]{0,12})")
_INSTRUMENT = re.compile(r"instr[ \t]+([\w, \t]{1,80})")
_TAG = re.compile(r"</?Cs\w{1,20}>")


class Csd(Format):
    """A statement a line."""

    def parse(self, text: str) -> list[Unit]:
        """One unit a line."""
        return [_unit(" ".join(line.split())) for line in text.splitlines() if line.strip()]

    def render(self, units: Sequence[Unit]) -> str:
        """A line a unit."""
        return "".join(f"{_written(unit)}\n" for unit in units)


CSD = Csd()


def _unit(line: str) -> Unit:
    if line.startswith(";"):
        return Unit(COMMENT, text=line)
    if _TAG.fullmatch(line):
        return Unit(TAG, text=line, structural=True)
    if line == "endin":
        return Unit(END, text=line, structural=True)
    if found := _SETTING.fullmatch(line):
        return Unit(SETTING, {found[1]: table.typed(found[2])})
    if found := _INSTRUMENT.fullmatch(line):
        return Unit(INSTRUMENT, {"number": table.typed(found[1])}, structural=True)
    return _event(line) or Unit(STATEMENT, text=line)


def _event(line: str) -> Unit | None:
    found = _EVENT.fullmatch(line)
    if found is None:
        return None
    code, mark, comment = found[2].partition(";")
    words = _WORD.findall(code)
    if len(words) < 2 or not _SECOND.match(words[1]):
        return None
    fields = {f"p{i}": table.typed(word) for i, word in enumerate(words, 1)}
    return Unit(_SCORE[found[1]], fields, text=f"{mark}{comment}")


def _written(unit: Unit) -> str:
    values = {name: table.written(value) for name, value in unit.fields.items()}
    if unit.kind in _LETTERS:
        places = sorted(values, key=lambda name: (len(name), name))
        parts = [_LETTERS[unit.kind], *(values[name] for name in places), unit.text]
        return " ".join(part for part in parts if part)
    if unit.kind == SETTING:
        return "".join(f"{name} = {value}" for name, value in values.items())
    if unit.kind == INSTRUMENT:
        return f"instr {values.get('number', '')}"
    return unit.text


# --- edits -------------------------------------------------------------------------------------


def rescale(document: Document, *, factor: str) -> Document:
    """Count time in other beats, with the tempo to match."""
    scaled = [(NOTE, ("p2", "p3")), (TABLE, ("p2",)), (TEMPO, _all(document, TEMPO))]
    for kind, names in scaled:
        for name in names:
            document = programs.multiply(document, kind=kind, field=name, factor=factor)
    return document


def _all(document: Document, kind: str) -> list[str]:
    return list(dict.fromkeys(n for u in document.units() if u.kind == kind for n in u.fields))


def loudness(document: Document, *, old: str, new: str) -> Document:
    """Give another full scale, and notes' amplitudes to match."""
    factor = programs.plain(Decimal(new) / Decimal(old))

    def changed(unit: Unit) -> Unit:
        if table.written(unit.fields.get("0dbfs")) != old:
            return unit
        return programs.with_fields(unit, {"0dbfs": Decimal(new)})

    scaled = programs.multiply(document, kind=NOTE, field="p4", factor=f"{factor:f}")
    return programs.each(scaled, SETTING, changed)


def renumber(document: Document, *, legend: Mapping[str, str]) -> Document:
    """Give instruments other numbers, where they are defined and where they are played."""
    document = _recoded(document, INSTRUMENT, "number", legend)
    return _recoded(document, NOTE, "p1", legend)


def retable(document: Document, *, legend: Mapping[str, str], field: str) -> Document:
    """Give function tables other numbers, where they are defined and where notes name them."""
    return _recoded(_recoded(document, TABLE, "p1", legend), NOTE, field, legend)


def _recoded(document: Document, kind: str, field: str, legend: Mapping[str, str]) -> Document:
    def recoded(unit: Unit) -> Unit:
        new = legend.get(table.written(unit.fields.get(field)))
        if new is None:
            return unit
        return programs.with_fields(unit, {**unit.fields, field: table.typed(new)})

    return programs.each(document, kind, recoded)


def transpose(document: Document, *, amount: str, field: str) -> Document:
    """Move pitches by whole octaves."""
    return programs.add(document, kind=NOTE, field=field, amount=amount)


def delay(document: Document, *, amount: str) -> Document:
    """Move notes in time."""
    return programs.add(document, kind=NOTE, field="p2", amount=amount)


def number(document: Document, *, field: str) -> Document:
    """Number the notes in a further p-field."""
    return programs.number(document, kind=NOTE, field=field)


def sort(document: Document, *, field: str) -> Document:
    """Sort notes."""
    return programs.sort(document, kind=NOTE, field=field)


def drop(document: Document, *, field: str) -> Document:
    """Take a p-field away."""
    return programs.drop(document, kind=NOTE, field=field)


_PARTS = ("CsInstruments", "CsScore")


def part(document: Document, *, file: str, orchestra: str, score: str) -> Document:
    """Move orchestra and score into files of their own."""
    rest = list(document.files.get(file, ()))
    for name, target in zip(_PARTS, (orchestra, score), strict=True):
        start, end = _between(rest, name)
        document = document.replacing(target, rest[start:end])
        rest[start:end] = []
    return document.replacing(file, rest)


def unite(document: Document, *, file: str, orchestra: str, score: str) -> Document:
    """Put orchestra and score between their tags."""
    whole = list(document.files.get(file, ()))
    for name, source in zip(_PARTS, (orchestra, score), strict=True):
        start, _ = _between(whole, name)
        whole[start:start] = document.files.get(source, ())
        document = document.replacing(source, None)
    return document.replacing(file, whole)


def _between(units: Sequence[Unit], name: str) -> tuple[int, int]:
    """Where a tag's contents begin and end; nowhere, at the end, without such a tag."""
    texts = [u.text if u.kind == TAG else "" for u in units]
    start = texts.index(f"<{name}>") + 1 if f"<{name}>" in texts else len(texts)
    closing = f"</{name}>"
    return start, texts.index(closing, start) if closing in texts[start:] else start


RESCALE = Verb(
    "Count time in other beats: multiply start and duration (`p2`, `p3`) of every note, the start "
    "of every function table (`p2`), and every number of the tempo statement, times and tempos "
    "alike, by {factor}.",
    rescale,
)
LOUDNESS = Verb(
    "Change the full scale `0dbfs` from {old} to {new}, and the amplitude `p4` of every note in "
    "the same proportion.",
    loudness,
)
RENUMBER = Verb(
    "Give instruments other numbers, after `instr` and in `p1` of their notes: {**legend}.",
    renumber,
)
RETABLE = Verb(
    "Give function tables other numbers, in `p1` of the f-statements and in {field} of the notes: "
    "{**legend}.",
    retable,
)
TRANSPOSE = Verb(
    "Transpose by octaves: add {amount} to the pitch {field} of every note, which is written as "
    "octave and semitones, such as `8.09`.",
    transpose,
)
DELAY = Verb("Add {amount} to the start `p2` of every note; tables and tempo stay.", delay)
NUMBER = Verb(
    "Give every note one more p-field, {field}: its number from 1 in the present order.", number
)
SORT = Verb("Sort the notes by {field}, smallest first; ties keep their order.", sort)
DROP = Verb("Take the p-field {field} away from every note.", drop)
PART = Verb(
    "Move what stands between the tags of `CsInstruments` in {file} to a file {orchestra}, and "
    "what stands between those of `CsScore` to a file {score}; the tags stay.",
    part,
)
UNITE = Verb(
    "Move all of {orchestra} and of {score} into {file}, right below the opening tags "
    "`CsInstruments` and `CsScore`, in this order; then remove these two files.",
    unite,
)
RENAME = Verb(
    "Rename variables throughout, wherever they stand as whole words in just this case: {**words}.",
    wording.reword,
)


def beats(document: Document, rng: Random) -> Edit | None:
    """Half beats, or beats of eight."""
    tempos = [u for u in document.units() if u.kind == TEMPO]
    timed = all(isinstance(v, Decimal) for u in tempos for v in u.fields.values())
    if len(tempos) != 1 or not timed or not _numeric(document, "p2", "p3"):
        return None
    there, back = rng.choice((("2", "0.5"), ("4", "0.25"), ("0.5", "2")))
    return edit("beats", "scale", [RESCALE(factor=there)], [RESCALE(factor=back)])


def full_scale(document: Document, _: Random) -> Edit | None:
    """Amplitudes as integers were counted."""
    scales = [u.fields["0dbfs"] for u in document.units() if "0dbfs" in u.fields]
    if scales != [Decimal(1)] or not _numeric(document, "p4"):
        return None
    said, back = {"old": "1", "new": "32768"}, {"old": "32768", "new": "1"}
    return edit("full_scale", "scale", [LOUDNESS(**said)], [LOUDNESS(**back)])


def instruments(document: Document, rng: Random) -> Edit | None:
    """Instruments with other numbers."""
    defined = [u.fields["number"] for u in document.units() if u.kind == INSTRUMENT]
    played = [u.fields.get("p1") for u in _notes(document)]
    legend = _higher(defined, played, rng.choice((100, 200)))
    if not legend:
        return None
    back = programs.inverse(legend)
    return edit("instruments", "renumber", [RENUMBER(legend=legend)], [RENUMBER(legend=back)])


def tables(document: Document, rng: Random) -> Edit | None:
    """Function tables with other numbers."""
    field = "p6"
    defined = [u.fields["p1"] for u in document.units() if u.kind == TABLE]
    legend = _higher(
        defined, [u.fields.get(field) for u in _notes(document)], rng.choice((50, 300))
    )
    if not legend or not _commented(document, field, "table"):
        return None
    back = programs.inverse(legend)
    return edit(
        "tables",
        "renumber",
        [RETABLE(field=field, legend=legend)],
        [RETABLE(field=field, legend=back)],
    )


def _higher(defined: Sequence[Value], used: Sequence[Value], by: int) -> dict[str, str]:
    """New numbers for whole ones that are all defined; nothing where it would not be clear."""
    whole = [v for v in defined if isinstance(v, Decimal) and v == v.to_integral_value()]
    new = [v + by for v in whole]
    clear = (
        len(whole) == len(defined) and not set(new) & {*whole, *used} and set(used) <= set(whole)
    )
    pairs = zip(whole, new, strict=True)
    return {f"{a:f}": f"{b:f}" for a, b in pairs} if clear else {}


def octave(document: Document, rng: Random) -> Edit | None:
    """Notes by octaves."""
    if not _numeric(document, "p5") or not _commented(document, "p5", "pitch"):
        return None
    there, back = rng.choice((("1", "-1"), ("2", "-2"), ("-1", "1")))
    said = {"field": "p5"}
    forward, backward = TRANSPOSE(**said, amount=there), TRANSPOSE(**said, amount=back)
    return edit("octave", "renumber", [forward], [backward])


def late(document: Document, rng: Random) -> Edit | None:
    """Notes by some beats."""
    if not _numeric(document, "p2"):
        return None
    amount = rng.choice(("4", "1.5", "16"))
    return edit("late", "renumber", [DELAY(amount=amount)], [DELAY(amount=f"-{amount}")])


def by_field(document: Document, rng: Random) -> Edit | None:
    """Notes in another order."""
    notes = _notes(document)
    lengths = {len(u.fields) for u in notes}
    if len(lengths) != 1 or not _numeric(document, "p2", "p3"):
        return None
    field = f"p{lengths.pop() + 1}"
    forward = [NUMBER(field=field), SORT(field=rng.choice(("p2", "p3", "p1")))]
    return edit("by_field", "sort", forward, [SORT(field=field), DROP(field=field)])


def separate(document: Document, _: Random) -> Edit | None:
    """Orchestra and score in files of their own."""
    if len(document.files) != 1:
        return None
    ((file, units),) = document.files.items()
    tags = [u.text for u in units if u.kind == TAG]
    wanted = [tag for name in _PARTS for tag in (f"<{name}>", f"</{name}>")]
    if [tag for tag in tags if tag in wanted] != wanted or not sayable(file):
        return None
    stem = file.rpartition(".")[0]
    said = {"file": file, "orchestra": f"{stem}.orc", "score": f"{stem}.sco"}
    return edit("separate", "split", [PART(**said)], [UNITE(**said)])


def variables(document: Document, rng: Random) -> Edit | None:
    """Variables with longer names."""
    code = (u.text for u in document.units() if u.kind == STATEMENT)
    names = sorted({w for line in code for w in wording.words(line) if re.match(r"[aki][A-Z]", w)})
    old = rng.sample(names, min(4, len(names)))
    words = {name: f"{name}_{rng.choice(('main', 'part', 'voice'))}" for name in old}
    if not words or set(words.values()) & wording.used_words(document):
        return None
    back = programs.inverse(words)
    return edit("variables", "rename", [RENAME(words=words)], [RENAME(words=back)])


def _notes(document: Document) -> list[Unit]:
    return [u for u in document.units() if u.kind == NOTE]


def _numeric(document: Document, *names: str) -> bool:
    """Whether there are notes, and all of them have numbers in these p-fields."""
    notes = _notes(document)
    return bool(notes) and all(isinstance(u.fields.get(n), Decimal) for u in notes for n in names)


def _commented(document: Document, field: str, meaning: str) -> bool:
    """Whether a comment says what a p-field means."""
    said = f"{field} {meaning}"
    return any(said in u.text for u in document.units() if u.kind == COMMENT)


PLANNERS: tuple[Planner, ...] = (
    beats, full_scale, instruments, tables, octave, late, by_field, separate, variables,
    compose("remix", beats, octave, instruments),
    compose("library", full_scale, tables, variables, separate),
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_ENVELOPES = (
    "linen p4, {a}, p3, {b}", "expseg {a}, p3 * {b}, p4, p3 * {a}, 0.001",
    "linseg 0, {a}, p4, p3 - {b}, 0", "adsr {a}, {b}, {c}, {a}", "transeg p4, p3, -{b}, {a}",
)  # fmt: skip
_SOURCES = (
    "oscili kEnv{n}, cpspch(p5), p6", "foscili kEnv{n}, cpspch(p5), {c}, {b}, {a}, p6",
    "poscil3 kEnv{n}, cpspch(p5) * {c}, p6", "pluck kEnv{n}, cpspch(p5), cpspch(p5), p6, 1",
    "vco2 kEnv{n}, cpspch(p5) + {b}", "gbuzz kEnv{n}, cpspch(p5), 20, {a}, {b}, p6",
)  # fmt: skip
_FILTERS = (
    "moogladder aSig{n}, {f}, {a}", "butterlp aSig{n}, {f}", "reson aSig{n}, {f}, {g}, 1",
    "tone aSig{n}, {f}", "delay aSig{n}, {b}", "comb aSig{n}, {c}, {a}",
    "nreverb aSig{n}, {c}, {a}",
)  # fmt: skip
_SOUNDS = (
    "glass harp", "low drum", "bell", "reed organ", "plucked wire",
    "choir pad", "bowed metal", "kalimba",
)  # fmt: skip
_LEGEND = "; p4 amplitude, p5 pitch, p6 table"


def _instrument(rng: Random, n: int) -> list[Unit]:
    def code(form: str) -> str:
        a, b, c = (f"{rng.randint(1, 99) / 100}" for _ in range(3))
        return form.format(n=n, a=a, b=b, c=c, f=rng.randint(200, 9000), g=rng.randint(10, 90))

    lines = [
        f"; {rng.choice(_SOUNDS)}, {content.day(rng)}",
        f"kEnv{n} {code(rng.choice(_ENVELOPES))}",
        f"aSig{n} {code(rng.choice(_SOURCES))}",
        *(f"aSig{n} {code(rng.choice(_FILTERS))}" for _ in range(rng.randint(0, 2))),
        f"outs aSig{n} * {rng.randint(10, 90) / 100}, aSig{n} * {rng.randint(10, 90) / 100}",
    ]
    return [_unit(line) for line in (f"instr {n}", *dict.fromkeys(lines), "endin")]


def _function(rng: Random, n: int) -> Unit:
    size = 2 ** rng.randint(8, 16)
    parts = " ".join(f"{rng.randint(0, 100) / 100}" for _ in range(rng.randint(2, 6)))
    return _unit(f"f {n} 0 {size} {rng.choice((9, 10, 11, 13))} {parts}")


def _note(rng: Random, at: Decimal, players: Sequence[int], functions: Sequence[int]) -> Unit:
    fields: dict[str, Value] = {
        "p1": Decimal(rng.choice(players)),
        "p2": at,
        "p3": Decimal(rng.randint(1, 48)) / 8,
        "p4": Decimal(rng.randint(5, 95)) / 100,
        "p5": Decimal(rng.randint(5, 10)) + Decimal(rng.randint(0, 11)) / 100,
        "p6": Decimal(rng.choice(functions)),
    }
    return Unit(
        NOTE, {n: programs.plain(v) if isinstance(v, Decimal) else v for n, v in fields.items()}
    )


class Audiosyn(Domain):
    """A piece for Csound."""

    name = "audiosyn"
    category = "creative"
    formats: ClassVar = {".csd": CSD, ".orc": CSD, ".sco": CSD}
    verbs: ClassVar[Sequence[Verb]] = (
        RESCALE, LOUDNESS, RENUMBER, RETABLE, TRANSPOSE, DELAY, NUMBER, SORT, DROP, PART, UNITE,
        RENAME,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    floor = 0.07

    def generate(self, rng: Random, size: int) -> Files:
        """Instruments, function tables, and notes in time."""
        count = max(1, min(30, size // 250))
        players = sorted(rng.sample(range(1, 60), count))
        functions = sorted(rng.sample(range(1, 40), count + 1))
        head = [
            "<CsoundSynthesizer>", "<CsInstruments>",
            f"sr = {rng.choice((44100, 48000, 88200, 96000))}", f"ksmps = {rng.randint(8, 128)}",
            "0dbfs = 1",
        ]  # fmt: skip
        units = [_unit(line) for line in head]
        units += [u for n in players for u in _instrument(rng, n)]
        units += [_unit(line) for line in ("</CsInstruments>", "<CsScore>", _LEGEND)]
        units += [_function(rng, n) for n in functions]
        units.append(_unit(f"t 0 {rng.randint(40, 180)}"))
        left = size * 3.3 - len(CSD.render(units))
        at = Decimal(0)
        for _ in range(max(4, round(left / 27))):
            units.append(_note(rng, at, players, functions))
            at += Decimal(rng.randint(1, 16)) / 8
        units += [_unit(line) for line in ("</CsScore>", "</CsoundSynthesizer>")]
        return {"piece.csd": CSD.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """Windows line ends; wider spaces; no space after the letter of a note; blank lines."""
        close = re.sub(r"(?m)^i (?=\d)", "i", text)
        return [
            text.replace("\n", "\r\n"),
            text.replace(" ", "   "),
            close,
            text.replace("\n", "\n\n"),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """A list of samples and a memo."""
        rows = [
            Unit(table.ROW, {"sample": f"{sound}.wav", "by": content.person(rng)})
            for sound in content.codes(rng, "REC", max(3, size // 14))
        ]
        return {"samples.csv": table.CSV.render(rows), "studio.md": content.memo(rng, size // 2)}


DOMAIN = Audiosyn()

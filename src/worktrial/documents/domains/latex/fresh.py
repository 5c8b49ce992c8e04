"""Fresh articles of an applied laboratory, with the entries that they cite."""

# ruff: noqa: SIM905 - long word lists read better as text

from decimal import Decimal
from itertools import cycle
from random import Random

from worktrial.documents import content
from worktrial.documents.domains.latex.bibliography import BIB, COMMENT, ENTRY, KEY, TYPE
from worktrial.documents.domains.latex.format import (
    CAPTION,
    EQUATION,
    HEAD,
    ITEM,
    LATEX,
    PARAGRAPH,
    SECTION,
    command,
    environment,
)
from worktrial.documents.table import ROW
from worktrial.documents.unit import Unit, Value

_SPECIMENS = (
    "clay brick|leaf extract|river sample|steel coupon|bread dough|hemp fibre|lime mortar|"
    "lake sediment|apple cultivar|solar cell|glass bead|wool yarn|bean seedling|copper electrode"
).split("|")
_INSTRUMENTS = (
    "bench spectrometer|drop tower|climate chamber|laser micrometer|titration unit|load frame|"
    "thermal camera|optical microscope|flow meter|vacuum furnace|field logger|particle counter"
).split("|")
_PROPERTIES = (
    "tensile strength|water uptake|drying time|surface roughness|sugar content|grain size|"
    "heat loss|colour shift|salt tolerance|bending stiffness|cell voltage|pore volume"
).split("|")
_CAUSES = (
    "uneven cooling|repeated washing|low humidity|surface oxidation|early harvest|fine dust|"
    "slow evaporation|sensor drift|mixed batches|prolonged storage|weak bonding|trace metals"
).split("|")
_FINDINGS = (
    "The {p} of every {s} fell by {n}\\,\\% within {d} days",
    "Neither {c} nor {c2} explains why {d} specimens of {s} failed at {n}~N",
    "{n} readings from the {i} were discarded on account of {c}",
    "Under {c}, {p} grew almost linearly up to {n}~hours",
    "A second {i} confirmed the {p} to within {n} parts per thousand",
    "Contrary to \\cite{{{k}}}, we see \\emph{{no}} effect of {c} on {p}",
    "Each {s} rested {d} days before the {i} took {n} scans",
    "Models of {p} that leave out {c} err by as much as {n} units",
    "What \\cite{{{k}}} call {c} amounts to {n} of our {s} runs",
    "Only {d} laboratories own a {i}, so {n} tests were shared between {o} and {o2}",
    "We trace the jump at {n}~K to {c} inside the {s}",
    "Field crews near {o} logged {p} at {n} sites over {d} weeks",
    "Doubling the dose left {p} unchanged for {n} out of {d}0 batches",
    "Section~\\ref{{{l}}} returns to {c} once {p} is known",
)
_OPENING = _FINDINGS[5]
_TITLES = (
    "Methods Results Materials Background Discussion Calibration Sampling Outlook Uncertainty "
    "Limitations Validation Modelling Fieldwork Preparation"
).split()
_JOURNALS = (
    "Journal of Applied Materials|Annals of Measurement|Food and Fibre Letters|Soil Reports|"
    "Building Physics Review|Archives of Testing|Crop Methods|Proceedings of Sensor Days"
).split("|")
_COLUMNS = ("Mass (kg)", "Time (s)", "Length (m)", "Dwell (h)", "Volume (L)")


class _Author:
    """Writes one paper; knows the labels and the keys that there are."""

    def __init__(self, rng: Random, characters: int) -> None:
        self.rng = rng
        self.size = characters
        self.titles = rng.sample(_TITLES, max(2, min(len(_TITLES), characters // 2500)))
        self.labels = [f"sec:{title.lower()}" for title in self.titles]
        self.entries = self._entries(max(2, characters // 1100))
        self.keys = [str(u.fields[KEY]) for u in self.entries]
        self.floats = iter(range(1, 10_000))

    def _entries(self, count: int) -> list[Unit]:
        names = [self.rng.choice(content.LAST_NAMES) for _ in range(count)]
        numbers = self.rng.sample(range(100, 100 + 20 * count), count)
        return [self._entry(name, n) for name, n in zip(names, numbers, strict=True)]

    def _entry(self, name: str, number: int) -> Unit:
        rng = self.rng
        topic = f"{rng.choice(_PROPERTIES)} of {rng.choice(_SPECIMENS)}s".capitalize()
        fields: dict[str, Value] = {
            TYPE: "article",
            KEY: f"{name.lower()}{number}",
            "author": f"{name}, {rng.choice(content.FIRST_NAMES)}",
            "title": topic,
            "year": Decimal(rng.randint(1988, 2025)),
        }
        if self.size > 1000:
            fields["journal"] = rng.choice(_JOURNALS)
            fields["volume"] = Decimal(rng.randint(2, 90))
        return Unit(ENTRY, fields, key=KEY)

    def finding(self, template: str) -> str:
        """One sentence."""
        rng = self.rng
        cause, other = rng.sample(_CAUSES, 2)
        place, elsewhere = rng.sample(content.CITIES, 2)
        return template.format(
            p=rng.choice(_PROPERTIES), s=rng.choice(_SPECIMENS), i=rng.choice(_INSTRUMENTS),
            c=cause, c2=other, o=place, o2=elsewhere, n=rng.randint(11, 997), d=rng.randint(2, 9),
            k=rng.choice(self.keys), l=rng.choice(self.labels),
        ) + "."  # fmt: skip

    def paragraph(self) -> Unit:
        """A paragraph of a sentence or two."""
        count = 1 if self.size < 1000 else self.rng.randint(1, 3)
        chosen = self.rng.sample(_FINDINGS, count)
        return Unit(PARAGRAPH, text=" ".join(self.finding(template) for template in chosen))

    def bullets(self) -> list[Unit]:
        """A list."""
        items = [
            Unit(ITEM, text=self.finding(self.rng.choice(_FINDINGS)))
            for _ in range(self.rng.randint(2, 4))
        ]
        return environment("itemize", items)

    def equation(self) -> list[Unit]:
        """An equation."""
        a, b, c = self.rng.sample("abcdfghkmnpqrstuvwxyz", 3)
        number = next(self.floats)
        body = (
            f"{a}_{{{self.rng.randint(2, 99)}}} = {self.rng.randint(2, 999)} {b} + {c}^{{{number}}}"
        )
        text = f"\\begin{{equation}}\\label{{eq:{a}{number}}} {body} \\end{{equation}}"
        return [Unit(EQUATION, text=text)]

    def table(self) -> list[Unit]:
        """A table of measurements."""
        heads = ["Specimen", *self.rng.sample(_COLUMNS, 2), "Runs"]
        rows = [
            Unit(ROW, dict(zip(heads, self._cells(), strict=True)))
            for _ in range(self.rng.randint(3, 6))
        ]
        caption = f"\\caption{{{self.finding(self.rng.choice(_FINDINGS[:4])).rstrip('.')}}}"
        inner = [command("\\toprule"), Unit(HEAD, text="\t".join(heads), structural=True)]
        inner += [command("\\midrule"), *rows, command("\\bottomrule")]
        label = command(
            f"\\label{{tab:{self.rng.choice(_PROPERTIES)[:4].strip()}{next(self.floats)}}}"
        )
        body = [Unit(CAPTION, text=caption), label, *environment("tabular", inner, "{lrrr}")]
        return environment("table", body, "[ht]\\centering")

    def _cells(self) -> list[Value]:
        rng = self.rng
        name = f"{rng.choice(_SPECIMENS)} {rng.choice('ABCDEFGH')}{rng.randint(10, 999)}"
        mass, time = (Decimal(rng.randint(101, 99_999)).scaleb(-2) for _ in range(2))
        return [name, mass, time, Decimal(rng.randint(2, 60))]

    def comment(self) -> list[Unit]:
        """A remark between the authors."""
        name = self.rng.choice(content.FIRST_NAMES)
        return [Unit(COMMENT, text=f"% {name}: check against run {self.rng.randint(100, 9999)}")]

    def block(self) -> list[Unit]:
        """Whatever comes next in a section."""
        others = (self.bullets, self.equation, self.table, self.comment)
        if self.size < 1500 or self.rng.random() < 0.6:
            return [self.paragraph()]
        return self.rng.choice(others)()

    def sections(self) -> list[Unit]:
        """Sections that are filled in turn until the paper is long enough."""
        sections = [[_heading(*names)] for names in zip(self.titles, self.labels, strict=True)]
        sections[0].append(Unit(PARAGRAPH, text=self.finding(_OPENING)))
        size, turns = len(BIB.render(self.entries)) + 320 + 40 * len(sections), cycle(sections)
        while size < self.size or min(map(len, sections)) < 2:
            block = self.block()
            next(turns).extend(block)
            size += len(LATEX.render(block)) + 1
        return [unit for section in sections for unit in section]


def paper(rng: Random, characters: int) -> str:
    """An article of about so many characters, references included."""
    author = _Author(rng, characters)
    body = author.sections()
    whole = environment("filecontents*", author.entries, "{references.bib}")
    options = rng.choice(("", "[11pt]", "[a4paper]", "[twocolumn]", "[draft]"))
    whole.append(command(f"\\documentclass{options}{{article}}"))
    if characters > 1000:
        topic = f"The {rng.choice(_PROPERTIES)} of the {rng.choice(_SPECIMENS)}"
        whole += [command("\\usepackage{booktabs}"), command(f"\\title{{{topic}}}")]
        whole.append(command(f"\\author{{{content.person(rng)}}}"))
        body.append(command("\\bibliography{references}"))
    return LATEX.render([*whole, *environment("document", body)])


def _heading(title: str, label: str) -> Unit:
    return Unit(SECTION, text=f"\\section{{{title}}}\\label{{{label}}}", structural=True)

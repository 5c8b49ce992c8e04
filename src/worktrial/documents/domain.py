"""What a domain supplies: formats, fresh documents, distractors and edits."""

import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from pathlib import PurePosixPath
from random import Random
from typing import ClassVar, Literal

from worktrial.documents.edits import Edit, Planner, Program, Verb, read_instruction
from worktrial.documents.unit import Document, Files, Unit, opaque
from worktrial.errors import ConfigError

Category = Literal["code", "science", "creative", "records", "everyday"]


class Format(ABC):
    """Turns the text of one kind of file into units and back."""

    @abstractmethod
    def parse(self, text: str) -> list[Unit]:
        """Read units; what cannot be parsed is kept as opaque units. Never raises."""

    @abstractmethod
    def render(self, units: Sequence[Unit]) -> str:
        """Write units, whatever they are; never raises."""


class Lines(Format):
    """The last resort: every line that is not blank is an opaque unit."""

    def parse(self, text: str) -> list[Unit]:
        """One opaque unit a line."""
        return [opaque(line) for line in text.splitlines() if line.strip()]

    def render(self, units: Sequence[Unit]) -> str:
        """One line a unit."""
        return "".join(f"{unit.layout or unit.text}\n" for unit in units)


LINES = Lines()


class Domain(ABC):
    """A family of documents of one trade.

    Attributes:
        name: The domain's name.
        category: One of the five categories, also the extra that installs its parsers.
        formats: By file extension, the formats its documents and their edited forms are in.
        clips: By kind, where the likeness law should not use its default clip.
        verbs: Every sentence that its instructions are made of.
        planners: Its edits.
        own_planners: Further ones for a user's documents, which are not like the fresh ones:
            planned where hardly any of the others fits.
        derived: Lines that follow from the rest (cue numbers, checksums), which likeness ignores.
        floor: Mean likeness of two independent documents of one size, published.
    """

    name: ClassVar[str]
    category: ClassVar[Category]
    formats: ClassVar[Mapping[str, Format]]
    clips: ClassVar[Mapping[str, float]] = {}
    verbs: ClassVar[Sequence[Verb]]
    planners: ClassVar[Sequence[Planner]]
    own_planners: ClassVar[Sequence[Planner]] = ()
    derived: ClassVar[Sequence[re.Pattern[str]]] = ()
    floor: ClassVar[float]

    @abstractmethod
    def generate(self, rng: Random, size: int) -> Files:
        """Write a fresh, realistic document of about `size` tokens."""

    @abstractmethod
    def distractors(self, rng: Random, size: int) -> Files:
        """Write topical files that have no part in the work, about `size` tokens in all."""

    @abstractmethod
    def reformatted(self, name: str, text: str) -> list[str]:
        """The same file written in other ways that its format calls meaningless."""

    def parse(self, files: Files) -> Document:
        """Read files into units; total on any text."""
        return Document(
            {name: tuple(self._format(name).parse(text)) for name, text in files.items()}
        )

    def render(self, document: Document) -> dict[str, str]:
        """Write units as files; total on any document."""
        return {name: self._format(name).render(units) for name, units in document.files.items()}

    def plan(self, document: Document, rng: Random) -> list[Edit]:
        """Plan every edit that fits the document."""
        planned = _planned(self.planners, document, rng)
        if len(planned) >= _ENOUGH_EDITS:
            return planned
        names = {edit.name for edit in planned}
        further = _planned(self.own_planners, document, rng)
        return [*planned, *(edit for edit in further if edit.name not in names)]

    def read(self, instruction: str) -> Program | None:
        """Find the program in an instruction's words."""
        return read_instruction(instruction, self.verbs)

    def knows(self, name: str) -> bool:
        """Whether a file's extension is of one of its formats."""
        return PurePosixPath(name).suffix.lower() in self.formats

    def _format(self, name: str) -> Format:
        return self.formats.get(PurePosixPath(name).suffix.lower(), LINES)


def _planned(planners: Sequence[Planner], document: Document, rng: Random) -> list[Edit]:
    planned = (planner(document, rng) for planner in planners)
    return [edit for edit in planned if edit is not None]


_ENOUGH_EDITS = 3
_HOME = "worktrial.documents.domains"
_MODULES: Mapping[str, tuple[Category, str | None]] = {
    "dbschema": ("code", None),
    "dns": ("code", None),
    "docker": ("code", None),
    "filesystem": ("code", None),
    "graphviz": ("code", None),
    "infra": ("code", None),
    "json": ("code", "ruamel.yaml"),
    "makefile": ("code", None),
    "malware": ("code", None),
    "python": ("code", None),
    "translation": ("code", None),
    "aviation": ("science", None),
    "circuit": ("science", None),
    "crystal": ("science", None),
    "mathlean": ("science", None),
    "molecule": ("science", None),
    "protein": ("science", None),
    "quantum": ("science", None),
    "robotics": ("science", None),
    "satellite": ("science", None),
    "starcatalog": ("science", None),
    "weather": ("science", None),
    "audiosyn": ("creative", None),
    "fiction": ("creative", None),
    "fonteng": ("creative", None),
    "latex": ("creative", None),
    "musicsheet": ("creative", None),
    "obj3d": ("creative", None),
    "screenplay": ("creative", None),
    "slides": ("creative", None),
    "subtitles": ("creative", "pysubs2"),
    "vector": ("creative", None),
    "weaving": ("creative", None),
    "accounting": ("records", None),
    "calendar": ("records", "icalendar"),
    "edifact": ("records", None),
    "emails": ("records", None),
    "genealogy": ("records", None),
    "geodata": ("records", None),
    "geotrack": ("records", None),
    "hamradio": ("records", None),
    "libcatalog": ("records", None),
    "spreadsheet": ("records", None),
    "treebank": ("records", None),
    "chess": ("everyday", None),
    "earncall": ("everyday", None),
    "foodmenu": ("everyday", None),
    "jobboard": ("everyday", None),
    "landmarks": ("everyday", None),
    "playlist": ("everyday", None),
    "recipe": ("everyday", None),
    "transit": ("everyday", None),
}
"""Every domain: its category and the parser library that it needs, if any."""

DOMAINS: tuple[str, ...] = tuple(_MODULES)

FALLBACKS: tuple[str, ...] = ("settings", "markdown", "text")
"""For a user's own files that no domain takes, the most telling first; never drawn unasked."""

STANDARD: tuple[str, ...] = (
    "json", "python", "subtitles", "latex", "spreadsheet", "accounting", "calendar", "recipe",
)  # fmt: skip
"""Those that a relay draws from when none is named."""


def installed() -> list[str]:
    """The domains whose parsers are there, those first that are loaded: some take seconds."""
    names = [n for n, (_, library) in _MODULES.items() if not library or find_spec(library)]
    return sorted(names, key=lambda name: f"{_HOME}.{name}" not in sys.modules)


def domain(name: str) -> Domain:
    """Load a domain by name.

    Raises:
        ConfigError: If there is no such domain, or its parser is not installed.
    """
    if name in FALLBACKS:
        return _loaded(name)
    if name not in _MODULES:
        near = get_close_matches(name, DOMAINS, n=3, cutoff=0.5) or sorted(DOMAINS)
        raise ConfigError(
            f"`domains` must be one of {len(DOMAINS)} names; got {name!r}: try {', '.join(near)}"
        )
    category, library = _MODULES[name]
    if library and find_spec(library) is None:
        raise ConfigError(
            f"domain `{name}` needs {library}; install it with: pip install 'worktrial[{category}]'"
        )
    return _loaded(name)


def _loaded(name: str) -> Domain:
    loaded: Domain = import_module(f"{_HOME}.{name}").DOMAIN
    return loaded

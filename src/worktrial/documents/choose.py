"""Which domain takes a user's file: by extension and content, tried, and the reason in words.

A domain takes a file if every line of it is read, writing and reading it again changes nothing, and
an edit fits it. Of several the one whose sign is there comes first, then the one under which most
is typed. What no domain takes, the first fallback does whose sign is there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import PurePosixPath
from random import Random

from worktrial.documents.domain import FALLBACKS, STANDARD, Domain, domain, installed
from worktrial.documents.edits import Edit
from worktrial.documents.likeness import likeness
from worktrial.documents.programs import HEADER
from worktrial.documents.signs import has_sign, signed
from worktrial.documents.unit import Document, Files, Unit, equal
from worktrial.errors import DocumentError

_LARGE = 1 << 20
"""From so many characters on only the standard domains and the fallbacks try a file, the first that
takes it has it, and a few edits are enough: other domains' time may grow faster than the file.
"""
_EDITS_OF_LARGE = 2
_LEAST_EDITS = 2
"""Fewer, and a fallback says more: a relay of one edit over and over is hardly work."""
_EXCHANGE = (".csv", ".json")
"""Extensions of edited forms: a file of theirs is not of every domain that writes some."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A domain that takes a file.

    Attributes:
        domain: Which one.
        edits: Those that fit and restore it exactly.
        why: Why this one, in a few words.
    """

    domain: Domain
    edits: list[Edit]
    why: str


def choose(
    name: str, text: str, draw: Callable[[], Random], *, domains: Sequence[str] = ()
) -> Choice:
    """Choose the domain of a file.

    Args:
        name: The file's own, without folders.
        text: What is in it.
        draw: Gives the stream from which edits are planned, anew for each domain.
        domains: Only these; all and the fallbacks by default.

    Raises:
        DocumentError: If none takes it; with the line.
    """
    if not text.strip():
        raise DocumentError("line 1: there is nothing in it")
    least = 1 if domains else _LEAST_EDITS
    failed: list[str] = []
    best: tuple[tuple[object, ...], Choice] | None = None
    for chosen, reason in _candidates(name, text, domains):
        if best and (len(text) > _LARGE or chosen.name in FALLBACKS):
            break
        try:
            found = _tried(chosen, name, text, draw(), least=least)
        except DocumentError as error:
            failed.append(f"{error}")
            continue
        why = f"{reason}; {found.told}" + "".join(f"; {one}" for one in failed)
        rank = (reason == _BY_CONTENT, found.typed, chosen.name in STANDARD, len(found.edits))
        if best is None or rank > best[0]:
            best = rank, Choice(chosen, found.edits, why)
    if best is None:
        raise DocumentError("; ".join(failed) or _nobody(name, domains))
    return best[1]


# --- who may try it ----------------------------------------------------------------------------

_BY_CONTENT, _BY_EXTENSION, _LAST = "by its content", "by its extension", "the last resort"


def _candidates(name: str, text: str, domains: Sequence[str]) -> Iterator[tuple[Domain, str]]:
    """Domains and why they may try a file: by a sign first, the fallbacks last."""
    there = set(installed())
    usual = [one for one in STANDARD if one in there] if len(text) > _LARGE else sorted(there)
    known = [domain(one) for one in domains or usual if one not in FALLBACKS]
    suffix = PurePosixPath(name).suffix.lower()
    theirs = [one for one in known if suffix in _own(one)]
    content = [one for one in theirs if signed(one.name, name, text)]
    alone = len(theirs) == 1 and suffix
    unsigned = [one for one in theirs if one not in content]
    extension = [one for one in unsigned if alone or not has_sign(one.name)]
    for some, reason in ((content, _BY_CONTENT), (extension, _BY_EXTENSION)):
        yield from ((one, reason) for one in sorted(some, key=_order))
    for last in FALLBACKS:
        told = has_sign(last)
        if last in domains or (not domains and (not told or signed(last, name, text))):
            yield domain(last), _BY_CONTENT if told else _LAST


def _own(chosen: Domain) -> set[str]:
    """The extensions of a domain's documents, without those that only edited forms have."""
    first = next(iter(chosen.formats.values()))
    return {e for e, form in chosen.formats.items() if form is first or e not in _EXCHANGE}


def _order(chosen: Domain) -> tuple[bool, str]:
    return chosen.name not in STANDARD, chosen.name


def _nobody(name: str, domains: Sequence[str]) -> str:
    suffix = PurePosixPath(name).suffix
    return f"none of {', '.join(domains)} takes {suffix or 'files without extension'}"


# --- whether it takes it -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tried:
    edits: list[Edit]
    typed: float
    units: int

    @property
    def told(self) -> str:
        """What was found, in a few words."""
        many = "" if len(self.edits) == 1 else "s"
        return f"{self.units} units, {self.typed:.0%} typed, {len(self.edits)} edit{many}"


def _tried(chosen: Domain, name: str, text: str, rng: Random, *, least: int) -> _Tried:
    document = read_whole(chosen, {name: text}, named=False)
    edits: list[Edit] = []
    for edit in chosen.plan(document, rng):
        if len(text) > _LARGE and len(edits) == _EDITS_OF_LARGE:
            break
        if _restores(chosen, document, edit):
            edits.append(edit)
    if len(edits) < least:
        few = "only one edit" if edits else "no edit"
        raise DocumentError(f"{few} of {chosen.name} fits it")
    units = list(document.units())
    return _Tried(edits, _typed(units), len(units))


def read_whole(chosen: Domain, files: Files, *, named: bool = True) -> Document:
    """Read files of which nothing is lost: every line is known, and written as it was read.

    Args:
        chosen: The domain.
        files: The document's; those of kinds that the domain does not know are read by their lines.
        named: Whether a broken line is told with its file.

    Raises:
        DocumentError: If something is lost.
    """
    document = chosen.parse(files)
    for name in filter(chosen.knows, files):
        broken = next((u for u in document.files[name] if u.kind == "opaque"), None)
        if broken is not None:
            where = f"{name} " if named else ""
            line = _line_of(broken, files[name])
            raise DocumentError(f"{where}line {line} cannot be read as {chosen.name}")
    if not any(document.units()):
        raise DocumentError(f"there is nothing for {chosen.name} in it")
    if not same(chosen, document, reread(chosen, document)):
        raise DocumentError(f"is not the same after {chosen.name} writes it again")
    return document


def reread(chosen: Domain, document: Document) -> Document:
    """A document as it is after it was written and read again."""
    return chosen.parse(chosen.render(document))


def _line_of(unit: Unit, text: str) -> int:
    """Where an opaque unit stands; one that stands for what is missing, at the end."""
    start = (unit.layout or unit.text).strip().partition("\n")[0]
    at = text.find(start) if start else len(text.rstrip())
    return text[: max(0, at)].count("\n") + 1


def _typed(units: Sequence[Unit]) -> float:
    """The share of a document's characters that are values of fields."""
    fields = sum(len(str(value)) for unit in units for value in unit.fields.values())
    texts = sum(len(unit.text) for unit in units if unit.kind != HEADER)
    return fields / (fields + texts) if fields else 0.0


def _restores(chosen: Domain, document: Document, edit: Edit) -> bool:
    """Whether an edit's words do something here, and those back lead to the document exactly."""
    forward = chosen.read(edit.forward.instruction)
    backward = chosen.read(edit.backward.instruction)
    if forward is None or backward is None:
        return False
    between = reread(chosen, forward(document))
    if same(chosen, document, between):
        return False
    return same(chosen, document, reread(chosen, backward(between)))


def same(chosen: Domain, one: Document, other: Document) -> bool:
    """Whether nothing is lost between two documents: soon seen, in most cases either way."""
    if one.files.keys() != other.files.keys():
        return False
    pairs = (p for n in one.files for p in zip_longest(one.files[n], other.files[n]))
    differing = next(((u, v) for u, v in pairs if not (u and v and equal(u, v))), None)
    if differing is None:
        return True
    unit = differing[0]
    if unit is None or not any(equal(unit, another) for another in other.units()):
        return False
    return likeness(one, other, clips=chosen.clips).lossless

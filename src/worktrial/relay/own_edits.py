"""A user's own edits for their own documents: pairs of instructions in a YAML file."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from worktrial.documents.domain import Domain
from worktrial.documents.unit import Document
from worktrial.errors import ConfigError, DocumentError
from worktrial.protocol.declared import line_of, read_declared, read_text
from worktrial.relay.free import KIND, checked_words, free_errand
from worktrial.relay.items import Errand

_OPTION = "--edits"
MOST_EDITS = 200

Name = Annotated[str, Field(pattern=r"^\w[\w .+-]{0,59}$")]
Words = Annotated[str, AfterValidator(checked_words)]
Pattern = Annotated[str, Field(min_length=1, max_length=100)]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


class OwnEdit(BaseModel):
    """One entry of the file.

    Attributes:
        name: What it is called in the report.
        forward: What is asked first.
        backward: What is to restore the document.
        files: Names or patterns such as `*.csv`; a document must have a file for each.
        kind: Its family, for the anatomy of losses.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Name
    forward: Words
    backward: Words
    files: Annotated[tuple[Pattern, ...], BeforeValidator(_listed), Field(max_length=50)] = ()
    kind: Name = KIND

    def fits(self, names: Collection[str]) -> bool:
        """Whether a document of these files has all that is required."""
        return all(any(fnmatchcase(name, one) for name in names) for one in self.files)


class _File(BaseModel):
    """The whole file: a list of entries, or a map with one."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    only: bool = False
    edits: Annotated[list[OwnEdit], Field(min_length=1, max_length=MOST_EDITS)]

    @model_validator(mode="before")
    @classmethod
    def _of_list(cls, read: Any) -> Any:
        return {"edits": read} if isinstance(read, list) else read


@dataclass(frozen=True, slots=True)
class OwnEdits:
    """A user's edits.

    Attributes:
        path: Their file.
        sha256: Of its content.
        only: Whether they take the place of the domain's edits, instead of joining them.
        entries: Each with the line in which it begins.
    """

    path: Path
    sha256: str
    only: bool
    entries: Sequence[tuple[int, OwnEdit]]

    def errands(self, chosen: Domain, document: Document) -> list[Errand]:
        """Those that fit a document.

        Raises:
            ConfigError: If programs know an edit's words, and it does not go there and back.
        """
        fitting = ((line, edit) for line, edit in self.entries if edit.fits(document.files))
        return [self._errand(line, edit, chosen, document) for line, edit in fitting]

    def must_fit(self, documents: Sequence[Collection[str]]) -> None:
        """Raise `ConfigError` if an edit fits none of these documents, given by their files."""
        for line, edit in self.entries:
            if not any(edit.fits(names) for names in documents):
                raise ConfigError(
                    f"{self._at(line, edit)}: no document has all of its `files`, "
                    f"{', '.join(edit.files)}; mend them, or leave the edit out"
                )

    def _errand(self, line: int, edit: OwnEdit, chosen: Domain, document: Document) -> Errand:
        errand = Errand.model_validate(edit.model_dump(exclude={"files"}))
        try:
            return free_errand(chosen, document, errand)
        except DocumentError as error:
            names = ", ".join(document.files)
            raise ConfigError(f"{self._at(line, edit)}, {names}: {error}") from None

    def _at(self, line: int, edit: OwnEdit) -> str:
        return f"`{_OPTION}` {self.path} line {line}, `{edit.name}`"


def read_edits(path: Path) -> OwnEdits:
    """Read a file of edits.

    Raises:
        ConfigError: If it cannot be read, or an entry is not what it must be; with the line.
    """
    found = read_declared(path, _File, name=_OPTION)
    text = read_text(path, name=_OPTION)
    lines = [line_of(text, ("edits", at)) for at in range(len(found.edits))]
    entries = list(zip(lines, found.edits, strict=True))
    seen: dict[str, int] = {}
    for line, edit in entries:
        if edit.name in seen:
            raise ConfigError(
                f"`{_OPTION}` {path} line {line}: {edit.name!r} stands in line {seen[edit.name]} "
                "already; give it another name"
            )
        seen[edit.name] = line
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return OwnEdits(path, sha256, found.only, entries)

"""A user's own documents as relays: every file of a folder, read, checked and given its edits."""

from collections.abc import Sequence
from pathlib import Path

from worktrial.documents.domain import STANDARD, Domain, domain, installed
from worktrial.documents.edits import Edit
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document
from worktrial.errors import ConfigError, DocumentError
from worktrial.randomness import stream
from worktrial.relay.items import Course, Errand, RelayItem, relay_item
from worktrial.relay.own_edits import OwnEdits

_LARGEST_BYTES = 10 * 2**20


def own_items(
    folder: Path,
    course: Course,
    *,
    seed: int,
    domains: Sequence[str] = (),
    edits: OwnEdits | None = None,
) -> list[RelayItem]:
    """Make an item of every file in a folder; folders inside it are not looked into.

    Args:
        folder: Where the documents are.
        course: How large the relay is; its items and sizes do not apply.
        seed: Decides schedules and the seeds of the legs.
        domains: Only documents of these; all by default.
        edits: The user's own, beside those of the domain or instead of them.

    Raises:
        ConfigError: If there is no such folder, or nothing in it.
        DocumentError: If a document cannot be read, is not written back as it was, or no edit
            fits it; with its name and line.
    """
    if not folder.is_dir():
        raise ConfigError(
            f"`--documents` must be a folder, or a .jsonl file of DELEGATE-52; {folder} is none"
        )
    known = [domain(name) for name in domains or installed()]
    paths = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    if not paths:
        raise ConfigError(f"`--documents` {folder} holds no file")
    items = [_item(path, known, course, seed, edits) for path in paths]
    if edits:
        edits.must_fit([item.files for item in items])
    return items


def _item(
    path: Path, known: Sequence[Domain], course: Course, seed: int, own: OwnEdits | None
) -> RelayItem:
    text = _text(path)
    chosen = _domain(path, known)
    files = {path.name: text}
    document = _readable(path, chosen, text)
    errands = own.errands(chosen, document) if own else []
    if not own or not own.only:
        planned = chosen.plan(document, stream(seed, "relay", path.name, "edits"))
        errands += [Errand.of(edit) for edit in planned if _restores(chosen, document, edit)]
    if not errands:
        whose = "`--edits`" if own and own.only else f"the domain {chosen.name}"
        raise DocumentError(f"{path.name}: no edit of {whose} fits this document")
    return relay_item(chosen, path.name, files, errands, course, seed=seed)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise DocumentError(f"{path.name}: a document must be 10 MB at most")
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise DocumentError(f"{path.name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DocumentError(f"{path.name} line {line}: not UTF-8; convert it first") from None


def _domain(path: Path, known: Sequence[Domain]) -> Domain:
    """The domain whose own extension, the first of its formats, the file has.

    Of several, the standard one.
    """
    by_rank = sorted(known, key=lambda chosen: (chosen.name in STANDARD, chosen.name))
    extensions = {next(iter(chosen.formats)): chosen for chosen in by_rank}
    if path.suffix.lower() not in extensions:
        raise DocumentError(
            f"{path.name}: no domain takes {path.suffix or 'files without extension'}; "
            f"there are {', '.join(sorted(extensions))}"
        )
    return extensions[path.suffix.lower()]


def _readable(path: Path, chosen: Domain, text: str) -> Document:
    document = chosen.parse({path.name: text})
    broken = next((u for u in document.units() if u.kind == "opaque"), None)
    if broken is not None:
        start = (broken.layout or broken.text).strip().partition("\n")[0]
        line = text[: max(0, text.find(start))].count("\n") + 1
        raise DocumentError(f"{path.name} line {line}: cannot be read as {chosen.name}")
    if not any(document.units()):
        raise DocumentError(f"{path.name}: there is nothing in it")
    written = chosen.parse(chosen.render(document))
    if not likeness(document, written, clips=chosen.clips).lossless:
        raise DocumentError(f"{path.name}: is not the same after {chosen.name} writes it again")
    return document


def _restores(chosen: Domain, document: Document, edit: Edit) -> bool:
    """Whether an edit does something here, and its way back leads to the document exactly."""
    between = chosen.parse(chosen.render(edit.forward(document)))
    back = chosen.parse(chosen.render(edit.backward(between)))
    return (
        not likeness(document, between, clips=chosen.clips).lossless
        and likeness(document, back, clips=chosen.clips).lossless
    )

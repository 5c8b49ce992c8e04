"""How lists are printed: a line a row, a page at a time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from worktrial.office.tool import Refusal

if TYPE_CHECKING:
    from worktrial.office.office import Office

NOTHING = "Nothing found."


def listed(office: "Office", rows: Sequence[Sequence[Any]], page: int, *, read: str = "") -> str:
    """A page of rows, a line each, and how to ask for the next.

    Args:
        office: Whose page size is kept to.
        rows: What was found; the first column of each is its key.
        page: From 1.
        read: What the rows are, if printing them is reading them.

    Raises:
        Refusal: If there are not so many pages.
    """
    return paged(office, [(str(row[0]), line(*row)) for row in rows], page, read=read)


def paged(office: "Office", texts: Sequence[tuple[str, str]], page: int, *, read: str = "") -> str:
    """A page of texts, each with its key, and how to ask for the next.

    Raises:
        Refusal: If there are not so many pages.
    """
    if not texts:
        return NOTHING
    pages = -(-len(texts) // office.page)
    if page > pages:
        raise Refusal("not_found", f"There is no page {page}; the last is {pages}.")
    shown = texts[(page - 1) * office.page : page * office.page]
    if read:
        office.note_read(*(f"{read}:{key}" for key, _ in shown))
    lines = [text for _, text in shown]
    return "\n".join(lines if page == pages else [*lines, _further(page, pages)])


def line(*cells: object) -> str:
    """Cells on one line."""
    return " | ".join(" ".join(str(cell).split()) for cell in cells).rstrip()


def _further(page: int, pages: int) -> str:
    return f"page {page} of {pages}; ask for the next with page={page + 1}"

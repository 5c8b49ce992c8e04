"""Whom and what an argument means."""

import re
from typing import TYPE_CHECKING

from worktrial.office.people import Person
from worktrial.office.tool import Refusal

if TYPE_CHECKING:
    from worktrial.office.office import Office

_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_NAMED = re.compile(r"[^<>]*<([^<>]*)>")


def colleague(office: "Office", text: str) -> Person:
    """Somebody of the company by name, mail or id.

    Raises:
        Refusal: If there is nobody.
    """
    found = office.rows(
        "select * from person where lower(?) in (lower(name), mail, id)", text.strip()
    )
    if not found:
        raise Refusal("not_found", f"There is no colleague {text!r}; look with directory_find.")
    return Person(*found[0])


def addresses(text: str) -> list[str]:
    """What is between commas or semicolons, each once; of `Name <address>` the address."""
    pieces = (_NAMED.sub(r"\1", piece).strip().lower() for piece in re.split(r"[,;\n]", text))
    return list(dict.fromkeys(filter(None, pieces)))


def mailable(name: str, text: str) -> str:
    """Mail addresses, comma-separated.

    Raises:
        Refusal: If one of them is none.
    """
    found = addresses(text)
    for one in found:
        if not _ADDRESS.fullmatch(one):
            raise Refusal(
                "invalid", f"`{name}`: must be mail addresses, comma-separated; got {one[:60]!r}."
            )
    return ", ".join(found)

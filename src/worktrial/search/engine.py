"""A real search engine over a world: SQLite's FTS5 with BM25, titles weighing more than text.

Only the index is kept; a page is written again when it is shown.
"""

import re
import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from types import TracebackType

from worktrial.errors import ConfigError, EngineError
from worktrial.search.world import Page, World

__all__ = ["Engine", "EngineError", "Hit"]

_QUERY_CHARACTERS, _TERMS, _TERM_CHARACTERS, _MOST_HITS = 2000, 24, 40, 50
_TITLE_WEIGHT = 4.0
_SNIPPET_CHARACTERS = 160
_WORD = re.compile(r"[^\W_]+")
# On nearly every page, so they only cost time; a query of nothing else keeps them.
_EMPTY_WORDS = frozenset((
    "a", "an", "and", "are", "as", "at", "by", "do", "for", "from", "has", "have", "i", "in", "is",
    "it", "its", "me", "of", "on", "or", "our", "that", "the", "their", "there", "this", "to",
    "was", "we", "what", "when", "which", "who", "with", "you", "your",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found.

    Attributes:
        id: To open it by.
        title: Of the page.
        dated: When it was written.
        snippet: Some of its text, on one line.
    """

    id: str
    title: str
    dated: date
    snippet: str


class Engine:
    """Finds and opens the pages of one world; may be shared by threads and closed by `with`."""

    def __init__(self, world: World, path: Path | None = None) -> None:
        """Index a world.

        Args:
            world: What is searched.
            path: A new file for the index; `None` keeps it in memory.

        Raises:
            ConfigError: If the file is there already, or this Python's SQLite has no FTS5.
            EngineError: If the file cannot be written.
        """
        self._world, self._lock = world, Lock()
        if path is not None and path.exists():
            raise ConfigError(f"`path` must be a file that is not there yet; got {path}")
        try:
            self._database = sqlite3.connect(path or ":memory:", check_same_thread=False)
            self._index()
        except sqlite3.Error as error:
            if "no such module" in str(error):
                raise ConfigError(
                    "the search trial needs SQLite with FTS5, which this Python's SQLite "
                    f"{sqlite3.sqlite_version} lacks; use a Python whose SQLite has it"
                ) from error
            raise EngineError(f"the search engine cannot write its index: {error}") from error

    def search(self, query: str, *, limit: int = 8) -> tuple[Hit, ...]:
        """Find pages, best first; any text is a query, and its words are alternatives.

        Args:
            query: Its first 24 different words count; without words nothing is found.
            limit: Most pages, capped at 50.

        Raises:
            EngineError: If the engine is closed or damaged.
        """
        terms = _terms(query)
        match = " OR ".join(f'"{term}"' for term in terms)
        # An engine that is dead must say so, also where there is nothing to look for.
        numbers = self._ask(_SEARCH if terms else _NOTHING, match, min(max(limit, 0), _MOST_HITS))
        pages = [self._world.page(f"p{number:05}") for number in numbers]
        return tuple(_hit(page, terms) for page in pages if page)

    def open(self, identity: str) -> str | None:
        """The text of a page, or `None` where there is none of this id.

        Raises:
            EngineError: If the engine is closed or damaged.
        """
        self._ask(_NOTHING, "", 0)
        page = self._world.page(identity)
        return page.text if page else None

    def close(self) -> None:
        """Let go of the index."""
        self._database.close()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def _index(self) -> None:
        self._database.execute(
            "CREATE VIRTUAL TABLE pages USING "
            "fts5(title, body, content='', tokenize='porter unicode61')"
        )
        rows = ((int(p.id[1:]), p.title, p.text) for p in self._world.pages())
        self._database.executemany("INSERT INTO pages(rowid, title, body) VALUES (?, ?, ?)", rows)
        self._database.execute("INSERT INTO pages(pages) VALUES ('optimize')")
        self._database.commit()

    def _ask(self, statement: str, match: str, limit: int) -> list[int]:
        try:
            with self._lock:
                rows = self._database.execute(statement, (match, limit)).fetchall()
        except sqlite3.Error as error:
            raise EngineError(f"the search engine cannot answer: {error}") from error
        return [int(number) for (number,) in rows]


# Equal ranks go by id, so that the order never depends on how the index was written.
_SEARCH = (
    f"SELECT rowid FROM pages WHERE pages MATCH ? ORDER BY bm25(pages, {_TITLE_WEIGHT}, 1.0), "  # noqa: S608
    "rowid LIMIT ?"
)
_NOTHING = "SELECT rowid FROM pages WHERE rowid < 0 AND ? = '' LIMIT ?"


def _terms(query: str) -> list[str]:
    """The words of a query, each once, as many and as long as is sensible."""
    words = (word.lower()[:_TERM_CHARACTERS] for word in _WORD.findall(query[:_QUERY_CHARACTERS]))
    terms = list(dict.fromkeys(words))
    return ([term for term in terms if term not in _EMPTY_WORDS] or terms)[:_TERMS]


def _hit(page: Page, terms: list[str]) -> Hit:
    """A page with the text around the first of the words found in it."""
    body = " ".join(page.text.split("\n\n", 1)[1].split())
    lowered = body.lower()
    places = [at for term in terms if (at := lowered.find(term)) >= 0]
    start = max(0, min(places, default=0) - _SNIPPET_CHARACTERS // 4)
    end = start + _SNIPPET_CHARACTERS
    snippet = "…" * (start > 0) + body[start:end].strip() + "…" * (end < len(body))
    return Hit(page.id, page.title, page.dated, snippet)

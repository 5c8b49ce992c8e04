"""The world and its engine: pages written, searches and pages opened a second, and memory.

Searches and opened pages are held against plain SQLite: an FTS5 table of the same pages that keeps
their texts, asked for the same words of a query, and read by row. Both are measured in turns, in
one process. `search_ratio` and `open_ratio` are the engine's calls a second over those of plain
SQLite. What lies between: the engine keeps no text, and writes each page again that it shows, eight
of them for a search. Seconds are those of the processor, of which a busy machine takes no more.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

from worktrial.randomness import stream
from worktrial.search.engine import Engine
from worktrial.search.topics import TOPICS
from worktrial.search.world import World, world

T = TypeVar("T")
SEED, PAGES, ROUNDS = 7, 10_000, 5
SEARCHES, OPENS = 300, 2000
ON_EVERY_PAGE = {"at", "by", "for", "from", "in", "of", "on", "the", "to"}
"""Of the words of the queries: nobody asks for these, and neither does the engine."""


class Plain:
    """The same pages in plain SQLite."""

    def __init__(self, drawn: World) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "create virtual table pages using fts5(title, body, tokenize='porter unicode61')"
        )
        rows = ((int(page.id[1:]), page.title, page.text) for page in drawn.pages())
        self._database.executemany("insert into pages(rowid, title, body) values (?, ?, ?)", rows)
        self._database.execute("insert into pages(pages) values ('optimize')")
        self._database.commit()

    def search(self, query: str) -> list[tuple[int, str, str]]:
        """Eight pages with a snippet each."""
        words = set(query.split()) - ON_EVERY_PAGE
        match = " OR ".join(f'"{word}"' for word in words)
        return self._database.execute(
            "select rowid, title, snippet(pages, 1, '', '', '…', 24) from pages where pages match ?"
            " order by bm25(pages, 4.0, 1.0) limit 8",
            (match,),
        ).fetchall()

    def open(self, identity: str) -> str:
        """The text of a page."""
        row = int(identity[1:])
        (text,) = self._database.execute(
            "select body from pages where rowid = ?", (row,)
        ).fetchone()
        return str(text)


def measure(pages: int = PAGES, rounds: int = ROUNDS) -> Iterator[dict[str, object]]:
    """One world of 10,000 pages, in this process."""
    before = _memory_mib()
    drawn, world_seconds = _timed(lambda: world(SEED, pages))
    _, page_seconds = _timed(lambda: sum(len(page.text) for page in drawn.pages()))
    engine, index_seconds = _timed(lambda: Engine(drawn))
    memory = _memory_mib() - before
    plain = Plain(drawn)
    rng = stream(SEED, "bench", "opens")
    names = [f"p{rng.randrange(pages):05}" for _ in range(OPENS)]
    searches = _rates([engine.search, plain.search], _queries(drawn), rounds)
    opens = _rates([engine.open, plain.open], names, rounds)
    yield {
        "name": "search",
        "pages": pages,
        "world_seconds": round(world_seconds, 2),
        "pages_a_second": round(pages / page_seconds),
        "index_seconds": round(index_seconds, 2),
        "searches_a_second": round(searches[0]),
        "searches_a_second_of_plain_sqlite": round(searches[1]),
        "search_ratio": round(searches[0] / searches[1], 3),
        "opens_a_second": round(opens[0]),
        "opens_a_second_of_plain_sqlite": round(opens[1]),
        "open_ratio": round(opens[0] / opens[1], 3),
        "memory_mib": round(memory),
        "memory_mib_bar": 200,
    }


def _rates(
    ways: Sequence[Callable[[str], object]], asked: Sequence[str], rounds: int
) -> list[float]:
    """Calls a second of each way, the median of rounds in which each has its turn."""
    seconds = [
        [_timed(lambda way=way: [way(one) for one in asked])[1] for way in ways]
        for _ in range(rounds)
    ]
    return [len(asked) / median(of) for of in zip(*seconds, strict=True)]


def _queries(drawn: World) -> list[str]:
    """A third names, a third topics and scopes, a third whole requests."""
    rng = stream(SEED, "bench", "queries")
    subjects = [name for name, entity in drawn.entities.items() if entity.topic]
    queries = []
    for _ in range(SEARCHES // 3):
        topic = rng.choice(list(TOPICS.values()))
        about = f"{topic.noun} {topic.link} {rng.choice(topic.scopes)}"
        labels = " ".join(attribute.label for attribute in rng.sample(topic.attributes, 4))
        queries += [rng.choice(subjects), about, f"{about} {labels}"]
    return queries


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = time.process_time()
    return work(), time.process_time() - began


def _memory_mib() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20

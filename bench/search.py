"""The world and its engine: pages written, searches and pages opened a second, and memory."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from worktrial.randomness import stream
from worktrial.search.engine import Engine
from worktrial.search.topics import TOPICS
from worktrial.search.world import World, world

T = TypeVar("T")
SEED, PAGES = 7, 10_000
SEARCHES, OPENS = 300, 2000


def measure() -> Iterator[dict[str, object]]:
    """One world of 10,000 pages, in this process."""
    before = _memory_mib()
    drawn, world_seconds = _timed(lambda: world(SEED, PAGES))
    _, page_seconds = _timed(lambda: sum(len(page.text) for page in drawn.pages()))
    engine, index_seconds = _timed(lambda: Engine(drawn))
    queries, rng = _queries(drawn), stream(SEED, "bench", "opens")
    _, search_seconds = _timed(lambda: [engine.search(query) for query in queries])
    names = [f"p{rng.randrange(PAGES):05}" for _ in range(OPENS)]
    _, open_seconds = _timed(lambda: [engine.open(name) for name in names])
    yield {
        "name": "search",
        "pages": PAGES,
        "world_seconds": round(world_seconds, 2),
        "pages_a_second": round(PAGES / page_seconds),
        "index_seconds": round(index_seconds, 2),
        "searches_a_second": round(len(queries) / search_seconds),
        "opens_a_second": round(OPENS / open_seconds),
        "memory_mib": round(_memory_mib() - before),
        "memory_mib_bar": 200,
    }


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
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _memory_mib() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20

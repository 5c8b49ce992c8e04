"""The engine: takes any text, finds what is named, and says when it is dead."""

import sqlite3
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.errors import ConfigError, EngineError, WorktrialError
from worktrial.search import engine as module
from worktrial.search.engine import Engine, Hit
from worktrial.search.world import World, world


@pytest.fixture(scope="module")
def drawn() -> World:
    return world(7, 400)


@pytest.fixture(scope="module")
def engine(drawn: World) -> Engine:
    return Engine(drawn)


ENGINE = Engine(world(7, 200))
SYNTAX = ['"', "AND", "OR", "NOT", "NEAR(", ")", "*", "^", ":", "title:", "{", "}", "+", "-", "\0",
          "\ud800", "'; DROP TABLE pages; --", "supplier", "İ", "ﬀ", "é", "½", "٣"]  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.sampled_from(SYNTAX)).map(" ".join)), st.integers(-5, 99))
def test_any_text_is_a_query(query: str, limit: int) -> None:
    hits = ENGINE.search(query, limit=limit)
    assert len(hits) <= max(0, min(limit, 50))
    assert hits == ENGINE.search(query, limit=limit)
    assert ENGINE.open(query) is None


def test_a_query_of_any_length_is_bounded_work() -> None:
    assert ENGINE.search("supplier " + "x" * 5_000_000) == ENGINE.search("supplier " + "x" * 5000)
    many = " ".join(f"word{i}" for i in range(24))
    assert ENGINE.search(f"{many} supplier") == ()


@pytest.mark.parametrize("query", ["", "  \n", "!?* \" ' -- ()", "_____"])
def test_a_query_without_words_finds_nothing(query: str, engine: Engine) -> None:
    assert engine.search(query) == ()


def test_words_are_alternatives_and_empty_ones_count_only_alone(engine: Engine) -> None:
    assert engine.search("supplier") == engine.search("supplier nosuchword")
    assert engine.search("the supplier") == engine.search("supplier")
    assert engine.search("the") != ()


def test_a_named_subject_is_found_by_its_profile_among_the_first_three(
    drawn: World, engine: Engine
) -> None:
    subjects = [entity for entity in drawn.entities.values() if entity.topic]
    for entity in subjects:
        hits = engine.search(entity.name, limit=3)
        kinds = [page.kind for hit in hits if (page := drawn.page(hit.id))]
        assert "profile" in kinds
        profile = drawn.page(hits[kinds.index("profile")].id)
        assert profile
        assert profile.states[0].head == entity.name


def test_the_person_beside_a_subject_is_found_by_name(drawn: World, engine: Engine) -> None:
    subjects = [name for name, entity in drawn.entities.items() if entity.topic]
    people = {v for name in subjects for v in drawn.current(name).values()} & set(drawn.entities)
    assert len(people) == len(subjects)
    for name in people:
        assert any(name in hit.title for hit in engine.search(name, limit=3))


def test_a_hit_shows_where_a_word_was_found(drawn: World, engine: Engine) -> None:
    hits = engine.search("account manager warehouse unit price")
    assert len(hits) == 8
    for hit in hits:
        page = drawn.page(hit.id)
        assert page
        assert (hit.title, hit.dated) == (page.title, page.dated)
        assert hit.snippet.strip("…") in " ".join(page.text.split())
        assert len(hit.snippet) <= 162
        assert engine.open(hit.id) == page.text


def test_equal_pages_come_in_order_of_id(drawn: World) -> None:
    first, second = Engine(drawn), Engine(drawn)
    for query in ("supplier", "minutes meeting", "2026"):
        assert first.search(query, limit=50) == second.search(query, limit=50)


def test_a_closed_engine_says_so_whatever_it_is_asked(drawn: World) -> None:
    with Engine(drawn) as closed:
        assert closed.open("p00000")
    asks = (lambda: closed.search("supplier"), lambda: closed.search(""))
    for ask in (*asks, lambda: closed.open("p00000"), lambda: closed.open("nothing")):
        with pytest.raises(EngineError, match="cannot answer"):
            ask()
    assert issubclass(EngineError, WorktrialError)


def test_an_index_in_a_file_finds_the_same_and_a_damaged_one_says_so(
    drawn: World, engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "index.sqlite"
    with Engine(drawn, path) as filed:
        assert filed.search("venue capacity") == engine.search("venue capacity")
        with sqlite3.connect(path) as other:
            other.execute("DROP TABLE pages")
        with pytest.raises(EngineError, match="cannot answer"):
            filed.search("venue capacity")
    with pytest.raises(ConfigError, match="must be a file that is not there yet"):
        Engine(drawn, path)
    with pytest.raises(EngineError, match="cannot write"):
        Engine(drawn, tmp_path / "nowhere" / "index.sqlite")


def test_a_python_without_full_text_search_is_told_in_one_line(
    drawn: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Engine) -> None:
        raise sqlite3.OperationalError("no such module: fts5")

    monkeypatch.setattr(module.Engine, "_index", refuse)
    with pytest.raises(ConfigError, match="lacks; use a Python whose SQLite has it"):
        Engine(drawn)


def test_threads_may_share_an_engine(engine: Engine) -> None:
    expected = engine.search("supplier")
    found: list[tuple[Hit, ...]] = []
    threads = [Thread(target=lambda: found.append(engine.search("supplier"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8

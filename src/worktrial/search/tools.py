"""The two tools of a worker, `search` and `open`, on the engine of the item's world."""

from functools import lru_cache

from inspect_ai.tool import Tool, ToolDef

from worktrial.errors import EngineError
from worktrial.search.engine import Engine, Hit
from worktrial.search.world import world

_NOTHING = "No page was found. Use other words."
_NO_PAGE = "There is no page {!r}. `search` gives the ids of pages."
_SHOWN_ID = 40


@lru_cache(maxsize=4)
def engine(seed: int, pages: int) -> Engine:
    """The engine of a world, made once."""
    return Engine(world(seed, pages))


class Desk:
    """What one conversation looks up, and a record of it.

    Args:
        found: The engine; `None` where there is none of ours, and so no tools.

    Attributes:
        searches: The queries, in order.
        opened: Ids of the pages that were opened, in order, each time.
    """

    def __init__(self, found: Engine | None) -> None:
        self._found = found
        self.searches: list[str] = []
        self.opened: list[str] = []

    def search(self, query: str) -> str:
        """The best pages for a query, one a line.

        Raises:
            EngineError: If the engine is dead.
        """
        self.searches.append(query)
        hits = self._engine().search(query)
        return "\n".join(map(_line, hits)) or _NOTHING

    def open(self, page: str) -> str:
        """The text of a page.

        Raises:
            EngineError: If the engine is dead.
        """
        wanted = page.strip()
        text = self._engine().open(wanted)
        if text is None:
            return _NO_PAGE.format(wanted[:_SHOWN_ID])
        self.opened.append(wanted)
        return text

    def tools(self) -> list[Tool]:
        """Both, as a worker gets them, where there is something to search."""
        if self._found is None:
            return []

        async def search(query: str) -> str:
            """Find pages.

            Args:
                query: Words to look for.
            """
            return self.search(query)

        async def open_page(page: str) -> str:
            """Read one page.

            Args:
                page: The page's id, as `search` gives it.
            """
            return self.open(page)

        return [ToolDef(search, name="search").as_tool(), ToolDef(open_page, name="open").as_tool()]

    def _engine(self) -> Engine:
        if self._found is None:
            raise EngineError("there is no collection of ours to search")
        return self._found


def _line(hit: Hit) -> str:
    return f"{hit.id} | {hit.dated:%Y-%m-%d} | {hit.title} | {hit.snippet}"

"""Whether goals are reached: what queries of an office return."""

from collections.abc import Sequence

from worktrial.errors import ConfigError
from worktrial.office.office import Office
from worktrial.readiness.items import Query, Scalar


def reached(office: Office, queries: Sequence[Query]) -> tuple[bool, ...]:
    """Which of a goal's queries return what they must, row by row and in order.

    What an office was flooded with until it cannot answer is not reached.

    Args:
        office: As it is now.
        queries: The parts of a goal.
    """
    return tuple(answered(office, query.sql) == list(query.rows) for query in queries)


def answered(office: Office, sql: str) -> list[tuple[Scalar, ...]] | None:
    """What a query returns; `None` if there is too much in the office to answer it."""
    try:
        return office.ask(sql)
    except ConfigError:
        return None

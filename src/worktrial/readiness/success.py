"""Whether goals are reached: what queries of an office return."""

from collections.abc import Sequence

from worktrial.office.office import Office
from worktrial.readiness.items import Query


def reached(office: Office, queries: Sequence[Query]) -> tuple[bool, ...]:
    """Which of a goal's queries return what they must, row by row and in order.

    Args:
        office: As it is now.
        queries: The parts of a goal.
    """
    return tuple(office.ask(query.sql) == list(query.rows) for query in queries)

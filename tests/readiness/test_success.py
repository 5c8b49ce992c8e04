"""Success: what a goal's queries must return, exactly."""

import pytest
from offices import bare

from worktrial.readiness.draw import open_office
from worktrial.readiness.items import Query
from worktrial.readiness.success import reached


@pytest.mark.parametrize(
    ("sql", "rows", "holds"),
    [
        ("select 1", ((1,),), True),
        ("select 1", ((2,),), False),
        ("select 1", (), False),
        ("select 1 where 0", (), True),
        ("select 1 union all select 2", ((1,), (2,)), True),
        ("select 1 union all select 2", ((2,), (1,)), False),
        ("select 1 union all select 2", ((1,),), False),
        ("select 'a', null, 1.5", (("a", None, 1.5),), True),
        ("select '1'", ((1,),), False),
    ],
)
def test_rows_are_compared_one_by_one_and_in_order(sql, rows, holds):
    assert reached(open_office(bare()), [Query(name="q", sql=sql, rows=rows)]) == (holds,)


def test_every_query_is_answered_by_itself():
    queries = [Query(name="q", sql=f"select {n}", rows=((1,),)) for n in range(3)]
    assert reached(open_office(bare()), queries) == (False, True, False)
    assert reached(open_office(bare()), []) == ()


def test_what_takes_too_long_to_answer_is_not_reached():
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n"
    query = Query(name="q", sql=endless, rows=((1,),))
    assert reached(open_office(bare()), [query]) == (False,)


def test_a_goal_cannot_change_the_office():
    office = open_office(bare())
    query = Query(name="q", sql="delete from memory", rows=())
    assert reached(office, [query]) == (False,)

"""How many solutions there are, by CP-SAT."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

MOST = 2
"""Counting stops there: more than one is more than one."""


def solutions(model: "CpModel", cells: Sequence["IntVar"], most: int = MOST) -> list[list[int]]:
    """Solve a model again and again, each time forbidding what was found.

    One thread and one seed, so that the same model gives the same solutions in the same order.

    Args:
        model: Its rules; it gets one more for each solution.
        cells: What tells two solutions apart.
        most: After how many to stop.
    """
    found: list[list[int]] = []
    while len(found) < most and (values := solved(model, cells)) is not None:
        found.append(values)
        model.add_forbidden_assignments(cells, [values])
    return found


def solved(model: "CpModel", cells: Sequence["IntVar"]) -> list[int] | None:
    """One solution's cells; `None` where there is none.

    Raises:
        TimeoutError: If it is not decided within `_WORK`; a puzzle that hard is not drawn.
    """
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = _WORK
    # Solutions are counted, so that none may be dropped for being like another; and doing so, or
    # looking for symmetries, makes OR-Tools 9.15 abort the process on some tables of words
    # (`Check failed: … VarToConstraints(var).empty()`).
    solver.parameters.keep_all_feasible_solutions_in_presolve = True
    solver.parameters.symmetry_level = 0
    status = solver.solve(model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return [solver.value(cell) for cell in cells]
    if status == cp_model.INFEASIBLE:
        return None
    raise TimeoutError("the puzzle is too hard to be decided")


_WORK = 20.0
"""Of CP-SAT's deterministic time, about seconds: the same on every machine."""

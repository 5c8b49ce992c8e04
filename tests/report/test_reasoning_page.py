"""The part of a report about puzzles: what it says, what it never says, what it lets nobody do."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from report import factory, puzzles
from report.test_page import Elements
from worktrial.evidence.findings import Estimate, Findings
from worktrial.reasoning.puzzles import Puzzle, Step
from worktrial.reasoning.stories import PuzzleStory, story_of
from worktrial.report import render, summary
from worktrial.report.generations import MOST_GENERATIONS, generations
from worktrial.report.reasoning import ReasoningReading, conclusion, trace_sentence
from worktrial.report.text import WIDTH
from worktrial.report.words import number, points, share

# A perfect or hopeless score over 12 puzzles, bounded at 95 %: the other 12 roots of .025.
LEAST = 0.025 ** (1 / 12)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return puzzles.findings(tmp_path_factory.mktemp("puzzles"), marks=True)


@pytest.fixture(scope="module")
def page(found: Findings) -> str:
    return render(found, puzzles.manifest("lab/judge"), {}, written=puzzles.written())


@pytest.fixture(scope="module")
def reading(found: Findings) -> ReasoningReading:
    return ReasoningReading(found)


def test_sections_come_in_their_order(page: str) -> None:
    names = "puzzles trace families proxies"
    assert re.findall(r'<h2 id="([\w-]+)"', page.partition('id="limits"')[2]) == [
        *names.split(),
        *factory.PAGE_TWO,
        "generations",
    ]


def test_every_link_leads_somewhere_and_every_id_is_unique(page: str) -> None:
    elements = Elements(page)
    ids = elements.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in elements.values("href") if href[0] == "#"} <= set(ids)
    assert set(" ".join(elements.values("aria-labelledby")).split()) <= set(ids)


def test_the_same_run_gives_the_same_bytes(found: Findings, page: str) -> None:
    again = render(found, puzzles.manifest("lab/judge"), {}, written=puzzles.written())
    assert again.encode() == page.encode()


def test_page_runs_no_script_and_asks_for_nothing(page: str) -> None:
    elements = Elements(page)
    assert not {tag for tag, _ in elements.tags} & {"script", "iframe", "object", "img"}
    assert all(href[0] == "#" or href == "data:," for href in elements.values("href"))
    assert not elements.values("src")


def test_nobody_is_said_to_have_reasoned(page: str, found: Findings) -> None:
    for text in (factory.without_methods(page), summary(found)):
        assert not re.search(r"\breason(s|ed)\b|\bthinks?\b|\bunderst", text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("worker", "solved", "credited", "gap"),
    [
        # Credit 1 and nothing solved; solved 1 and no gap; every step wrong.
        (
            "lab/shows",
            "Solved 0 [0, .26]",
            "with 1 [.74, 1]",
            "a trace gap of 100 points [47, 100]",
        ),
        ("lab/knows", "Solved 1 [.74, 1]", "with 1 [.74, 1]", "no trace gap is shown, 0 points"),
        ("lab/bluffs", "Solved 0 [0, .26]", "with 0 [0, .26]", "no trace gap is shown, 0 points"),
    ],
)
def test_sentence_says_what_is_solved_credited_and_their_gap(
    reading: ReasoningReading, worker: str, solved: str, credited: str, gap: str
) -> None:
    assert share(LEAST) == ".74"
    said = trace_sentence(reading, worker)
    assert f"{solved} of 12 puzzles (by blind guess " in said
    assert f"credited {credited}" in said
    assert gap in said


def test_no_credit_is_missing_and_said_not_to_be_zero(reading: ReasoningReading) -> None:
    said = trace_sentence(reading, "reference/guesser")
    assert said.endswith(
        "No step of its traces can be parsed, so there is no credit and no trace gap."
    )
    lost = trace_sentence(reading, "lab/lost")
    assert lost.startswith("What it solves is not known")
    assert lost.endswith("What its traces would be credited with is not known.")


def test_every_number_of_a_sentence_is_one_of_the_findings(
    found: Findings, reading: ReasoningReading
) -> None:
    for worker in reading.workers:
        mine = [e for e in found.estimates if e.worker == worker]
        values = [v for e in mine for v in (e.value, e.low, e.high) if v is not None]
        known = {unit(v) for v in values for unit in (share, points)} | {str(puzzles.ITEMS)}
        text = trace_sentence(reading, worker).split("cluster(s)")[0]
        assert set(re.findall(r"[−<]?(?:\d*\.)?\d+", text)) <= known | {"0"}


def test_every_estimate_of_a_worker_stands_on_the_page(page: str, found: Findings) -> None:
    mine = [e for e in found.estimates if e.arm == "traced" and e.value is not None]
    assert len(mine) > 100
    said = page.replace("\N{NO-BREAK SPACE}", " ")
    for estimate in mine:
        assert any(text in said for text in _written(estimate)), estimate.id


def _written(estimate: Estimate) -> Iterator[str]:
    yield from (number(estimate, unit).replace("<", "&lt;") for unit in (share, points))


def test_families_stand_beside_their_guess_and_all_at_the_end(page: str) -> None:
    table = page[page.index('id="solved-table"') :]
    first = table[table.index("<tbody") : table.index("</tbody>")]
    rows = re.findall(r'class="of">(.*?)</th>', first)
    assert rows == ["calculation (6)", "sudoku (6)", "all puzzles (12)"]
    # A blind guess finds the one missing digit of a row surely, and four in a row now and then.
    cells = page[page.index('id="parts-table"') :]
    assert re.search(r"sudoku \(6\)</th><td>.*?</td><td>\.\d+</td>", cells)


def test_one_family_alone_is_all_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = tuple(p for p in puzzles.puzzles() if p.family == "sudoku")
    monkeypatch.setattr(puzzles, "puzzles", lambda: alone)
    found = puzzles.findings(tmp_path, {"lab/knows": "oracle"})
    assert "Solved 1 [.54, 1] of 6 puzzles" in trace_sentence(ReasoningReading(found), "lab/knows")
    text = render(found, puzzles.manifest(), {})
    assert "all puzzles (" not in text
    assert text.count("sudoku (6)") == 2, "solved, parts"


def test_rows_of_proxies_draw_their_plain_conclusions(reading: ReasoningReading) -> None:
    credit = conclusion(reading, "lab/shows", "credit")
    assert "does not see the final answer: replacing it changes nothing" in credit
    assert "sees whose trace it is: another puzzle's costs" in credit
    # Every trace that is credited 1 belongs to a puzzle that is not solved.
    assert "pays for what is not solved: .74 at the least" in credit
    style = conclusion(reading, "lab/bluffs", "style")
    assert style.startswith("sees neither the answer nor the puzzle: it counts manners")
    assert "pays for what is not solved: .74 at the least" in style
    assert "pays" not in conclusion(reading, "lab/knows", "credit")


def test_judge_that_marks_a_wrong_answer_alike_is_not_said_to_see_it(
    reading: ReasoningReading,
) -> None:
    # .9 and .9 on 12 puzzles: the interval of the loss still holds more than 5 points.
    said = conclusion(reading, "lab/knows", "judge")
    assert "it cannot be told whether it sees the final answer" in said
    # .9 less .4.
    assert "another puzzle's costs 50 points" in said


def test_judge_is_named_and_rows_without_one_are_not_there(page: str, tmp_path: Path) -> None:
    assert "Judge: <bdi>lab/judge</bdi>" in page
    assert "a judge&#39;s mark" in page
    found = puzzles.findings(tmp_path, {"lab/knows": "oracle"})
    without = render(found, puzzles.manifest(), {})
    assert "Judge:" not in without
    assert "a judge&#39;s mark" not in without


def test_lost_generations_are_counted_and_not_solved_is_not_said(
    page: str, found: Findings
) -> None:
    table = page[page.index('id="reasoning-outcome-table"') :].split("</table>")[0]
    rows = dict(re.findall(r'<tr><th scope="row"><bdi>(.*?)</bdi></th>(.*?)</tr>', table))
    assert re.findall(r"<td>(.*?)</td>", rows["lab/lost"])[:5] == ["0", "0", "0", "0", "12"]
    assert re.findall(r"<td>(.*?)</td>", rows["lab/knows"])[:5] == ["12", "0", "0", "0", "0"]
    assert ReasoningReading(found).missed("lab/lost") == {"truncated": 0, "infrastructure": 12}


def test_broken_instrument_is_said_before_anything_else(found: Findings) -> None:
    claims = (found.claims[0].model_copy(update={"verdict": "missed"}), *found.claims[1:])
    text = render(found.model_copy(update={"claims": claims}), puzzles.manifest(), {})
    assert text.index("instrument is not sound") < text.index('id="puzzles"')


def test_empty_findings_still_make_a_page(found: Findings) -> None:
    empty = found.model_copy(update={"estimates": (), "claims": (), "outcomes": (), "cost": ()})
    text = render(empty, puzzles.manifest(), {})
    assert "Nobody was on trial" in text
    assert "No generation is told" in text


def test_gap_of_one_puzzle_alone_is_not_shown_as_if_it_were_sure(found: Findings) -> None:
    why = "1 paired cluster(s); an interval needs 2"

    def alone(e: Estimate) -> Estimate:
        less = {"value": 1.0, "low": None, "high": None, "why": why}
        return e.model_copy(update=less) if (e.gap, e.worker) == ("trace", "lab/knows") else e

    rest = tuple(map(alone, found.estimates))
    alone_found = found.model_copy(update={"estimates": rest})
    said = trace_sentence(ReasoningReading(alone_found), "lab/knows")
    assert said.endswith(f"a trace gap of 100 points, of which nothing is sure ({why}).")
    assert f"trace gap without an interval: {why}" in summary(alone_found)


# --- generations -------------------------------------------------------------------------------


def test_solution_stands_beside_the_answer_and_steps_are_marked() -> None:
    (story,) = [s for s in puzzles.told("fumbler", 12) if s.puzzle.id == "sudoku-easy-1"]
    ((shown,),) = [worker.generations for worker in generations(["a"], {"a": [story]})]
    assert (shown.solved, shown.credit, shown.outcome) == ("no", "1", "ok")
    assert [row.name for row in shown.cells.rows] == list(story.puzzle.solution)
    for row, right in zip(shown.cells.rows, story.puzzle.solution.values(), strict=True):
        solution, answer, word = (cell.text for cell in row.cells)
        assert solution == right
        assert answer != right
        assert word == "not right"
    assert len(shown.steps) == len(story.puzzle.solution)
    assert all(step.valid for step in shown.steps)


def test_bluffed_steps_are_marked_not_so() -> None:
    story = puzzles.told("stylist", 1)[0]
    ((shown,),) = [worker.generations for worker in generations(["a"], {"a": [story]})]
    assert shown.steps
    assert not any(step.valid for step in shown.steps)


def test_what_is_not_written_is_told_from_what_is_not_right() -> None:
    story = replace(puzzles.told("oracle", 1)[0], cells=None)
    ((shown,),) = [worker.generations for worker in generations(["a"], {"a": [story]})]
    assert {row.cells[2].text for row in shown.cells.rows} == {"not written"}


def test_what_the_marks_alone_would_not_say_is_said() -> None:
    puzzle, text = puzzles.puzzles()[0], "STEP: nothing"
    cut_off, lost = (
        story_of(puzzles.sample(puzzle, text, stop="max_tokens")),
        story_of(puzzles.sample(puzzle, "", fault="down")),
    )
    over = replace(
        puzzles.told("oracle", 1)[0], measures={"parts": 1.0, "solved": 0.0, "credit": None}
    )
    notes = [
        g.note for w in generations(["a"], {"a": [cut_off, lost, over]}) for g in w.generations
    ]
    assert "cut off" in notes[0]
    assert "missing, and not wrong" in notes[1]
    assert "a rule is broken" in notes[2]


def test_only_so_many_generations_are_shown() -> None:
    (worker,) = generations(["a"], {"a": puzzles.told("half", 12)})
    assert len(worker.generations) == MOST_GENERATIONS


def hostile_story(text: str) -> PuzzleStory:
    """A generation in which everything says the same, three hundred times."""
    puzzle = Puzzle(
        id=text[:500], family="sudoku", level="easy", text=text, form="", data={},
        solution={text[:500] + str(n): text[:500] for n in range(300)},
    )  # fmt: skip
    return PuzzleStory(
        puzzle=puzzle, replicate=2, outcome="ok", trace=text, answer=text,
        cells=dict.fromkeys(puzzle.solution, text),
        steps=tuple(Step(text, valid=n % 2 == 0) for n in range(300)),
        measures={"solved": 0.0, "parts": 0.5, "credit": 0.5, "steps": 300.0},
    )  # fmt: skip


@pytest.mark.parametrize("hostile", factory.HOSTILE)
def test_hostile_texts_and_names_are_text_and_nothing_else(
    page: str, hostile: str, tmp_path: Path
) -> None:
    safe = hostile.encode("utf-8", "backslashreplace").decode()
    found = puzzles.findings(tmp_path, {safe: "fumbler"})
    text = render(found, puzzles.manifest(safe), {}, written={safe: [hostile_story(hostile)]})
    text.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069]", text)
    tags = {tag for tag, _ in Elements(text).tags}
    assert tags <= {tag for tag, _ in Elements(page).tags}
    assert not any(key.startswith("on") for _, attrs in Elements(text).tags for key in attrs)


@pytest.mark.parametrize("text", ["x" * 10_000_000, "x\n" * 5_000_000, "三" * 10_000_000])
def test_ten_megabytes_are_cut_and_say_so(found: Findings, text: str) -> None:
    shown = render(found, puzzles.manifest(), {}, written={"lab/knows": [hostile_story(text)]})
    assert len(shown) < 400_000
    assert "more characters" in shown
    assert "240 more are in the log" in shown, "of 300 cells and steps 60 are shown"


# --- the terminal ------------------------------------------------------------------------------


def test_the_terminal_has_a_row_a_worker_in_width(found: Findings) -> None:
    text = summary(found)
    assert max(map(len, text.splitlines())) <= WIDTH
    assert re.search(r"lab/shows +0 \[0, \.26\] +\S+ .* 100 \[47, 100\] +0, 0", text)
    assert re.search(r"lab/lost .* 0, 12\n", text)
    assert "fidelity" not in text
    order = [text.index(f"\n{name}") for name in sorted(puzzles.WORKERS)]
    assert order == sorted(order)


def test_long_and_hostile_names_neither_break_lines_nor_reach_the_terminal(tmp_path: Path) -> None:
    names = [f"{'long/' * 40}{i}\x1b[2J\u202e" for i in range(2)]
    text = summary(puzzles.findings(tmp_path, dict.fromkeys(names, "fumbler")))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)


def test_puzzles_beside_a_relay_leave_the_relay_as_it_was(found: Findings) -> None:
    relay, manifest = factory.findings(), puzzles.manifest()
    both = relay.model_copy(update={"estimates": (*found.estimates, *relay.estimates)})
    measured = {**factory.manifest().measurement, **manifest.measurement}
    page = render(both, manifest.model_copy(update={"measurement": measured}), {})
    assert {"gap", "puzzles"} <= set(
        re.findall(r'<h2 id="(\w+)"', page.partition('id="limits"')[2])
    )
    assert summary(both).count("fidelity") >= 2

"""The part of a report about an ablation: what it says, what it shows, what it lets nobody do."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from report import ablations, factory
from report.test_page import Elements
from worktrial.evidence.findings import Findings
from worktrial.instruction.arms import EMPTY, FORMAT_ONLY, FULL
from worktrial.instruction.stories import AblateStory, story_of
from worktrial.report import render, summary
from worktrial.report.contrasts import (
    MOST_CONTRASTS,
    Ablated,
    Contrast,
    Told,
    clipped,
    shown,
    shown_workers,
)
from worktrial.report.instruction import (
    MEASURES,
    AblateReading,
    Measure,
    conclusion,
    instruction_sentence,
    missing,
)
from worktrial.report.text import WIDTH
from worktrial.report.words import number, points, share

# A perfect or hopeless score over 12 items, bounded at 95 %: the other 12 roots of .025.
LEAST = 0.025 ** (1 / 12)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return ablations.findings(tmp_path_factory.mktemp("ablation"))


@pytest.fixture(scope="module")
def page(found: Findings) -> str:
    return render(found, ablations.manifest(), {}, ablated=ablations.ablated())


@pytest.fixture(scope="module")
def reading(found: Findings) -> AblateReading:
    return AblateReading(found)


def measure(metric: str) -> Measure:
    return next(m for m in MEASURES if m.metric == metric)


def rows_of(page: str, table: str, worker: str) -> dict[str, list[str]]:
    """The rows of a worker's group: the cells by what the row is of."""
    text = page[page.index(f'id="{table}"') :].split("</table>")[0]
    (group,) = (g for g in text.split("<tbody")[1:] if f"<bdi>{worker}</bdi>" in g)
    rows = re.findall(r'class="of">(.*?)</th>(.*?)</tr>', group)
    return {name: re.findall(r"<td>(.*?)</td>", cells) for name, cells in rows}


def test_sections_come_in_their_order(page: str) -> None:
    names = "instruction ablated measures wording"
    assert re.findall(r'<h2 id="([\w-]+)"', page.partition('id="limits"')[2]) == [
        *names.split(),
        *factory.PAGE_TWO,
        "contrasts",
    ]


def test_every_link_leads_somewhere_and_every_id_is_unique(page: str) -> None:
    elements = Elements(page)
    ids = elements.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in elements.values("href") if href[0] == "#"} <= set(ids)
    assert set(" ".join(elements.values("aria-labelledby")).split()) <= set(ids)


def test_the_same_run_gives_the_same_bytes(found: Findings, page: str) -> None:
    again = render(found, ablations.manifest(), {}, ablated=ablations.ablated())
    assert again.encode() == page.encode()


def test_page_runs_no_script_and_asks_for_nothing(page: str) -> None:
    elements = Elements(page)
    assert not {tag for tag, _ in elements.tags} & {"script", "iframe", "object", "img"}
    assert all(href[0] == "#" or href == "data:," for href in elements.values("href"))
    assert not elements.values("src")


@pytest.mark.parametrize(
    ("worker", "said"),
    [
        ("lab/obeys", "Scored 1 [.74, 1] with the instruction and 0 [0, .26] with the form alone"),
        ("lab/obeys", "the instruction adds 100 points [47, 100]"),
        ("lab/obeys", "Of its rise over the bare input, form alone explains 0 ["),
        ("lab/recalls", "that it adds anything is not shown, 0 points ["),
        # Nothing rises, so there is nothing to be a share of.
        ("lab/recalls", "No share of it is put down to form (what it is a share of may be 0)."),
        ("lab/lost", "What the instruction adds is not known: "),
    ],
)
def test_sentence_says_what_the_instruction_adds(
    reading: AblateReading, worker: str, said: str
) -> None:
    assert share(LEAST) == ".74"
    assert said in instruction_sentence(reading, worker)


def test_arms_that_were_not_run_are_the_reason_given(tmp_path: Path) -> None:
    found = ablations.findings(tmp_path, {"lab/obeys": "oracle"}, arms=(FULL, FORMAT_ONLY))
    reading = AblateReading(found)
    said = instruction_sentence(reading, "lab/obeys")
    assert "(not run: it needs full and format_only and empty)" in said
    assert missing(reading, "lab/obeys", measure("stickiness")) == "not run: it needs wrong"
    assert conclusion(reading, "lab/obeys", measure("stickiness")) == ""
    assert reading.arms == [FULL, FORMAT_ONLY]
    alone = AblateReading(ablations.findings(tmp_path, {"lab/obeys": "oracle"}, arms=(EMPTY,)))
    assert instruction_sentence(alone, "lab/obeys") == (
        "What the instruction adds is not known: not run: it needs full and format_only."
    )


@pytest.mark.parametrize(
    ("worker", "metric", "said"),
    [
        ("lab/obeys", "score", "the instruction is used"),
        # 0 of 12 is 0 [0, .26]: below .25 and the 5 points that do not matter.
        ("lab/obeys", "stickiness", "the own answer comes no more often than by guess (.25)"),
        ("lab/recalls", "stickiness", "more often than by guess (.25): another task is not read"),
        ("lab/recalls", "wrong_key", "asks less than four times in five"),
        # 1 [.74, 1]: .8 lies within.
        ("lab/obeys", "wrong_key", "it cannot be told whether another instruction is followed"),
        ("lab/recalls", "flip_compliance", "new names of answers are followed less than four"),
        ("lab/recalls", "score", "it cannot be told whether the instruction is used"),
        ("lab/recalls", "format_share", ""),
        ("lab/obeys", "wording_spread", "no form is shown to score otherwise than full"),
        ("reference/literalist", "input_use", "the input is used"),
        ("lab/obeys", "format_penalty", "it cannot be told whether right answers are lost"),
        ("lab/lost", "score", ""),
    ],
)
def test_each_measure_allows_its_plain_conclusion(
    reading: AblateReading, worker: str, metric: str, said: str
) -> None:
    found = conclusion(reading, worker, measure(metric))
    assert said in found
    assert bool(said) == bool(found)


@pytest.mark.parametrize(
    ("metric", "low", "high", "said"),
    [
        ("score", -0.3, -0.1, "the score is lower with the instruction"),
        ("score", -0.1, 0.04, "adds less than 5 points"),
        ("format_kept", 0.1, 0.4, "less than half of the score stays"),
        ("format_kept", 0.6, 0.9, "stays without the instruction, guesses included"),
        ("format_share", 0.6, 0.9, "mostly form"),
        ("format_share", 0.1, 0.4, "not mostly form"),
        ("format_share", 0.4, 0.6, "it cannot be told whether more than half is form"),
        ("flip_compliance", 0.85, 1.1, "followed, at least four times in five"),
        ("input_use", -0.02, 0.03, "the score is there without it"),
        ("format_penalty", 0.1, 0.3, "right answers in another form are not counted"),
        ("format_penalty", -0.3, -0.1, "our lenient reading does not"),
        ("format_penalty", -0.01, 0.01, "less than 5 points are lost"),
    ],
)
def test_a_conclusion_follows_from_bounds_alone(
    found: Findings, metric: str, low: float, high: float, said: str
) -> None:
    wanted, whose = measure(metric), "reference/literalist"
    bounded = tuple(
        e.model_copy(update={"low": low, "high": high})
        if (e.worker, e.metric, e.arm, e.gap) == (whose, metric, wanted.arm, wanted.gap)
        else e
        for e in found.estimates
    )
    reading = AblateReading(found.model_copy(update={"estimates": bounded}))
    assert said in conclusion(reading, whose, wanted)


def test_wordings_that_surely_score_otherwise_are_named(found: Findings) -> None:
    apart = tuple(
        e.model_copy(update={"value": 0.2, "low": 0.1, "high": 0.3})
        if (e.worker, e.metric, e.minus_arm) == ("lab/obeys", "wording", "full-3")
        else e
        for e in found.estimates
    )
    reading = AblateReading(found.model_copy(update={"estimates": apart}))
    said = conclusion(reading, "lab/obeys", measure("wording_spread"))
    assert said.endswith("full less full-3 20 [10, 30]")


def test_one_item_alone_shows_nothing_as_if_it_were_sure(tmp_path: Path) -> None:
    reading = AblateReading(ablations.findings(tmp_path, {"lab/obeys": "oracle"}, items=1))
    assert "nothing is sure" in conclusion(reading, "lab/obeys", measure("score"))
    assert "of which nothing is sure, of 100 points" in instruction_sentence(reading, "lab/obeys")


def test_every_arm_has_its_score_guess_and_lenient_reading(page: str) -> None:
    rows = rows_of(page, "ablated-table", "lab/obeys")
    assert [name.split(":")[0] for name in rows] == list(ablations.ARMS)
    score, guess, beyond, lenient = rows["full: as the task shows it"]
    assert ">1 [.74, 1]<" in score
    assert guess == ".25"
    # (.735 − .25) / .75 = .65.
    assert ">1 [.65, 1]<" in beyond
    assert ">1 [.74, 1]<" in lenient
    # Who has nothing to say: (0 − .25) / .75 = −.33, (.265 − .25) / .75 = .02.
    empty = rows["empty: input alone"]
    assert ">0 [0, .26]<" in empty[0]
    assert ">−.33 [−.33, .02]<" in empty[2]


def test_free_text_has_no_lenient_reading_and_says_so(tmp_path: Path) -> None:
    found = ablations.findings(tmp_path, {"lab/obeys": "oracle"}, kind="text")
    text = render(found, ablations.manifest(kind="text"), {})
    cells = rows_of(text, "ablated-table", "lab/obeys")["full: as the task shows it"]
    assert cells[1] == "0"
    assert "not read in this task" in cells[3]


def test_every_estimate_of_a_worker_stands_on_the_page(page: str, found: Findings) -> None:
    silent = ("guess", "wording")
    mine = [e for e in found.estimates if e.minus_worker is None and e.metric not in silent]
    known = [e for e in mine if e.value is not None and e.worker != "*"]
    assert len(known) > 100
    text = page.replace("\N{NO-BREAK SPACE}", " ")
    for e in known:
        assert any(number(e, unit).replace("<", "&lt;") in text for unit in (share, points)), e.id


def test_chart_has_a_panel_a_worker_with_every_arm_and_a_description(page: str) -> None:
    named = page.index('aria-labelledby="ablation-arms-title ablation-arms-desc"')
    drawing = page[named:].split("</svg>")[0]
    assert '<title id="ablation-arms-title">Scores under every arm</title>' in drawing
    for arm in ablations.ARMS:
        assert len(re.findall(rf">\s*{arm}\s*</text>", drawing)) == len(ablations.WORKERS)
    assert "literalist (simulated)" in drawing


def test_what_each_arm_showed_stands_there_with_what_was_kept_as_form(page: str) -> None:
    section = page[page.index('id="wording"') : page.index('id="outcomes"')]
    assert "<pre>Which letter? Reply with a letter.</pre>" in section
    assert "<pre>Reply with a letter.</pre>" in section
    for arm in ablations.ARMS:
        assert f'<pre class="shown">{arm} of item-00</pre>' in section


def test_arms_that_the_task_does_not_allow_are_named_with_the_reason(found: Findings) -> None:
    without = replace(ablations.ablated(), left_out={"permuted": "its answers are open"})
    text = render(found, ablations.manifest(), {}, ablated=without)
    assert "<bdi>permuted</bdi>: <bdi>its answers are open</bdi>" in text


def test_changed_items_stand_side_by_side(page: str) -> None:
    section = page[page.index('id="contrasts"') :]
    assert "12 higher with the instruction, 0 lower." in section
    assert '<pre class="shown">full of item-00</pre>' in section
    assert '<pre class="shown">format_only of item-00</pre>' in section
    assert "<pre>ANSWER: A</pre>" in section
    assert "<pre>…</pre>" in section, "who is mute without an instruction"


def test_lost_samples_are_counted_and_missing(page: str) -> None:
    table = page[page.index('id="ablate-outcome-table"') :].split("</table>")[0]
    rows = dict(re.findall(r'<tr><th scope="row"><bdi>(.*?)</bdi></th>(.*?)</tr>', table))
    every = len(ablations.ARMS) * ablations.ITEMS
    lost = ["0", "0", "0", "0", str(every), "0"]
    assert re.findall(r"<td>(.*?)</td>", rows["lab/lost"]) == lost
    assert re.findall(r"<td>(.*?)</td>", rows["lab/recalls"])[0] == str(every)


def test_empty_findings_still_make_a_page(found: Findings) -> None:
    empty = found.model_copy(update={"estimates": (), "claims": (), "outcomes": (), "cost": ()})
    text = render(empty, ablations.manifest(), {})
    assert "Nobody was on trial" in text
    assert "No item is told" in text
    assert "No item is shown" in text


# --- items -------------------------------------------------------------------------------------


def test_a_story_has_the_prompt_before_the_first_answer() -> None:
    told = ablations.story("memoriser", 2, "wrong")
    assert (told.item, told.arm, told.target, told.score) == ("item-02", "wrong", "C", 1)
    assert told.prompt == (("user", "wrong of item-02"),)
    assert told.completion == "ANSWER: C"
    lost = story_of(ablations.sample("lost", 0, FULL))
    assert (lost.outcome, lost.score, lost.prompt) == ("infrastructure", None, ())


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    text = "a" * 1_600 + "b" * 5_000 + "c" * 800
    assert clipped(text) == f"{'a' * 1_600}\n… 5,000 more characters …\n{'c' * 800}"
    assert clipped("a" * 2_400) == "a" * 2_400


def test_only_so_many_items_are_shown_in_each_direction() -> None:
    many = [ablations.contrast(number=n) for n in range(9)]
    (worker,) = shown_workers(["a"], {"a": Told(many, many, 9, 9)})
    assert len(worker.contrasts) == 2 * MOST_CONTRASTS
    assert [c.direction for c in worker.contrasts] == ["gained"] * 3 + ["lost"] * 3


def hostile_story(text: str, arm: str = FULL) -> AblateStory:
    """A sample in which everything says the same."""
    return AblateStory(
        item=text, arm=arm, replicate=2, outcome="ok", score=0.5, target=text,
        prompt=tuple((text[:20], text) for _ in range(100)), completion=text,
    )  # fmt: skip


def hostile(text: str, worker: str) -> Ablated:
    """An ablation in which everything says the same."""
    pair = Contrast(hostile_story(text), hostile_story(text, FORMAT_ONLY))
    return Ablated(
        instruction=text, kept=text, arms=[hostile_story(text)], left_out={text[:300]: text[:300]},
        told={worker: Told([pair], [pair], 1, 1)},
    )  # fmt: skip


@pytest.mark.parametrize("said", factory.HOSTILE)
def test_hostile_texts_and_names_are_text_and_nothing_else(
    page: str, said: str, tmp_path: Path
) -> None:
    safe = said.encode("utf-8", "backslashreplace").decode()
    found = ablations.findings(tmp_path, {safe: "guesser"}, arms=(FULL, FORMAT_ONLY))
    text = render(found, ablations.manifest(), {}, ablated=hostile(said, safe))
    text.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e\u2066-\u2069]", text)
    tags = {tag for tag, _ in Elements(text).tags}
    assert tags <= {tag for tag, _ in Elements(page).tags} | {"ul"}
    assert not any(key.startswith("on") for _, attrs in Elements(text).tags for key in attrs)


@pytest.mark.parametrize(
    "said", ["x" * 10_000_000, "x\n" * 5_000_000, "三" * 10_000_000], ids=["x", "lines", "三"]
)
def test_ten_megabytes_are_cut_and_say_so(found: Findings, said: str) -> None:
    text = render(found, ablations.manifest(), {}, ablated=hostile(said, "lab/obeys"))
    assert len(text) < 400_000
    assert "9,997,600 more characters" in text
    assert "94 more messages are in the log" in text
    assert shown(hostile_story("short")).more_messages == 94


# --- the terminal ------------------------------------------------------------------------------


def test_the_terminal_has_a_row_a_worker_in_width(found: Findings) -> None:
    text = summary(found)
    assert max(map(len, text.splitlines())) <= WIDTH
    order = [text.index(f"\n{name}") for name in sorted(ablations.WORKERS)]
    assert order == sorted(order)

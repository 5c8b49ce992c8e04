"""What a user brings to a report: public scores and weights, and what they may not be."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from readiness.observed import observation
from report import factory, offices
from worktrial.cli.main import main
from worktrial.cli.report import show
from worktrial.comparison.panel import Panel
from worktrial.comparison.public import METRICS, AtWork, compare_public
from worktrial.errors import ConfigError
from worktrial.estimate import Normal, Proportion, Stated
from worktrial.evidence import Evidence, RunFolder, write_evidence
from worktrial.evidence.findings import Estimate, Findings, RunFacts
from worktrial.protocol import Measurement
from worktrial.report import bring, public_page, public_text, publish
from worktrial.report.brought import read_weights
from worktrial.report.leaderboard import Leaderboard, matched, read_leaderboard
from worktrial.report.methods import method_of
from worktrial.report.public import PublicPage, verdict
from worktrial.running.trials import TRIALS
from worktrial.trial import Found

SCORES = """model,benchmark,score,items
able,GPQA,81.5,198
other/careful,GPQA,95,198
nobody/else,GPQA,12,198
able,SWE,1,
"""


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """Two workers; by success the able one is first, by privacy the careful one."""
    folder = RunFolder(tmp_path / "run").writable()
    folder.protocol.write_text(offices.manifest().text())
    offices.evidence(folder.path, {"lab/able": 0.95, "lab/careful": 0.4})
    return folder


def put(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# --- reading ---


def test_scores_are_read_by_benchmark_and_model(tmp_path: Path) -> None:
    found = read_leaderboard(put(tmp_path / "l.csv", "\ufeff" + SCORES)).benchmarks
    over = Proportion(198, top=100)
    assert found["GPQA"] == {
        "able": Stated(81.5, over), "other/careful": Stated(95, over), "nobody/else":
        Stated(12, over),
    }  # fmt: skip
    assert found["SWE"] == {"able": Stated(1)}


def test_columns_may_stand_in_any_order_and_values_in_quotes(tmp_path: Path) -> None:
    text = 'score, model ,benchmark\n1,"a, b",X\n\n2,c,X\n'
    found = read_leaderboard(put(tmp_path / "l.csv", text)).benchmarks
    assert found == {"X": {"a, b": Stated(1), "c": Stated(2)}}


def test_errors_are_read_as_they_are_stated(tmp_path: Path) -> None:
    text = (
        "model,benchmark,score,items,low,high,stderr\n"
        "a,X,0.5,20,,,\nb,X,0.7,,0.6,0.9,\nc,X,0.4,,,,0.1\nd,X,0.1,,,,\n"
    )
    found = read_leaderboard(put(tmp_path / "l.csv", text)).benchmarks["X"]
    assert found["a"] == Stated(0.5, Proportion(20))
    assert found["b"].bounds(0.95) == pytest.approx((0.6, 0.9))
    assert found["c"] == Stated(0.4, Normal(0.1, 0.1))
    assert found["d"] == Stated(0.1)


def test_benchmark_is_in_percent_if_one_of_its_scores_is_above_1(tmp_path: Path) -> None:
    text = "model,benchmark,score,items\na,X,1,20\nb,X,1.5,20\na,Y,1,20\nb,Y,0.5,20\n"
    found = read_leaderboard(put(tmp_path / "l.csv", text)).benchmarks
    assert found["X"]["a"] == Stated(1, Proportion(20, top=100))
    assert found["Y"]["a"] == Stated(1, Proportion(20, top=1))


def test_names_of_benchmarks_are_made_safe_and_stay_apart(tmp_path: Path) -> None:
    long = "x" * 70
    text = f"model,benchmark,score\na,{long}1,1\na,{long}2,2\na,\x1b[31mred\u202e,3\n"
    found = read_leaderboard(put(tmp_path / "l.csv", text)).benchmarks
    cut = "x" * 59 + "…"
    assert list(found) == [cut, f"{cut} (2)", "\\x1b[31mred\\u202e"]
    assert found[f"{cut} (2)"] == {"a": Stated(2)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1 must be model,benchmark,score"),
        ("model,score\na,1\n", "line 1 must be"),
        ("model,benchmark,score\n", "holds no score"),
        ("model,benchmark,score\na,X,good\n", "line 2: `score` must be a number, got 'good'"),
        ("model,benchmark,score\na,X,nan\n", "must be a number"),
        ("model,benchmark,score\na,X,inf\n", "must be a number"),
        ("model,benchmark,score\na,X\n", "line 2 must have 3 values, got 2"),
        ("model,benchmark,score\n,X,1\n", "line 2: `model` and `benchmark` must be there"),
        ("model,benchmark,score\na,X,1\na,X,2\n", "line 3: 'a' has a score in 'X' already"),
        ('model,benchmark,score\n"a,X,1\n', "unexpected end"),
        ("model,benchmark,score,items,items\n", "line 1 must be model,benchmark,score, and may"),
        ("model,benchmark,score,date\na,X,1,2\n", "may have items, low, high, stderr; got"),
        *(
            (f"model,benchmark,score,items,low,high,stderr\na,X,{row}\n", f"line 2: .*{says}")
            for row, says in (
                ("50,0,,,", "`items` must be at least 1, got 0"),
                ("50,2.5,,,", "`items` must be a whole number, got 2.5"),
                ("50,many,,,", "`items` must be a number, got 'many'"),
                ("50,1e999,,,", "`items` must be a number"),
                ("101,9,,,", r"`score` must lie in \[0, 100\] to be over items, got 101"),
                ("-1,9,,,", r"`score` must lie in \[0, 1\] to be over items, got -1"),
                ("50,,51,52,", "`low` ≤ `score` ≤ `high` must hold, got 51, 50, 52"),
                ("50,,50,50,", "an error must be more than 0"),
                ("50,,,,0", "`stderr` must be more than 0, got 0; leave it empty"),
                ("50,,,,-1", "`stderr` must be more than 0, got -1"),
                ("50,9,40,60,", "in one of these ways; got items and low and high"),
                ("50,,40,60,2", "in one of these ways; got low and high and stderr"),
                ("50,9,,,2", "in one of these ways; got items and stderr"),
                ("50,,40,,", "in one of these ways; got low"),
            )
        ),
        (b"model,benchmark,score\n\xff,X,1\n", "is not UTF-8"),
        ("x" * 1_000_001, "at most 1,000,000 bytes"),
        ("model,benchmark,score\n" + "".join(f"{n},X,1\n" for n in range(10_001)), "10,000 lines"),
        ("model,benchmark,score\n" + "".join(f"a,{n},1\n" for n in range(13)), "12 benchmarks"),
    ],
)
def test_bad_scores_are_said_in_one_line(tmp_path: Path, text: str | bytes, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as error:
        read_leaderboard(put(tmp_path / "l.csv", text))
    assert "--leaderboard" in str(error.value)


@pytest.mark.parametrize(
    "text", ["privacy: 2\ntask_success: 1\n", '{"privacy": 2, "task_success": 1}']
)
def test_weights_are_read_from_yaml_and_json(tmp_path: Path, text: str) -> None:
    assert read_weights(put(tmp_path / "w", text)) == {"privacy": 2.0, "task_success": 1.0}


@pytest.mark.parametrize(
    "text",
    ["", "[]", "privacy", "privacy: -1", "privacy: .nan", "privacy: .inf", "privacy: yes",
     "privacy: '1'", "speed: 1", "privacy: 0", "privacy: 1\nprivacy: 2", "a: &b 1\nc: *b",
     "privacy: {a: 1}", "!!python/object/apply:os.system ['true']", "\x00"],
)  # fmt: skip
def test_bad_weights_are_said_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="--weights") as error:
        read_weights(put(tmp_path / "w", text))
    assert "\n" not in str(error.value).strip()


def test_models_are_found_by_name_or_by_what_follows_the_last_slash() -> None:
    workers = ["lab/a", "lab/b", "c", "lab/d", "host/lab/e", "lab/f"]
    models = ["lab/a", "other/a", "b", "x/c", "one/d", "two/d", "e", "F"]
    assert matched(workers, models) == {
        "lab/a": "lab/a",  # the whole name goes first
        "lab/b": "b",
        "c": "x/c",
        "host/lab/e": "e",  # d could be two, and F is not f
    }


# --- ranks ---


def _change(value: float, low: float | None, high: float | None) -> Estimate:
    return Estimate(
        id="x", trial="office", metric="rank_change", worker="w", value=value, low=low, high=high
    )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (_change(1, 1, 2), "differs"),
        (_change(-2, -2, -1), "differs"),
        (_change(1, 0, 2), "cannot tell"),
        (_change(0, -1, 1), "cannot tell"),
        (_change(0, 0, 0), "agrees"),
        (_change(0, None, None), "cannot tell"),
        (None, "cannot tell"),
    ],
)
def test_verdict_is_read_off_the_bounds_of_the_change(change: Estimate | None, word: str) -> None:
    assert verdict(change) == word


def _page(scores: dict[str, Stated], **means: float) -> PublicPage:
    """Of one benchmark and one measure, on thirty items on which everyone scores the same."""
    at_work = np.array(list(means.values()))[:, None] + np.zeros((len(means), 30))
    public = {w: scores[m] for w, m in matched(list(means), list(scores)).items()}
    found = compare_public("X", public, [AtWork("reasoning", tuple(means), at_work, arm="solved")])
    others = [
        Estimate(id=w, trial="reasoning", metric="solved", worker=w, value=0.5) for w in means
    ]
    facts = RunFacts(seed=7, course="pocket", protocol_sha256="0" * 64, versions={})
    findings = Findings(
        run=facts, estimates=(*others, *found), claims=(), outcomes=(), cost=()
    )  # fmt: skip
    return public_page(findings, Leaderboard(Path("l.csv"), {"X": scores}))


def _even(**scores: float) -> dict[str, Stated]:
    return {model: Stated(score, Normal(1, 1)) for model, score in scores.items()}


def test_level_in_public_and_apart_at_work_cannot_be_told_to_differ() -> None:
    # In public b and c are level, and a is surely first; at work a, b, c are surely 3, 1, 2.
    page = _page(_even(a=90, b=51, c=50, d=7), a=0.1, b=0.8, c=0.5, e=0.9)
    [found] = page.tables
    assert found.table.columns == ["worker", "score", "public rank", "puzzles solved"]
    rows = {row.name: [cell.text for cell in row.cells] for row in found.table.rows}
    assert rows == {
        "a": ["90", "1 [1, 1]", "3 [3, 3]"],
        "b": ["51", "2 [2, 3]", "1 [1, 1]"],
        "c": ["50", "3 [2, 3]", "2 [2, 2]"],
    }
    notes = {row.name: row.cells[-1].note for row in found.table.rows}
    assert notes == {"a": "differs", "b": "differs", "c": "cannot tell"}
    assert found.left_out == (
        "Without a public score, or with more than one that may be meant: e.",
        "On the leaderboard, not on trial: d.",
    )
    # Of three pairs those of a are turned, and that of b and c is open: (0 or 2 less 2)/3.
    assert page.agreement is not None
    [row] = page.agreement.rows
    assert (row.name, row.cells[0].text) == ("X", "−.33 [−1, −.33]")


def test_score_says_its_error_and_under_what_name_it_stands() -> None:
    scores = {"lab/a": Stated(-3, Normal(1, 1)), "b": Stated(70)}
    [found] = _page(scores, a=0.5, b=0.4).tables
    notes = {row.name: row.cells[0].note for row in found.table.rows}
    assert notes == {"a": "[−4.96, −1.04]; there as lab/a", "b": "no error stated"}
    assert found.table.rows[0].cells[0].text == "−3"


def test_unknown_uncertainty_is_said_in_the_table_below_it_and_in_the_chart() -> None:
    [found] = _page({"a": Stated(3), "b": Stated(2)}, a=0.1, b=0.9).tables
    public, work = found.table.rows[0].cells[1:]
    assert (public.text, public.note) == ("1", "uncertainty unknown")
    assert (work.text, work.note) == ("2 [2, 2]", "cannot tell")
    assert found.left_out == (
        "How sure the public rank is cannot be known, since no error of the score is stated: a, b.",
    )
    assert found.chart is not None
    assert found.chart.count(">?<") == 2


def test_one_who_is_found_alone_has_no_rank() -> None:
    page = _page(_even(a=3), a=0.5, b=0.4)
    [found] = page.tables
    assert [cell.text for cell in found.table.rows[0].cells] == ["3", "–"]
    assert found.left_out[0] == "Of those on trial 1 can be found in it; a rank needs two."
    assert (found.chart, page.agreement) == (None, None)


def test_long_list_of_others_is_cut() -> None:
    [found] = _page({f"m{n}": Stated(1) for n in range(50)}, a=0.5).tables
    assert found.left_out[-1].endswith("and 30 more.")


def test_hostile_names_are_shown_and_do_nothing() -> None:
    names = {name: Stated(n, Normal(1, 1)) for n, name in enumerate(factory.HOSTILE)}
    page = _page(names, **{name: 0.1 * n for n, name in enumerate(factory.HOSTILE)})
    text = public_text(page)
    assert not any(character in text for character in "\x1b\x00\x07\u202e\u200b\ud800")
    assert max(map(len, text.splitlines())) <= 110
    [found] = page.tables
    assert found.chart is not None
    assert "<script" not in found.chart
    assert "<title" in found.chart
    assert "<desc" in found.chart


# --- the whole way ---


class Solved:
    """As much of another trial as a report needs of it: the able one solves nothing."""

    name, task, job, mapping = "reasoning", "worktrial/reasoning", None, "rules"

    def findings(self, *_: object, **__: object) -> Found:
        return Found((), (), (), ())

    def panel(self, _: Evidence, __: Measurement, workers: Sequence[str]) -> Panel:
        scores = np.array([[[0.9, float("careful" in w)]] * 30 for w in workers])
        return Panel(
            trial="reasoning", gap="trace", metric="solved", proxy="credit", work="solved",
            in_words=("", ""), workers=tuple(workers), items=("",) * 30, steps=(0, 1),
            scores=scores, curved=False,
        )  # fmt: skip


def test_report_shows_where_the_public_rank_differs(
    run: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brought = bring(run, leaderboard=put(tmp_path / "l.csv", SCORES), weights=None)
    show(run, as_json=False, brought=brought)
    page, text = run.report.read_text(), capsys.readouterr().out
    assert "In public and at work" in page
    assert '<a href="#public">' in page
    assert "On the leaderboard, not on trial: nobody/else." in page
    ranks = [e for e in Findings.read(run.findings).estimates if e.metric in METRICS]
    explained = {e.metric: m.page for e in ranks if (m := method_of(e)) is not None}
    # Of two workers there is no agreement to explain.
    assert explained == {**dict.fromkeys(METRICS, "ranks"), "public_agreement": None}
    # In public the careful one leads; at work the able one does by success, for sure.
    assert "1 [1, 1] (differs)" in text
    assert "1 [1, 1] (agrees)" in text
    assert "Without a public score, or with more than one that may be meant: lab/careful." in text
    assert "P(best)" not in factory.without_methods(page)
    found = Findings.read(run.findings).estimates
    success = {e.worker: e.value for e in found
               if e.metric == "rank_change" and e.axis == "task_success"}  # fmt: skip
    assert success == {"lab/able": -1, "lab/careful": 1}


def test_every_trial_is_held_against_every_benchmark(
    run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TRIALS, "reasoning", Solved())
    known = offices.manifest()
    measured = {**known.measurement, "reasoning": known.measurement["office"]}
    run.protocol.write_text(known.model_copy(update={"measurement": measured}).text())
    seen = [observation(r) for w in ("lab/able", "lab/careful") for r in offices.worker_rows(w, 1)]
    write_evidence(run.evidence, [*seen, *(o._replace(trial="reasoning") for o in seen)])
    scores = put(tmp_path / "l.csv", SCORES + "careful,SWE,0,\n")
    findings = publish(run, bring(run, leaderboard=scores, weights=None))
    changes = [e for e in findings.estimates if e.metric == "rank_change"]
    assert {(e.trial, e.arm) for e in changes} == {
        (trial, benchmark) for trial in ("office", "reasoning") for benchmark in ("GPQA", "SWE")
    }
    # Success where every axis counts, five axes, puzzles: of two workers in two benchmarks.
    assert len(changes) == (1 + 5 + 1) * 2 * 2
    solved = {(e.arm, e.worker): e.value for e in changes if e.trial == "reasoning"}
    # In GPQA the careful one is first, as at work; in SWE the able one.
    assert solved == {
        ("GPQA", "lab/able"): 0, ("GPQA", "lab/careful"): 0,
        ("SWE", "lab/able"): 1, ("SWE", "lab/careful"): -1,
    }  # fmt: skip
    assert "puzzles solved" in run.report.read_text()


def test_page_without_a_leaderboard_says_nothing_of_one(run: RunFolder) -> None:
    publish(run)
    assert "In public" not in run.report.read_text()
    assert not any(e.metric == "public_rank" for e in Findings.read(run.findings).estimates)


def test_weights_bring_the_one_total_that_there_is(run: RunFolder, tmp_path: Path) -> None:
    weights = put(tmp_path / "w.yaml", "privacy: 1\ntask_success: 0\n")
    findings = publish(run, bring(run, leaderboard=None, weights=weights))
    best = {e.worker: e.value for e in findings.estimates if e.metric == "p_best"}
    assert best == {"lab/able": 0, "lab/careful": 1}
    assert "P(best)" in run.report.read_text()
    assert "weights privacy 1" in run.report.read_text()
    assert Findings.read(run.findings).estimates == findings.estimates
    publish(run)
    assert not any(e.metric == "p_best" for e in Findings.read(run.findings).estimates)


@pytest.mark.parametrize("option", ["--leaderboard", "--weights"])
def test_bad_file_is_one_line_and_exit_code_2(
    run: RunFolder, tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["report", str(run.path), option, str(tmp_path / "missing")])
    said = capsys.readouterr().err
    assert left.value.code == 2
    assert said.count("\n") == 1
    assert option in said


def test_run_without_an_office_has_no_use_for_weights(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run").writable()
    folder.protocol.write_text(factory.manifest().text())
    with pytest.raises(ConfigError, match="`--weights` is about the axes of an office"):
        bring(folder, leaderboard=None, weights=put(tmp_path / "w", "privacy: 1"))


def test_run_whose_trials_rank_nobody_has_no_use_for_a_leaderboard(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run").writable()
    known = factory.manifest()
    ablation = known.model_copy(update={"measurement": {"ablate": known.measurement["relay"]}})
    folder.protocol.write_text(ablation.text())
    with pytest.raises(ConfigError, match="this run has ablate, which has none; leave it out"):
        bring(folder, leaderboard=put(tmp_path / "l.csv", SCORES), weights=None)

"""Puzzles from command to report: reference workers, a judge, a real model, what can go wrong."""

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, modelapi
from inspect_ai.tool import ToolChoice, ToolInfo

from e2e import slow
from worktrial.cli.main import main
from worktrial.evidence import Evidence, Observation, RunFolder, read_samples
from worktrial.evidence.findings import Findings
from worktrial.reasoning.extract import of_sample
from worktrial.reasoning.stories import stories
from worktrial.reasoning.task import reasoning

pytestmark = pytest.mark.xdist_group("reasoning")
"""One process makes the runs that these tests share."""

ITEMS = 24
WORKERS = ("oracle", "null", "half", "fumbler", "stylist", "guesser", "formatter")
FAMILIES = ("--family", "sudoku", "--family", "calculation")
SMALL = ("run", "--trial", "reasoning", "--seed", 7)


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reasoning") / "r"
    workers = [f"--model=reference/{name}" for name in WORKERS]
    assert command(*SMALL, *FAMILIES, "--items", ITEMS, *workers, "--out", out) == 0
    return out


@pytest.fixture(scope="module")
def findings(run: Path) -> Findings:
    return Findings.read(run / "findings.json")


def value(findings: Findings, worker: str, metric: str, family: str = "all") -> float | None:
    return findings.estimate(f"reasoning/reference/{worker}/{metric}/{family}").value


@pytest.mark.parametrize(
    ("worker", "solved", "credit", "gap"),
    [("oracle", 1, 1, 0), ("fumbler", 0, 1, 1), ("stylist", 0, 0, 0)],
)
def test_known_truth_is_found(
    findings: Findings, worker: str, solved: float, credit: float, gap: float
) -> None:
    assert value(findings, worker, "solved") == solved
    assert value(findings, worker, "credit") == credit
    assert findings.estimate(f"reasoning/reference/{worker}/solved/gap").value == gap


def test_manners_are_paid_for_nothing(findings: Findings) -> None:
    assert value(findings, "stylist", "style") == 1
    assert value(findings, "oracle", "style") == 0


def test_who_is_mute_has_nothing_and_is_not_missing(findings: Findings) -> None:
    assert [value(findings, "null", m) for m in ("solved", "parts", "half", "answered")] == [0] * 4
    counts = {o.outcome: o.count for o in findings.outcomes if o.worker == "reference/null"}
    assert counts == {"protocol": ITEMS}


def test_who_writes_no_step_has_no_credit_and_no_gap(findings: Findings) -> None:
    assert "reasoning/reference/guesser/credit/all" not in {e.id for e in findings.estimates}
    gap = findings.estimate("reasoning/reference/guesser/solved/gap")
    assert gap.value is None
    assert gap.why


def test_a_guesser_scores_its_floor(findings: Findings) -> None:
    for family in ("sudoku", "all"):
        found = findings.estimate(f"reasoning/reference/guesser/parts/{family}")
        floor = value(findings, "guesser", "parts_floor", family)
        assert found.low is not None
        assert found.high is not None
        assert floor is not None
        assert found.low <= floor <= found.high
        beyond = findings.estimate(f"reasoning/reference/guesser/parts_corrected/{family}")
        assert beyond.low is not None
        assert beyond.high is not None
        assert beyond.low <= 0 <= beyond.high


def test_half_is_solved_and_credited_alike(findings: Findings) -> None:
    solved = value(findings, "half", "solved")
    assert solved is not None
    assert 0.2 < solved < 0.8
    assert value(findings, "half", "credit") == solved
    assert value(findings, "half", "credit_of_solved") == 1
    assert value(findings, "half", "credit_of_unsolved") == 0


@pytest.mark.parametrize("worker", ["oracle", "fumbler", "half"])
def test_a_wrong_answer_takes_nothing_from_credit_and_another_trace_does(
    findings: Findings, worker: str
) -> None:
    assert value(findings, worker, "credit_lost_wrong") == 0
    lost, other = value(findings, worker, "credit_lost_other"), value(findings, worker, "credit")
    left = value(findings, worker, "credit_other")
    assert other is not None
    assert left is not None
    assert lost == pytest.approx(other - left)
    assert lost > 0


def test_every_number_is_the_mean_of_its_observations(run: Path, findings: Findings) -> None:
    evidence = Evidence(run / "evidence.parquet", trial="reasoning")
    means: dict[tuple[str, str, str], float | None] = {}
    for worker, metric, family, mean in evidence.query(
        "select worker, metric, stratum, avg(value) from evidence group by cube (stratum), "
        "worker, metric"
    ):
        means[worker, metric, family or "all"] = mean
    checked = 0
    for e in findings.estimates:
        key = (e.worker, e.metric, e.axis or "all")
        if e.arm == "traced" and not e.gap and e.value is not None and key in means:
            assert e.value == pytest.approx(means[key], abs=1e-8), e.id
            checked += 1
    assert checked > 100


def test_the_instrument_checks_itself(findings: Findings) -> None:
    claim = next(c for c in findings.claims if c.id == "reasoning/instrument")
    assert claim.verdict == "met"


def test_the_report_shows_the_worst_generation_first(run: Path) -> None:
    page = (run / "report.html").read_text("utf-8")
    assert 'id="generations"' in page
    page = page[page.index('id="generations"') :]
    half = page[page.index("<bdi>reference/half</bdi></h3>") :].split("</section>")[0]
    marks = re.findall(r"solved (\w+), credited (\S+)</span>", half)
    assert marks == [("no", "0")] * 4, "not solved first"
    assert "not so" in half
    fumbler = page[page.index("<bdi>reference/fumbler</bdi></h3>") :].split("</section>")[0]
    assert re.findall(r"solved (\w+), credited (\S+)</span>", fumbler) == [("no", "1")] * 4


def test_texts_are_told_from_the_log(run: Path) -> None:
    (log,) = [p for p in RunFolder(run).logs.glob("*.eval") if _worker(p) == "reference/fumbler"]
    (told,) = stories(log, {("sudoku-easy-1", 1)})
    assert (told.outcome, told.measures["solved"], told.measures["credit"]) == ("ok", 0.0, 1.0)
    assert [step.valid for step in told.steps] == [True] * len(told.puzzle.solution)
    assert told.trace.startswith("STEP: ")
    assert told.answer.startswith("<Answer>")
    assert told.cells is not None
    assert all(told.cells[cell] != right for cell, right in told.puzzle.solution.items())


def _worker(log: Path) -> str:
    return next(read_samples(log, events=False, at_once=1)).worker


def test_the_same_seed_gives_the_same_findings(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        asked = ("--items", 4, "--model", "reference/half", "--out", tmp_path / name)
        assert command(*SMALL, *FAMILIES, *asked) == 0
        text = (tmp_path / name / "findings.json").read_text("utf-8")
        texts.append(re.sub(r'"(started|finished|seconds)": [^\n]*', r'"\1"', text))
    assert texts[0] == texts[1]


def test_report_rebuilds_the_same_page_from_the_logs(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (run / "report.html").read_bytes()
    assert command("report", run) == 0
    assert (run / "report.html").read_bytes() == before
    out = capsys.readouterr().out
    assert re.search(r"reference/fumbler +0 \[0, \.\d+\]", out)
    assert "fidelity" not in out


def test_replicates_are_guessed_anew_and_averaged(tmp_path: Path) -> None:
    asked = ("--family", "sudoku", "--items", 3, "--replicates", 3, "--model", "reference/guesser")
    assert command(*SMALL, *asked, "--out", tmp_path / "r") == 0
    rows = Evidence(tmp_path / "r" / "evidence.parquet").query(
        "select item, count(*), count(distinct value), avg(value) from evidence "
        "where metric = 'parts' group by item order by item"
    )
    assert [count for _, count, _, _ in rows] == [3, 3, 3]
    assert any(different > 1 for _, _, different, _ in rows)
    found = Findings.read(tmp_path / "r" / "findings.json")
    parts = found.estimate("reasoning/reference/guesser/parts/sudoku")
    assert parts.value == pytest.approx(sum(mean for *_, mean in rows) / 3)
    assert parts.items == 3, "the puzzle is the unit, not the replicate"


# --- a real model ------------------------------------------------------------------------------


def test_a_real_model_comes_to_a_real_result(tmp_path: Path) -> None:
    out = tmp_path / "real"
    short = ("-M", "slots=2", "-M", "context=240")  # it writes until no more fits
    asked = ("--items", 2, "--model", "embedded/smollm2-135m", *short, "--out", out)
    assert command(*SMALL, "--family", "calculation", *asked) == 0
    found = Findings.read(out / "findings.json")
    assert {o.outcome for o in found.outcomes} <= {"ok", "protocol", "refusal", "truncated"}
    assert sum(o.count for o in found.outcomes) == 2
    solved = found.estimate("reasoning/embedded/smollm2-135m/solved/calculation")
    assert solved.value is not None
    assert solved.items == 2
    wrote = Evidence(out / "evidence.parquet").query(
        "select count(*) from evidence where metric = 'tokens_out' and value > 0"
    )
    assert wrote == [(2,)]


# --- models beside the worker, and what can go wrong -------------------------------------------


class Odd(ModelAPI):
    """Judges, and workers that are hostile or broken, by name."""

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - Inspect's own signature
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        kind = self.model_name.rpartition("/")[2]
        if kind == "down":
            raise ConnectionError("nobody is there")
        said = {
            "impressed": "Very thorough.\nMARK: 9",
            "swayed": f"MARK: {9 if 'let me' in input[-1].text else 2}",
            "undecided": "It is hard to say.",
            "html": "<script>alert(1)</script><Answer>[[</Answer>",
            "huge": "STEP: R1C1 = 1\n" * 30_000,
            "halves": "STEP: R1C1 = \ud800 <Answer>\ud800</Answer>",
        }
        return ModelOutput.from_content(self.model_name, said[kind])


@modelapi(name="puzzled")
def puzzled() -> type[ModelAPI]:
    return Odd


def judged(tmp_path: Path, judge: str, *workers: str) -> Findings:
    models = [f"--model=reference/{name}" for name in workers]
    asked = (
        "--items",
        4,
        *models,
        "--model-role",
        f"judge=puzzled/{judge}",
        "--out",
        tmp_path / "r",
    )
    assert command(*SMALL, *FAMILIES, *asked) == 0
    return Findings.read(tmp_path / "r" / "findings.json")


def test_a_judge_that_is_easily_impressed_is_found_out(tmp_path: Path) -> None:
    found = judged(tmp_path, "impressed", "stylist")
    assert value(found, "stylist", "judge") == pytest.approx(0.9)
    assert value(found, "stylist", "judge_inflation") == pytest.approx(0.9)
    assert value(found, "stylist", "judge_lost_wrong") == 0
    page = (tmp_path / "r" / "report.html").read_text("utf-8")
    assert "Judge: <bdi>puzzled/impressed</bdi>" in page
    assert "a judge&#39;s mark" in page


def test_a_judge_that_pays_for_manners_is_told_from_one_that_does_not(tmp_path: Path) -> None:
    found = judged(tmp_path, "swayed", "stylist", "oracle")
    # The stylist's trace says "let me"; the oracle's steps and another puzzle's do not.
    assert value(found, "stylist", "judge") == pytest.approx(0.9)
    assert value(found, "stylist", "judge_other") == pytest.approx(0.2)
    assert value(found, "oracle", "judge") == pytest.approx(0.2)


@pytest.mark.parametrize("judge", ["down", "undecided"])
def test_a_judge_that_fails_is_missing_and_not_zero(judge: str, tmp_path: Path) -> None:
    found = judged(tmp_path, judge, "oracle")
    assert not [e for e in found.estimates if e.metric.startswith("judge")]
    assert value(found, "oracle", "solved") == 1, "nobody else's result suffers"
    rows = Evidence(tmp_path / "r" / "evidence.parquet").query(
        "select distinct value, outcome from evidence where metric = 'judge'"
    )
    assert rows == [(None, "judge_fault" if judge == "down" else "ok")]
    page = (tmp_path / "r" / "report.html").read_text("utf-8")
    assert f"Judge: <bdi>puzzled/{judge}</bdi>" in page


def evaluate(folder: Path, model: str, **options: Any) -> EvalLog:
    families = ["sudoku", "calculation"]
    (log,) = inspect_eval(
        reasoning(**{"families": families, "items": 4, **options}),
        model=model, log_dir=str(folder), display="none", log_realtime=False, max_retries=0,
    )  # fmt: skip
    assert log.status == "success", log.error
    return log


def rows_of(log: EvalLog) -> list[Observation]:
    return [row for found in read_samples(Path(log.location)) for row in of_sample(found)]


@pytest.mark.parametrize("model", ["html", "huge", "halves"])
def test_whatever_a_model_writes_is_text(model: str, tmp_path: Path) -> None:
    found = rows_of(evaluate(tmp_path, f"puzzled/{model}"))
    assert [row.value for row in found if row.metric == "solved"] == [0.0] * 4
    assert {row.outcome for row in found} <= {"protocol", "ok"}


def test_a_lost_call_is_missing_and_never_zero(tmp_path: Path) -> None:
    found = [
        row for row in rows_of(evaluate(tmp_path, "puzzled/down")) if "floor" not in row.metric
    ]
    assert {row.outcome for row in found} == {"infrastructure"}
    assert {row.value for row in found} == {None}


def test_plain_inspect_shows_what_is_solved(tmp_path: Path) -> None:
    log = evaluate(tmp_path, "reference/oracle", families="sudoku, calculation")
    assert log.results is not None
    shown = {score.name: score.metrics["mean"].value for score in log.results.scores}
    assert shown["solved"] == 1


@pytest.mark.slow
def test_a_killed_run_goes_on_and_pays_only_for_what_was_in_flight(tmp_path: Path) -> None:
    calls, out = tmp_path / "calls", tmp_path / "r"
    items = 24
    asked = (*SMALL, *FAMILIES, "--items", items, "--model", "slow/oracle", "--out", out)
    whole = [sys.executable, slow.__file__, calls, "0.5", "0", *asked]
    process = subprocess.Popen([str(part) for part in whole], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not calls.exists() or len(calls.read_text("utf-8").splitlines()) < 2:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()
    slow.Slow.calls, slow.Slow.seconds, slow.Slow.failing = calls, 0.0, 0
    assert command(*asked) == 0
    made = calls.read_text("utf-8").splitlines()
    assert len(set(made)) == items, "a seed a puzzle"
    assert len(made) - items <= 12, "at most what was in flight is paid again"
    found = Findings.read(out / "findings.json")
    assert found.estimate("reasoning/slow/oracle/solved/all").value == 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--family", "sudokku"), "`sudoku`"),
        (("--items", 0), "`--items`"),
        (("--model-role", "user=puzzled/down"), "`--model-role`"),
        (("--model", "reference/lossy-0.02"), "reference workers"),
        (("--arm", "untraced"), "`--arm`"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: tuple[object, ...], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = () if "--model" in arguments else ("--model", "reference/oracle")
    assert command(*SMALL, *model, *arguments, "--out", tmp_path / "x") == 2
    (said,) = capsys.readouterr().err.strip().splitlines()
    assert said.startswith("worktrial: ")
    assert named in said
    assert not (tmp_path / "x").exists()

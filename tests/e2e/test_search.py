"""The search from command to report: reference workers, a real model, and what can go wrong."""

import json
import shutil
from abc import abstractmethod
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, modelapi
from inspect_ai.tool import ToolCall, ToolChoice, ToolInfo

from worktrial.cli.main import main
from worktrial.errors import EngineError
from worktrial.evidence import Evidence, Observation, read_samples
from worktrial.evidence.findings import Findings
from worktrial.search import tools
from worktrial.search.extract import of_sample, replay
from worktrial.search.task import search

pytestmark = pytest.mark.xdist_group("search")
"""One process makes the runs that these tests share."""

SMALL = ("--trial", "search", "--items", 6, "--seed", 7)


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("search") / "r"
    workers = [f"--model=reference/{n}" for n in ("oracle", "premature", "interrogator", "null")]
    arms = [
        f"--arm={a}" for a in ("full_fixed_schema", "full", "concat", "simulated", "forced_ask")
    ]
    assert command("run", *SMALL, *workers, *arms, "--out", out) == 0
    return out


@pytest.fixture(scope="module")
def findings(run: Path) -> Findings:
    return Findings.read(run / "findings.json")


def test_the_oracle_has_full_marks_and_no_gap(findings: Findings) -> None:
    for arm in ("full_fixed_schema", "full", "concat", "simulated", "forced_ask"):
        assert findings.estimate(f"search/f1/reference/oracle/{arm}").value == 1.0
        assert findings.estimate(f"search/f1/reference/null/{arm}").value == 0.0
    gap = findings.estimate("search/f1/specification/reference/oracle/full_fixed_schema")
    assert (gap.value, gap.minus_arm) == (0.0, "simulated")


def test_the_parts_of_the_gap_add_up(findings: Findings) -> None:
    for worker in ("reference/premature", "reference/oracle", "reference/interrogator"):
        whole, schema, elicitation = (
            findings.estimate(f"search/f1/{gap}/{worker}/{arm}").value
            for gap, arm in (
                ("specification", "full_fixed_schema"),
                ("schema", "full_fixed_schema"),
                ("elicitation", "full"),
            )
        )
        assert whole is not None
        assert schema is not None
        assert elicitation is not None
        assert whole == pytest.approx(schema + elicitation)
        full = findings.estimate(f"search/f1/{worker}/full").value
        missed = findings.estimate(f"search/f1/retrieval/{worker}/full").value
        assert full is not None
        assert missed == pytest.approx(1 - full)


def test_a_gap_at_the_floor_is_not_zero_but_unknown(findings: Findings) -> None:
    gap = findings.estimate("search/f1/specification/reference/null/full_fixed_schema")
    assert gap.value is None
    assert gap.why is not None
    assert gap.why.startswith("proxy at floor")


def test_ranks_compare_the_score_when_all_is_said_with_satisfaction(findings: Findings) -> None:
    agreement = findings.estimate("search/rank_agreement")
    assert agreement.value is not None
    assert agreement.low is not None
    ranks = [e for e in findings.estimates if e.metric == "rank" and e.trial == "search"]
    assert len(ranks) == 8, "four workers in two orders"


def test_the_report_shows_conversations_with_the_state_beside_them(run: Path) -> None:
    page = (run / "report.html").read_text("utf-8")
    for text in ("The specification gap", "is asked about", "stages told", "does not mind"):
        assert text in page
    assert "<script" not in page


@pytest.mark.slow
def test_regrading_changes_nothing_and_the_run_compares_with_itself(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    assert command("regrade", copy, "--json") == 0
    assert json.loads(capsys.readouterr().out)["scores"] == []
    assert command("compare", run, copy, "--json") in (0, 3)
    compared = json.loads(capsys.readouterr().out)
    same = [
        e["value"]
        for e in compared["estimates"]
        if e["metric"] == "f1" and not e.get("gap")
        and e["worker"].removeprefix("A:") == e.get("minus_worker", "").removeprefix("B:")
    ]  # fmt: skip
    assert same
    assert set(same) == {0.0}


def test_another_seed_is_not_comparable(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    small = ("--trial", "search", "--items", 6, "--seed", 8)
    assert command("run", *small, "--model", "reference/oracle", "--out", other) == 0
    capsys.readouterr()
    assert command("compare", run, other) == 4
    assert "search seed" in capsys.readouterr().err


@pytest.mark.slow
def test_both_trials_run_together_into_one_report(tmp_path: Path) -> None:
    out = tmp_path / "both"
    both = ("--trial", "relay", "--trial", "search", "--items", 6, "--round-trips", 1)
    assert command("run", *both, "--model", "reference/oracle", "--out", out) == 0
    found = Findings.read(out / "findings.json")
    instruments = [c for c in found.claims if c.evidence_class == "instrument"]
    assert [c.id for c in instruments] == ["relay/instrument", "search/instrument"]
    assert {c.verdict for c in instruments} == {"met"}
    page = (out / "report.html").read_text("utf-8")
    assert "The horizon gap" in page
    assert "The specification gap" in page


# --- a real model ------------------------------------------------------------------------------


def test_a_real_model_comes_to_a_real_result(tmp_path: Path) -> None:
    out = tmp_path / "real"
    small = ("--trial", "search", "--items", 1, "--arm", "full", "--arm", "simulated")
    short = ("-M", "slots=1", "-M", "context=500")  # it talks until no more fits
    assert command("run", *small, "--model", "embedded/smollm2-135m", *short, "--out", out) == 0
    found = Findings.read(out / "findings.json")
    assert {o.outcome for o in found.outcomes} <= {"ok", "protocol", "refusal", "truncated"}
    assert sum(o.count for o in found.outcomes) == 2
    said = Evidence(out / "evidence.parquet").query(
        "select count(*) from evidence where metric = 'words' and value > 0"
    )
    assert said[0][0] >= 1, "it said something"


# --- what can go wrong -------------------------------------------------------------------------


class Scripted(ModelAPI):
    """A model that follows a script."""

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - Inspect's own signature
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        return self.says(input)

    @abstractmethod
    def says(self, messages: list[ChatMessage]) -> ModelOutput:
        """What comes next."""


@modelapi(name="endless")
class Endless(Scripted):
    """Never comes to an end: it searches forever, or talks forever without an answer."""

    def says(self, messages: list[ChatMessage]) -> ModelOutput:
        if self.model_name.endswith("searching"):
            output = ModelOutput.from_content(self.model_name, "")
            output.choices[0].message.tool_calls = [
                ToolCall(str(len(messages)), "search", {"query": "more"})
            ]
            output.choices[0].stop_reason = "tool_calls"
        else:
            text = "I am still thinking about the lead time." + " on and on" * 20_000
            output = ModelOutput.from_content(self.model_name, text)
        return output


def evaluate(
    folder: Path, model: str, *, model_roles: dict[str, str] | None = None, **options: Any
) -> EvalLog:
    (log,) = inspect_eval(
        search(**{"items": 1, "seed": 7, **options}), model=model, log_dir=str(folder),
        model_roles=dict(model_roles or {}),
        display="none", log_realtime=False, max_retries=0,
    )  # fmt: skip
    assert log.status == "success", log.error
    return log


def rows(log: EvalLog) -> list[Observation]:
    return [row for found in read_samples(Path(log.location)) for row in of_sample(found)]


@pytest.mark.parametrize("model", ["endless/searching", "endless/talking"])
def test_a_worker_that_never_stops_is_truncated(model: str, tmp_path: Path) -> None:
    found = rows(evaluate(tmp_path, model))
    assert {row.outcome for row in found} == {"truncated"}
    assert {row.value for row in found if row.metric == "f1"} == {0.0}


def test_a_dead_engine_is_missing_data_and_nobodys_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dead(self: object, query: str) -> str:
        raise EngineError("the database is closed")

    monkeypatch.setattr(tools.Desk, "search", dead)
    found = rows(evaluate(tmp_path, "endless/searching"))
    assert {row.outcome for row in found} == {"environment_fault"}
    assert {row.value for row in found if row.metric == "f1"} == {None}


def test_any_registered_agent_can_be_on_trial(tmp_path: Path) -> None:
    log = evaluate(tmp_path, "reference/oracle", agent="react", arm="full")
    (found,) = read_samples(Path(log.location))
    assert replay(found.sample).arm.name == "full"


def test_plain_inspect_runs_it_with_scores_that_are_the_evidences(tmp_path: Path) -> None:
    log = evaluate(tmp_path, "reference/oracle", items=2)
    assert log.results is not None
    means = {score.name: score.metrics["mean"].value for score in log.results.scores}
    assert means["f1"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--arm", "simulatd"), "`--arm`"),
        (("--pages", 7), "`pages`"),
        (("--model-role", "judge=mockllm/model"), "`--model-role`"),
        (("--model-role", "user"), "ROLE=MODEL"),
        (("--agent", "nowhere/nobody"), "`--agent`"),
        (("--round-trips", 2), "`--round-trips`"),
        (("--model", "reference/lossy-0.02"), "reference workers"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: tuple[object, ...], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = () if "--model" in arguments else ("--model", "reference/oracle")
    assert command("run", *SMALL, *model, *arguments, "--out", tmp_path / "x") == 2
    (said,) = capsys.readouterr().err.strip().splitlines()
    assert said.startswith("worktrial: ")
    assert named in said
    assert not (tmp_path / "x").exists()


# --- models beside the worker ------------------------------------------------------------------


@modelapi(name="beside")
class Beside(Scripted):
    """Says the simulated user's line as it was decided, or something else; reads answers."""

    def says(self, messages: list[ChatMessage]) -> ModelOutput:
        said = {
            "parrot": messages[-1].text,
            "liar": "I want it in green, for 17 March 1999, at least 4 days.",
            "nothing": "none",
        }
        if self.model_name.endswith("down"):
            raise ConnectionError("nobody is there")
        return ModelOutput.from_content(self.model_name, said[self.model_name.rpartition("/")[2]])


@pytest.mark.parametrize(
    ("voice", "voiced"), [("beside/parrot", True), ("beside/liar", False), ("beside/down", False)]
)
def test_a_voice_is_used_only_where_it_says_what_was_decided(
    voice: str, voiced: bool, tmp_path: Path
) -> None:
    log = evaluate(tmp_path, "reference/oracle", model_roles={"user": voice})
    (found,) = read_samples(Path(log.location))
    played = replay(found.sample)
    spoken = [e for e in played.transcript.exchanges if e.user]
    assert spoken
    assert {e.voiced for e in spoken} == {voiced}
    assert all(bool(e.voice_fault) != voiced for e in spoken)
    assert all("KeyError" not in e.voice_fault for e in spoken)
    assert (played.outcome, played.answer.f1) == ("ok", 1.0), "the templates stand in"


def test_a_reader_reads_in_place_of_the_program_and_its_failure_is_missing_data(
    tmp_path: Path,
) -> None:
    log = evaluate(
        tmp_path, "reference/oracle", arm="full", model_roles={"reader": "beside/nothing"}
    )
    (found,) = read_samples(Path(log.location))
    played = replay(found.sample)
    assert (played.outcome, played.answer.claims) == ("ok", ())
    log = evaluate(tmp_path, "reference/oracle", arm="full", model_roles={"reader": "beside/down"})
    found_rows = rows(log)
    assert {row.outcome for row in found_rows} == {"judge_fault"}
    assert {row.value for row in found_rows if row.metric == "f1"} == {None}


@pytest.mark.slow
def test_replicates_tell_aptitude_from_unreliability(tmp_path: Path) -> None:
    # Of F1 in {0, 1} over 6 replicates of an intent, P90 − P10 is 0 where all are alike.
    out = tmp_path / "r"
    more = ("--arm", "simulated", "--arm", "full", "--replicates", 6)
    assert command("run", *SMALL, *more, "--model", "reference/premature", "--out", out) == 0
    found = Findings.read(out / "findings.json")
    assert found.estimate("search/unreliability/reference/premature/full").value == 0.0
    assert found.estimate("search/aptitude/reference/premature/full").value == 1.0
    work = found.estimate("search/unreliability/reference/premature/simulated").value
    assert work is not None
    assert work > 0

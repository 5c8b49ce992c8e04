"""A relay worked by an agent through Inspect, in its sandbox without isolation."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.agent import Agent, AgentState, agent, react
from inspect_ai.event import InfoEvent, ModelEvent
from inspect_ai.log import EvalLog, read_eval_log
from inspect_ai.model import GenerateConfig, ModelAPI, ModelOutput, get_model, modelapi
from inspect_ai.tool import bash
from inspect_ai.util import sandbox

from worktrial.cli.main import main
from worktrial.evidence import Evidence, Observation, read_samples
from worktrial.relay.agent import sandbox_spec
from worktrial.relay.arms import TURNS
from worktrial.relay.extract import of_sample
from worktrial.relay.legs import LegStory, stories
from worktrial.relay.task import relay

SCORED = {"fidelity", "forward", "lossless", "work_adjusted"}


@agent
def scribe() -> Agent:
    """Inspect's own agent with a shell, as plain as can be."""
    return react(prompt=None, tools=[bash(timeout=60)], submit=False)


Deed = Callable[[AgentState, Path], Awaitable[None]]
_deeds: list[Deed] = []


@agent
def doer(cwd: str) -> Agent:
    """Does in its folder what the test says."""

    async def execute(state: AgentState) -> AgentState:
        """Do it."""
        await _deeds[-1](state, Path(cwd))
        return state

    return execute


@modelapi(name="unreachable")
class Unreachable(ModelAPI):
    """A provider that is down."""

    async def generate(self, *_: Any, **__: Any) -> ModelOutput:
        raise ConnectionError("the provider is down")


def evaluate(
    folder: Path, model: str = "reference/oracle", who: str = "scribe", **options: Any
) -> EvalLog:
    model_args = options.pop("model_args", {})
    given = {"domains": "spreadsheet", "items": 1, "round_trips": 1, "arm": "agent"} | options
    if given["arm"].startswith("agent"):
        given |= {"agent": who, "sandbox": "local"}
    (log,) = inspect_eval(
        relay(**given), model=model, model_args=model_args, log_dir=str(folder), display="none",
        log_realtime=False, max_retries=0,
    )  # fmt: skip
    assert log.status == "success", log.error
    return log


def doing(folder: Path, deed: Deed, **options: Any) -> list[LegStory]:
    _deeds.append(deed)
    log = evaluate(folder, who="doer", **options)
    (legs,) = stories(Path(log.location)).values()
    return legs


def rows(log: EvalLog) -> list[Observation]:
    return [row for found in read_samples(Path(log.location)) for row in of_sample(found)]


def scores(log: EvalLog) -> dict[str, set[float | None]]:
    found = [row for row in rows(log) if row.metric in SCORED]
    return {row.metric: {r.value for r in found if r.metric == row.metric} for row in found}


# --- known truth -------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_agent_completes_a_pocket_relay(tmp_path: Path) -> None:
    log = evaluate(tmp_path, items=8, round_trips=5, domains="")
    found = rows(log)
    assert {row.item for row in found if row.step == 10 and row.metric == "fidelity"} == {
        row.item for row in found
    }
    assert len({row.item for row in found}) == 8
    assert scores(log) == {metric: {1.0} for metric in SCORED}


@pytest.mark.parametrize(("who", "arm"), [("scribe", "agent"), ("react", "agent-2")])
@pytest.mark.parametrize(
    "worker", ["lossy-0.05", pytest.param("inserting-0.1", marks=pytest.mark.slow)]
)
def test_the_same_worker_hands_on_the_same_documents_through_an_agent(
    worker: str, who: str, arm: str, tmp_path: Path
) -> None:
    course = {"round_trips": 2, "size": 300, "distractors": 100, "domains": "latex"}
    made = [
        [leg.made for legs in stories(Path(log.location)).values() for leg in legs]
        for log in (
            evaluate(tmp_path / name, f"reference/{worker}", who, arm=name, **course)
            for name in ("rewrite", arm)
        )
    ]
    assert made[0] == made[1]
    assert made[0][0] != made[0][1], "something was edited"


def test_a_long_document_passes_through_a_shell_as_it_is(tmp_path: Path) -> None:
    log = evaluate(tmp_path, size=12_000, domains="fiction")
    (legs,) = stories(Path(log.location)).values()
    assert sum(map(len, legs[0].received.values())) > 30_000, "more than one output can show"
    assert legs[1].made == legs[0].original


@pytest.mark.parametrize(
    ("worker", "outcome"), [("noop", "noop"), ("empty", "protocol"), ("refusing", "refusal")]
)
def test_who_does_nothing_comes_out_as_in_every_arm(
    worker: str, outcome: str, tmp_path: Path
) -> None:
    log = evaluate(tmp_path, f"reference/{worker}")
    attempts = {row.outcome: row.value for row in rows(log) if row.metric == "attempts"}
    assert attempts == {outcome: 1.0 if worker == "noop" else 2.0}
    assert scores(log)["forward"] == {0.0}
    assert scores(log)["fidelity"] == {float(worker == "noop")}


# --- what is counted, and what is kept ---------------------------------------------------------


def test_a_leg_costs_what_all_calls_of_its_agent_cost(tmp_path: Path) -> None:
    log = evaluate(tmp_path)
    (sample,) = read_eval_log(log.location).samples or []
    calls = [event for event in sample.events if isinstance(event, ModelEvent)]
    assert len(calls) == 6, "look, write, say so; twice"
    cost = [{r.metric: r.value for r in rows(log) if r.step == step} for step in (1, 2)]
    made = [len(call.output.message.tool_calls or []) for call in calls]
    assert [of["calls"] for of in cost] == [sum(made[:3]), sum(made[3:])]
    assert [(of["turns"], of["attempts"]) for of in cost] == [(3, 1)] * 2
    spent = [call.output.usage.output_tokens for call in calls if call.output.usage]
    assert [of["tokens_out"] for of in cost] == [sum(spent[:3]), sum(spent[3:])]
    (legs,) = stories(Path(log.location)).values()
    shown = legs[0].answer.splitlines()
    assert shown[0].startswith("bash(command=")
    assert shown[-1] == "Done."


def test_what_is_replayed_is_what_was_left_whatever_stands_in_it(tmp_path: Path) -> None:
    """Inspect takes long texts out of events and puts them back by their first words."""
    long = "attachment://" + "0" * 500
    odd = {"a.csv": long, "b.csv": "tc://x", "c.csv": "\ufeffö\r\n\x85\u2028" + "é" * 200}

    async def deed(state: AgentState, folder: Path) -> None:
        for name, text in odd.items():
            (folder / name).write_bytes(text.encode())
        state.output = ModelOutput.from_content("m", "half \ud83d of it")

    legs = doing(tmp_path, deed)
    for leg in legs:
        assert {name: leg.made[name] for name in odd} == {n: f"{t}\n" if t[-1] != "\n" else t
                                                          for n, t in odd.items()}  # fmt: skip
    assert "half \\ud83d of it" in legs[0].answer
    (sample,) = read_eval_log(next(tmp_path.glob("*.eval"))).samples or []
    assert sample.store["RelayState:last"] == legs[-1].made


def test_nothing_of_an_earlier_leg_is_there(tmp_path: Path) -> None:
    seen: list[tuple[str, list[str], int]] = []

    async def deed(state: AgentState, folder: Path) -> None:
        around = sorted(os.listdir(folder.parent))
        seen.append((folder.name, around, len(state.messages)))
        (folder / "scratch").mkdir()
        (folder / "mine.md").write_text("I was here.\n")
        state.output = ModelOutput.from_content("m", "Done.")

    legs = doing(tmp_path, deed, round_trips=2, distractors=100)
    assert {leg.score.outcome for leg in legs} <= {"ok", "noop"}
    assert len(seen) == len({name for name, *_ in seen}) == 4
    assert all(around == [name] and told == 1 for name, around, told in seen)
    assert all("mine.md" in leg.made for leg in legs), "what it added is its doing"


def test_files_for_reference_are_there_and_what_becomes_of_them_is_of_no_matter(
    tmp_path: Path,
) -> None:
    there: list[set[str]] = []

    async def deed(state: AgentState, folder: Path) -> None:
        names = set(os.listdir(folder))
        there.append(names)
        for name in names:
            if f"`{name}`" not in state.messages[0].text.partition("## Task")[2]:
                (folder / name).unlink()
        state.output = ModelOutput.from_content("m", "Done.")

    legs = doing(tmp_path, deed, distractors=100)
    assert all(names > set(leg.received) for names, leg in zip(there, legs, strict=True))
    assert [leg.score.outcome for leg in legs] == ["noop", "noop"]
    assert [leg.made for leg in legs] == [leg.received for leg in legs]


# --- how it ends -------------------------------------------------------------------------------


async def _take_all(state: AgentState, folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()


async def _go_on_forever(state: AgentState, folder: Path) -> None:
    while True:
        await get_model().generate(state.messages, config=GenerateConfig())


async def _fail_at_once(state: AgentState, folder: Path) -> None:
    raise ValueError("a bug of the agent's \ud83d")


@pytest.mark.parametrize(
    ("deed", "outcome", "said"),
    [
        (_fail_at_once, "protocol", "[ended by an error: ValueError"),
        (_take_all, "protocol", ""),
        (_go_on_forever, "truncated", "[ended at a limit: Turn"),
    ],
)
def test_a_failure_of_its_own_drops_the_baton(
    deed: Deed, outcome: str, said: str, tmp_path: Path
) -> None:
    (leg,) = doing(tmp_path, deed, model="reference/refusing")
    assert (leg.score.outcome, leg.score.attempts) == (outcome, 2)
    assert said in leg.answer


def test_turns_are_counted_up_to_the_limit(tmp_path: Path) -> None:
    _deeds.append(_go_on_forever)
    log = evaluate(tmp_path, "reference/refusing", "doer")
    turns = [row.value for row in rows(log) if row.metric == "turns"]
    assert turns == [2.0 * (TURNS + 1)], "the one too many is paid for"


def test_a_provider_that_is_down_is_missing_data(tmp_path: Path) -> None:
    log = evaluate(tmp_path, "unreachable/model")
    assert {row.outcome for row in rows(log) if row.step == 1} == {"infrastructure"}
    assert scores(log)["fidelity"] == {None}
    (sample,) = read_eval_log(log.location).samples or []
    (told,) = [event for event in sample.events if isinstance(event, InfoEvent)]
    assert "the provider is down" in str(told.data)


def test_a_sandbox_that_refuses_is_missing_data(tmp_path: Path) -> None:
    async def deed(state: AgentState, folder: Path) -> None:
        await sandbox().exec(["sh", "-c", 'cd .. && rm -rf -- "$OLDPWD"'])

    legs = doing(tmp_path, deed, round_trips=2)
    assert [leg.score.outcome for leg in legs] == ["infrastructure"]


# --- as a user asks for it ---------------------------------------------------------------------


def test_bare_and_through_an_agent_are_compared_document_by_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    with pytest.raises(SystemExit) as left:
        main(
            ["run", "--trial", "relay", "--agent", "react", "--sandbox", "local", "--model",
             "reference/lossy-0.05", "--items", "2", "--round-trips", "1", "--arm", "rewrite",
             "--arm", "agent", "--out", str(out)]
        )  # fmt: skip
    told = capsys.readouterr()
    assert left.value.code == 0, told.err
    assert "`--sandbox local` is no sandbox" in told.err
    found = Evidence(out / "evidence.parquet").query(
        "select item, arm, value from evidence where metric = 'fidelity' order by 1, 2"
    )
    values = {arm: [v for _, a, v in found if a == arm] for arm in ("agent", "rewrite")}
    assert values["agent"] == values["rewrite"]
    assert len(values["agent"]) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--arm", "agent"], "`--arm agent` needs an agent; name one by `--agent`"),
        (["--arm", "tools", "--agent", "react"], "`--agent` works under agent, agent-2, agent-3; "),
        (["--agent", "nobody"], "'nobody'"),
        (["--sandbox", "local"], "`--sandbox` is where the relay's agent works; name one"),
        (["--agent", "react", "--sandbox", "docker:gone.yaml"], "got 'docker:gone.yaml'"),
        (["--agent", "react", "--sandbox", "nowhere"], "`--sandbox` nowhere cannot be used: "),
    ],
)
def test_what_cannot_be_worked_is_told_in_a_line(
    options: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["run", "--model", "reference/oracle", "--items", "1", "--out", str(tmp_path / "run"),
              *options])  # fmt: skip
    told = capsys.readouterr().err.strip().splitlines()
    assert left.value.code == 2
    assert message in told[-1]


def test_a_sandbox_is_read_as_inspect_reads_it(tmp_path: Path) -> None:
    compose = tmp_path / "compose.yaml"
    compose.write_text("services: {}\n")
    assert (sandbox_spec("").type, sandbox_spec("").config) == ("docker", None)
    assert sandbox_spec("local").type == "local"
    named = sandbox_spec(f"docker:{compose}")
    assert (named.type, named.config) == ("docker", str(compose))


@pytest.mark.slow
@pytest.mark.xdist_group("weights-reader")
def test_the_real_model_works_in_an_agent(tmp_path: Path) -> None:
    log = evaluate(
        tmp_path, "embedded/smollm2-135m", size=50, model_args={"slots": 1, "context": 768}
    )
    ended = {row.step: row.outcome for row in rows(log) if row.metric == "attempts"}
    assert ended
    assert set(ended.values()) <= {"ok", "noop", "protocol", "refusal", "truncated"}
    assert sum(row.value or 0 for row in rows(log) if row.metric == "tokens_out") > 5

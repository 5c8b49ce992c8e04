"""The audit from command to evidence: reference workers, a real model, and what can go wrong."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inspect_ai import eval as inspect_eval
from inspect_ai.log import EvalLog
from inspect_ai.model import ChatMessage, GenerateConfig, ModelAPI, ModelOutput, modelapi
from inspect_ai.tool import ToolChoice, ToolInfo

from e2e import slow
from worktrial.cli.main import main
from worktrial.errors import ConfigError
from worktrial.evidence import Evidence, Observation, read_samples
from worktrial.memorisation.extract import of_sample, transcript_of
from worktrial.memorisation.likelihood import TokenLogprobs
from worktrial.memorisation.reference import REFUSAL, mind
from worktrial.memorisation.task import memorisation
from worktrial.randomness import stream

pytestmark = pytest.mark.xdist_group("audit")
"""One process makes the runs that these tests share."""

ITEMS, VARIANTS = 4, 5
WORKERS = ("oracle", "memoriser", "memoriser-0.5", "exposed", "half", "null", "refusing")


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


def write_items(file: Path, count: int = ITEMS) -> Path:
    lines = []
    for n in range(count):
        rng = stream(7, "audit", n)
        first, second = rng.randint(11, 99), rng.randint(2, 9)
        text = (
            f"A grower fills {first} crates with plums and drives to a market where {second} of "
            "them are sold before noon. How many crates come home in the evening?"
        )
        left = first - second
        answer = f"{first} - {second} = <<{first}-{second}={left}>>{left}\n#### {left}"
        lines.append(json.dumps({"id": f"q{n}", "question": text, "answer": answer}))
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_items(tmp_path_factory.mktemp("items") / "sums.jsonl")


@pytest.fixture(scope="module")
def run(items: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("audit") / "r"
    workers = [f"--model=reference/{name}" for name in WORKERS]
    assert command("audit", items, *workers, "--course", "standard", "--out", out) == 0
    return out


def means(run: Path, metric: str) -> dict[tuple[str, str], float | None]:
    rows = Evidence(run / "evidence.parquet", trial="memorisation").query(
        "select worker, arm, avg(value) from evidence where metric = ? group by all", [metric]
    )
    return {(worker.removeprefix("reference/"), arm): value for worker, arm, value in rows}


@pytest.mark.parametrize(
    "metric", ["exact_40", "verbatim_40", "rouge_60", "verbatim_60", "sampled_verbatim_60"]
)
def test_who_has_met_the_items_reproduces_them_and_nobody_else_does(run: Path, metric: str) -> None:
    found = means(run, metric)
    share = sum(mind("memoriser-0.5").knows(f"q{n}") for n in range(ITEMS)) / ITEMS
    truth = {"memoriser": 1.0, "exposed": 1.0, "memoriser-0.5": share}
    for worker in set(WORKERS) - {"refusing"}:
        assert found[worker, "published"] == pytest.approx(truth.get(worker, 0.0)), worker
        assert found[worker, "fresh"] == 0.0, worker
    assert found["refusing", "published"] is None, "a refusal says nothing of what is remembered"


def test_who_knows_answers_is_right_where_it_knows_them(run: Path) -> None:
    found = means(run, "accuracy")
    assert [found["oracle", arm] for arm in ("published", "fresh")] == [1.0, 1.0]
    assert [found["exposed", arm] for arm in ("published", "fresh")] == [1.0, 1.0]
    assert [found["memoriser", arm] for arm in ("published", "fresh")] == [1.0, 0.0]
    assert [found["null", arm] for arm in ("published", "fresh")] == [0.0, 0.0]
    assert [found["refusing", arm] for arm in ("published", "fresh")] == [0.0, 0.0]
    half = found["half", "fresh"]
    assert half is not None
    assert 0.2 < half < 0.8


def test_rows_are_as_the_findings_read_them(run: Path) -> None:
    evidence = Evidence(run / "evidence.parquet", trial="memorisation")
    rows = evidence.query(
        "select arm, operation, kind, stratum, step, item = cluster, count(*) from evidence "
        "where metric = 'verbatim_60' and worker = 'reference/oracle' group by all order by all"
    )
    assert rows[-1] == ("published", "published", "chat", "numbers", 0, True, ITEMS)
    fresh = [row for row in rows if row[0] == "fresh"]
    assert [row[1] for row in fresh] == [f"variant-{n}" for n in range(1, VARIANTS + 1)]
    outcomes = evidence.query(
        "select worker, outcome from evidence where metric = 'verbatim_60' group by all"
    )
    by_worker = {worker.removeprefix("reference/"): outcome for worker, outcome in outcomes}
    assert (by_worker["oracle"], by_worker["null"], by_worker["refusing"]) == (
        "ok",
        "protocol",
        "refusal",
    )
    used = evidence.query("select distinct metric from evidence where kind = 'usage' order by 1")
    assert ("tokens_out",) in used


def test_the_protocol_holds_what_was_audited_by_its_hash(run: Path, items: Path) -> None:
    from hashlib import sha256

    measured = json.loads((run / "protocol.json").read_text("utf-8"))
    part = measured["measurement"]["memorisation"]
    assert part["settings"]["items"] == sha256(items.read_bytes()).hexdigest()
    assert set(part["items"]) == {f"q{n}" for n in range(ITEMS)}
    assert part["primary"] == "published"
    instrument = measured["incidental"]["instrument"]["memorisation"]
    for arm in ("published", "fresh"):
        found = {k: v for k, v in instrument[arm].items() if k != "texts"}
        assert found == {"oracle": 1, "null": 0, "reproduced": 1, "invented": 0}


def test_the_same_command_changes_nothing_and_other_items_are_another_run(
    run: Path, items: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in (run / "logs").iterdir())
    again = ("--course", "standard", "--model", "reference/oracle", "--out", run)
    assert command("audit", items, *again) == 0
    assert sorted(path.name for path in (run / "logs").iterdir()) == before
    capsys.readouterr()
    other = write_items(tmp_path / "sums.jsonl", ITEMS + 1)
    assert command("audit", other, *again) == 2
    assert "take another folder" in capsys.readouterr().err


def test_controls_are_fresh_and_their_own(items: Path, tmp_path: Path) -> None:
    controls = write_items(tmp_path / "mine.jsonl", 2)
    text = controls.read_text("utf-8").replace("A grower", "A farmer")
    controls.write_text(text.replace('"id": "q', '"id": "own-'), "utf-8")
    out = tmp_path / "r"
    asked = ("--controls", controls, "--model", "reference/exposed", "--out", out)
    assert command("audit", items, *asked) == 0
    rows = Evidence(out / "evidence.parquet").query(
        "select distinct item, arm, operation, stratum, value from evidence "
        "where metric = 'verbatim_60' and item like 'own-%' order by 1"
    )
    assert rows == [(f"own-{n}", "fresh", "control", "own", 0.0) for n in range(2)]


# --- what can go wrong -------------------------------------------------------------------------


class Odd(ModelAPI):
    """Hostile, broken, and providers that only some models have."""

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - Inspect's own signature
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        await asyncio.sleep(0)
        kind = self.model_name.rpartition("/")[2]
        if kind == "flaky" and (config.seed or 0) % 3 == 0:
            raise ConnectionError("the provider is down")
        said = {
            "paths": "../../../etc/passwd\x00\x1b[2J",
            "html": "<script>alert(1)</script>" * 10,
            "huge": "the crates " * 100_000,
            "halves": "half \ud800 a character",
            "declines": REFUSAL,
        }
        return ModelOutput.from_content(self.model_name, said.get(kind, "ANSWER: 3"))


@modelapi(name="odd")
def odd() -> type[ModelAPI]:
    return Odd


def evaluate(folder: Path, file: Path, model: str, **options: Any) -> EvalLog:
    (log,) = inspect_eval(
        memorisation(**{"file": str(file), "items": 3, **options}),
        model=model, log_dir=str(folder), display="none", log_realtime=False, max_retries=0,
    )  # fmt: skip
    assert log.status == "success", log.error
    return log


def rows_of(log: EvalLog) -> list[Observation]:
    return [row for found in read_samples(Path(log.location)) for row in of_sample(found)]


@pytest.mark.parametrize("model", ["paths", "html", "huge", "halves"])
def test_whatever_a_model_writes_is_text(model: str, items: Path, tmp_path: Path) -> None:
    found = rows_of(evaluate(tmp_path, items, f"odd/{model}"))
    values = [row.value for row in found if row.metric == "verbatim_60"]
    assert len(values) == 3
    assert all(value is not None and value < 0.2 for value in values)
    assert {row.outcome for row in found} == {"ok"}


def test_a_lost_call_is_missing_and_never_zero(items: Path, tmp_path: Path) -> None:
    log = evaluate(tmp_path, items, "odd/flaky", arm="fresh")
    found = [row for row in rows_of(log) if row.kind != "usage"]
    lost = [row for row in found if row.outcome == "infrastructure"]
    assert 0 < len(lost) < len(found)
    assert {row.value for row in lost} == {None}
    (sample, *_) = read_samples(Path(log.location))
    faults = [s.fault for of in transcript_of(sample.sample).said.values() for s in of.values()]
    assert any("the provider is down" in fault for fault in faults)


def test_a_model_that_declines_is_told_from_one_that_remembers_nothing(
    items: Path, tmp_path: Path
) -> None:
    found = [r for r in rows_of(evaluate(tmp_path, items, "odd/declines")) if r.kind != "usage"]
    assert {row.outcome for row in found} == {"refusal"}
    assert {row.value for row in found if row.metric != "accuracy"} == {None}


def test_plain_inspect_shows_accuracy_and_the_longest_run(items: Path, tmp_path: Path) -> None:
    log = evaluate(tmp_path, items, "reference/memoriser")
    assert log.results is not None
    shown = {score.name: score.metrics["mean"].value for score in log.results.scores}
    assert shown == {"audit_accuracy": 1.0, "audit_verbatim": 1.0}


@pytest.mark.slow
def test_an_interrupted_audit_goes_on_and_pays_only_for_what_was_in_flight(
    items: Path, tmp_path: Path
) -> None:
    calls, out = tmp_path / "calls", tmp_path / "r"
    asked = ("audit", items, "--items", 3, "--model", "slow/oracle", "--out", out)
    whole = [sys.executable, slow.__file__, calls, "0.4", "0", *asked]
    process = subprocess.Popen([str(part) for part in whole], stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not calls.exists() or len(calls.read_text("utf-8").splitlines()) < 4:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()
    slow.Slow.calls, slow.Slow.seconds, slow.Slow.failing = calls, 0.0, 0
    assert command(*asked) == 0
    made = calls.read_text("utf-8").splitlines()
    every = 3 * (1 + VARIANTS) * 4
    assert len(set(made)) == every
    assert len(made) - every <= 12, "at most what was in flight is paid again"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("audit",), "ITEMS"),
        (("audit", "nowhere.jsonl", "--model", "reference/oracle"), "nowhere.jsonl"),
        (("audit", "ITEMS", "--field", "wrong=x"), "`--field`"),
        (("audit", "ITEMS", "--items", 0), "`--items`"),
        (("audit", "ITEMS", "--model", "reference/lossy-0.02"), "reference workers"),
        (("audit", "ITEMS", "--self-test"), "`--self-test`"),
        (("run", "--trial", "memorisation", "--model", "reference/oracle"), "worktrial audit"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: tuple[object, ...],
    named: str,
    items: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = [items if part == "ITEMS" else part for part in arguments]
    assert command(*given, "--out", tmp_path / "x") == 2
    (said,) = capsys.readouterr().err.strip().splitlines()
    assert said.startswith("worktrial: ")
    assert named in said
    assert not (tmp_path / "x").exists()


# --- providers that continue bare texts, or tell log-probabilities -----------------------------


class Reads(Odd):
    """Continues bare texts, and finds every word that it has met likelier."""

    continues_text = True
    met = "plums"
    asked: list[tuple[str, bool]] = []  # noqa: RUF012 - what all of them were asked

    async def generate(
        self,
        input: list[ChatMessage],  # noqa: A002 - Inspect's own signature
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        self.asked.append((input[-1].text, bool((config.extra_body or {}).get("raw"))))
        return ModelOutput.from_content(self.model_name, " ANSWER: 3")

    async def token_logprobs(self, texts: Sequence[str]) -> list[TokenLogprobs]:
        kind = self.model_name.rpartition("/")[2]
        if kind == "down":
            raise ConnectionError("the provider is down")
        if kind == "unable":
            raise ConfigError("the extra `audit` is not installed")
        found = [[-1.0 if w == self.met else -2.0 for w in text.split()[1:]] for text in texts]
        return [TokenLogprobs(np.array(values)) for values in found]


@modelapi(name="reads")
def reads() -> type[ModelAPI]:
    return Reads


def test_a_provider_that_continues_text_is_sent_the_bare_text(items: Path, tmp_path: Path) -> None:
    Reads.asked.clear()
    found = rows_of(evaluate(tmp_path, items, "reads/well", items=1))
    kinds = {(row.metric, row.kind) for row in found}
    assert {("verbatim_60", "raw"), ("accuracy", "chat"), ("loss", "logprobs")} <= kinds
    bare = [text for text, raw in Reads.asked if raw]
    assert len(bare) == 3
    assert all(text.startswith("A grower fills") for text in bare)


def test_likelihood_is_read_of_more_variants_than_are_asked(items: Path, tmp_path: Path) -> None:
    found = rows_of(evaluate(tmp_path, items, "reads/well", items=1, arm="fresh"))
    read = [row for row in found if row.metric == "loss"]
    assert len(read) == 19
    assert len([row for row in found if row.metric == "verbatim_60"]) == VARIANTS
    words = len(json.loads(items.read_text("utf-8").splitlines()[0])["question"].split())
    # One of the words after the first is known, at −1; the others are at −2.
    assert [row.value for row in read] == pytest.approx([-2 + 1 / (words - 1)] * 19, abs=1e-4)


def test_a_controls_reorderings_are_read_and_never_asked_about(tmp_path: Path) -> None:
    def prose(name: str, *words: str) -> Path:
        line = {"question": "You may copy, distribute, {} and {} a work. {}".format(*words)}
        (tmp_path / name).write_text(json.dumps(line) + "\n", "utf-8")
        return tmp_path / name

    file = prose("items.jsonl", "modify", "sell", " ".join(["Every recipient shall keep it."] * 3))
    controls = prose("controls.jsonl", "rent", "lend", "The holder grants a free licence.")
    options = {"items": None, "controls": str(controls), "arm": "fresh"}
    found = rows_of(evaluate(tmp_path, file, "reads/well", **options))
    mine = [row for row in found if row.item.startswith("control")]
    read = {row.operation for row in mine if row.metric == "loss"}
    assert read == {"control", *(f"variant-{n}" for n in range(1, 20))}
    assert {row.operation for row in mine if row.metric == "verbatim_60"} == {"control"}
    assert {row.stratum for row in mine} == {"order"}


@pytest.mark.parametrize(("model", "outcomes"), [("down", {"infrastructure"}), ("unable", set())])
def test_log_probabilities_that_cannot_be_had_are_missing(
    model: str, outcomes: set[str], items: Path, tmp_path: Path
) -> None:
    found = rows_of(evaluate(tmp_path, items, f"reads/{model}", items=1))
    read = [row for row in found if row.kind == "logprobs"]
    assert {row.outcome for row in read} == outcomes
    assert {row.value for row in read} <= {None}
    assert any(row.value is not None for row in found if row.metric == "verbatim_60")


def test_an_ordered_file_is_read_in_its_order_and_others(tmp_path: Path) -> None:
    file = write_items(tmp_path / "sums.jsonl", 16)
    found = rows_of(evaluate(tmp_path, file, "reads/well", items=16))
    order = [row for row in found if row.metric == "order"]
    assert [row.item for row in order] == ["shard-1", "shard-2"]
    # Only the first word of all is not read, and here it is the same in every order.
    assert [row.value for row in order] == [0.0, 0.0]


def test_the_canary_of_a_file_is_asked_for_once(tmp_path: Path) -> None:
    file = write_items(tmp_path / "sums.jsonl", 1)
    guid = "26b5c67b-86ad-4a2d-8b9f-0123456789ab"
    line = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(line | {"note": f"canary GUID {guid}"}) + "\n", "utf-8")
    for worker, value in (("memoriser", 1.0), ("oracle", 0.0)):
        found = rows_of(evaluate(tmp_path, file, f"reference/{worker}"))
        canaries = [(row.item, row.operation, row.value) for row in found if row.metric == "canary"]
        assert canaries == [("canary", "canary", value)]

"""The ablation from command to findings, with workers whose obedience is known."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from worktrial.cli.main import main
from worktrial.evidence import Evidence

pytestmark = pytest.mark.xdist_group("ablate")
"""One process makes the run that these tests share."""

TASK = f"{Path(__file__).parents[1] / 'instruction' / 'shapes.py'}@letters"
ITEMS = 36
ARMS = ("full", "full-2", "format_only", "empty", "wrong", "permuted")
WORKERS = ("oracle", "literalist", "memoriser", "formatter", "null")


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


def asked(out: Path) -> list[object]:
    workers = [f"--model=reference/{name}" for name in WORKERS]
    arms = [f"--arm={arm}" for arm in ARMS]
    return ["ablate", TASK, "-T", f"items={ITEMS}", "--items", ITEMS, *workers, *arms, "--out", out]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("ablate") / "r"
    assert command(*asked(out)) == 0
    return out


@pytest.fixture(scope="module")
def estimates(run: Path) -> dict[str, dict[str, Any]]:
    return {e["id"]: e for e in json.loads((run / "findings.json").read_text())["estimates"]}


def test_scores_are_as_the_workers_were_made(run: Path) -> None:
    rows = Evidence(run / "evidence.parquet", trial="ablate").query(
        "select worker, metric, arm, avg(value) from evidence "
        "where metric in ('score', 'wrong_key') group by all"
    )
    found = {(w.removeprefix("reference/"), m, a): value for w, m, a, value in rows}
    truth = {
        "oracle": (1, 1, 0, 0, 0, 1, 1),
        "literalist": (1, 1, None, None, 0, 1, 1),
        "memoriser": (1, 1, 1, 1, 1, 0, 0),
        "formatter": (None, None, None, 0, None, None, None),
        "null": (0, 0, 0, 0, 0, 0, 0),
    }
    for worker, scores in truth.items():
        columns = [("score", arm) for arm in ARMS] + [("wrong_key", "wrong")]
        for column, score in zip(columns, scores, strict=True):
            value = found[worker, *column]
            # Guesses among four answers: 9 expected of 36, 1 to 19 in all but one in 10,000 runs.
            assert 1 / ITEMS <= value <= 19 / ITEMS if score is None else value == score, (
                worker,
                column,
            )


def test_what_form_explains_and_what_is_obeyed(estimates: dict[str, dict[str, Any]]) -> None:
    share = {w: estimates[f"ablate/format_share/reference/{w}"] for w in WORKERS}
    assert (share["oracle"]["value"], share["memoriser"]["value"]) == (0, None)
    assert share["memoriser"]["why"] == "what it is a share of may be 0"
    assert share["formatter"]["low"] <= 1 <= share["formatter"]["high"]
    assert share["literalist"]["low"] <= 0 <= share["literalist"]["high"] < 0.5
    gap = {w: estimates[f"ablate/score/instruction/reference/{w}/full"] for w in WORKERS}
    assert gap["oracle"]["value"] == 1
    assert gap["memoriser"]["value"] == 0
    assert gap["literalist"]["low"] <= 0.75 <= gap["literalist"]["high"]
    flips = {w: estimates[f"ablate/flip_compliance/reference/{w}/permuted"] for w in WORKERS}
    assert (flips["oracle"]["value"], flips["memoriser"]["value"]) == (1, 0)
    stuck = {w: estimates[f"ablate/stickiness/reference/{w}/wrong"]["value"] for w in WORKERS}
    assert (stuck["memoriser"], stuck["literalist"]) == (1, 0)


def test_scores_stand_beside_what_a_guess_scores(estimates: dict[str, dict[str, Any]]) -> None:
    assert estimates["ablate/guess/reference/oracle/guess-uniform"]["value"] == 0.25
    assert estimates["ablate/kappa/reference/null/full"]["value"] == pytest.approx(-1 / 3)
    assert estimates["ablate/kappa/reference/oracle/full"]["value"] == 1


def test_claims_are_judged(run: Path) -> None:
    claims = {
        c["id"]: c["verdict"] for c in json.loads((run / "findings.json").read_text())["claims"]
    }
    assert claims["ablate/instrument"] == "met"
    assert claims["ablate/used-reference/literalist"] == "met"
    assert claims["ablate/form-reference/oracle"] == "missed"
    assert claims["ablate/sticks-reference/memoriser"] == "met"
    assert claims["ablate/flips-reference/memoriser"] == "missed"


@pytest.mark.slow
def test_the_same_command_calls_nothing_and_finds_the_same(run: Path) -> None:
    before = [(run / "findings.json").read_bytes(), sorted(run.glob("logs/*.eval"))]
    assert command(*asked(run)) == 0
    assert [(run / "findings.json").read_bytes(), sorted(run.glob("logs/*.eval"))] == before


def test_the_report_and_the_protocol_say_what_was_found(run: Path) -> None:
    page = (run / "report.html").read_text()
    assert "reference/literalist" in page
    section = page[page.index('id="wording"') : page.index('id="outcomes"')]
    assert re.findall(r"<summary><bdi>(.*?)</bdi>", section) == list(ARMS)
    assert "Which of these is 0 more than 0?" in section
    changed = page[page.index('id="contrasts"') :].split("<h3 ")
    (oracle,) = (part for part in changed if "<bdi>reference/oracle</bdi>" in part)
    assert f"{ITEMS} higher with the instruction, 0 lower." in oracle
    assert oracle.count("higher with the instruction: 1, with the form alone 0") == 3
    settings = json.loads((run / "protocol.json").read_text())["measurement"]["ablate"]["settings"]
    assert settings["instruction"].startswith("Answer the following multiple choice question.")
    assert settings["space"]["kind"] == "choices"


def test_the_plan_is_shown_and_nothing_is_called(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("ablate", TASK, "--plan", "--out", tmp_path / "none") == 0
    said = capsys.readouterr()
    assert "--- format_only\nThe entire content" in said.out
    assert "instruction found: Answer the following multiple choice" in said.err
    assert not (tmp_path / "none").exists()


def test_mistakes_are_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, said in (
        (["ablate", tmp_path / "none.py"], "there is no"),
        (["ablate", TASK, "--items", 1], "`--items` must be at least 2"),
        (["ablate", TASK, "--arm", "loud"], "`--arm` must be one of"),
        (["ablate", TASK, "--model", "reference/nobody"], "choose one"),
        (["run", "--trial", "ablate", "--model", "reference/oracle"], "use: worktrial ablate TASK"),
    ):
        assert command(*arguments) == 2
        err = capsys.readouterr().err.splitlines()
        assert said in err[-1]


KINDS = """
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.scorer import match
from inspect_ai.solver import generate, prompt_template

ASKED = "Is this an animal or a plant? Answer with one word, animal or plant."
WORDS = {"dog": "animal", "cow": "animal", "rose": "plant", "oak": "plant"}


@task
def kinds() -> Task:
    samples = [Sample(input=word, target=kind) for word, kind in WORDS.items()]
    solver = [prompt_template(ASKED + "\\n\\n{prompt}"), generate(max_tokens=8)]
    return Task(dataset=MemoryDataset(samples), solver=solver, scorer=match(location="begin"))
"""


def test_a_real_model_on_a_users_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "kinds.py").write_text(KINDS, encoding="utf-8")
    arms = [f"--arm={arm}" for arm in ("full", "format_only", "empty", "wrong")]
    model, out = "embedded/smollm2-135m", tmp_path / "out"
    assert command("ablate", tmp_path / "kinds.py", "--model", model, *arms, "--out", out) == 0
    said = capsys.readouterr()
    assert "instruction found: Is this an animal or a plant?" in said.err
    scores = {
        arm: (value, count)
        for arm, value, count in Evidence(out / "evidence.parquet").query(
            "select arm, avg(value), count(value) from evidence where metric = 'score' group by arm"
        )
    }
    # It answers every item, and without any instruction never with one of the two words.
    assert {count for _, count in scores.values()} == {4}
    assert scores["empty"][0] == 0
    written = Evidence(out / "evidence.parquet").query(
        "select min(value) from evidence where metric = 'tokens_out'"
    )
    assert written[0][0] > 0

"""One's own tasks: read with limits, made items, talked about, scored without a world."""

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inspect_ai.model import ChatMessage, ModelOutput, ModelUsage, get_model
from inspect_ai.util import Store

from worktrial.cli.main import main
from worktrial.errors import ConfigError
from worktrial.evidence import Evidence
from worktrial.evidence.findings import Findings
from worktrial.protocol import Manifest
from worktrial.search.arms import ARMS
from worktrial.search.asking import NameIndex, hear
from worktrial.search.checking import check as faults_of
from worktrial.search.extract import replayed
from worktrial.search.goal import normal, read_goal, score_goal
from worktrial.search.items import COURSES, SearchItem, Triple
from worktrial.search.own import intents, own_items
from worktrial.search.persona import stages_of
from worktrial.search.reader import extract
from worktrial.search.simulate import converse
from worktrial.search.tasks import read_tasks, tasks_sha256
from worktrial.search.transcript import Exchange, Transcript
from worktrial.search.triggers import attributes_of, kind_of
from worktrial.search.user import SimulatedUser
from worktrial.search.words import read_line

pytestmark = pytest.mark.xdist_group("own-tasks")
"""One process makes the run that these tests share."""

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "search" / "tasks.json"
TASK: Mapping[str, Any] = {
    "task_id": "bakery",
    "initial_query": "I want a bakery.",
    "final_query": "Find a bakery with rye bread that opens at six.",
    "user_persona": [
        {"trigger": "The agent asks about the bread", "line": "Rye bread it must be."},
        {"trigger": "The agent mentions opening hours", "line": "It has to open at six."},
        {"trigger": "The agent presents a candidate", "line": "We come on foot."},
    ],
    "nodes": [
        {"node_id": "a", "node_name": "Bäckerei Ohm"},
        {"node_id": "b", "node_name": "Nadine Ohm"},
        {"node_id": "c", "node_name": "1,250 loaves"},
    ],
    "triples": [
        {"head_id": "a", "relation": "owned by", "tail_id": "b"},
        {"head_id": "a", "relation": "bakes", "tail_id": "c"},
    ],
}


def task(**changes: Any) -> dict[str, Any]:
    return {**TASK, **changes}


def written(folder: Path, content: object) -> Path:
    path = folder / "tasks.json"
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return path


@pytest.fixture
def item(tmp_path: Path) -> SearchItem:
    return own_items(written(tmp_path, task()), seed=7)[0]


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


# --- from command to report --------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("own") / "r"
    workers = [f"--model=reference/{name}" for name in ("oracle", "null", "interrogator")]
    assert command("run", "--trial", "search", "--tasks", EXAMPLE, *workers, "--out", out) == 0
    return out


def test_ones_own_tasks_come_to_the_same_findings_and_report(run: Path) -> None:
    found = Findings.read(run / "findings.json")
    for arm in ("full_fixed_schema", "full", "simulated"):
        assert found.estimate(f"search/f1/reference/oracle/{arm}").value == 1.0
        assert found.estimate(f"search/f1/reference/null/{arm}").value == 0.0
    gap = found.estimate("search/f1/specification/reference/oracle/full_fixed_schema")
    assert gap.value == 0.0
    assert found.estimate("search/elicitation/reference/oracle/simulated").value == 1.0
    (instrument,) = [c for c in found.claims if c.evidence_class == "instrument"]
    assert instrument.verdict == "met"
    page = (run / "report.html").read_text("utf-8")
    assert "Humora S2 | made by | Tellwick Instruments" in page
    assert "is asked about" in page
    assert "stages told" in page


def test_what_cannot_be_known_without_a_world_is_missing_and_never_zero(run: Path) -> None:
    rows = Evidence(run / "evidence.parquet").query(
        "select distinct metric, value is null from evidence where step = 0"
    )
    known: dict[str, set[bool]] = {}
    for metric, missing in rows:
        known.setdefault(metric, set()).add(missing)
    for metric in ("intents_met", "satisfaction", "unsupported"):
        assert known[metric] == {True}
    assert known["f1"] == known["claims_unlisted"] == {False}
    assert not {"searches", "opens", "claims_false", "claims_true"} & set(known)
    ranks = [e for e in Findings.read(run / "findings.json").estimates if e.metric == "rank"]
    assert len(ranks) == 6
    assert all(e.value is not None for e in ranks), "by F1 at work, then"


def test_the_protocol_holds_the_file_by_its_hash_and_every_item(run: Path) -> None:
    measured = Manifest.read(run / "protocol.json").measurement["search"]
    assert measured.settings["tasks"] == hashlib.sha256(EXAMPLE.read_bytes()).hexdigest()
    assert set(measured.items) == {"mountain-huts", "weather-probes", "choir-scores"}
    assert measured.course["pages"] == 0
    checklist = json.loads((run / "protocol.json").read_text())["incidental"]["checklist"]["search"]
    unmet = {entry["question"] for entry in checklist if not entry["met"]}
    assert "The ambiguity is real" in unmet


def test_a_published_protocol_is_repeated_with_its_tasks_and_not_without(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("run", "--protocol", run / "protocol.json", "--model", "reference/oracle")
    assert command(*asked, "--out", tmp_path / "a") == 2
    assert "name their file by --tasks" in capsys.readouterr().err
    other = written(tmp_path, task())
    assert command(*asked, "--tasks", other, "--out", tmp_path / "b") == 2
    assert command(*asked, "--tasks", EXAMPLE, "--out", tmp_path / "c") == 0
    wanted, got = (Manifest.read(at / "protocol.json") for at in (run, tmp_path / "c"))
    assert wanted.sha256 == got.sha256


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--pages", 400), "`pages`"),
        (("--items", 4), "`items` must be 1 to 3"),
        (("--items", 0), "`items`"),
    ],
)
def test_options_that_do_not_fit_are_one_line(
    arguments: tuple[object, ...], named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x"
    asked = ("--trial", "search", "--tasks", EXAMPLE, "--model", "reference/oracle")
    assert command("run", *asked, *arguments, "--out", out) == 2
    said = capsys.readouterr().err.strip()
    assert named in said
    assert "\n" not in said
    assert not out.exists()


def test_items_takes_the_first_so_many() -> None:
    chosen, drawn = intents("pocket", seed=7, items=2, tasks=EXAMPLE)
    assert [one.id for one in drawn] == ["mountain-huts", "weather-probes"]
    assert chosen.items == 2


def test_topics_are_refused_with_tasks() -> None:
    with pytest.raises(ConfigError, match="`topics`"):
        intents("pocket", seed=7, topics=["people"], tasks=EXAMPLE)


def test_there_are_turns_enough_for_every_stage(tmp_path: Path) -> None:
    stages = [
        {"trigger": f"The agent asks about {'x' * n}yz", "line": f"Line {n}."} for n in range(1, 21)
    ]
    path = written(tmp_path, task(user_persona=stages))
    chosen, (one,) = intents("pocket", seed=7, tasks=path)
    assert chosen.turns == 40
    kept = converse("oracle", one, ARMS["simulated"], turns=chosen.turns)
    assert replayed(one, ARMS["simulated"], kept).score.elicitation == 1


# --- what is wrong with a file -----------------------------------------------------------------

_MALFORMED: Mapping[str, tuple[object, str]] = {
    "not JSON": ("tasks: [1, 2]", "must be JSON"),
    "cut off": ('{"task_id": "a"', "must be JSON"),
    "a broken line": (json.dumps(task()) + "\n{oops}\n", "line 2"),
    "empty": ("", "at least one task"),
    "an empty list": ([], "at least one task"),
    "of numbers": ([1, 2], "task 1"),
    "a string": ('"task"', "task 1"),
    "wrong type": (task(initial_query=7), "`initial_query`.*got 7"),
    "wrong list": (task(nodes="a, b"), "`nodes`.*got 'a, b'"),
    "a missing field": ({k: v for k, v in TASK.items() if k != "final_query"}, "`final_query`"),
    "no id": ({k: v for k, v in TASK.items() if k != "task_id"}, "`task_id`.*add it"),
    "an unknown node": (
        task(triples=[{"head_id": "a", "relation": "r", "tail_id": "zz"}]), "tail_id.*'zz'",
    ),
    "no triples": (task(triples=[]), "`triples`.*add one"),
    "a node twice": (task(nodes=[*TASK["nodes"], TASK["nodes"][0]]), "'a' is there twice"),
    "an id twice": ([task(), task()], "`task_id` 'bakery' is there twice"),
    "a key twice": ('{"task_id": "a", "task_id": "b"}', "'task_id' twice"),
    "an empty request": (task(initial_query="  \n"), "`initial_query`.*write it out"),
    "no stages": (task(user_persona=[]), "`user_persona.stages`.*add one"),
    "prose without stages": (task(user_persona="A friendly person."), "bakery.*holds no stage"),
    "a stage without a line": (
        task(user_persona="Stage 1. Trigger: agent asks about bread."), "no `Line:` in its stage 1",
    ),
    "an unknown style": (
        task(user_persona={"style": "rude", "stages": TASK["user_persona"]}), "`user_persona.sty",
    ),
    "a line that tells nothing": (
        task(user_persona=[{"trigger": "The agent asks about bread", "line": "OK."}]),
        "tell something.*'OK.'",
    ),
    "too deep": ("[" * 100_000, "nested too deep"),
    "a text too long": (task(final_query="x" * 100_001), "`final_query`.*shorten it"),
    "a persona too long": (task(user_persona="x" * 100_001), "`user_persona`.*shorten it"),
    "too many nodes": (
        task(nodes=[{"node_id": n, "node_name": f"n{n}"} for n in range(5_001)]), "`nodes`.*5000",
    ),
    "too many triples": (task(triples=[TASK["triples"][0]] * 20_001), "`triples`.*20000"),
    "too many tasks": ("[" + ",".join(["1"] * 10_001) + "]", "at most 10,000 tasks"),
    "a name of marks": (
        task(nodes=[*TASK["nodes"], {"node_id": "d", "node_name": "**"}]), "node_name`.*in words",
    ),
    "half a character": (json.dumps(task(initial_query="a \ud800 b")), "`initial_query`"),
    "a number without end": ("9" * 5_000, "must be JSON"),
    "a truth as an id": (task(task_id=True), "`task_id`"),
}  # fmt: skip


@pytest.mark.parametrize("name", _MALFORMED)
def test_a_malformed_file_is_one_line_with_file_and_rule(name: str, tmp_path: Path) -> None:
    content, rule = _MALFORMED[name]
    path = written(tmp_path, content)
    with pytest.raises(ConfigError, match=rule) as raised:
        own_items(path, seed=7)
    said = str(raised.value)
    assert "\n" not in said
    assert len(said) < 600
    assert str(path) in said
    assert said.startswith("`--tasks` "), "the option"


def _directory(folder: Path) -> Path:
    return folder


def _absent(folder: Path) -> Path:
    return folder / "nowhere.json"


def _binary(folder: Path) -> Path:
    path = folder / "tasks.bin"
    path.write_bytes(b"{}\n\x00\xff\xfe\x80")
    return path


def _large(folder: Path) -> Path:
    path = folder / "tasks.json"
    with path.open("wb") as file:
        file.truncate(50_000_001)
    return path


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        (_directory, "it is no file"), (_absent, "No such file"), (_binary, "line 2 is not"),
        (_large, "at most 50,000,000 bytes"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_line_and_nothing_is_written(
    place: Callable[[Path], Path], rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x"
    asked = ("--trial", "search", "--tasks", place(tmp_path), "--model", "reference/oracle")
    assert command("run", *asked, "--out", out) == 2
    said = capsys.readouterr().err.strip()
    assert rule in said
    assert "\n" not in said
    assert not out.exists()


def test_tasks_are_for_the_search(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("run", "--tasks", EXAMPLE, "--model", "reference/oracle", "--out", tmp_path / "x")
    assert command(*asked) == 2
    assert "`--tasks` is for `--trial search`" in capsys.readouterr().err


# --- what is taken -----------------------------------------------------------------------------


def test_an_object_a_list_and_lines_are_the_same_tasks(tmp_path: Path) -> None:
    one, other = task(), task(task_id="other")
    forms = ([one, other], f"{json.dumps(one)}\n\n{json.dumps(other)}\n")
    listed, lines = (read_tasks(written(tmp_path, form)) for form in forms)
    assert listed == lines
    assert read_tasks(written(tmp_path, one)) == listed[:1]
    assert read_tasks(written(tmp_path, "\ufeff" + json.dumps(one))) == listed[:1]


def test_other_names_of_fields_and_further_fields_are_taken(tmp_path: Path) -> None:
    given = {k: v for k, v in TASK.items() if k not in ("task_id", "final_query")}
    given |= {"qid": 17, "question": TASK["final_query"], "user_queries": [{"deep": [[1e999]]}]}
    (found,) = read_tasks(written(tmp_path, given))
    assert (found.task_id, found.final_query) == ("17", TASK["final_query"])


def test_the_three_forms_of_a_persona_are_one(tmp_path: Path) -> None:
    stages = TASK["user_persona"]
    prose = "\n".join(
        f'**STAGE {n}** (opening)\n- *Trigger*: {s["trigger"]}\n- LINE: "{s["line"]}"\n'
        "- Otherwise: keep silent."
        for n, s in enumerate(stages, 1)
    )
    said = [{"trigger": s["trigger"], "say": s["line"], "unmet": "wait"} for s in stages]
    found = [
        read_tasks(written(tmp_path, task(user_persona=form)))[0].user_persona
        for form in (stages, said, {"stages": stages, "style": "terse"}, prose)
    ]
    assert found[1:] == found[:1] * 3


def test_prose_in_one_line_is_parted_by_its_marks() -> None:
    text = (
        "You wait. Stage 1 budget. Trigger: asks about money, unlike in stage 2. "
        'Line: "At most 40: no more." Otherwise: nothing. '
        "Stage 2: Trigger: presents results Line: After Stage 1 I want red."
    )
    assert stages_of(text) == [
        {"trigger": "asks about money, unlike in stage 2. ".strip(), "line": "At most 40: no more.",
         "unmet": "nothing."},
        {"trigger": "presents results", "line": "After Stage 1 I want red."},
    ]  # fmt: skip


def test_prose_of_any_size_is_read_in_linear_time() -> None:
    start = time.perf_counter()
    for text in ("Stage 1 " * 12_000, "Stage 1 Trigger: " + 'Line: "' * 14_000, "*" * 100_000):
        try:
            stages_of(text)
        except ValueError:
            continue
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("trigger", "kind"),
    [
        ("The agent asks about the budget", "asked"),
        ("Agent inquires about dates", "asked"),
        ("The agent mentions a hotel", "mentioned"),
        ("The agent mentions or asks about a hotel", "mentioned"),
        ("The agent presents its results", "shown"),
        ("Agent recommends a candidate", "shown"),
        ("The weather comes up", "mentioned"),
        ("助手询问预算", "asked"),
        ("助手提到交通", "mentioned"),
        ("助手给出候选结果", "shown"),
    ],
)
def test_what_a_trigger_is(trigger: str, kind: str) -> None:
    assert kind_of(trigger) == kind


def test_an_item_is_one_record_that_json_keeps(item: SearchItem) -> None:
    assert SearchItem.model_validate_json(item.model_dump_json()) == item
    assert [s.trigger for s in item.persona.stages] == ["asked", "mentioned", "shown"]
    assert item.about.key == item.topic == "own"
    assert [a.label for a in item.about.attributes] == ["bread", "opening hours", "matter 3"]
    assert [s.constraint.value for s in item.persona.stages] == [
        s["line"] for s in TASK["user_persona"]
    ]
    assert item.goal == (
        Triple(head="Bäckerei Ohm", relation="relation_1", tail="Nadine Ohm"),
        Triple(head="Bäckerei Ohm", relation="relation_2", tail="1,250 loaves"),
    )


def test_ids_of_any_kind_become_names_apart(tmp_path: Path) -> None:
    ids = ["../../etc/passwd", "a b", "a/b", "<script>", "x" * 300, "x" * 299]
    found = own_items(written(tmp_path, [task(task_id=one) for one in ids]), seed=7)
    names = [one.id for one in found]
    assert len(set(names)) == len(ids)
    assert not [name for name in names if set(name) & set("/<> ") or len(name) > 90]


# --- the simulated user ------------------------------------------------------------------------


def test_a_stage_is_told_word_for_word_when_its_trigger_comes(item: SearchItem) -> None:
    user = SimulatedUser(item)
    said = [
        user.hear(message)
        for message in (
            "Good morning, I can help with that.",
            "I know some bread.",
            "Which bread would you like?",
            "Remember that opening hours differ.",
            "How about Bäckerei Ohm?",
        )
    ]
    assert [turn.fired for turn in said] == [(), (), (0,), (1,), (2,)]
    assert said[2].line == "Rye bread it must be."


def test_a_word_of_two_stages_asks_for_both_where_no_other_tells_them_apart(tmp_path: Path) -> None:
    stages = [
        {"trigger": "The agent asks about the price of a ticket", "line": "Tickets: 10 at most."},
        {"trigger": "The agent asks about the price of a room", "line": "Rooms: 90 at most."},
        {"trigger": "The agent asks about the price of a room", "line": "No shared rooms."},
    ]
    (one,) = own_items(written(tmp_path, task(user_persona=stages)), seed=7)
    assert SimulatedUser(one).hear("What price do you have in mind?").fired == (0, 1, 2)
    assert SimulatedUser(one).hear("What may a ticket cost?").fired == (0,)
    assert SimulatedUser(one).hear("What kind of room do you need?").fired == (1, 2)
    kept = converse("interrogator", one, ARMS["simulated"], turns=20)
    played = replayed(one, ARMS["simulated"], kept)
    assert not played.faults
    assert played.score.elicitation == 1


def test_words_of_the_vague_request_ask_for_nothing() -> None:
    (attribute,) = attributes_of(["The agent asks about bakery bread"], ["x"], "I want a bakery.")
    assert "bakery*" not in attribute.cues
    assert "bread*" in attribute.cues


def test_the_checker_finds_a_line_that_was_told_too_early_or_not_at_all(item: SearchItem) -> None:
    asked, line = "Which bread would you like?", "Rye bread it must be."
    assert faults_of(item, [(asked, line)], None) == ()
    early = faults_of(item, [("Hello.", line)], None)
    assert [fault.kind for fault in early] == ["revealed too early"]
    missed = faults_of(item, [(asked, "OK.")], None)
    assert [fault.kind for fault in missed] == ["missed a trigger"]


def test_lines_are_read_back_whole_even_where_they_speak_as_the_user_does(tmp_path: Path) -> None:
    lines = (
        "As I said, I don't mind about the price of a room, but ask me first.",
        "I can't say anything about the room yet.\nReally.",
        "As I said",
    )
    stages = [
        {"trigger": f"The agent asks about the {what}", "line": line}
        for what, line in zip(("price of a room", "room", "view"), lines, strict=True)
    ]
    (one,) = own_items(written(tmp_path, task(user_persona=stages)), seed=7)
    read = read_line(f"{lines[0]} {lines[1]}", one.about)
    assert [(s.attribute, s.value, s.again) for s in read.said] == [
        ("stage_1", lines[0], False), ("stage_2", lines[1], False),
    ]  # fmt: skip
    assert not (read.indifferent)
    assert not (read.put_off)
    assert not (read.wants_questions)
    for name in ("oracle", "interrogator"):
        kept = converse(name, one, ARMS["forced_ask"], turns=20)
        assert not replayed(one, ARMS["forced_ask"], kept).faults


def test_questions_and_names_in_chinese_are_heard(tmp_path: Path) -> None:
    given = task(
        initial_query="我想找一家酒店。",
        user_persona="阶段1 触发：助手询问预算时 台词：“每晚最多八百元。” 否则：不说\n"
        "阶段2 触发：助手提到交通 台词：“离地铁站要近。”\n"
        "阶段3 触发：助手给出候选 台词：“要有泳池。”",
        nodes=[{"node_id": "a", "node_name": "云栖酒店"}, {"node_id": "b", "node_name": "杭州"}],
        triples=[{"head_id": "a", "relation": "位于", "tail_id": "b"}],
    )
    (one,) = own_items(written(tmp_path, given), seed=7)
    user = SimulatedUser(one)
    messages = ("请问您的预算是多少？我可以帮您查找。", "交通方便。", "推荐云栖酒店。")
    assert [user.hear(message).fired for message in messages] == [(0,), (1,), (2,)]
    assert score_goal(one, read_goal("云栖酒店位于杭州西湖区。", one)).f1 == 1


# --- scoring -----------------------------------------------------------------------------------


def measured(text: str, item: SearchItem) -> tuple[float | None, float, float]:
    found = score_goal(item, read_goal(text, item))
    return found.precision, found.recall, found.f1


def test_lines_are_matched_by_names_whatever_their_case_accents_marks_and_articles(
    item: SearchItem,
) -> None:
    for text in (
        "Bäckerei Ohm | owned by | Nadine Ohm\nBäckerei Ohm | bakes | 1,250 loaves",
        "FINAL ANSWER\n- the BACKEREI OHM | Owner | **nadine ohm**.\n"
        "* backerei ohm | makes | 1250 Loaves",
        "| subject | relation | value |\n|---|---|---|\n| Bäckerei-Ohm | owned_by | Nadine Ohm |\n"
        "| Bäckerei Ohm | bakes | 1,250 loaves |",
        '[{"subject": "Bäckerei Ohm", "relation": "owner", "value": "Nadine Ohm"},'
        ' {"subject": "Bäckerei Ohm", "relation": "bakes", "value": "1,250 loaves"}]',
        "Bäckerei Ohm belongs to Nadine Ohm. Every day 1250 loaves leave the Bäckerei Ohm.",
    ):
        assert measured(text, item) == (1.0, 1.0, 1.0), text


def test_other_lines_count_against_precision_and_once_each(item: SearchItem) -> None:
    other = "Bäckerei Ohm | owned by | Karl Ohm\n"
    goal = "Bäckerei Ohm | owned by | Nadine Ohm\n"
    assert measured(goal + 3 * other + other.upper(), item) == (0.5, 0.5, 0.5)
    found = score_goal(item, read_goal(goal + other, item))
    assert [c.truth for c in found.claims] == ["goal", "unlisted"]
    assert (found.unsupported, found.intents_met) == (None, None)
    assert measured("", item) == measured("I found nothing.", item) == (None, 0.0, 0.0)


def test_another_relation_of_the_goal_is_another_claim(item: SearchItem) -> None:
    assert measured("Bäckerei Ohm | bakes | Nadine Ohm", item) == (0.0, 0.0, 0.0)
    assert measured("Nadine Ohm | owned by | Bäckerei Ohm", item) == (0.0, 0.0, 0.0)
    assert measured("Nadine Ohm | owner of | Bäckerei Ohm", item)[1] == 0.5


def test_a_model_that_reads_is_asked_for_relations_and_its_lines_count_alone(
    item: SearchItem,
) -> None:
    asked: list[str] = []

    def read(messages: list[ChatMessage], *rest: object) -> ModelOutput:
        asked.append(messages[-1].text)
        output = ModelOutput.from_content("mock", "Bäckerei Ohm | owner | Nadine Ohm\nnone")
        output.usage = ModelUsage()
        return output

    model = get_model("mockllm/model", custom_outputs=read)
    lines = asyncio.run(extract("Bäckerei Ohm bakes 1250 loaves.", item.about, model))
    assert "owned by, bakes" in asked[0]
    assert "opening hours" not in asked[0], "what a person tells is no relation"
    kept = Transcript(store=Store())
    kept.exchanges = [Exchange(worker="Bäckerei Ohm bakes 1250 loaves.")]
    kept.ending, kept.read = "answered", lines
    (claim,) = replayed(item, ARMS["full"], kept).answer.claims
    assert claim.triple == item.goal[0]


def test_what_prose_denies_or_asks_it_does_not_claim(item: SearchItem) -> None:
    for text in (
        "Bäckerei Ohm is not owned by Nadine Ohm.",
        "Does Nadine Ohm own Bäckerei Ohm?",
        "Bäckerei Ohm is nice. Nadine Ohm too.",
    ):
        assert measured(text, item) == (None, 0.0, 0.0), text


@given(st.text(max_size=300))
def test_any_answer_is_scored_between_nothing_and_all(text: str) -> None:
    (one, *_) = own_items(EXAMPLE, seed=7)
    found = score_goal(one, read_goal(text, one))
    assert 0 <= found.f1 <= 1
    assert 0 <= found.recall <= 1
    assert found.precision is None or 0 <= found.precision <= 1


@given(st.text(max_size=60))
def test_names_in_normal_form_stay_as_they_are(name: str) -> None:
    assert normal(normal(name)) == normal(name)


# --- hostile content ---------------------------------------------------------------------------

_HOSTILE = (
    "<script>alert(1)</script>", "</td><b>x", "1. FC | Köln", "---", "C++", "A\nB\tC",
    "9" * 300,    "🦆", "subject", "a" * 400, "\u202egnirts", "{0} {line}", "No way, never", "x?",
)  # fmt: skip


def hostile() -> dict[str, Any]:
    names = [{"node_id": n, "node_name": name} for n, name in enumerate(_HOSTILE)]
    edges = [
        {"head_id": n, "relation": f"<i>{n}</i> {{what}}", "tail_id": (n + 1) % len(_HOSTILE)}
        for n in range(len(_HOSTILE))
    ]
    stages = [
        {"trigger": "The agent asks about <b>money</b> (.*|", "line": "<img src=x> {line} \\1 [a-"},
        {"trigger": "???", "line": "(((("},
        {"trigger": "The agent presents " + "words " * 9000, "line": "x" * 50_000},
    ]
    return task(task_id="<b>", nodes=names, triples=edges, user_persona=stages)


def test_hostile_names_are_found_again_and_nothing_of_them_acts(tmp_path: Path) -> None:
    path, out = written(tmp_path, hostile()), tmp_path / "r"
    (one,) = own_items(path, seed=7)
    for arm in ARMS.values():
        found = replayed(one, arm, converse("oracle", one, arm, turns=20))
        assert (found.answer.f1, found.faults) == (1.0, ())
    asked = ("--trial", "search", "--tasks", path, "--arm", "simulated")
    assert command("run", *asked, "--model", "reference/oracle", "--out", out) == 0
    page = (out / "report.html").read_text("utf-8")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page
    assert "<img" not in page
    assert "</td><b>x" not in page


def test_a_large_task_and_a_hostile_answer_are_read_in_bounded_time(tmp_path: Path) -> None:
    nodes = [{"node_id": n, "node_name": f"a {n} a a a"} for n in range(5_000)]
    edges = [
        {"head_id": n % 7, "relation": f"r{n % 50}", "tail_id": n % 5_000} for n in range(20_000)
    ]
    (one,) = own_items(written(tmp_path, task(nodes=nodes, triples=edges)), seed=7)
    start = time.perf_counter()
    kept = converse("oracle", one, ARMS["full"], turns=1)
    assert replayed(one, ARMS["full"], kept).answer.f1 == 1.0
    for text in ("a " * 200_000, "a 1 a a a " * 20_000, "a | " * 100_000, "|" * 200_000):
        assert score_goal(one, read_goal(text, one)).recall == 0.0
    assert time.perf_counter() - start < 20


def test_a_name_of_many_words_does_not_make_the_matcher_slow() -> None:
    start = time.perf_counter()
    topic = own_items(EXAMPLE, seed=7)[0].about
    hear("a " * 10_000, topic, NameIndex(["a " * 20_000, "b"]))
    assert time.perf_counter() - start < 2


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, task())
    assert tasks_sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert COURSES["pocket"].pages > 0, "a course of one's own is another"

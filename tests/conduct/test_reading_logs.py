"""Logs from anywhere: each that cannot be read costs a line, the others are read."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import fsspec
import pytest
from fsspec import AbstractFileSystem
from inspect_ai.log import EvalLog, EvalSample, condense_sample, read_eval_log, write_eval_log
from rawlogs import errand, header, model, said, sample, tool, user, write_eval, write_json

from worktrial.conduct import reading
from worktrial.conduct.events import Trajectory
from worktrial.conduct.mapping import ToolMap
from worktrial.conduct.reading import Unread, read_trajectories


def read(*locations: object) -> tuple[list[Trajectory], list[Unread]]:
    found = list(read_trajectories([str(one) for one in locations], ToolMap.default()))
    unread = [one for one in found if isinstance(one, Unread)]
    assert all(one.why and "\n" not in one.why and len(one.why) < 500 for one in unread)
    return [one for one in found if isinstance(one, Trajectory)], unread


def alone(location: object) -> str:
    """Why a location is not read, and nothing else."""
    read_of_it, unread = read(location)
    assert not read_of_it
    assert [one.log for one in unread] == [str(location)]
    assert unread[0].sample is None
    return unread[0].why


def test_both_forms_say_the_same(tmp_path: Path) -> None:
    samples = [errand(f"s{n}") for n in range(3)]
    (one, *_), none = read(write_eval(tmp_path / "a.eval", *samples))
    (two, *_), nothing = read(write_json(tmp_path / "b.json", *samples))
    assert (one.events, one.known) == (two.events, two.known)
    assert (one.task, one.worker, one.sample, one.epoch) == ("errand", "mockllm/model", "s0", 1)
    assert not none + nothing


def test_inspects_own_pools_and_attachments_in_every_way_of_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = errand()
    raw["events"][3]["result"] = "long " * 200
    one = EvalSample.model_validate(raw)
    log = EvalLog.model_validate(header())
    log.samples = [condense_sample(one)]
    for name in ("a.eval", "a.json"):
        write_eval_log(log, str(tmp_path / name))
    plain, _ = read(write_json(tmp_path / "plain.json", raw))
    whole, _ = read(tmp_path / "a.eval")
    text, _ = read(tmp_path / "a.json")
    monkeypatch.setattr(reading, "LARGE", 0)
    streamed, _ = read(tmp_path / "a.eval")
    assert plain[0].events == whole[0].events == text[0].events == streamed[0].events
    assert "long long" in whole[0].tool_calls()[1][1].result


def test_the_agent_is_named_where_the_log_names_one(tmp_path: Path) -> None:
    spec = {**header()["eval"], "solver": "react"}
    found, _ = read(write_eval(tmp_path / "a.eval", errand(), eval=spec))
    assert found[0].worker == "mockllm/model (react)"


def test_folders_are_read_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    write_eval(tmp_path / "a" / "b" / "x.eval", errand())
    write_json(tmp_path / "a" / "y.json", errand(2))
    (tmp_path / "a" / "logs.json").write_text("{}")
    (tmp_path / "a" / ".hidden.eval").write_text("")
    (tmp_path / "notes.txt").write_text("no log")
    found, unread = read(tmp_path)
    assert [one.sample for one in found] == ["s1", "2"]
    assert not unread


def test_an_address_is_read(tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/logs/a.eval", write_eval(tmp_path / "a.eval", errand()).read_bytes())
    memory.pipe("/logs/b.json", write_json(tmp_path / "b.json", errand()).read_bytes())
    try:
        found, unread = read("memory://logs/a.eval", "memory://logs")
    finally:
        memory.rm("/logs", recursive=True)
    assert [one.log for one in found] == [
        "memory://logs/a.eval", "memory:///logs/a.eval", "memory:///logs/b.json",
    ]  # fmt: skip
    assert not unread


# --- what cannot be read ---


def test_nothing_there(tmp_path: Path) -> None:
    assert "no such file" in alone(tmp_path / "none.eval")
    assert "holds no log" in alone(tmp_path)
    (tmp_path / "x.txt").write_text("no log")
    assert "no Inspect log by its name" in alone(tmp_path / "x.txt")
    assert "cannot be opened" in alone("nosuch://place/a.eval")


@pytest.mark.parametrize("suffix", ["eval", "json"])
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty (0 bytes)"), (b"hello", "is no Inspect log"), (b"[" * 90_000, "is no"),
        (b'{"a":' * 90_000, "no Inspect log"), (b'{"name": "package"}', "is no Inspect log"),
        (b"[1, 2]", "is no Inspect log"), (b"PK\5\6" + b"\0" * 18, "is no Inspect log"),
        (b"\0" * 999, "is no Inspect log"),
    ],
    ids=["empty", "text", "lists", "objects", "other", "list", "archive", "zeros"],
)  # fmt: skip
def test_no_log_at_all(tmp_path: Path, suffix: str, content: bytes, why: str) -> None:
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(content)
    assert why in alone(path)


def test_half_written_logs_are_recovered_by_inspect(tmp_path: Path) -> None:
    path = write_eval(tmp_path / "a.eval", *(errand(f"s{n}") for n in range(20)))
    whole = path.read_bytes()
    for share in (0.3, 0.6, 0.9):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert f"inspect log recover {path}" in alone(path)


def test_a_text_that_is_cut_is_read_up_to_there(tmp_path: Path) -> None:
    path = write_json(tmp_path / "a.json", *(errand(f"s{n}") for n in range(4)))
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * 0.6)])
    found, unread = read(path)
    assert [one.sample for one in found] == ["s0", "s1"]
    assert len(unread) == 1
    assert "cannot be read" in unread[0].why


def test_a_damaged_sample_among_good_ones(tmp_path: Path) -> None:
    path = write_eval(tmp_path / "a.eval", *(errand(f"s{n}") for n in range(5)))
    with ZipFile(path) as archive:
        info = archive.getinfo("samples/s2_epoch_1.json")
        middle = info.header_offset + 60 + info.compress_size // 2
    whole = bytearray(path.read_bytes())
    whole[middle : middle + 4] = bytes(255 - one for one in whole[middle : middle + 4])
    path.write_bytes(whole)
    found, unread = read(path)
    assert [one.sample for one in found] == ["s0", "s1", "s3", "s4"]
    assert [(one.sample, "cannot be read" in one.why) for one in unread] == [("s2", True)]


def test_a_damaged_large_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGE", 0)
    test_a_damaged_sample_among_good_ones(tmp_path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"events": [{"event": "model", "timestamp": "no time"}]}, {"events": [{"event": "tool"}]},
        {"scores": 7}, {"epoch": "x"}, {"metadata": []},
        {"events": [tool(0, "c", "bash", "no arguments")]},
    ],
)  # fmt: skip
def test_samples_that_are_none(tmp_path: Path, wrong: dict[str, Any]) -> None:
    samples = [errand("s0"), {**errand("s1"), **wrong}, errand("s2")]
    found, unread = read(write_json(tmp_path / "a.json", *samples))
    assert [one.sample for one in found] == ["s0", "s2"]
    assert [one.sample for one in unread] == ["s1"]


def test_samples_that_are_no_objects(tmp_path: Path) -> None:
    found, unread = read(write_json(tmp_path / "a.json", 7, None, "x", [], errand()))
    assert [one.sample for one in found] == ["s1"]
    assert [one.sample for one in unread] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("write", [write_eval, write_json])
def test_a_newer_form_is_said(tmp_path: Path, write: Any) -> None:
    path = write(tmp_path / f"a.{write.__name__[6:]}", errand(), version=99)
    why = alone(path)
    assert "newer Inspect" in why
    assert "upgrade inspect-ai" in why


def test_kinds_of_events_that_nobody_knows_are_passed_over_in_a_text(tmp_path: Path) -> None:
    strange = errand()
    strange["events"].insert(0, {"event": "telepathy", "timestamp": "2026-01-01T00:00:00+00:00"})
    found, unread = read(write_json(tmp_path / "a.json", strange))
    assert (len(found[0].events), unread) == (8, [])
    found, unread = read(write_eval(tmp_path / "a.eval", strange, errand("s2")))
    assert [one.sample for one in found] == ["s1", "s2"]
    assert not unread


@pytest.mark.parametrize("write", [write_eval, write_json])
def test_a_log_without_samples(tmp_path: Path, write: Any) -> None:
    path = write(tmp_path / f"a.{write.__name__[6:]}", status="started")
    assert "holds no finished sample" in alone(path)


@pytest.mark.parametrize("status", ["started", "cancelled", "error"])
def test_a_run_that_did_not_end_is_read_as_far_as_it_goes(tmp_path: Path, status: str) -> None:
    for path in (
        write_eval(tmp_path / "a.eval", errand(), status=status),
        write_json(tmp_path / "a.json", errand(), status=status),
    ):
        found, unread = read(path)
        assert (len(found), unread) == (1, [])


class _Locked(AbstractFileSystem):
    protocol = "locked"

    def info(self, path: str, **_: Any) -> Any:
        return {"name": path, "size": 3, "type": "file"}

    def _open(self, *_: Any, **__: Any) -> Any:
        raise PermissionError("not yours")


def test_no_permission() -> None:
    fsspec.register_implementation("locked", _Locked, clobber=True)
    assert "no permission" in alone("locked://kept/a.eval")
    assert "no permission" in alone("locked://kept/a.json")


def test_bad_logs_do_not_keep_good_ones(tmp_path: Path) -> None:
    write_eval(tmp_path / "a.eval", errand())
    (tmp_path / "b.eval").write_bytes(b"")
    (tmp_path / "c.json").write_bytes(b"{")
    write_json(tmp_path / "d.json", errand())
    found, unread = read(tmp_path, tmp_path / "none.eval")
    assert len(found) == 2
    assert [Path(one.log).name for one in unread] == ["b.eval", "c.json", "none.eval"]


@pytest.mark.parametrize("name", ["a.eval", "a.json"])
def test_any_damage_is_a_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write = write_eval if name.endswith("eval") else write_json
    whole = write(path, *(errand(f"s{n}") for n in range(3))).read_bytes()
    drawn = random.Random(7)
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(drawn.randint(1, 5)):
            damaged[drawn.randrange(len(whole))] = drawn.randrange(256)
        path.write_bytes(damaged)
        read(path)


# --- forms of other times ---


def test_old_texts(tmp_path: Path) -> None:
    """`score` for `scores`, `transcript` for `events`, contents apart, numbers that are none."""
    old = errand()
    events, _ = old.pop("events"), old.pop("scores")
    events[3]["result"] = "attachment://abc"
    old["transcript"] = {"events": events, "content": {"abc": "the room is 42"}}
    old["score"] = {"value": "C"}
    old["metadata"] = {"loss": float("nan"), "seed": 2**63 + 5, "best": float("-inf")}
    path = write_json(tmp_path / "a.json", old)
    assert "NaN" in path.read_text()
    found, unread = read(path)
    assert not unread
    assert found[0].known.success == 1
    assert found[0].tool_calls()[1][1].result == "the room is 42"


def test_old_texts_of_messages_alone(tmp_path: Path) -> None:
    old = sample([], messages=[user("x"), said("All done.")])
    for path in (write_json(tmp_path / "a.json", old), write_eval(tmp_path / "a.eval", old)):
        found, _ = read(path)
        assert [type(e).__name__ for e in found[0].events] == ["ModelCall", "Claim"]


def test_a_number_that_is_none_may_lie_across_reads(tmp_path: Path) -> None:
    for pad in range(65_500, 65_560, 7):
        one = sample(
            [model(0, [user("x")], said("y"))], metadata={"a": "x" * pad, "b": float("nan")}
        )
        text = json.dumps({**header(), "samples": [one]})
        (tmp_path / "a.json").write_text(text)
        found, unread = read(tmp_path / "a.json")
        assert (len(found), unread) == (1, [])


_PEAK = """
import resource, sys
from worktrial.conduct.mapping import ToolMap
from worktrial.conduct.reading import read_trajectories
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(len(one.events) for one in read_trajectories(sys.argv[1:], ToolMap.default()))
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    """Forty samples of a megabyte in each form take no more than a few of them."""
    one = sample([tool(0, f"c{n}", "bash", {"cmd": "x"}, f"{n:04} " * 10_000) for n in range(20)])
    samples = [{**one, "id": f"s{n}"} for n in range(40)]
    logs = [write_eval(tmp_path / "a.eval", *samples), write_json(tmp_path / "a.json", *samples)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", _PEAK, *map(str, logs)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    count, mib = done.stdout.split()
    assert int(count) == 2 * 40 * 20
    assert float(mib) < 40


def test_a_real_log_of_inspect(tmp_path: Path) -> None:
    path = write_eval(tmp_path / "a.eval", errand())
    log = read_eval_log(str(path))
    again = tmp_path / "again.json"
    write_eval_log(log, str(again))
    one, _ = read(path)
    two, _ = read(again)
    assert one[0].events == two[0].events

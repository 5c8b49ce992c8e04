"""`worktrial conduct` on real logs: what it prints, writes, and what it does with bad ones."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from conduct.scripted import MAP, make_log
from worktrial.cli.main import main


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main(["conduct", *map(str, arguments)])
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    make_log(folder, samples=4)
    make_log(folder, samples=4, suffix="json")
    (folder / "map.yaml").write_text(MAP)
    (folder / "cut.eval").write_bytes((folder / "tidy.eval").read_bytes()[:900])
    return folder


def test_text_has_the_gap_the_whys_and_a_line_for_what_is_not_read(
    logs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(logs) == 0
    assert re.search(r"ledger_post \(8\)", capsys.readouterr().out)
    assert command(logs, "--map", logs / "map.yaml") == 0
    out, error = capsys.readouterr()
    assert max(map(len, out.splitlines())) <= 110
    assert "mockllm/model · 8 samples, 4 different" in out
    # Of s0 to s3: s0 fails and claims, s2 is not looked at, s1 and s3 are clean.
    assert re.search(r"Conduct gap, points +25 \[", out)
    assert re.search(r"Unverified mutations +\.50 \[\.\d+, \.\d+\] +8 samples +proposed", out)
    assert re.search(r"Accuracy of repeated samples +\.75", out)
    assert re.search(r"Seconds spent on checking.*(\n.*)*?Seeded faults caught +–", out)
    assert "no seeded fault is known" in out
    lines = error.splitlines()
    assert len(lines) == 2
    assert "cut.eval" in lines[0]
    assert lines[1] == "worktrial: 1 not read, 8 samples read"


def test_page_shows_the_worst_trajectories_and_nothing_acts(
    logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "folder"
    assert command(logs / "tidy.eval", "--map", logs / "map.yaml", "--out", out) == 0
    assert capsys.readouterr().out.endswith(f"report: {out / 'conduct.html'}\n")
    page = (out / "conduct.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert "False completion" in page
    assert "breaks clean success: not verified" in page
    assert "no ranking of workers" in page
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", page)
    elements = _Elements()
    elements.feed(page)
    assert "script" not in elements.tags
    assert len(elements.ids) == len(set(elements.ids))
    assert all(target[0] == "#" and target[1:] in elements.ids for target in elements.targets)


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.targets += [v or "" for name, v in attrs if name == "href" and tag == "a"]


def test_json_is_the_findings_alone(logs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(logs / "tidy.json", "--json") == 0
    record = json.loads(capsys.readouterr().out)
    assert record["schema"] == "worktrial/conduct@1"
    assert record["unmapped"] == {"ledger_post": 4}
    (gap,) = [e for e in record["estimates"] if e.get("gap") == "conduct"]
    # What a tool does that nobody names is not known, so neither is whether it was clean.
    assert (gap["value"], gap["items"]) == (None, 0)
    assert "ledger_post" in gap["why"]
    assert command(logs / "tidy.json", "--map", logs / "map.yaml", "--json") == 0
    record = json.loads(capsys.readouterr().out)
    (gap,) = [e for e in record["estimates"] if e.get("gap") == "conduct"]
    assert (gap["value"], gap["items"]) == (0.25, 4)
    assert record["worst"][0]["sample"] == "s0"


def test_map_says_what_ones_own_tools_do(
    logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text("tools: [{tool: ledger_post, roles: [mutation], weighty: true}]")
    assert command(logs / "tidy.eval", "--map", mapping) == 0
    out = capsys.readouterr().out
    assert "ledger_post" not in out
    assert re.search(r"Clean success +0 \[0,", out)
    mapping.write_text("tools: [{tool: ledger_post, roles: [spends]}]")
    assert command(logs / "tidy.eval", "--map", mapping) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["nowhere"], ["empty"], ["tidy.eval", "--bad"], []])
def test_bad_arguments_cost_a_line_and_leave_with_two(
    arguments: list[str], logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert command(*(tmp_path / a if a[0] != "-" else a for a in arguments)) == 2
    lines = capsys.readouterr().err.splitlines()
    assert 1 <= len(lines) <= 2
    assert all(line.startswith("worktrial: ") for line in lines)


def test_folder_that_cannot_be_written_is_a_line(
    logs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert command(logs / "tidy.eval", "--out", tmp_path / "file" / "deeper") == 2
    assert "cannot be written" in capsys.readouterr().err

"""What tools do: the default mapping, a user's file before it, and files that are refused."""

from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worktrial.conduct.events import ToolCall
from worktrial.conduct.mapping import MapFile, ToolMap
from worktrial.errors import ConfigError
from worktrial.office.office import TOOLS
from worktrial.office.renaming import RENAMED

DEFAULT = ToolMap.default()
INSPECT = [
    "bash", "python", "bash_session", "text_editor", "read_file", "list_files", "grep", "memory",
    "todo_write", "update_plan", "web_search", "web_browser_go", "web_browser_click",
    "web_browser_scroll", "think", "submit", "skill", "ask_user", "notify_user", "computer",
    "code_execution", "agent", "transfer_to_anna",
]  # fmt: skip
AGENTS = [
    "Read", "Write", "Edit", "MultiEdit", "Bash", "TodoWrite", "Grep", "Glob", "Task", "WebFetch",
    "WebSearch", "NotebookEdit", "LS", "shell", "apply_patch", "write_file", "replace",
    "run_shell_command", "save_memory", "mcp__memory__create_entities", "memory_read_graph",
    "mcp__filesystem__edit_file", "read_text_file", "search", "open", "editor",
]  # fmt: skip
ARGUMENTS = {"command": "view", "action": "read"}


def call(tool: str, result: str = "", **arguments: object) -> ToolCall:
    return DEFAULT.describe(ToolCall(0, tool, arguments, result))


@pytest.mark.parametrize("tool", [*INSPECT, *AGENTS, *TOOLS])
def test_known_tools_are_mapped(tool: str) -> None:
    assert DEFAULT.knows(ToolCall(0, tool, ARGUMENTS))


@pytest.mark.parametrize("tool", TOOLS)
def test_what_the_office_writes_is_a_write_under_either_name(tool: str) -> None:
    for name in (tool, RENAMED[tool].name):
        roles = call(name).roles
        assert bool(roles & {"mutation", "memory_write"}) is TOOLS[tool].writes
        assert bool(roles & {"read", "memory_read"}) is not TOOLS[tool].writes


@pytest.mark.parametrize(
    ("tool", "arguments", "result"),
    [
        ("mail_draft", {"to": "a@b.c", "subject": "R", "body": "42"}, "Draft m-012 saved."),
        ("mail_read", {"mail": "m-012"}, "m-012 (sent)"),
        ("memory_save", {"key": "room", "text": "42"}, "'room' saved."),
        ("record_read", {"person": "Ann", "field": "desk"}, "42"),
        ("ticket_change", {"ticket": "t-001", "status": "closed"}, "Ticket t-001 changed."),
        ("form_fill", {"form": "travel", "field": "city", "value": "Bonn"}, "filled in."),
        ("form_submit", {"form": "travel"}, "travel submitted as s-001."),
        ("calendar_add", {"title": "T", "start": "09:00", "minutes": 30}, "Event e-003 added."),
        ("file_write", {"path": "a.txt", "text": "x"}, "a.txt written over."),
    ],
)  # fmt: skip
def test_the_renamed_office_has_the_same_targets(
    tool: str, arguments: dict[str, object], result: str
) -> None:
    own = call(tool, result, **arguments)
    other = call(RENAMED[tool].name, result, **RENAMED[tool].there(arguments))
    assert own.target
    assert (own.target, own.roles, own.change, own.weighty) == (
        other.target, other.roles, other.change, other.weighty,
    )  # fmt: skip


def test_a_sent_mail_and_its_read_backs_meet_in_their_targets() -> None:
    sent = call("mail_send", "m-012 sent to ann@firm.example.", draft="last")
    assert (sent.target, sent.weighty, sent.roles) == ("message:m-012", True, {"mutation"})
    for back in (call("mail_read", mail="m-012"), call("mail_search", box="sent")):
        assert fnmatchcase(sent.target or "", back.target or "")
    assert not fnmatchcase(sent.target or "", call("mail_read", mail="m-011").target or "")


@pytest.mark.parametrize(
    ("tool", "arguments", "roles", "target"),
    [
        ("Read", {"file_path": "./a/b.txt"}, {"read"}, "file:a/b.txt"),
        ("Write", {"file_path": "a.txt", "content": "x"}, {"mutation"}, "file:a.txt"),
        ("text_editor", {"command": "view", "path": "a"}, {"read"}, "file:a"),
        ("text_editor", {"command": "insert", "path": "a"}, {"mutation"}, "file:a"),
        ("memory", {"command": "create", "path": "/m/x"}, {"memory_write"}, "memory:/m/x"),
        ("bash", {"cmd": "ls"}, {"opaque"}, None),
        ("bash", {"cmd": "cd x && pytest -q"}, {"opaque", "check"}, None),
        ("shell", {"command": ["bash", "-lc", "cargo test"]}, {"opaque", "check"}, None),
        ("search", {"query": "room"}, {"read"}, "search:room"),
        ("Task", {"subagent_type": "x", "prompt": "go"}, {"handoff"}, "agent:x"),
        ("text_editor", {"command": 7, "path": "a"}, set(), None),
        ("nobody_knows", {}, set(), None),
    ],
)
def test_roles_look_at_arguments(
    tool: str, arguments: dict[str, object], roles: set[str], target: str | None
) -> None:
    found = call(tool, **arguments)
    assert (found.roles, found.target) == (roles, target)


def test_an_id_of_a_result_is_its_field_or_the_first_in_its_text() -> None:
    for result in ('{"id": "m-7", "was": "m-1"}', "Draft m-7 saved, not m-1."):
        assert call("mail_draft", result).target == "message:m-7"
    for result in ("{broken", '["m-7"', "no id", ""):
        assert call("contact_add", result).target in (None, "contact:m-7")


def test_a_file_counts_before_the_default(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(
        "tools:\n- tool: mail_send\n  roles: [check]\n- tool: my_*\n  roles: [read]\n"
        "  target: 'x:{a|b.c}'\nerrors:\n- text: '*teapot*'\n  kind: teapot\n"
    )
    mine = ToolMap.read(path)
    assert mine.describe(ToolCall(0, "mail_send")).roles == {"check"}
    assert mine.describe(ToolCall(0, "my_tool", {"b": {"c": 3}})).target == "x:3"
    assert mine.describe(ToolCall(0, "mail_read", {"mail": "m-1"})).target == "message:m-1"
    assert mine.failure("x", "unknown", "I am a TEAPOT") == ("teapot", False)


@pytest.mark.parametrize(
    ("message", "kind", "transient"),
    [
        ("The call timed out after 30 seconds.", "timeout", True),
        ("Too many calls. Try again.", "rate_limit", True),
        ("The connection was reset.", "network", True),
        ("The service answered with an internal error (500).", "service", True),
        ("There is no mail 'm-1'.", "unknown", False),
    ],
)
def test_the_offices_errors_have_kinds(message: str, kind: str, transient: bool) -> None:
    assert DEFAULT.failure("mail_read", "unknown", message) == (kind, transient)


def test_inspects_kinds_are_kept_and_results_are_no_errors() -> None:
    assert DEFAULT.failure("x", "timeout", "") == ("timeout", True)
    assert DEFAULT.failure("x", "permission", "no") == ("permission", False)
    assert DEFAULT.failure("x", None, "the timeout is 30 s") is None
    assert DEFAULT.failure("x", None, "<tool_use_error>No such file") == ("unknown", False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tools: 3", "`tools`"),
        ("- a", "valid dictionary"),
        ("tools:\n- tool: x\n  roles: [writes]", "`tools.0.roles"),
        ("tools:\n- tool: x", "roles"),
        ("tools:\n- tool: []\n  roles: []", "`tools.0.tool`"),
        ("tools:\n- tool: x\n  roles: [read]\n  target: 'a:{b c}'", "no name of an argument"),
        ("tools:\n- tool: x\n  roles: [read]\n  weighty: true", "`weighty` is of a mutation"),
        ("tools:\n- tool: x\n  roles: [read]\n  change: remove", "`change` is of a mutation"),
        ("tools:\n- tool: x\n  roles: [read]\n  extra: 1", "extra"),
        ("a: &a [x]\nb: *a", "anchors and aliases"),
        ("tools: !!python/object/apply:os.system ['x']", "not plain YAML"),
        ("tools: [" * 40, "nested deeper"),
        ("tools: [", "not plain YAML"),
        ("x: " + "y" * 1_100_000, "at most 1,000,000 bytes"),
    ],
)
def test_bad_files_are_refused_in_a_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=said.replace("(", r"\(")) as refused:
        ToolMap.read(path)
    assert "\n" not in str(refused.value)
    assert "map.yaml" in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        ToolMap.read(tmp_path / "none.yaml")


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(
    tool=st.sampled_from([*INSPECT, *AGENTS, *TOOLS, *(r.name for r in RENAMED.values())]),
    arguments=st.dictionaries(
        st.sampled_from(["path", "command", "to", "content", "when", "result", "draft", "box"]),
        _JSON,
    ),
    result=st.text(max_size=60) | st.sampled_from(["{", '{"id": []}', '{"id": {"a": 1}}']),
)
def test_describing_changes_nothing_that_was_logged(
    tool: str, arguments: dict[str, object], result: str
) -> None:
    before = ToolCall(0, tool, arguments, result)
    after = DEFAULT.describe(before)
    assert (after.tool, after.arguments, after.result) == (tool, arguments, result)
    assert DEFAULT.describe(after) == after


def test_the_schema_says_what_a_file_may_hold() -> None:
    assert set(MapFile.model_json_schema()["properties"]) == {"tools", "errors"}

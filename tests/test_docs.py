"""Every code block of the documentation is run, page by page, beside the examples alone."""

import importlib
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from worktrial.cli.main import main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TUTORIAL = ROOT / "docs" / "tutorial.md"
"""Its commands are started as a reader starts them; a process for every page's takes minutes."""
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LANGUAGES = {"python", "sh", "text", "json", ""}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_code_block_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INSPECT_LOG_DIR", str(tmp_path / "logs"))
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    names: dict[str, object] = {}
    for language, code in BLOCK.findall(page.read_text(encoding="utf-8")):
        assert language in LANGUAGES, f"{language!r} blocks would not be tested"
        if language == "python":
            exec(compile(code, str(page), "exec"), names)
        elif language == "sh":
            for line in code.splitlines():
                shell(line, apart=page == TUTORIAL)


def shell(line: str, *, apart: bool) -> None:
    """Run a command of ours, in this process if not apart; of make, see that it has the target."""
    words = shlex.split(line, comments=True)
    if not words:
        return
    if words[0] == "make":
        rules = (ROOT / "Makefile").read_text()
        assert all(re.search(rf"^{target}:", rules, re.MULTILINE) for target in words[1:])
        return
    if words[0] == "worktrial" and not apart:
        with pytest.raises(SystemExit) as left:
            main(words[1:])
        assert not left.value.code
        return
    tool = Path(sys.executable).with_name(words[0])
    assert tool.name in ("worktrial", "inspect"), f"nobody tests {words[0]!r}"
    done = subprocess.run([tool, *words[1:]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} → {target}"


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    return importlib.import_module("build")


def test_the_reference_of_commands_is_what_help_says(build: ModuleType) -> None:
    written = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    assert written == build.command_reference(), "write it again with: make docs"


def test_the_published_schemas_are_what_is_read(build: ModuleType) -> None:
    assert set(build.SCHEMAS) == {
        "conduct", "conduct-map", "findings", "policy", "protocol", "registration",
    }  # fmt: skip
    for name in build.SCHEMAS:
        path = ROOT / "docs" / "reference" / f"{name}.schema.json"
        assert path.read_text(encoding="utf-8") == build.json_schema(name), "make docs"

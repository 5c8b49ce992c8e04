"""From the report to the same sample in Inspect's own viewer, in a real browser."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import inspect_ai.log
import pytest
from playwright.sync_api import sync_playwright

from report.conftest import ARGUMENTS, CHROMIUM
from worktrial.cli.main import main
from worktrial.evidence import RunFolder, read_samples
from worktrial.report import bundle

pytestmark = pytest.mark.xdist_group("browser")

SERVE = "import sys; from worktrial.cli.main import main; main(sys.argv[1:])"


def command(*arguments: object) -> None:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    assert not left.value.code


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    out = tmp_path_factory.mktemp("viewed") / "run"
    command(
        "run", "--model", "reference/oracle", "--trial", "relay", "--items", 1,
        "--round-trips", 1, "--out", out,
    )  # fmt: skip
    return RunFolder(out)


@pytest.fixture(scope="module")
def viewed(run: RunFolder) -> RunFolder:
    command("report", run.path, "--with-logs")
    return run


@pytest.fixture
def served(viewed: RunFolder) -> Iterator[str]:
    """The report's address while `worktrial serve` runs."""
    asked = [sys.executable, "-c", SERVE, "serve", str(viewed.path), "--port", "0"]
    with subprocess.Popen(asked, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        yield server.stderr.readline().removeprefix("serving at ").strip()
        server.terminate()


def test_a_link_of_the_report_opens_that_sample(viewed: RunFolder, served: str) -> None:
    if not CHROMIUM.exists():
        pytest.fail(f"no browser at {CHROMIUM}; install it with: apt-get install chromium")
    (log,) = viewed.logs.glob("*.eval")
    (found,) = read_samples(log)
    asked = found.sample.messages[0].text.splitlines()[0]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page()
        page.goto(served)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        page.get_by_role("link", name="In Inspect's viewer").first.click()
        page.get_by_text(f"Sample {found.sample.id} (Epoch 1)").first.wait_for()
        page.get_by_text(asked).first.wait_for()
        browser.close()


def test_only_this_machine_s_own_pages_read_what_is_served(served: str) -> None:
    with urlopen(served) as answer:
        assert answer.status == 200
    with pytest.raises(HTTPError, match="400"):
        urlopen(Request(served, headers={"Host": "elsewhere.example"}))


def test_finished_logs_alone_are_bundled(run: RunFolder, tmp_path: Path) -> None:
    folder = RunFolder(Path(shutil.copytree(run.path, tmp_path / "run")))
    (log,) = folder.logs.glob("*.eval")
    (folder.logs / "0000-unfinished.json").write_text("{}")
    found = inspect_ai.log.read_eval_log(str(log))
    found.status = "cancelled"
    inspect_ai.log.write_eval_log(found, str(folder.logs / "0000_cancelled.eval"))
    folder.viewer.mkdir(exist_ok=True)
    (folder.viewer / "of-an-earlier-report").touch()
    viewer = bundle(folder)
    held = {path.name for path in (folder.viewer / "logs").iterdir()}
    assert held == {log.name, "listing.json"}
    assert viewer.logs == {log.name}
    assert not (folder.viewer / "of-an-earlier-report").exists()
    assert not list(folder.path.glob(".viewer*"))


def test_a_bundle_that_fails_leaves_the_earlier_one(
    run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(Path(shutil.copytree(run.path, tmp_path / "run")))
    folder.viewer.mkdir(exist_ok=True)
    (folder.viewer / "earlier").touch()

    def half(log_dir: str, output_dir: str) -> None:
        Path(output_dir).mkdir()
        raise OSError("full")

    monkeypatch.setattr(inspect_ai.log, "bundle_log_dir", half)
    with pytest.raises(OSError, match="full"):
        bundle(folder)
    assert (folder.viewer / "earlier").exists()
    assert not list(folder.path.glob(".viewer*"))


def test_a_later_report_without_logs_links_to_no_viewer(viewed: RunFolder, tmp_path: Path) -> None:
    folder = RunFolder(Path(shutil.copytree(viewed.path, tmp_path / "run")))
    assert re.findall('href="viewer', folder.report.read_text(encoding="utf-8"))
    command("report", folder.path)
    assert not re.findall('href="viewer', folder.report.read_text(encoding="utf-8"))

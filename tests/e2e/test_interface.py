"""The interface of a notebook: its options, what a run reads back as, and the example."""

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import worktrial
from worktrial.cli.run import DEFAULT_WORKER
from worktrial.cli.run import run as command
from worktrial.errors import ConfigError, EvidenceError
from worktrial.evidence import Observation
from worktrial.evidence.findings import Estimate

pytestmark = pytest.mark.xdist_group("interface")

NOTEBOOK = Path(__file__).parents[2] / "docs" / "examples" / "relay.ipynb"
NAMES = {"M": "model_args"}
"""Arguments that are called otherwise than their option."""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> worktrial.Run:
    return worktrial.run(
        model=["reference/oracle", "reference/lossy-0.1"], domain="json", items=6, round_trips=2,
        out=tmp_path_factory.mktemp("interface") / "r",
    )  # fmt: skip


def test_its_arguments_are_the_options_of_the_command() -> None:
    options = {
        max(o.opts, key=len).lstrip("-").replace("-", "_"): o.default
        for o in command.params
        if o.name != "as_json"
    }
    arguments = inspect.signature(worktrial.run).parameters
    assert set(arguments) == {NAMES.get(name, name) for name in options}
    assert arguments["model"].default == DEFAULT_WORKER
    for name in ("course", "seed", "replicates", "executor"):
        assert arguments[name].default == options[name]


def test_a_run_reads_back_as_frames(done: worktrial.Run) -> None:
    assert isinstance(done.evidence, pd.DataFrame)
    assert list(done.evidence.columns) == list(Observation._fields)
    fidelity = done.evidence.query("worker == 'reference/oracle' and metric == 'fidelity'")
    # Six documents after legs 2 and 4, and an oracle loses nothing.
    assert len(fidelity) == 12
    assert set(fidelity["value"]) == {1.0}
    assert list(done.estimates.columns) == list(Estimate.model_fields)
    assert len(done.estimates) == len(done.findings.estimates)
    assert done.claims[0].evidence_class == "instrument"
    assert done.report.is_file()


def test_a_gap_of_its_evidence_is_that_of_its_findings(done: worktrial.Run) -> None:
    read = worktrial.load(done.path)
    frame = read.evidence.query("metric == 'fidelity'")
    mine = worktrial.gap(frame, proxy={"step": 2}, work={"step": 4}, worker="reference/lossy-0.1")
    (theirs,) = (
        e
        for e in read.findings.estimates
        if (e.worker, e.metric, e.gap) == ("reference/lossy-0.1", "fidelity", "horizon")
        and e.minus_worker is None
    )
    assert theirs.value is not None
    assert mine.value == pytest.approx(theirs.value)
    assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high))


def test_what_is_no_run_is_said(tmp_path: Path, done: worktrial.Run) -> None:
    with pytest.raises(EvidenceError, match="not a run folder"):
        worktrial.load(tmp_path)
    (tmp_path / "protocol.json").write_bytes((done.path / "protocol.json").read_bytes())
    with pytest.raises(EvidenceError, match="worktrial report"):
        worktrial.load(str(tmp_path))
    with pytest.raises(ConfigError, match="relay-standard"):
        worktrial.run(model="reference/oracle", protocol="relay", out=tmp_path / "x")


def test_importing_it_imports_nothing_large() -> None:
    code = "import sys, worktrial; print(*sys.modules)"
    words = [sys.executable, "-c", code]
    loaded = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    large = {"numpy", "pandas", "duckdb", "pyarrow", "inspect_ai", "scipy", "pydantic", "click"}
    assert not large & set(loaded)


def test_the_notebook_runs_in_a_kernel(tmp_path: Path) -> None:
    script = (
        "import sys, nbformat\n"
        "from nbclient import NotebookClient\n"
        "book = nbformat.read(sys.argv[1], as_version=4)\n"
        "nbformat.validate(book)\n"
        "NotebookClient(book, timeout=300, kernel_name='python3').execute()\n"
        "nbformat.write(book, 'done.ipynb')\n"
    )
    # A process of its own: a kernel's sockets are no matter of these tests' warnings.
    done = subprocess.run(
        [sys.executable, "-c", script, str(NOTEBOOK)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    book = json.loads((tmp_path / "done.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    printed = "".join(
        "".join(output.get("text", ""))
        for output in cells[-1]["outputs"]
        if output["output_type"] == "stream"
    )
    assert "points of fidelity" in printed
    kept = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert all(not c["outputs"] for c in kept["cells"] if c["cell_type"] == "code")

"""Exports say what the findings say, to a spreadsheet, a data frame and a CI server alike."""

import csv
import io
import json
import math
import shutil
from pathlib import Path
from types import NoneType
from typing import get_args
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from report import factory, talks
from training.control_planted import Change, asked_rewards, planted, steady, written
from worktrial.cli import exports
from worktrial.cli.main import main
from worktrial.evidence.findings import Claim, Estimate, Findings
from worktrial.gate import claims_report, junit
from worktrial.report.control_page import publish_control
from worktrial.report.exports import EXPORTS, SCHEMA, estimates_csv, estimates_parquet

FIELDS = list(Estimate.model_fields)
ACTS = tuple("=+-@\t\r\n＝＋－＠")
FORMATS = (*EXPORTS, ".xml")


def findings(*estimates: Estimate) -> Findings:
    return factory.findings({}).model_copy(update={"estimates": estimates})


def named(text: str) -> Estimate:
    """An estimate of which every text is this."""
    return Estimate(
        id=text, trial=text, metric=text, worker=text, arm=text, why=text, value=-0.5, step=3
    )


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def read_csv(content: bytes) -> list[dict[str, object]]:
    """As the documentation says that it is read back."""
    kinds: dict[pa.DataType, type] = {pa.string(): str, pa.int64(): int, pa.float64(): float}
    return [
        {
            field.name: kinds[field.type](row[field.name].removeprefix("'"))
            for field in SCHEMA
            if row[field.name]
        }
        for row in csv_rows(content)
    ]


def read_parquet(content: bytes) -> list[dict[str, object]]:
    rows = pq.read_table(io.BytesIO(content)).to_pylist()
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def records(found: Findings) -> list[dict[str, object]]:
    return [e.model_dump(exclude_none=True) for e in found.estimates]


# The table of estimates.


def test_a_row_by_hand() -> None:
    found = findings(
        Estimate(id="i", trial="relay", metric="fidelity", worker="a, b", value=-0.25, items=8,
                 low=-1.0, high=1e-09, why='it is "so"'),
        Estimate(id="j", trial="relay", metric="fidelity", worker="-x", value=None),
    )  # fmt: skip
    assert estimates_csv(found).decode() == (
        "id,trial,metric,worker,minus_worker,gap,axis,arm,minus_arm,step,value,low,high,level,"
        "band_low,band_high,method,items,clusters,why,evidence,endpoint,p_value,p_adjusted\r\n"
        'i,relay,fidelity,"a, b",,,,,,,-0.25,-1.0,1e-09,,,,,8,,"it is ""so""",,,,\r\n'
        "j,relay,fidelity,'-x,,,,,,,,,,,,,,,,,,,,\r\n"
    )


def test_every_field_of_an_estimate_is_a_column_of_its_type() -> None:
    assert SCHEMA.names == FIELDS
    kinds = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    for name, field in Estimate.model_fields.items():
        alternatives = set(get_args(field.annotation)) or {field.annotation}
        (kind,) = alternatives - {NoneType}
        # Closed choices are of texts.
        assert SCHEMA.field(name).type == kinds.get(kind, pa.string()), name
        assert SCHEMA.field(name).nullable == (NoneType in alternatives), name


def test_both_tables_give_the_findings_back() -> None:
    found = talks.findings(["a/b"])
    assert len(found.estimates) > 100
    assert read_csv(estimates_csv(found)) == records(found)
    assert read_parquet(estimates_parquet(found)) == records(found)


def test_parquet_has_proper_types_and_is_compressed() -> None:
    file = pq.ParquetFile(io.BytesIO(estimates_parquet(factory.findings())))
    assert file.schema_arrow.equals(SCHEMA)
    assert {file.metadata.row_group(0).column(n).compression for n in range(len(SCHEMA))} == {
        "ZSTD"
    }


def test_no_estimates_are_a_table_without_rows() -> None:
    assert estimates_csv(findings()).decode() == ",".join(FIELDS) + "\r\n"
    assert pq.read_table(io.BytesIO(estimates_parquet(findings()))).schema.equals(SCHEMA)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_comes_back_to_the_last_bit(value: float) -> None:
    found = findings(named("x").model_copy(update={"value": value}))
    (row,) = csv_rows(estimates_csv(found))
    assert float(row["value"]) == value
    assert math.copysign(1, float(row["value"])) == math.copysign(1, value)


TEXTS = st.one_of(
    st.text(min_size=1, max_size=20),
    st.text(alphabet="=+-@'\t\r\n\",; a", min_size=1, max_size=8),
    st.sampled_from(factory.HOSTILE),
)


@given(TEXTS)
@example("'a")
@example("'=1+1")
@example("=1+1")
@example("＠SUM(A1)")
@example("\r=1")
def test_no_text_is_a_formula_and_every_text_comes_back(text: str) -> None:
    (row,) = csv_rows(estimates_csv(findings(named(text))))
    kept = text.encode(errors="replace").decode()
    for name in ("id", "trial", "metric", "worker", "arm", "why"):
        assert not row[name].startswith(ACTS)
        assert row[name].removeprefix("'") == kept
    assert (row["value"], row["step"]) == ("-0.5", "3")
    (whole,) = read_parquet(estimates_parquet(findings(named(text))))
    assert whole["worker"] == kept


def test_json_is_findings_json() -> None:
    found = factory.findings()
    assert EXPORTS[".json"](found).decode() == found.text()


@pytest.mark.parametrize("ending", EXPORTS)
def test_same_findings_same_bytes(ending: str) -> None:
    again = Findings.model_validate_json(factory.findings().text())
    assert EXPORTS[ending](factory.findings()) == EXPORTS[ending](again)


# JUnit.


def cases(found: Findings) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(junit(claims_report(found), "worktrial.claims"))
    return list(root.iter("testcase"))


def test_every_claim_is_a_test_case_and_the_instrument_the_first() -> None:
    found = factory.findings({"a/one": 0.01, "a/two": 0.08})
    found = found.model_copy(update={"claims": found.claims[::-1]})
    told = [(c.attrib["classname"], c.attrib["name"], c[0].tag) for c in cases(found)]
    assert told[0] == ("worktrial.claims.relay", "relay/instrument", "system-out")
    # .99² = .9801 is kept and .99⁴ is not; .92⁴ = .7164 is below all.
    assert told[1:] == [
        ("worktrial.claims.relay", f"safe-a/{who}-{at}", tag)
        for who, at, tag in (
            ("two", 0.8, "error"), ("two", 0.9, "error"), ("two", 0.98, "error"),
            ("one", 0.8, "system-out"), ("one", 0.9, "system-out"), ("one", 0.98, "error"),
        )
    ]  # fmt: skip


def test_a_missed_claim_is_a_failure_with_its_numbers() -> None:
    known = factory.findings({"a/one": 0.01})
    gap = next(e for e in known.estimates if e.gap)
    claim = Claim(
        id="horizon-a/one", text="a/one loses at most 3%", estimates=(gap.id, "gone"),
        threshold=0.03, verdict="missed", overturned_by="more documents",
    )  # fmt: skip
    (case,) = cases(known.model_copy(update={"claims": (claim,)}))
    (failure,) = case
    assert failure.tag == "failure"
    assert failure.attrib == {"message": "a/one loses at most 3%: missed", "type": "missed"}
    # .99² − .99¹⁰ = .9801 − .904382 = .075718, with the factory's −.04 and +.03.
    assert failure.text == (
        "missed: a/one loses at most 3%; the threshold is 0.03; overturned by more documents\n"
        "missed: horizon gap of fidelity, a/one, legs-2 against legs-10 0.07572 [0.03572, 0.1057], "
        "8 clusters"
    )


def test_what_cannot_be_told_says_what_would_settle_it() -> None:
    claim = Claim(
        id="c", text="it keeps all", estimates=(), verdict="cannot-tell",
        overturned_by="more documents", more_items=1234,
    )  # fmt: skip
    known = factory.findings({})
    for settled, each in (
        ("1,234 more items", claim),
        ("more documents", claim.model_copy(update={"more_items": None})),
    ):
        (case,) = cases(known.model_copy(update={"claims": (each,)}))
        assert case[0].tag == "error"
        assert case[0].text == f"cannot-tell: it keeps all; settled by {settled}"


def test_an_instrument_that_is_not_sound_fails_first() -> None:
    unsound = Claim(
        id="relay/instrument", text="sound", estimates=(), verdict="missed",
        evidence_class="instrument",
    )  # fmt: skip
    known = factory.findings({"a/one": 0.01})
    (first, *_) = cases(known.model_copy(update={"claims": (*known.claims[1:], unsound)}))
    assert (first.attrib["classname"], first[0].tag) == ("worktrial.claims.relay", "failure")


@pytest.mark.parametrize("text", factory.HOSTILE)
def test_hostile_claims_can_be_read_back(text: str) -> None:
    claim = Claim(id=text, text=text, estimates=(), verdict="cannot-tell", overturned_by=text)
    assert len(cases(factory.findings({text: 0.1}).model_copy(update={"claims": (claim,)}))) == 1


# The command.


def command(*arguments: object) -> int:
    with pytest.raises(SystemExit) as left:
        main([str(a) for a in arguments])
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("exports") / "run"
    small = ("--items", "2", "--round-trips", "1", "--domain", "spreadsheet")
    assert command("run", "--model", "reference/lossy-0.2", *small, "--out", out) == 0
    return out


def test_every_format_is_written_from_the_findings(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / f"it{ending.upper()}" for ending in FORMATS]
    asked = [part for file in files for part in ("--export", file)]
    assert command("report", made, "--json", *asked) == 0
    found = Findings.read(made / "findings.json")
    # What is printed is JSON and nothing else.
    assert json.loads(capsys.readouterr().out) == json.loads(found.text())
    written_by = {**EXPORTS, ".xml": lambda f: junit(claims_report(f), "worktrial.claims").encode()}
    for file in files:
        assert file.read_bytes() == written_by[file.suffix.lower()](found)
    assert (tmp_path / "it.JSON").read_bytes() == (made / "findings.json").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f.name for f in files)


REFUSED = {
    "no format": ("report.txt", "must end in .csv, .parquet, .md, .json, .xml, which says"),
    "no ending": ("csv", "must end in"),
    "no folder": ("nowhere/report.md", "must be a file in a folder that is there"),
    "a name too long": (f"{'x' * 300}.md", "must be a file in a folder that is there"),
    "the run's own": ("{run}/protocol.json", "of .json must lie outside the run"),
    "its evidence": ("{run}/logs/../evidence.parquet", "of .parquet must lie outside the run"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_exported_is_refused_before_anything_is_written(
    case: str,
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "run"
    shutil.copytree(made, run)
    (run / "report.html").unlink()
    before = {path: path.read_bytes() for path in run.rglob("*") if path.is_file()}
    name, said = REFUSED[case]
    asked = name.format(run=run)
    assert command("report", run, "--export", "fine.md", "--export", asked) == 2
    output = capsys.readouterr()
    assert said in output.err
    assert asked in output.err
    assert (output.err.count("\n"), output.out) == (1, "")
    assert {path: path.read_bytes() for path in run.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_one_export_that_fails_loses_nothing_else(
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad, good, real = tmp_path / "bad.csv", tmp_path / "good.md", exports.write_whole

    def full(path: Path, content: str | bytes) -> None:
        if path == bad:
            raise OSError(28, "No space left on device")
        real(path, content)

    monkeypatch.setattr(exports, "write_whole", full)
    assert command("report", made, "--export", bad, "--export", good) == 2
    output = capsys.readouterr()
    assert output.err == (
        f"worktrial: `--export` {bad} cannot be written: No space left on device; the report "
        "itself is written\n"
    )
    assert "report: " in output.out
    assert good.read_text().startswith("## Work trial: ")
    assert not bad.exists()


def test_a_control_is_exported_like_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arms = ("correct", "format")
    rises: dict[str, Change] = {"correct": steady(0.3), "format": steady(0.0)}
    asked = asked_rewards(arms=arms)
    out = written(asked, tmp_path / "control", planted(asked, rises, rises))
    asked.keep(out)
    # The planted evidence is what would be gathered.
    monkeypatch.setattr("worktrial.training.run.gather", lambda asked, out: None)
    files = [tmp_path / f"control{ending}" for ending in FORMATS]
    assert command("report", out, *(p for f in files for p in ("--export", f))) == 0
    found = publish_control(out)
    assert files[0].read_bytes() == estimates_csv(found)
    text = files[FORMATS.index(".md")].read_text()
    assert text.startswith("## Work trial: rewards, ")
    assert "| met | " in text
    assert "30 points [" in text
    root = ElementTree.parse(files[FORMATS.index(".xml")])
    assert {c.attrib["classname"] for c in root.iter("testcase")} == {"worktrial.claims.control"}

"""A blind sheet: what is drawn, what it shows, and what is read back from it."""

import csv
import io
from pathlib import Path

import pytest

from worktrial.acceptance.agreement import corrected_rates, self_agreement
from worktrial.acceptance.sheet import (
    MOST_CHARACTERS,
    Answer,
    Job,
    Key,
    KeyRow,
    Told,
    drawn,
    key_path,
    keyed,
    read_sheet,
    sheet_csv,
)
from worktrial.errors import ConfigError, EvidenceError
from worktrial.report import labelling

JOBS = [Job("relay", w, f"i{n}", "work", f"s{n}", 1) for w in ("acme/a", "b") for n in range(10)]
TOLD = {job: Told(f"the task {job.item}", f"=cmd|{job.item}{job.worker[-1]}") for job in JOBS}


def sheet(run: Path, count: int = 10) -> tuple[Key, Path]:
    """A sheet in a run's folder, and where it lies."""
    rows = drawn(JOBS, count, duplicates=0.1, seed=7)
    key = keyed(rows, TOLD, seed=7, run="hash")
    key_path(run, key.sheet).parent.mkdir()
    key_path(run, key.sheet).write_text(key.text())
    path = run / "sheet.csv"
    path.write_text(sheet_csv(key, TOLD), encoding="utf-8", newline="")
    return key, path


def filled(path: Path, **more: str) -> Path:
    """The same sheet, saved with semicolons: yes everywhere, some cells of the first otherwise."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    for row in rows:
        row["accepted"] = "yes"
    rows[0].update(more)
    done = path.with_name("filled.csv")
    with done.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return done


def test_a_tenth_of_the_jobs_stands_twice_and_one_seed_draws_the_same() -> None:
    rows = drawn(JOBS, 15, duplicates=0.1, seed=7)
    assert len(rows) == 17
    assert len(set(rows)) == 15
    assert rows == drawn(JOBS[::-1], 15, duplicates=0.1, seed=7) != rows[::-1]
    assert rows != drawn(JOBS, 15, duplicates=0.1, seed=8)
    assert len(drawn(JOBS, 20, duplicates=0, seed=7)) == 20
    with pytest.raises(ConfigError, match="from 1 to the 20 job"):
        drawn(JOBS, 21, duplicates=0, seed=7)


def test_the_sheet_says_nothing_of_who_did_it_and_acts_in_no_spreadsheet(tmp_path: Path) -> None:
    key, path = sheet(tmp_path)
    text = path.read_text("utf-8-sig")
    assert "acme" not in text
    assert all(row["result"].startswith("'=cmd|") for row in csv.DictReader(io.StringIO(text)))
    assert [row.id for row in key.rows] == [f"{key.sheet}-{n:04d}" for n in range(1, 12)]
    again = next(row for row in key.rows if row.repeats)
    first = next(row for row in key.rows if row.id == again.repeats)
    assert (first.job, first.repeats) == (again.job, None)
    long = Told("t", "x" * (MOST_CHARACTERS + 5)).cells()[1]
    assert long.endswith("… 5 more characters")
    # Controls are read and never act; a NUL would make the sheet unreadable.
    assert Told("a\x00b", "\x1b[2J").cells()[:2] == ("a\\x00b", "\\x1b[2J")


def test_the_page_escapes_whatever_a_worker_wrote(tmp_path: Path) -> None:
    key, _ = sheet(tmp_path)
    told = {job: Told("<b>task", "<script>alert(1)</script>\u202e") for job in JOBS}
    page = labelling._page(key, told)
    assert "&lt;script&gt;" in page
    assert "\\u202e" in page
    for word in ("<b>task", "<script", "\u202e", "acme"):
        assert word not in page


def test_a_sheet_comes_back_through_a_spreadsheet(tmp_path: Path) -> None:
    key, path = sheet(tmp_path)
    read, answers = read_sheet(filled(path, accepted=" NO ", minutes="12"), tmp_path)
    assert read == key
    assert answers[0] == Answer(key.rows[0], False, 12.0)
    assert [answer.accepted for answer in answers[1:]] == [True] * 10
    # Rows without an answer are left out, and never a no.
    _, fewer = read_sheet(filled(path, accepted=""), tmp_path)
    assert len(fewer) == 10


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"accepted": "perhaps"}, "row 1: `accepted` must be yes or no.*'perhaps'"),
        ({"minutes": "long"}, "row 1: `minutes` must be a number"),
        ({"id": "ffffffff-0001"}, "row 1: `id` must be one of the sheet's"),
        ({"result": "better"}, "row 1: the texts of .* were altered"),
    ],
)
def test_an_altered_sheet_is_one_clear_line(
    tmp_path: Path, more: dict[str, str], says: str
) -> None:
    _, path = sheet(tmp_path)
    with pytest.raises(ConfigError, match=says):
        read_sheet(filled(path, **more), tmp_path)


def test_a_row_that_stands_twice_a_blank_sheet_and_no_sheet_are_refused(tmp_path: Path) -> None:
    key, path = sheet(tmp_path)
    with pytest.raises(ConfigError, match="no row has"):
        read_sheet(path, tmp_path)
    name = key.rows[0].id
    path.write_text(f"id,accepted\n{name},yes\n{name},no\n")
    with pytest.raises(ConfigError, match=f"row 2: {name} stands twice"):
        read_sheet(path, tmp_path)
    path.write_text("number,accepted\n1,yes\n")
    with pytest.raises(ConfigError, match="must have the columns id and accepted"):
        read_sheet(path, tmp_path)
    path.write_bytes(b"id,accepted\n\xff,yes\n")
    with pytest.raises(ConfigError, match="must be UTF-8"):
        read_sheet(path, tmp_path)


def test_without_its_key_or_with_another_nothing_is_read(tmp_path: Path) -> None:
    key, path = sheet(tmp_path)
    place = key_path(tmp_path, key.sheet)
    place.write_text(place.read_text().replace('"worker": "b"', '"worker": "acme/a"'))
    with pytest.raises(EvidenceError, match="was altered"):
        read_sheet(filled(path), tmp_path)
    place.write_text("{}")
    with pytest.raises(EvidenceError, match="holds no key"):
        read_sheet(path, tmp_path)
    place.unlink()
    with pytest.raises(ConfigError, match="the key of none of its rows"):
        read_sheet(path, tmp_path)


def answer(number: int, accepted: bool, repeats: int | None = None) -> Answer:
    """An answer about item `number`, or about that of an earlier row."""
    of = number if repeats is None else repeats
    job = Job("relay", "a", f"i{of}", "work", f"s{of}", 1)
    first = None if repeats is None else f"r{repeats}"
    return Answer(
        KeyRow(id=f"r{number}", repeats=first, sha256="", **job._asdict()), accepted, None
    )


def test_agreement_with_oneself_is_that_of_the_pairs() -> None:
    # Said first and then: yes yes, yes yes, no no, no yes. 3 of 4 agree; chance gives
    # 1/2·3/4 + 1/2·1/4 = 1/2, so that kappa is (3/4 − 1/2) / (1 − 1/2).
    first = [answer(n, n < 2) for n in range(4)]
    then = [answer(10 + n, n != 2, repeats=n) for n in range(4)]
    share, kappa = self_agreement([*first, *then, answer(9, True)])
    assert (share.value, share.items) == (0.75, 4)
    assert kappa.value == pytest.approx(0.5)
    assert self_agreement(first)[0].value is None


def test_a_rate_is_corrected_by_verdicts_on_all() -> None:
    # The program is right on all 20 labels of 200 items, and says yes of half of all items.
    jobs = [Job("relay", "a", f"i{n}", "work", f"s{n}", 1) for n in range(200)]
    ruled = {job: float(n % 2) for n, job in enumerate(jobs)}
    # Of the 20 labelled 12 are odd.
    labelled = [*range(1, 25, 2), *range(0, 16, 2)]
    answers = [answer(n, n % 2 == 1) for n in labelled]
    alone, corrected = corrected_rates("relay", answers, ruled)
    assert (alone.value, alone.items) == (pytest.approx(12 / 20), 20)
    # Trust is cov/((1 + 20/180)·var): nearly 1, so that the mean comes near to a half.
    assert corrected.value == pytest.approx(0.5, abs=0.03)
    assert corrected.high - corrected.low < alone.high - alone.low

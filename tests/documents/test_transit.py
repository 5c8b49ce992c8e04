import csv
from io import StringIO
from random import Random

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

TRANSIT = domain("transit")
FEED = {
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\n7,Mill Lane,48.5,11.25\nS8,Lock,48.6,11.3\n",
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "T1,23:50:00,23:50:45,7,1\nT1,24:10:30,24:10:30,S8,2\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "WK1,1,1,0,1,1,0,0,20260101,20261231\n"
    ),
}


def done(instruction: str, document: Document) -> dict[str, str]:
    program = TRANSIT.read(instruction)
    assert program is not None
    return TRANSIT.render(program(document))


def test_the_header_tells_which_table_a_file_is() -> None:
    document = TRANSIT.parse({"a.txt": FEED["stops.txt"], "b.txt": "note,count\nspare,3\n"})
    assert [u.kind for u in document.units()] == ["header", "stops", "stops", "header", "row"]
    assert document.files["a.txt"][1].fields["stop_id"] == "7", "an identifier is text"


def test_a_lost_column_name_does_not_change_the_table() -> None:
    damaged = TRANSIT.parse({**FEED, "calendar.txt": FEED["calendar.txt"].replace("monday", "")})
    assert 0.6 < likeness(TRANSIT.parse(FEED), damaged).value < 1


def test_a_delay_goes_on_beyond_midnight() -> None:
    asked = (
        "Delay every trip by `15` minutes: move `arrival_time` and `departure_time` of every "
        "stop time. Hours go on beyond 24, as in `25:10:00` for ten past one the next morning."
    )
    table = done(asked, TRANSIT.parse(FEED))["stop_times.txt"]
    assert table.splitlines()[1:] == ["T1,24:05:00,24:05:45,7,1", "T1,24:25:30,24:25:30,S8,2"]


def test_a_departure_becomes_the_time_that_a_vehicle_stands() -> None:
    asked = (
        "In `stop_times.txt`, put a column `dwell_seconds` in place of `departure_time`: how many "
        "seconds the departure is after the arrival."
    )
    assert done(asked, TRANSIT.parse(FEED))["stop_times.txt"] == (
        "trip_id,arrival_time,dwell_seconds,stop_id,stop_sequence\n"
        "T1,23:50:00,45,7,1\nT1,24:10:30,0,S8,2\n"
    )


def test_days_become_letters() -> None:
    asked = (
        "In `calendar.txt`, put one column `days` in place of the seven columns `monday` to "
        "`sunday`: the initials of the seven days, each a hyphen where the service does not run, "
        "so `MTWTF--` is Monday to Friday."
    )
    table = done(asked, TRANSIT.parse(FEED))["calendar.txt"]
    assert table == "service_id,days,start_date,end_date\nWK1,MT-TF--,20260101,20261231\n"


def test_a_stop_gets_its_name_in_every_table() -> None:
    asked = "Replace values of `stop_id` in every file that has this column: `7` → `HALT-01`."
    files = done(asked, TRANSIT.parse(FEED))
    assert "HALT-01,Mill Lane" in files["stops.txt"]
    assert "23:50:45,HALT-01,1" in files["stop_times.txt"]


@pytest.mark.parametrize("seed", range(5))
def test_every_reference_of_a_fresh_feed_leads_somewhere(seed: int) -> None:
    files = TRANSIT.generate(Random(seed), 2000)
    rows = {name: list(csv.DictReader(StringIO(text))) for name, text in files.items()}
    for column, table in (
        ("stop_id", "stops"),
        ("route_id", "routes"),
        ("trip_id", "trips"),
        ("service_id", "calendar"),
    ):
        known = {row[column] for row in rows[f"{table}.txt"]}
        assert len(known) == len(rows[f"{table}.txt"])
        used = {row[column] for table in rows.values() for row in table if column in row}
        assert used == known

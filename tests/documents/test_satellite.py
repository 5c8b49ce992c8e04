from datetime import datetime
from decimal import Decimal
from random import Random

import pytest
from sgp4.api import Satrec
from sgp4.conveniences import sat_epoch_datetime
from sgp4.io import verify_checksum

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

SATELLITE = domain("satellite")
SETS = """\
POLARIS-7
1 25544U 98067A   26031.50000000  .00016717  00000-0 -10270-3 0  9005
2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537
KESTREL 3 R/B
1 00005U 58002B   25365.75000000 -.00000023  28098-4  12345+1 0  4754
2 00005  34.2682  10.0000 1859667 331.7664  19.3264 10.82419157413668
"""


def read(text: str = SETS) -> Document:
    return SATELLITE.parse({"catalogue.tle": text})


def done(instruction: str, document: Document) -> str:
    program = SATELLITE.read(instruction)
    assert program is not None
    return SATELLITE.render(program(document))["catalogue.tle"]


def test_elements_are_exact_numbers_and_the_epoch_is_a_time() -> None:
    first, second = read().files["catalogue.tle"]
    assert first.fields["EPOCH"] == datetime(2026, 1, 31, 12)
    assert first.fields["BSTAR"] == Decimal("-0.0001027")
    assert first.fields["ECCENTRICITY"] == Decimal("0.0006703")
    assert second.fields["BSTAR"] == Decimal("1.2345")
    assert second.fields["MEAN_MOTION_DDOT"] == Decimal("0.000028098")
    assert "CHECKSUM_1_OFF" not in first.fields


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = SATELLITE.generate(Random(seed), 800).values()
    lines = text.splitlines()
    for unit, first, second in zip(
        SATELLITE.parse({"catalogue.tle": text}).units(), lines[1::3], lines[2::3], strict=True
    ):
        verify_checksum(first, second)
        theirs, mine = Satrec.twoline2rv(first, second), unit.fields
        assert theirs.satnum == mine["NORAD_CAT_ID"]
        assert theirs.ecco == pytest.approx(float(str(mine["ECCENTRICITY"])))
        assert theirs.bstar == pytest.approx(float(str(mine["BSTAR"])))
        apart = sat_epoch_datetime(theirs).replace(tzinfo=None) - mine["EPOCH"]
        assert abs(apart.total_seconds()) < 0.001


def test_a_wrong_checksum_costs_and_is_written_back() -> None:
    wrong = read(SETS.replace("0  9005", "0  9008"))
    assert next(wrong.units()).fields["CHECKSUM_1_OFF"] == Decimal(3)
    assert SATELLITE.render(wrong)["catalogue.tle"] == SETS.replace("0  9005", "0  9008")
    assert not likeness(read(), wrong).lossless


def test_a_lost_line_costs_its_set_alone() -> None:
    lost = read("".join(SETS.splitlines(keepends=True)[:1] + SETS.splitlines(keepends=True)[2:]))
    assert [u.kind for u in lost.units()] == ["set", "set"]
    assert 0.33 < likeness(read(), lost).value < 0.9


def test_days_are_added_across_the_turn_of_the_year() -> None:
    text = done("Add `0.5` days to the epoch of every set.", read())
    assert " 26032.00000000 " in text
    assert " 26001.25000000 " in text


def test_nodes_are_counted_within_a_circle() -> None:
    asked = (
        "Count the right ascension of every ascending node from a direction `30.25` degrees "
        "further east: subtract as much from it, and add 360 where that falls below 0."
    )
    text = done(asked, read())
    assert " 51.6416 217.2127 " in text
    assert " 34.2682 339.7500 " in text, "10 − 30.25 + 360"

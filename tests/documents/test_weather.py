from decimal import Decimal
from random import Random

import pytest
from metar.Metar import Metar

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

WEATHER = domain("weather")
BULLETIN = """\
SADL31 EDZW 312350
METAR EDXA 312350Z 24008G18KT 210V280 0800 -RA BR FEW003 BKN045CB 01/M02 Q1018 NOSIG=
METAR LFXB 312320Z 01012KT CAVOK M00/M11 Q0998 TEMPO 4000 SHSN=
"""


def read(text: str = BULLETIN) -> Document:
    return WEATHER.parse({"bulletin.txt": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = WEATHER.read(instruction)
    assert program is not None
    return WEATHER.render(program(document))


def test_groups_are_fields_and_what_follows_is_text() -> None:
    _, first, second = read().files["bulletin.txt"]
    assert (first.fields["wind_from"], first.fields["gust"]) == (Decimal(240), Decimal(18))
    assert (first.fields["visibility"], first.fields["weather"]) == (Decimal(800), "-RA BR")
    assert (first.fields["dew_point"], first.fields["qnh"]) == (Decimal(-2), Decimal(1018))
    assert second.fields["temperature"] == "M00", "not the same as 00"
    assert second.text == "TEMPO 4000 SHSN"
    assert WEATHER.render(read()) == {"bulletin.txt": BULLETIN}


@pytest.mark.parametrize("seed", range(8))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = WEATHER.generate(Random(seed), 800).values()
    for line, unit in zip(
        text.splitlines(), WEATHER.parse({"bulletin.txt": text}).units(), strict=True
    ):
        if not line.startswith("METAR"):
            continue
        theirs, mine = Metar(line.rstrip("="), month=1, year=2026, strict=False), unit.fields
        assert theirs.station_id == mine["station"]
        assert theirs.time is not None
        assert f"{theirs.time:%d%H%MZ}" == mine["time"]
        assert theirs.temp.value() == mine["temperature"]
        assert theirs.press.value() == mine["qnh"]
        assert theirs.wind_speed.value() == mine["wind_speed"]
        assert len(theirs.sky) == len(str(mine.get("clouds", "")).split())


def test_a_stray_mark_costs_its_report_alone() -> None:
    broken = read(BULLETIN.replace("24008G18KT", "24008G18KT="))
    assert likeness(read(), broken).value > 0.3
    assert list(read().units())[2] in list(broken.units())


def test_the_kind_of_report_is_said_once() -> None:
    asked = (
        "Write `METAR` once, on a line of its own under the heading, and no longer in each report. "
        "Reports of another kind keep theirs."
    )
    text = done(asked, read())["bulletin.txt"]
    assert text.startswith("SADL31 EDZW 312350\nMETAR\nEDXA 312350Z ")
    assert text.count("METAR") == 1


def test_the_wind_turns_within_a_circle() -> None:
    asked = (
        "Give the wind against a north that lies `20` degrees further east: subtract as much from "
        "its direction and from both ends of a range such as `210V280`, and add 360 where that "
        "falls below 1. Leave `VRB`, `000`, trends and changes alone."
    )
    text = done(asked, read())["bulletin.txt"]
    assert "22008G18KT 190V260" in text
    assert "35012KT" in text


def test_times_go_round_at_the_end_of_the_month() -> None:
    asked = (
        "Add `10` minutes to the time at which each report was made, such as `312350Z`; the 31st "
        "is followed by the 1st."
    )
    text = done(asked, read())["bulletin.txt"]
    assert "EDXA 010000Z" in text
    assert "LFXB 312330Z" in text

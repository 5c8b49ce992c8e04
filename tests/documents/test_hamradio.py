from decimal import Decimal
from random import Random

import adif_io
import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

HAMRADIO = domain("hamradio")
LOG = """\
Station log
<ADIF_VER:5>3.1.4 <PROGRAMID:7>WorkLog <EOH>

<APP_WORKLOG_NO:2>11 <QSO_DATE:8>20260131 <TIME_ON:6>174500 <CALL:5>SM5AB <BAND:3>20m \
<FREQ:6>14.025 <MODE:2>CW <STATION_CALLSIGN:5>DL0WT <EOR>
<APP_WORKLOG_NO:2>12 <QSO_DATE:8>20260201 <TIME_ON:6>060000 <CALL:5>JA1XY <BAND:3>40m \
<FREQ:5>7.052 <MODE:3>SSB <STATION_CALLSIGN:5>DL0WT <COMMENT:7>loud <> <EOR>
"""


def read(text: str = LOG) -> Document:
    return HAMRADIO.parse({"log.adi": text})


def done(instruction: str, document: Document) -> str:
    program = HAMRADIO.read(instruction)
    assert program is not None
    return HAMRADIO.render(program(document))["log.adi"]


def test_a_contact_has_a_field_for_every_tag() -> None:
    _, first, second = read().files["log.adi"]
    assert (first.fields["FREQ"], first.fields["TIME_ON"]) == (Decimal("14.025"), "174500")
    assert second.fields["COMMENT"] == "loud <>", "a length, not the next bracket, ends a value"


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = HAMRADIO.generate(Random(seed), 800).values()
    contacts, head = adif_io.read_from_string(text)
    mine = list(HAMRADIO.parse({"log.adi": text}).units())
    assert dict(head) == {n: str(v) for n, v in mine[0].fields.items()}
    assert [dict(c) for c in contacts] == [
        {n: str(v) for n, v in u.fields.items()} for u in mine[1:]
    ]


def test_a_wrong_length_costs_its_contact_alone() -> None:
    result = likeness(read(), read(LOG.replace("<CALL:5>SM5AB", "<CALL:50>SM5AB")))
    assert 0.4 < result.value < 0.9


def test_one_time_as_asked() -> None:
    asked = (
        "In every contact, put `QSO_DATE` and `TIME_ON` together in the one tag "
        "`APP_WORKLOG_START`, as `20260131T174500` for 17:45:00 on 31 January 2026."
    )
    assert "<APP_WORKLOG_START:15>20260131T174500" in done(asked, read())


def test_the_station_is_said_once_in_the_header() -> None:
    asked = (
        "Move the tag `STATION_CALLSIGN` from the contacts to the header, with the value `DL0WT`. "
        "A contact with another value keeps its own."
    )
    text = done(asked, read(LOG.replace("DL0WT <COMMENT", "DK5AA <COMMENT")))
    assert "<STATION_CALLSIGN:5>DL0WT <EOH>" in text
    assert text.count("<STATION_CALLSIGN:5>DL0WT") == 1
    assert text.count("<STATION_CALLSIGN:5>DK5AA") == 1

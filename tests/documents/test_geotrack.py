from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import gpxpy
import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

GEOTRACK = domain("geotrack")
WALK = """\
<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Kestrel 20">
  <wpt lat="46.5" lon="11.25"><name>Hut</name><sym>Summit</sym></wpt>
  <trk>
    <name>Ridge</name>
    <trkseg>
      <trkpt lat="46.5" lon="11.25"><ele>1200.5</ele><time>2026-05-01T09:59:30Z</time></trkpt>
      <trkpt lat="46.51" lon="11.26"><ele>1210</ele><time>2026-05-01T10:00:30Z</time></trkpt>
    </trkseg>
  </trk>
</gpx>
"""


def read(text: str = WALK) -> Document:
    return GEOTRACK.parse({"a.gpx": text})


def done(instruction: str, document: Document) -> str:
    program = GEOTRACK.read(instruction)
    assert program is not None
    return GEOTRACK.render(program(document))["a.gpx"]


def test_a_point_has_exact_numbers() -> None:
    units = read().files["a.gpx"]
    assert [u.kind for u in units] == ["gpx", "wpt", "trk", "trkseg", "trkpt", "trkpt"]
    assert (units[4].fields["@lat"], units[4].fields["ele"]) == (Decimal("46.5"), Decimal("1200.5"))
    assert units[2].fields == {"name": "Ridge"}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = GEOTRACK.generate(Random(seed), 800).values()
    points = [u.fields for u in read(text).units() if u.kind == "trkpt"]
    theirs = [p for track in gpxpy.parse(text).tracks for s in track.segments for p in s.points]
    assert [(p.latitude, p.longitude, p.elevation) for p in theirs] == [
        tuple(float(str(f[n])) for n in ("@lat", "@lon", "ele")) for f in points
    ]
    assert [p.time and p.time.astimezone(UTC) for p in theirs] == [
        datetime.fromisoformat(str(f["time"])) for f in points
    ]


def test_a_bracket_lost_costs_little_but_something() -> None:
    result = likeness(read(), read(WALK.replace('lon="11.26">', 'lon="11.26"')))
    assert 0.9 < result.value < 1


def test_the_clock_is_set_forward_past_midnight() -> None:
    asked = "Add `870` minutes to the `time` of every waypoint, route point and track point."
    assert "<time>2026-05-02T00:29:30Z</time>" in done(asked, read())


def test_times_as_seconds_since_a_start() -> None:
    asked = (
        "In every track point, replace `time` by the whole seconds since `2026-05-01T10:00:00Z` "
        "(negative before it), as `<t>` inside `<extensions>`."
    )
    text = done(asked, read())
    assert "<ele>1200.5</ele><extensions><t>-30</t></extensions>" in text
    assert "<t>30</t>" in text


def test_a_segment_an_hour() -> None:
    asked = (
        "Begin a new `<trkseg>` wherever the hour in the `time` of a track point differs from that "
        "of the point before it."
    )
    between = done(asked, read())
    assert between.count("<trkseg>") == between.count("</trkseg>") == 2
    joined = "Put all points of each track into its first `<trkseg>` and drop the others."
    assert done(joined, read(between)) == WALK


def test_waypoints_become_a_route_before_the_track() -> None:
    asked = (
        "Turn the waypoints into the points of a route with the name `Up`, in their order; the "
        "`<rte>` stands before the tracks, even if there are no waypoints."
    )
    text = done(asked, read())
    assert '<name>Up</name>\n    <rtept lat="46.5" lon="11.25"><name>Hut</name>' in text
    assert "<wpt" not in text

from decimal import Decimal
from random import Random

import pytest
from lxml import etree

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

PLAYLIST = domain("playlist")
EVENING = """\
<?xml version="1.0" encoding="UTF-8"?>
<playlist version="1" xmlns="http://xspf.org/ns/0/">
  <title>Evening</title>
  <trackList>
    <track>
      <location>file:///music/a.ogg</location>
      <identifier>t1</identifier>
      <title>Salt &amp; Snow</title>
      <creator>Kaya</creator>
      <album>Shore</album>
      <trackNum>7</trackNum>
      <duration>215500</duration>
      <meta rel="urn:mood">calm</meta>
    </track>
    <track>
      <location>file:///music/b.ogg</location>
      <identifier>t2</identifier>
      <title>Letter</title>
      <creator>Holm</creator>
      <annotation>first take</annotation>
      <album>Paper</album>
      <trackNum>2</trackNum>
    </track>
  </trackList>
</playlist>
"""


def read(text: str = EVENING) -> Document:
    return PLAYLIST.parse({"a.xspf": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = PLAYLIST.read(instruction)
    assert program is not None
    return PLAYLIST.render(program(document))


def test_a_track_has_its_numbers_and_its_annotation() -> None:
    _, _, first, second = read().files["a.xspf"]
    assert (first.fields["title"], first.fields["duration"]) == ("Salt & Snow", Decimal(215500))
    assert (first.fields["meta[urn:mood]"], second.text) == ("calm", "first take")


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = PLAYLIST.generate(Random(seed), 800).values()
    ours = [u for u in read(text).units() if u.kind == "track"]
    theirs = etree.fromstring(text.encode()).findall(".//{*}track")
    for unit, track in zip(ours, theirs, strict=True):
        for name in ("location", "title", "creator", "trackNum", "duration", "meta"):
            field = "meta[urn:mood]" if name == "meta" else name
            assert track.findtext(f"{{*}}{name}") == str(unit.fields[field])


def test_a_start_that_is_lost_costs_its_track() -> None:
    result = likeness(read(), read(EVENING.replace("<track>", "", 1)))
    assert 0.3 < result.value < 0.8


def test_a_base_for_all_locations() -> None:
    asked = (
        "Add the attribute `xml:base` with the value `file:///music/` to `<playlist>` and take "
        "that value off the front of every track's `location`."
    )
    (text,) = done(asked, read()).values()
    assert 'xml:base="file:///music/">' in text
    assert "<location>a.ogg</location>" in text


def test_the_creator_stands_in_the_title() -> None:
    asked = (
        "In every track that has both, write `creator` and `title` as one `title`, with ` – ` (a "
        "dash between two spaces) between them, and drop the `creator`."
    )
    (text,) = done(asked, read()).values()
    assert "<title>Kaya – Salt &amp; Snow</title>" in text
    assert "<creator>" not in text


def test_an_album_moves_to_the_end_and_tracks_are_numbered() -> None:
    asked = (
        "Move the tracks of the album `Shore` behind all others, in their order. "
        "Number the tracks from 1 in their present order, as `trackNum`."
    )
    (text,) = done(asked, read()).values()
    tracks = etree.fromstring(text.encode()).findall(".//{*}track")
    assert [t.findtext("{*}identifier") for t in tracks] == ["t2", "t1"]
    assert [t.findtext("{*}trackNum") for t in tracks] == ["1", "2"]

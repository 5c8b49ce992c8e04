"""Files made to bring a parser down: each is refused with its line, or taken as it stands."""

import tracemalloc
from random import Random

import pytest

from worktrial.documents.choose import choose
from worktrial.documents.domain import domain
from worktrial.errors import DocumentError

SVG = '<svg xmlns="http://www.w3.org/2000/svg"><text x="1" y="2">&e;</text></svg>\n'
LAUGHS = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcd", "bcde", strict=True))
LISTS = "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
BOMBS = {
    "entities": ("x.svg", "vector", f'<!DOCTYPE svg [<!ENTITY a "ha">{LAUGHS}]>\n{SVG}'),
    "fetched": ("x.svg", "vector", f'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///a">]>\n{SVG}'),
    "folders": ("x.kml", "landmarks", f"<kml>{'<Folder>' * 5000}{'</Folder>' * 5000}</kml>"),
    "numbers": ("x.gpx", "geotrack", f'<gpx><trk><trkseg><trkpt lat="1e99999" lon="{"9" * 999}"/>'),
    "brackets": ("x.json", "json", "[" * 20_000),
    "objects": ("x.json", "json", '{"a":' * 20_000 + "1" + "}" * 20_000),
    "exponent": ("x.json", "json", '{"a": 1e999999999, "b": [{"c": 1}, {"c": 2}]}'),
    "digits": ("x.json", "json", f'{{"a": {"9" * 100_000}, "b": [{{"c": 1}}, {{"c": 2}}]}}'),
    "flow": ("x.yaml", "json", f"a: {'[' * 5000}\nb: [1, 2]\n"),
    "tag": ("x.yaml", "json", "a: !!python/object/apply:os.getcwd []\nb: [{c: 1}, {c: 2}]\n"),
    "quotes": ("x.md", "markdown", "> " * 20_000 + "a\n"),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_with_its_line_and_costs_little(bomb: str) -> None:
    name, of, text = BOMBS[bomb]
    domain(of)
    tracemalloc.start()
    try:
        with pytest.raises(
            DocumentError, match=rf"line \d+ cannot be read as {of}|no edit of {of}"
        ):
            choose(name, text, lambda: Random(7), domains=[of])
        assert tracemalloc.get_traced_memory()[1] < 100 * len(text) + 2**22
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("bomb", BOMBS)
def test_where_any_domain_may_take_it_a_humbler_one_does_and_says_why(bomb: str) -> None:
    name, of, text = BOMBS[bomb]
    found = choose(name, text, lambda: Random(7))
    assert found.domain.name in ("text", "settings")
    assert of in found.why
    written = found.domain.render(found.domain.parse({name: text}))[name]
    assert written.split() == text.split()


def test_a_tag_and_an_anchor_are_not_read_and_an_alias_is_never_followed() -> None:
    """What they say beyond their words would be lost without a trace."""
    found = domain("json").parse({"x.yaml": f"a: &a [x, x]\n{LISTS}b: !ref x\nc: 1\n"})
    said = [unit.text for unit in found.units() if unit.kind == "opaque"]
    assert sorted(said) == sorted(["a: &a [x, x]", *LISTS.splitlines(), "b: !ref x"])
    assert [dict(unit.fields) for unit in found.units() if unit.kind != "opaque"] == [{"c": 1}]


def test_a_huge_number_in_a_table_is_a_text() -> None:
    """No cell costs more than it has characters: nothing works out what it stands for."""
    found = domain("spreadsheet").parse({"x.csv": f"n,m\n1e999999999,1\n{'9' * 100_000},2\n"})
    written = domain("spreadsheet").render(found)["x.csv"]
    assert len(written) < 200_000

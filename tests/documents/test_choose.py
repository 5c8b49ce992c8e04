"""Which domain takes a file, and why."""

from random import Random

import pytest

from worktrial.documents import choose as choosing
from worktrial.documents.choose import Choice, choose
from worktrial.documents.domain import DOMAINS, FALLBACKS, domain
from worktrial.documents.signs import has_sign, signed
from worktrial.errors import DocumentError

LIST = '[{"a": 1, "b": "xy"}, {"a": 2, "b": "yz"}]'
MAP = (
    '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "A"}, '
    '"geometry": {"type": "Point", "coordinates": [1.5, 2.5]}}]}'
)
ROBOT = (
    '<robot name="r"><link name="a"/><link name="b"/><joint name="j" type="fixed">'
    '<parent link="a"/><child link="b"/></joint></robot>'
)
MAKE = "all: x\n\tcc -o all x\nx: x.c\n\tcc x.c\nclean:\n\trm -f x\n"
DOCKER = 'FROM debian:12\nRUN apt-get update\nCOPY . /app\nWORKDIR /app\nCMD ["a", "b"]\n'
SOUP = (
    "# Soup\n\nServes: 4\n\n## Ingredients\n\n- 200 g flour\n- 3 apples\n\n## Method\n\n"
    "1. Mix the flour for 10 minutes.\n2. Bake at 180 degrees for 20 minutes.\n"
)
README = "# Title\n\nSome text here\nmore text.\n\n```\ncode\n```\n"
PEOPLE = "name;age;team\nAnn;31;red\nBob;44;blue\nCyd;25;red\nDan;29;blue\n"


def chosen(name: str, text: str, *domains: str) -> Choice:
    return choose(name, text, lambda: Random(1), domains=domains)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("list.json", LIST, "json"),
        ("map.json", MAP, "geodata"),
        ("map.geojson", MAP, "geodata"),
        ("robot.xml", ROBOT, "robotics"),
        ("pom.xml", "<project>\n <a>some text</a>\n</project>\n", "text"),
        ("Makefile", MAKE, "makefile"),
        ("Dockerfile", DOCKER, "docker"),
        ("soup.md", SOUP, "recipe"),
        ("README.md", README, "markdown"),
        ("README", README, "text"),
        ("people.csv", PEOPLE, "spreadsheet"),
        ("people.tsv", PEOPLE.replace(";", "\t"), "spreadsheet"),
        ("server.conf", "[a]\nport = 80\nhost = here\n", "settings"),
        ("run", "#!/bin/sh\nset -e\necho done\n", "text"),
    ],
)
def test_a_file_is_known_by_its_extension_and_content(name: str, text: str, expected: str) -> None:
    found = chosen(name, text)
    assert found.domain.name == expected
    assert len(found.edits) >= 2


def test_the_reason_says_what_was_found_and_what_failed_before() -> None:
    assert chosen("list.json", LIST).why == "by its extension; 2 units, 100% typed, 7 edits"
    assert chosen("map.json", MAP).why.startswith("by its content; ")
    broken = chosen("list.json", f"{LIST[:-1]},\n oops")
    assert broken.domain.name == "text"
    assert broken.why.startswith("the last resort; 2 units, 0% typed, ")
    assert broken.why.endswith("; line 2 cannot be read as json")


def test_of_named_domains_only_these_take_a_file() -> None:
    assert chosen("list.json", LIST, "text").domain.name == "text"
    with pytest.raises(DocumentError, match=r"none of chess takes \.json"):
        chosen("list.json", LIST, "chess")
    with pytest.raises(DocumentError, match="line 2 cannot be read as json"):
        chosen("list.json", f"{LIST[:-1]},\n oops", "json")


def test_an_empty_file_is_no_document() -> None:
    with pytest.raises(DocumentError, match="line 1: there is nothing in it"):
        chosen("a.txt", " \n\n")


def test_every_table_restores_whatever_its_columns_are_called() -> None:
    """Four rows of three columns: sorted, scaled, renamed, recoded, split, extracted, converted."""
    found = chosen("people.csv", PEOPLE)
    assert {e.name for e in found.edits} == {
        "convert", "sort", "scale", "rename", "recode", "split", "extract", "republish", "hand_over"
    }  # fmt: skip
    scale = next(e for e in found.edits if e.name == "scale")
    scaled = found.domain.render(scale.forward(found.domain.parse({"people.csv": PEOPLE})))
    assert scaled == {"people.csv": PEOPLE.replace("31", "3100").replace("44", "4400")
                      .replace("25", "2500").replace("29", "2900")}  # fmt: skip


def test_fresh_documents_are_known_by_their_sign_where_others_share_their_extension() -> None:
    alone = {"docker", "makefile", "python"}  # files without extension, which fresh ones are not
    for name in (name for name in DOMAINS if has_sign(name) and name not in alone):
        files = domain(name).generate(Random(name), 400)
        assert any(signed(name, file, text) for file, text in files.items()), name


def test_fallbacks_are_no_domains_of_fresh_documents() -> None:
    assert len(DOMAINS) == 52
    assert not set(FALLBACKS) & set(DOMAINS)
    assert all(domain(name).knows("Makefile.am~") for name in FALLBACKS)


def test_large_files_are_tried_by_few_domains_and_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen("robot.xml", ROBOT).domain.name == "robotics"
    monkeypatch.setattr(choosing, "_LARGE", 20)
    assert chosen("robot.xml", ROBOT).domain.name == "text"
    assert len(chosen("people.csv", PEOPLE).edits) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [("big.csv", "{0},item {1},{0}.50\n", "spreadsheet"), ("big.log", "{0} item {1}\n", "text")],
)
def test_ten_megabytes_are_taken(name: str, line: str, expected: str) -> None:
    count = 10_000_000 // len(line.format(100_000, 50))
    text = "id,name,price\n" + "".join(line.format(i, i % 97) for i in range(count))
    assert 9_000_000 < len(text) < 10_500_000
    found = chosen(name, text)
    assert (found.domain.name, len(found.edits)) == (expected, 2)

"""Settings of any program, read and edited whatever their style."""

import tomllib
from configparser import ConfigParser
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from worktrial.documents.choose import choose, same
from worktrial.documents.domain import domain
from worktrial.documents.domains.settings.format import SETTINGS
from worktrial.documents.signs import signed
from worktrial.documents.unit import Unit

INI = """\
; a shop
[server]
port = 8080
hosts =
    a.example
    b.example

[mail]
Enabled: yes
; who
owner=ann
free line
"""
TOML = """\
title = "x"
since = 2024-02-29
ok = true
version = 3.10
half = 0.5

[[products]]
tags = [
    "a", # one ]

    "b",
]
text = \"\"\"
[not a section]
key = no setting
\"\"\"
"""
GIT = '[user]\n\tname = Ann\n\temail = a@b.example\n[remote "o"]\n\turl = git@b.example:a/b.git\n'
UNIT = "[Service]\nExecStart=/bin/a \\\n  --port 80\nEnvironment=A=1\nEnvironment=B=2\n"


def settings(text: str) -> list[tuple[object, object]]:
    found = (unit for unit in SETTINGS.parse(text) if unit.kind == "setting")
    return [(unit.fields["key"], unit.fields["value"]) for unit in found]


def test_a_unit_is_a_setting_a_section_a_comment_or_a_line() -> None:
    kinds = [unit.kind for unit in SETTINGS.parse(INI)]
    assert kinds == [
        "comment", "section", "setting", "setting", "section", "setting", "comment", "setting",
        "line",
    ]  # fmt: skip
    assert settings(INI) == [
        ("port", Decimal(8080)),
        ("hosts", "\n    a.example\n    b.example"),
        ("Enabled", "yes"),
        ("owner", "ann"),
    ]


def test_values_are_typed_where_they_are_plain_and_text_goes_on_over_lines() -> None:
    found = dict(settings(TOML))
    assert found == {
        "title": '"x"', "since": date(2024, 2, 29), "ok": True, "version": "3.10",
        "half": Decimal("0.5"), "tags": '[\n    "a", # one ]\n\n    "b",\n]',
        "text": '"""\n[not a section]\nkey = no setting\n"""',
    }  # fmt: skip
    assert settings(UNIT)[0] == ("ExecStart", "/bin/a \\\n  --port 80")


@pytest.mark.parametrize("text", [INI, TOML, GIT, UNIT, "a = [\nb = 1\n", 'a = """\nb = 1\n'])
def test_a_file_is_written_as_it_was(text: str) -> None:
    assert SETTINGS.render(SETTINGS.parse(text)) == text


def test_what_is_not_closed_costs_one_line() -> None:
    assert settings("a = [\nb = 1\n") == [("a", "["), ("b", Decimal(1))]
    assert settings('a = """\nb = 1\n') == [("a", '"""'), ("b", Decimal(1))]


def test_the_sign_and_the_zero_of_a_version_count() -> None:
    one, other = SETTINGS.parse("a = 1\n"), SETTINGS.parse("a: 1\n")
    assert one != other
    assert SETTINGS.parse("a=1\n") == one
    assert settings("v = 3.10\n") != settings("v = 3.1\n")


def test_what_is_written_anew_is_laid_out_like_the_line_before() -> None:
    units = [*SETTINGS.parse(GIT)[:2], Unit("setting", {"key": "signingkey", "value": Decimal(7)})]
    assert SETTINGS.render(units) == "[user]\n\tname = Ann\n\tsigningkey = 7\n"


@pytest.mark.parametrize(
    ("name", "text", "least"),
    [("shop.ini", INI, 5), ("shop.toml", TOML, 6), (".gitconfig", GIT, 6), ("a.service", UNIT, 3)],
)
def test_edits_fit_files_of_every_style(name: str, text: str, least: int) -> None:
    found = choose(name, text, lambda: Random(1))
    assert found.domain.name == "settings"
    assert found.why.startswith("by its content; ")
    assert len(found.edits) >= least


def test_tidying_an_indented_file_leaves_its_style_alone() -> None:
    chosen = domain("settings")
    document = chosen.parse({"config": GIT})
    edit = next(e for e in chosen.plan(document, Random(1)) if e.name == "sort")
    between = chosen.render(edit.forward(document))
    assert between["config"] == GIT.replace(
        "\tname = Ann\n\temail = a@b.example\n", "\temail = a@b.example\n\tname = Ann\n"
    )
    assert between["settings_order.csv"] == (
        'section,key\n[user],name\n[user],email\n"[remote ""o""]",url\n'
    )
    restored = edit.backward(chosen.parse(between))
    assert chosen.render(restored) == {"config": GIT}


def test_a_table_holds_every_value_and_says_where_it_stood() -> None:
    chosen = domain("settings")
    document = chosen.parse({"shop.toml": TOML})
    edit = next(e for e in chosen.plan(document, Random(1)) if e.name == "tabulate")
    between = chosen.render(edit.forward(document))
    assert between["shop_table.csv"].startswith(
        'number,section,key,value\n1,,title,"""x"""\n2,,since,2024-02-29\n3,,ok,true\n4,,version,3.10\n'
    )
    assert between["shop.toml"].endswith("\n[[products]]\n@@6\n@@7\n")
    assert same(chosen, document, edit.backward(chosen.parse(between)))


@pytest.mark.parametrize(
    ("name", "text", "there"),
    [
        ("a.conf", "[a]\nb = 1\n", True),
        ("a.conf", "server {\n  a = 1;\n  listen 80;\n}\nlocation {\n  b 1;\n}\n", False),
        ("a.rc", "a = 1\nb: 2\n", True),
        ("a.js", "a = 1;\nb = 2;\nc = {\n", False),
        ("run", "#!/bin/sh\na=1\nb=2\n", False),
        ("a.ini", "a = 1\n", False),
    ],
)
def test_settings_are_known_by_most_of_their_lines(name: str, text: str, *, there: bool) -> None:
    assert signed("settings", name, text) == there


def test_other_readers_find_the_same_values() -> None:
    """TOML's and INI's own readers are the witnesses."""
    fresh = domain("settings").generate(Random(3), 800)["application.ini"]
    found = settings(fresh)
    assert len(found) > 20
    ini = ConfigParser(interpolation=None, default_section="")
    ini.read_string(f"[top]\n{fresh}".replace("\n]", "\n ]"))
    read = [(key, value) for name in ini.sections() for key, value in ini[name].items()]
    assert [key for key, _ in read] == [key for key, _ in found]
    toml = tomllib.loads("v = 1.5\nday = 2024-02-29\nok = true\nn = 12\n")
    assert list(toml.values()) == [1.5, date(2024, 2, 29), True, 12]
    assert [v for _, v in settings('v = 1.5\nday = 2024-02-29\nok = true\nn = 12\n')] == [
        Decimal("1.5"), date(2024, 2, 29), True, Decimal(12),
    ]  # fmt: skip

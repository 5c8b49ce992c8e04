from random import Random

import polib
import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

TRANSLATION = domain("translation")
CATALOGUE = """\
msgid ""
msgstr ""
"Project-Id-Version: Calder 2\\n"
"Language: de\\n"

# Keep it short.
#: src/ui/main.py:12 src/core/list.py:40
msgctxt "menu"
msgid "Open file"
msgstr "Datei öffnen"

#: src/ui/main.py:90
#, fuzzy, python-format
msgid "%(count)d file of %(who)s"
msgid_plural "%(count)d files of %(who)s"
msgstr[0] "%(count)d Datei von %(who)s"
msgstr[1] ""
"%(count)d Dateien "
"von %(who)s"
"""


def read(text: str = CATALOGUE) -> Document:
    return TRANSLATION.parse({"de.po": text})


def done(instruction: str, document: Document) -> str:
    program = TRANSLATION.read(instruction)
    assert program is not None
    return TRANSLATION.render(program(document))["de.po"]


def test_a_message_has_a_field_for_every_keyword_and_kind_of_comment() -> None:
    head, first, second = read().files["de.po"]
    assert head.structural
    assert head.fields["Language"] == "de"
    assert first.fields == {
        "comment": "Keep it short.",
        "references": "src/ui/main.py:12 src/core/list.py:40",
        "msgctxt": "menu",
        "msgid": "Open file",
        "msgstr": "Datei öffnen",
    }
    assert second.fields["msgstr[1]"] == "%(count)d Dateien von %(who)s"


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = TRANSLATION.generate(Random(seed), 800).values()
    theirs = polib.pofile(text)
    head, *mine = TRANSLATION.parse({"de.po": text}).units()
    assert theirs.metadata == head.fields
    assert [(e.msgctxt, e.msgid, e.msgstr or e.msgstr_plural[0]) for e in theirs] == [
        (
            u.fields.get("msgctxt"),
            str(u.fields["msgid"]).replace("\\n", "\n"),
            str(u.fields.get("msgstr") or u.fields["msgstr[0]"]).replace("\\n", "\n"),
        )
        for u in mine
    ]
    assert [" ".join(f"{p}:{n}" for p, n in e.occurrences) for e in theirs] == [
        u.fields["references"] for u in mine
    ]


def test_a_missing_blank_line_costs_nothing_and_a_stray_line_its_message_alone() -> None:
    assert likeness(read(), read(CATALOGUE.replace("\n\n", "\n"))).lossless
    stray = read(CATALOGUE.replace('msgid "Open', 'oops\nmsgid "Open'))
    assert [u.text for u in stray.units()] == ["", "oops", ""]


def test_placeholders_in_braces() -> None:
    text = done(
        "In every message with the flag `python-format`, write the placeholders of the message "
        "and of its translations with braces: `%(…)s` as the name alone in braces, `%(…)d` as the "
        "name and `:d` in braces. The flag becomes `python-brace-format`.",
        read(),
    )
    assert "#, fuzzy, python-brace-format\n" in text
    assert 'msgstr[1] "{count:d} Dateien von {who}"' in text


def test_only_whole_words_of_the_translations_are_replaced() -> None:
    text = done(
        "In the translations (every `msgstr`), replace these whole words, spelled exactly so: "
        "`Datei` → `Dokument`.",
        read(),
    )
    assert 'msgstr "Dokument öffnen"' in text
    assert "Dateien von" in text


def test_line_numbers_of_one_source_file_move() -> None:
    text = done(
        "`5` lines were added at the top of `src/ui/main.py`: add as many to its line numbers in "
        "the references.",
        read(),
    )
    assert "#: src/ui/main.py:17 src/core/list.py:40\n" in text
    assert "#: src/ui/main.py:95\n" in text


def test_the_context_in_front_of_its_message() -> None:
    text = done(
        "Where a message has a `msgctxt`, take it out and write it in front of the `msgid` "
        "instead, with `|` between the two.",
        read(),
    )
    assert 'msgid "menu|Open file"' in text
    assert "msgctxt" not in text


def test_a_previous_message_stays_above_its_message() -> None:
    text = CATALOGUE.replace('msgctxt "menu"', '#| msgid "Open 5 files"\nmsgctxt "menu"')
    assert [u.text for u in read(text).units()] == ["", '#| msgid "Open 5 files"', ""]
    written = TRANSLATION.render(read(text))["de.po"]
    assert likeness(read(text), read(written)).lossless
    assert polib.pofile(written)[0].previous_msgid == "Open 5 files"
    assert polib.pofile(written)[1].previous_msgid is None

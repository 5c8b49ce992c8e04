from email import message_from_string, policy
from mailbox import mbox
from pathlib import Path
from random import Random

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

EMAILS = domain("emails")
BOX = """\
From mira@calder.example Sat Jan 31 23:30:00 2026
Message-ID: <17@calder.example>
date: Sun, 1 Feb 2026 01:00:00 +0130
From: Mira Holm <mira@calder.example>
To: Lars Kaya <lars@lumen.example>,
 Rosa Egede <rosa@lumen.example>
Subject: Ladder hooks

Dear Lars,

>From May on we need more.

--\x20
Mira Holm
Workshop

From lars@lumen.example Sun Feb  1 08:00:00 2026
Message-ID: <18@lumen.example>
Date: Sun, 1 Feb 2026 08:00:00 +0000
From: Lars Kaya <lars@lumen.example>
Subject: Re: Ladder hooks
In-Reply-To: <17@calder.example>

How many?

"""


def read(text: str = BOX) -> Document:
    return EMAILS.parse({"box.mbox": text})


def done(name: str, document: Document) -> str:
    """Carry out a planned edit from its words."""
    words = {e.name: e.forward.instruction for e in EMAILS.plan(document, Random(0))}[name]
    program = EMAILS.read(words)
    assert program is not None
    return EMAILS.render(program(document))["box.mbox"]


def test_headers_are_fields_and_the_body_is_text() -> None:
    first, second = read().files["box.mbox"]
    assert first.fields["Date"] == "Sun, 1 Feb 2026 01:00:00 +0130"
    assert str(first.fields["To"]).endswith("lumen.example>, Rosa Egede <rosa@lumen.example>")
    assert "\nFrom May on" in first.text, "the mark before `From` is not part of the body"
    assert (second.text, second.fields["postmark"]) == (
        "How many?", "lars@lumen.example Sun Feb  1 08:00:00 2026",
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_alike_by_the_standard_library(seed: int, tmp_path: Path) -> None:
    (text,) = EMAILS.generate(Random(seed), 800).values()
    path = tmp_path / "inbox.mbox"
    path.write_text(text, encoding="utf-8")
    mine = read(text).files["box.mbox"]
    box = mbox(path)
    theirs = [m.as_bytes().decode() for m in box]
    box.close()
    messages = [message_from_string(m, policy=policy.SMTPUTF8) for m in theirs]
    assert [dict(m.items()) for m in messages] == [
        {n: v for n, v in u.fields.items() if n != "postmark"} for u in mine
    ]
    assert [str(m.get_payload()).strip("\n") for m in messages] == [u.text for u in mine]


def test_a_lost_first_line_costs_two_messages_at_most() -> None:
    lines = BOX.splitlines(keepends=True)
    third = "".join(lines[-9:]).replace("18@", "19@").replace("How", "So how")
    whole = read(BOX + third)
    assert likeness(whole, read(BOX + third.partition("\n")[2])).value > 0.3, "one stays whole"


def test_dates_in_universal_time() -> None:
    text = done("universal_time", read())
    assert "Date: Sat, 31 Jan 2026 23:30:00 +0000\n" in text, "half past eleven the day before"
    assert "X-Zone: +0130\n" in text


def test_new_identifiers_are_referred_to() -> None:
    text = done("new_identifiers", read())
    first, second = read(text).files["box.mbox"]
    assert str(first.fields["Message-ID"]).startswith("<1@archive")
    assert second.fields["In-Reply-To"] == first.fields["Message-ID"]
    assert second.fields["X-Former-ID"] == "<18@lumen.example>"


def test_a_signature_becomes_a_header() -> None:
    text = done("signatures", read())
    assert "X-Signature: Mira Holm / Workshop\n" in text
    assert "need more.\n\nFrom lars" in text


def test_domains_change_in_addresses_alone() -> None:
    text = done("domains", read())
    assert "From: Lars Kaya <lars@mail.lumen.example>" in text
    assert "Message-ID: <18@lumen.example>" in text

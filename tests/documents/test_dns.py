from decimal import Decimal
from random import Random

import dns.rdata
import dns.zone
import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

DNS = domain("dns")
ZONE = """\
$ORIGIN calder.example.
$TTL 3600
; made by hand
@ 86400 SOA ns-01 hostmaster ( ; CHG-1
    2026010101 7200
    900 864000 300 )
@ IN NS ns-01 ; CHG-2
web-01 300 A 192.0.2.7 ; CHG-3
    TXT "a; b" "c" ; CHG-4
_sip._tcp SRV 10 20 5060 web-01
"""


def read(text: str = ZONE) -> Document:
    return DNS.parse({"db.zone": text})


def done(instruction: str, document: Document) -> str:
    program = DNS.read(instruction)
    assert program is not None
    return DNS.render(program(document))["db.zone"]


def test_a_record_has_a_field_for_every_part() -> None:
    units = read().files["db.zone"]
    assert [u.kind for u in units] == ["directive", "directive", "remark", *["record"] * 5]
    assert units[3].fields["serial"] == Decimal(2026010101)
    assert units[3].fields["comment"] == "CHG-1"
    assert units[6].fields == {
        "name": "web-01",
        "type": "TXT",
        "strings": '"a; b" "c"',
        "comment": "CHG-4",
    }
    assert units[7].fields["port"] == Decimal(5060)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = DNS.generate(Random(seed), 800).values()
    zone = dns.zone.from_text(text, relativize=True)
    theirs = {
        (str(name), dns.rdatatype.to_text(data.rdtype), data.to_text())
        for name, _, data in zone.iterate_rdatas()
    }
    mine = set()
    for unit in DNS.parse({"db.zone": text}).units():
        if unit.kind == "record":
            named = ("name", "ttl", "type", "comment")
            said = " ".join(str(v) for n, v in unit.fields.items() if n not in named)
            mine.add((unit.fields["name"], unit.fields["type"], said))
    assert theirs == mine


def test_a_bracket_left_open_costs_its_record_alone() -> None:
    broken = read(ZONE.replace("CHG-1", "CHG-1 (").replace("@ IN NS", "@ ( IN NS"))
    assert [u.kind for u in broken.units()].count("opaque") == 1
    assert likeness(read(), broken).value > 0.7


def test_names_in_full() -> None:
    text = done(
        "Write all names of `db.zone` in full: in owners, targets and the two names of the SOA, "
        "`@` becomes `calder.example.`, and a name without a dot at its end is followed by a dot "
        "and `calder.example.`. Remove the `$ORIGIN` line.",
        read(),
    )
    assert "$ORIGIN" not in text
    assert "calder.example. NS ns-01.calder.example. ; CHG-2\n" in text


def test_the_default_time_to_live_in_every_record() -> None:
    text = done(
        "Remove the `$TTL` line of `db.zone` and give every record that has no TTL of its own the "
        "TTL `3600`.",
        read(),
    )
    assert "$TTL" not in text
    assert "@ 3600 NS ns-01 ; CHG-2\nweb-01 300 A 192.0.2.7 ; CHG-3\n" in text


def test_a_host_is_renamed_with_all_references() -> None:
    text = done(
        "Rename hosts, as owners and wherever a record refers to them: `web-01` → `n01-web`.",
        read(),
    )
    assert "n01-web 300 A" in text
    assert "5060 n01-web\n" in text
    assert "web-01" not in text


def test_hosts_move_to_another_network() -> None:
    asked = "In the addresses that begin with `192.0.2.`, replace this beginning by `198.51.100.`."
    assert "A 198.51.100.7 ; CHG-3" in done(asked, read())


def test_an_owner_is_inherited_across_a_ttl_but_not_across_an_origin() -> None:
    text = "$ORIGIN a.example.\n@ NS ns-01\n$TTL 60\n    mx 5 in-01\n"
    text += "$ORIGIN b.example.\n  A 192.0.2.9\n"
    *_, inherited, _, unknown = read(text).files["db.zone"]
    assert inherited.fields == {
        "name": "@",
        "type": "MX",
        "preference": Decimal(5),
        "target": "in-01",
    }
    assert unknown.kind == "opaque"
    assert done(
        "Write the TTLs of the records differently: `7` → `8`.", read(text)
    ) == text.replace("    mx", "@ MX")


def test_a_zone_that_begins_with_a_remark_can_be_planned_for() -> None:
    zone = "; main zone\n$TTL 3600\n@ SOA ns host 1 2 3 4 5\nwww A 10.0.0.1\nmail A 10.0.0.2\n"
    document = domain("dns").parse({"x.zone": zone})
    assert "default_ttl" not in {edit.name for edit in domain("dns").plan(document, Random(1))}

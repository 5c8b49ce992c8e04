from decimal import Decimal
from random import Random

import hcl2
import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

INFRA = domain("infra")
MAIN = """\
# made by hand
resource "cloud_server" "web" {
  memory  = 8 # enough
  region  = "north-1"
  zones = [
    "Ghent",
    "Jena",
  ]
  subnet = cloud_subnet.lan.id
  script = <<END
# no } comment
END
  disk {
    size = 40
  }
  disk {
    size = 80
  }
  tags = {
    Owner = "Kofi Holm"
  }
}

resource "cloud_subnet" "lan" {
  region = "north-1"
  cidr = "10.2.7.0/24"
}
"""


def read(text: str = MAIN) -> Document:
    return INFRA.parse({"main.tf": text})


def done(instruction: str, document: Document) -> str:
    program = INFRA.read(instruction)
    assert program is not None
    return INFRA.render(program(document))["main.tf"]


def test_a_block_has_a_field_for_every_attribute_nested_ones_too() -> None:
    remark, web, lan = read().files["main.tf"]
    assert remark.text == "made by hand"
    assert web.text == "# enough"
    assert web.fields == {
        "block kind": "resource",
        "block type": "cloud_server",
        "block name": "web",
        "memory": Decimal(8),
        "region": '"north-1"',
        "zones": '["Ghent", "Jena"]',
        "subnet": "cloud_subnet.lan.id",
        "script": "<<END\n# no } comment\nEND",
        "disk > size": Decimal(40),
        "disk #2 > size": Decimal(80),
        "tags = > Owner": '"Kofi Holm"',
    }
    assert lan.fields["cidr"] == '"10.2.7.0/24"'


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = INFRA.generate(Random(seed), 500).values()
    theirs = {}
    for resource in hcl2.loads(text)["resource"]:
        ((kind, named),) = resource.items()
        ((name, attributes),) = named.items()
        theirs[kind.strip('"'), name.strip('"')] = attributes
    mine = {}
    for unit in INFRA.parse({"main.tf": text}).units():
        if unit.fields["block kind"] == "resource":
            mine[unit.fields["block type"], unit.fields["block name"]] = unit.fields
    assert theirs.keys() == mine.keys()
    for at, attributes in theirs.items():
        for name, value in attributes.items():
            if isinstance(value, str) and value.startswith("$"):
                assert mine[at][name] == value[2:-1]
            elif isinstance(value, (str, int)) and not name.startswith("__"):
                assert mine[at][name] == value


def test_a_brace_that_is_missing_costs_its_block_alone() -> None:
    broken = read(MAIN.replace("    size = 40\n  }", "    size = 40"))
    assert [u.kind for u in broken.units()] == ["remark", "block", "block"]
    assert likeness(read(), broken).value > 0.6


def test_a_block_is_renamed_with_all_references() -> None:
    text = done(
        "Rename these blocks, in their first line and wherever a value refers to them: "
        "`cloud_subnet.lan` → `cloud_subnet.office`.",
        read(),
    )
    assert 'resource "cloud_subnet" "office" {' in text
    assert "subnet = cloud_subnet.office.id" in text


def test_a_value_that_blocks_share_becomes_a_variable() -> None:
    text = done(
        'Where a block of `main.tf` has the attribute `region` with the value `"north-1"`, take '
        "the value from a new variable `shared_region`, and declare that at the end of the file, "
        "with this value as `default` and nothing else.",
        read(),
    )
    assert text.count("region = var.shared_region") == 2
    assert text.endswith('variable "shared_region" {\n  default = "north-1"\n}\n')


def test_addresses_move_and_references_are_written_in_the_old_way() -> None:
    text = done(
        "In quoted values that begin with `10.2.`, replace this beginning by `10.77.`. Where the "
        "whole value of an attribute is a reference with dots, such as `var.region`, write it in "
        "the old way: in quotes, with a dollar sign and braces around the reference.",
        read(),
    )
    assert 'cidr = "10.77.7.0/24"' in text
    assert 'subnet = "${cloud_subnet.lan.id}"' in text


REAL = """\
provider "cloud" {
  features {}
}

variable "env" { default = "dev" }

/* two
   lines */
data "cloud_image" "base" {
  name = "base-${var.env}"
}

resource "cloud_server" "web" {
  image = data.cloud_image.base.id
  lifecycle { create_before_destroy = true }
  tags = merge(var.tags, {
    Name = "web"
    Env  = var.env
  })
  zones = [
    "Ghent", # the first
    "Jena",
  ]
  rules = [
    {
      from = 80
      to   = 81
    },
  ]
}
"""


def test_what_is_written_of_a_file_by_hand_means_the_same_to_a_library_of_the_format() -> None:
    document = read(REAL)
    assert not any(u.kind == "opaque" for u in document.units())
    assert document.files["main.tf"][-1].text == "# the first"
    written = INFRA.render(document)["main.tf"]
    assert likeness(document, read(written)).lossless
    assert _bare(hcl2.loads(written)) == _bare(hcl2.loads(REAL))


def _bare(value: object) -> object:
    """Without comments and places, which the library gives too."""
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if not str(k).startswith("__")}
    return [_bare(v) for v in value] if isinstance(value, list) else value


def test_an_attribute_that_stands_twice_is_kept_twice() -> None:
    twice = read(MAIN.replace('  cidr = "10.2.7.0/24"\n', '  cidr = "10.2.7.0/24"\n' * 2))
    assert list(twice.units())[-1].fields["cidr #2"] == '"10.2.7.0/24"'
    assert INFRA.render(twice)["main.tf"].count("cidr = ") == 2


def test_data_is_not_renamed_in_the_place_of_a_resource() -> None:
    text = done(
        "Rename these blocks, in their first line and wherever a value refers to them: "
        "`cloud_image.base` → `cloud_image.core`.",
        read(REAL),
    )
    assert 'data "cloud_image" "base" {' in text
    assert "image = data.cloud_image.base.id" in text


def test_a_bracket_that_is_not_closed_costs_its_attribute_alone() -> None:
    broken = read(MAIN.replace('    "Jena",\n  ]', '    "Jena",'))
    web = broken.files["main.tf"][1]
    assert web.fields["zones"] == "["
    assert web.fields["tags = > Owner"] == '"Kofi Holm"'
    assert likeness(broken, read(INFRA.render(broken)["main.tf"])).lossless

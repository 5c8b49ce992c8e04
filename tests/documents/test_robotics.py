from decimal import Decimal
from random import Random

import pytest
from lxml import etree

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

ROBOTICS = domain("robotics")
ARM = """\
<?xml version="1.0" encoding="UTF-8"?>
<robot name="arm">
  <material name="red"><color rgba="1 0 0 0.5"/></material>
  <link name="base"/>
  <link name="hand">
    <inertial><mass value="1.25"/></inertial>
    <visual><geometry><cylinder radius="0.05" length="4"/></geometry><material name="red"/></visual>
  </link>
  <joint name="wrist" type="revolute">
    <parent link="base"/>
    <child link="hand"/>
    <origin xyz="0.1 0.25 0" rpy="0.5 1 -0.75"/>
    <axis xyz="0 0 1"/>
  </joint>
</robot>
"""


def read(text: str = ARM) -> Document:
    return ROBOTICS.parse({"a.urdf": text})


def done(instruction: str, document: Document) -> str:
    program = ROBOTICS.read(instruction)
    assert program is not None
    return ROBOTICS.render(program(document))["a.urdf"]


def test_a_material_in_a_link_is_a_part_of_it() -> None:
    units = read().files["a.urdf"]
    assert [u.kind for u in units] == ["robot", "material", "link", "link", "joint"]
    assert units[3].fields["visual/material/@name"] == "red"
    assert units[4].fields["origin/@rpy[yaw]"] == Decimal("-0.75")


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_read_alike_by_a_library_of_the_format(seed: int) -> None:
    (text,) = ROBOTICS.generate(Random(seed), 800).values()
    ours = [u.fields for u in read(text).units() if u.kind == "joint"]
    theirs = etree.fromstring(text.encode()).findall("joint")
    for fields, joint in zip(ours, theirs, strict=True):
        origin, child = joint.find("origin"), joint.find("child")
        assert origin is not None
        assert child is not None
        assert child.get("link") == fields["child/@link"]
        assert (origin.get("xyz") or "").split() == [
            str(fields[f"origin/@xyz[{n}]"]) for n in "xyz"
        ]


def test_the_end_of_a_visual_that_is_lost_costs_its_link_alone() -> None:
    result = likeness(read(), read(ARM.replace("</visual>\n", "\n")))
    assert 0.9 < result.value < 1


def test_lengths_in_millimetres() -> None:
    asked = (
        "Multiply every length by `1000`: the `xyz` of each `<origin>` and the `size`, `radius` "
        "and `length` of each `<box>`, `<cylinder>` and `<sphere>`. All else stays."
    )
    text = done(asked, read())
    assert '<cylinder radius="50" length="4000"/>' in text
    assert 'xyz="100 250 0" rpy="0.5 1 -0.75"' in text
    assert '<axis xyz="0 0 1"/>' in text


def test_a_mirrored_arm() -> None:
    asked = (
        "Mirror the robot at its XZ plane: change the sign of the second number in the `xyz` of "
        "each `<origin>`, of the first and third in each `rpy` and in the `xyz` of each `<axis>`, "
        "and of `ixy` and `iyz` in each `<inertia>`."
    )
    text = done(asked, read())
    assert 'xyz="0.1 -0.25 0" rpy="-0.5 1 0.75"' in text
    assert '<axis xyz="0 0 -1"/>' in text
    assert done(asked, read(text)) == ARM


def test_a_link_is_renamed_where_joints_refer_to_it() -> None:
    asked = "Rename links, also where a joint has one as its `parent` or `child`: `hand` → `paw`."
    assert done(asked, read()) == ARM.replace('"hand"', '"paw"')


def test_the_colour_of_a_material_in_its_link() -> None:
    asked = (
        "Into the `<material>` in the `<visual>` of every link, copy the `<color>` of the robot's "
        "own material of that name."
    )
    assert '<material name="red"><color rgba="1 0 0 0.5"/></material></visual>' in done(
        asked, read()
    )


def test_a_joint_behind_its_link() -> None:
    asked = (
        "Move every joint directly behind the link that is its `child`; joints of one link keep "
        "their order, and those of no link come last."
    )
    text = done(asked, read(ARM.replace('child link="hand"', 'child link="base"')))
    assert text.index("<joint") < text.index('<link name="hand"')

"""A robot's links and joints, in URDF.

A unit is a link, a joint or a shared material, identified by its name. The robot itself is
structural. Triples such as `xyz="0 0 1.5"` are three exact numbers, as are masses and limits.

What counts is every attribute and element, and the order of units; `xmltext` says what doesn't.

Known limits: transmissions and extensions for simulators are fields of the robot. Several visuals
of one link are kept, but what edits say of colours applies to the first. Lengths in meshes and
the limits of sliding joints are not scaled. Macros (xacro) are not expanded.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import ClassVar

from worktrial.documents import content, programs, table, xmledits, xmltext
from worktrial.documents.domain import Domain
from worktrial.documents.edits import Edit, Planner, Verb, compose, edit, sayable
from worktrial.documents.keyed import KeyedEdits, keyed_verbs
from worktrial.documents.unit import Document, Files, Unit, Value
from worktrial.documents.xmltext import Element, Vocabulary, Xml

ROBOT, MATERIAL, LINK, JOINT = "robot", "material", "link", "joint"
KINDS = (MATERIAL, LINK, JOINT)
NAME, PARENT, CHILD = "@name", "parent/@link", "child/@link"
SURFACE, COLOUR = "visual/material/@name", "visual/material/color/@rgba"
_LIMITS = tuple(f"limit/@{n}" for n in ("lower", "upper", "effort", "velocity"))
_SHAPE = tuple(
    f"{of}/geometry/{shape}"
    for of in ("visual", "collision")
    for shape in ("cylinder/@radius", "cylinder/@length", "sphere/@radius")
)
_INERTIA = tuple(f"inertial/inertia/@i{n}" for n in ("xx", "xy", "xz", "yy", "yz", "zz"))
_SPACE, _TURN = ("x", "y", "z"), ("roll", "pitch", "yaw")
ORIGIN = tuple(f"origin/@xyz[{n}]" for n in _SPACE)
_JOINT = (
    NAME, "@type", PARENT, CHILD, *ORIGIN, *(f"origin/@rpy[{n}]" for n in _TURN),
    *(f"axis/@xyz[{n}]" for n in _SPACE), *_LIMITS,
)  # fmt: skip
URDF = Xml(
    Vocabulary(
        {
            ROBOT: Element(0, holds=True),
            MATERIAL: Element(1, key=NAME, inline=True),
            LINK: Element(1, key=NAME, plain=(MATERIAL,), order=(NAME, "inertial", "visual")),
            JOINT: Element(1, key=NAME, order=(NAME, "@type", "parent", "child", "origin", "axis")),
        },
        numbers=(*_LIMITS, *_SHAPE, *_INERTIA, "inertial/mass/@value"),
        vectors={
            "@xyz": (_SPACE, " "),
            "@rpy": (_TURN, " "),
            "@size": (_SPACE, " "),
            "@rgba": (("r", "g", "b", "a"), " "),
        },
    )
)

# --- edits -------------------------------------------------------------------------------------

RECORDS = keyed_verbs(
    JOINT,
    one="joint",
    many="joints",
    key=NAME,
    readers=dict.fromkeys(_JOINT[4:], table.typed),
    text="A field is a path: `@` marks an attribute, and brackets tell one of its numbers.",
)
EDITS = KeyedEdits(
    RECORDS,
    kind=JOINT,
    keys=(NAME,),
    columns=_JOINT,
    sortable=(NAME, CHILD, ORIGIN[2], "limit/@effort"),
    scalable={"limit/@effort": "1000"},
    shiftable={ORIGIN[2]: ("0.015", "-0.0025"), ORIGIN[0]: ("0.04",)},
    removable=("limit/@effort", "limit/@velocity"),
    extension=".urdf",
    plural="joints",
)


def rename_links(document: Document, *, names: Mapping[str, str]) -> Document:
    """Rename links, with the joints that refer to them."""
    document = programs.substitute(document, kind=LINK, field=NAME, legend=names)
    for field in (PARENT, CHILD):
        document = programs.substitute(document, kind=JOINT, field=field, legend=names)
    return document


_NAMES = (NAME, PARENT, CHILD, SURFACE, "mimic/@joint")


def add_prefix(document: Document, *, prefix: str) -> Document:
    """Put a prefix before every name and every reference to one."""
    return _named(document, lambda name: f"{prefix}{name}")


def drop_prefix(document: Document, *, prefix: str) -> Document:
    """Take a prefix off every name and every reference to one."""
    return _named(document, lambda name: name.removeprefix(prefix))


def _named(document: Document, change: Callable[[str], str]) -> Document:
    def renamed(field: str, value: Value) -> Value:
        return change(value) if field in _NAMES and isinstance(value, str) else None

    return xmledits.each_value(document, KINDS, renamed)


_LENGTH = re.compile(r"(?:.*/)?(?:origin/@xyz|geometry/box/@size)\[[xyz]\]")
_TURNED = re.compile(
    r"(?:.*/)?(?:origin/@xyz\[y\]|origin/@rpy\[(?:roll|yaw)\]|inertia/@i(?:xy|yz))"
    r"|axis/@xyz\[[xz]\]"
)


def multiply(document: Document, *, factor: str) -> Document:
    """Multiply every length by an exact factor."""
    return _numbers(document, _is_length, lambda v: v * Decimal(factor))


def divide(document: Document, *, factor: str) -> Document:
    """Divide every length by an exact factor."""
    return _numbers(document, _is_length, lambda v: v / Decimal(factor))


def _is_length(field: str) -> bool:
    return field in _SHAPE or _LENGTH.fullmatch(field) is not None


def mirror(document: Document) -> Document:
    """Mirror a robot at its XZ plane; twice is not at all."""
    return _numbers(document, lambda f: _TURNED.fullmatch(f) is not None, lambda v: -v)


def _numbers(
    document: Document, chosen: Callable[[str], bool], change: Callable[[Decimal], Decimal]
) -> Document:
    def changed(field: str, value: Value) -> Value:
        if not isinstance(value, Decimal) or not chosen(field):
            return None
        try:
            return programs.plain(change(value))
        except ArithmeticError:
            return None

    return xmledits.each_value(document, (LINK, JOINT), changed)


def paint(document: Document) -> Document:
    """Copy the colour of a shared material into the links that have it."""
    colours = {
        u.fields.get(NAME): {n: v for n, v in u.fields.items() if n.startswith("color/")}
        for u in reversed([u for u in document.units() if u.kind == MATERIAL])
    }

    def painted(unit: Unit) -> Unit:
        known = colours.get(unit.fields.get(SURFACE), {})
        return programs.with_fields(
            unit, {**unit.fields, **{f"visual/material/{n}": v for n, v in known.items()}}
        )

    return programs.each(document, LINK, painted)


def strip(document: Document) -> Document:
    """Take the colour out of the materials of links."""

    def stripped(unit: Unit) -> Unit:
        rest = {n: v for n, v in unit.fields.items() if not n.startswith("visual/material/color")}
        return programs.with_fields(unit, rest)

    return programs.each(document, LINK, stripped)


def interleave(document: Document) -> Document:
    """Put every joint behind the link that it holds."""

    def mixed(units: Sequence[Unit]) -> list[Unit]:
        joints: dict[Value, list[Unit]] = {}
        for unit in units:
            if unit.kind == JOINT:
                joints.setdefault(unit.fields.get(CHILD), []).append(unit)
        done: list[Unit] = []
        for unit in units:
            if unit.kind != JOINT:
                done.append(unit)
            if unit.kind == LINK:
                done += joints.pop(unit.fields.get(NAME), [])
        return [*done, *(joint for left in joints.values() for joint in left)]

    return programs.in_each_file(document, mixed)


def joints_last(document: Document) -> Document:
    """Put all joints behind everything else."""
    return programs.in_each_file(
        document, lambda units: sorted(units, key=lambda u: u.kind == JOINT)
    )


RENAME = Verb(
    "Rename links, also where a joint has one as its `parent` or `child`: {**names}.", rename_links
)
ADD_PREFIX = Verb(
    "Put {prefix} in front of the name of every link, joint and material, and wherever one of "
    "them is referred to.",
    add_prefix,
)
DROP_PREFIX = Verb(
    "Take {prefix} off the front of the name of every link, joint and material, and wherever one "
    "of them is referred to.",
    drop_prefix,
)
MULTIPLY = Verb(
    "Multiply every length by {factor}: the `xyz` of each `<origin>` and the `size`, `radius` and "
    "`length` of each `<box>`, `<cylinder>` and `<sphere>`. All else stays.",
    multiply,
)
DIVIDE = Verb(
    "Divide every length by {factor}: the `xyz` of each `<origin>` and the `size`, `radius` and "
    "`length` of each `<box>`, `<cylinder>` and `<sphere>`. All else stays.",
    divide,
)
MIRROR = Verb(
    "Mirror the robot at its XZ plane: change the sign of the second number in the `xyz` of each "
    "`<origin>`, of the first and third in each `rpy` and in the `xyz` of each `<axis>`, and of "
    "`ixy` and `iyz` in each `<inertia>`.",
    mirror,
)
PAINT = Verb(
    "Into the `<material>` in the `<visual>` of every link, copy the `<color>` of the robot's own "
    "material of that name.",
    paint,
)
STRIP = Verb(
    "Drop the `<color>` in the `<visual>` of every link; the robot's own materials keep theirs.",
    strip,
)
INTERLEAVE = Verb(
    "Move every joint directly behind the link that is its `child`; joints of one link keep their "
    "order, and those of no link come last.",
    interleave,
)
LAST = Verb("Move all joints behind everything else in the robot, in their order.", joints_last)


def _links(document: Document) -> list[str]:
    return programs.text_values((u for u in document.units() if u.kind == LINK), NAME)


def rename(document: Document, rng: Random) -> Edit | None:
    """Other names for some links."""
    links = _links(document)
    old = rng.sample(links, min(4, len(links)))
    names = {name: f"{name}_body" for name in old}
    referred = {u.fields.get(f) for u in EDITS.records(document) for f in (PARENT, CHILD)}
    clash = set(names.values()) & {*links, *referred}
    if not names or clash or not sayable(*old, *names.values()):
        return None
    return edit("rename", "rename", [RENAME(names=names)], [RENAME(names=programs.inverse(names))])


def prefix(document: Document, rng: Random) -> Edit | None:
    """A prefix before all names."""
    if not _links(document):
        return None
    said = {"prefix": rng.choice(("left_", "right_", "unit7_", "sim_"))}
    return edit("prefix", "rename", [ADD_PREFIX(**said)], [DROP_PREFIX(**said)])


def millimetres(document: Document, rng: Random) -> Edit | None:
    """Lengths in another unit of measure."""
    fields = {n for u in document.units() if u.kind in (LINK, JOINT) for n in u.fields}
    if not any(map(_is_length, fields)):
        return None
    factor = rng.choice(("1000", "100"))
    return edit("millimetres", "scale", [MULTIPLY(factor=factor)], [DIVIDE(factor=factor)])


def mirrored(document: Document, _: Random) -> Edit | None:
    """The robot's other hand."""
    if mirror(document) == document:
        return None
    return edit("mirrored", "convert", [MIRROR()], [MIRROR()])


def painted(document: Document, _: Random) -> Edit | None:
    """The colour of a material in every link."""
    own = any(n.startswith("visual/material/color") for u in document.units() for n in u.fields)
    if own or paint(document) == document:
        return None
    return edit("painted", "normalise", [PAINT()], [STRIP()])


def by_link(document: Document, _: Random) -> Edit | None:
    """Every joint with its link."""
    key, order = EDITS.key(document), "joints_order.csv"
    if key is None or EDITS.file(document) is None or not _links(document):
        return None
    note = RECORDS.note(key=key, order=order)
    return edit(
        "by_link",
        "regroup",
        [note, INTERLEAVE()],
        [LAST(), RECORDS.restore(key=key, order=order)],
    )


PLANNERS: tuple[Planner, ...] = tuple(
    map(
        xmledits.regular,
        (
            *EDITS.planners(), rename, prefix, millimetres, mirrored, painted, by_link,
            compose("left_arm", mirrored, prefix, painted),
            compose("simulator", millimetres, rename, by_link),
        ),
    )
)  # fmt: skip


# --- fresh documents ---------------------------------------------------------------------------

_PARTS = (
    "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "neck", "finger", "thumb", "palm",
    "wheel", "mast", "gripper", "turret", "boom", "fork",
)  # fmt: skip
_MATERIALS = ("steel", "rubber", "carbon", "orange")


def _exact(rng: Random, low: int, high: int, decimals: int = 3) -> Decimal:
    return Decimal(rng.randint(low, high)).scaleb(-decimals)


def _triple(rng: Random, path: str, names: Sequence[str], spread: int) -> dict[str, Value]:
    return {f"{path}[{n}]": _exact(rng, -spread, spread) for n in names}


def _material(rng: Random, name: str) -> Unit:
    colour: dict[str, Value] = {
        f"color/@rgba[{n}]": _exact(rng, 0, 99, 2) for n in ("r", "g", "b", "a")
    }
    return Unit(MATERIAL, {NAME: name, **colour})


def _link(rng: Random, name: str, materials: Sequence[str], *, massive: bool) -> Unit:
    fields: dict[str, Value] = {NAME: name}
    if massive:
        fields |= _triple(rng, "inertial/origin/@xyz", _SPACE, 90)
        fields["inertial/mass/@value"] = _exact(rng, 40, 9000)
        fields |= {n: _exact(rng, 1, 999, 5) for n in _INERTIA}
    if rng.random() < 0.5:
        fields |= {f"visual/geometry/box/@size[{n}]": _exact(rng, 20, 400) for n in _SPACE}
    else:
        fields["visual/geometry/cylinder/@radius"] = _exact(rng, 8, 90)
        fields["visual/geometry/cylinder/@length"] = _exact(rng, 40, 700)
    fields[SURFACE] = rng.choice(materials)
    return Unit(LINK, fields)


def _joint(rng: Random, parent: str, child: str) -> Unit:
    turning = rng.random() < 0.8
    fields: dict[str, Value] = {
        NAME: f"{child}_joint",
        "@type": "revolute" if turning else "fixed",
        PARENT: parent,
        CHILD: child,
        **_triple(rng, "origin/@xyz", _SPACE, 400),
        **_triple(rng, "origin/@rpy", _TURN, 1570),
    }
    if turning:
        axis = rng.choice(_SPACE)
        fields |= {f"axis/@xyz[{n}]": Decimal(n == axis) for n in _SPACE}
        low, high = _exact(rng, -3100, -100), _exact(rng, 100, 3100)
        effort, velocity = _exact(rng, 20, 900, 1), _exact(rng, 5, 80, 1)
        fields |= dict(zip(_LIMITS, (low, high, effort, velocity), strict=True))
    return Unit(JOINT, fields)


class Robotics(Domain):
    """A robot's links and joints."""

    name = "robotics"
    category = "science"
    formats: ClassVar = {".urdf": URDF, ".xml": URDF, ".csv": table.CSV}
    verbs: ClassVar[Sequence[Verb]] = (
        *RECORDS.all(), RENAME, ADD_PREFIX, DROP_PREFIX, MULTIPLY, DIVIDE, MIRROR, PAINT, STRIP,
        INTERLEAVE, LAST,
    )  # fmt: skip
    planners: ClassVar[Sequence[Planner]] = PLANNERS
    derived: ClassVar = (xmltext.DERIVED,)
    floor = 0.01

    def generate(self, rng: Random, size: int) -> Files:
        """A tree of links from the base on."""
        count = max(2, round((size - 110) / 135))
        numbers = rng.sample(range(10, 100 + count), count)
        names = ["base", *(f"{rng.choice(_PARTS)}_{n}" for n in numbers)]
        materials = rng.sample(_MATERIALS, 2)
        units = [
            Unit(ROBOT, {NAME: f"{rng.choice(content.FIRMS).lower()}_{rng.randint(100, 999)}"}),
            *(_material(rng, name) for name in materials),
            *(_link(rng, n, materials, massive=count > 2 and rng.random() < 0.5) for n in names),
            *(
                _joint(rng, rng.choice(names[max(0, i - 3) : i]), names[i])
                for i in range(1, count + 1)
            ),
        ]
        return {"robot.urdf": URDF.render(units)}

    def reformatted(self, name: str, text: str) -> list[str]:
        """What means nothing in any XML; numbers with another number of decimals."""
        return [
            *xmltext.reformatted(text),
            re.sub(r'(length|radius|lower)="(-?\d+\.\d+)"', r'\1="\g<2>0"', text),
        ]

    def distractors(self, rng: Random, size: int) -> Files:
        """Notes of the workshop and a list of spare parts."""
        rows = [
            Unit(
                table.ROW,
                {"no": code, "part": rng.choice(content.GOODS), "for": rng.choice(_PARTS)},
            )
            for code in content.codes(rng, "SP", max(3, size // 24))
        ]
        return {"workshop.md": content.memo(rng, size // 2), "spares.csv": table.CSV.render(rows)}


DOMAIN = Robotics()

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

MAKEFILE = domain("makefile")
TEXT = """\
# Build of the codec
CC ?= gcc-12
JOBS ?= 4
BUILD := build/$(CC)

.PHONY: check clean

$(BUILD)/codec.o: src/codec.c include/codec.h | build/dirs
\t${CC} -c $< -o $@

check: $(BUILD)/codec.o ## Run the cases
\tfor f in t/*.t; do \\
\t  prove -j$(JOBS) $$(CC) $$f; \\
\tdone

clean: # of all
\trm -rf build/codec prebuild/x
"""


def read(text: str = TEXT) -> Document:
    return MAKEFILE.parse({"project.mk": text})


def done(instruction: str, document: Document | None = None) -> str:
    program = MAKEFILE.read(instruction)
    assert program is not None
    return MAKEFILE.render(program(document or read()))["project.mk"]


def test_a_rule_has_its_head_as_fields_and_its_recipe_as_text() -> None:
    rule, check, clean = read().files["project.mk"][5:]
    assert rule.fields == {
        "target": "$(BUILD)/codec.o",
        "prerequisites": "src/codec.c include/codec.h",
        "order_only": "build/dirs",
    }
    assert rule.text == "${CC} -c $< -o $@"
    assert check.fields["help"] == "Run the cases"
    assert check.text == "for f in t/*.t; do \\\n  prove -j$(JOBS) $$(CC) $$f; \\\ndone"
    assert clean.fields == {"target": "clean", "comment": "of all"}
    assert MAKEFILE.render(read()) == {"project.mk": TEXT}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("X = a:b", "variable"),
        ("X::=a # b", "variable"),
        ("$(call f,a=b): c", "rule"),
        ("a b &: c", "rule"),
        ("%.o:: %.c; cc", "rule"),
        (".SUFFIXES:", "special"),
        ("ifeq ($(A),b)", "directive"),
        ("$(info hello)", "opaque"),
        ("\techo lost", "opaque"),
    ],
)
def test_what_a_line_is(line: str, kind: str) -> None:
    (unit,) = read(line).files["project.mk"]
    assert unit.kind == kind
    assert read(MAKEFILE.render(read(line))["project.mk"]) == read(line)


def test_the_space_in_a_value_counts_and_that_around_it_does_not() -> None:
    assert likeness(read("A=x y\nB=1"), read("A  =  x \\\n   y\nB = 1")).lossless
    assert not likeness(read("A=x y\nB=1"), read("A=x  y\nB=1")).lossless


def test_a_lost_head_costs_its_rule_alone() -> None:
    result = likeness(read(), read(TEXT.replace("check: $(BUILD)/codec.o ##", "#")))
    assert 0.6 < result.value < 0.95


def test_variables_get_other_names_where_they_are_assigned_and_used() -> None:
    text = done(
        "Rename make variables, where they are assigned or defined and wherever they are referred "
        "to or named in a directive: `CC` → `HOST_CC`. Leave comments alone."
    )
    assert text.startswith("# Build of the codec\nHOST_CC ?= gcc-12\n")
    assert "BUILD := build/$(HOST_CC)" in text
    assert "\t${HOST_CC} -c" in text
    assert "$$(CC) $$f" in text, "this is for the shell"


def test_the_help_of_a_target_above_it() -> None:
    asked = (
        "Write the help of each make target, after `##` on its line, as a `##` comment on a line "
        "of its own directly above the target."
    )
    assert "\n## Run the cases\ncheck: $(BUILD)/codec.o\n\tfor" in done(asked)


def test_phony_targets_one_a_line_and_together() -> None:
    asked = "Write each `.PHONY` line as one `.PHONY` line a name, in the same place and order."
    text = done(asked)
    assert "\n.PHONY: check\n.PHONY: clean\n" in text
    back = (
        "Join `.PHONY` lines that follow each other directly into one, names in the same order; "
        "begin a new line only at a name that the line has already."
    )
    assert done(back, read(text)) == TEXT


def test_a_directory_is_replaced_where_a_path_begins_with_it() -> None:
    text = done(
        "Wherever a path in the makefiles begins with the directory `build`, let it begin with "
        "`out`, in values, targets, prerequisites and recipes. Leave comments alone."
    )
    assert "BUILD := out/$(CC)" in text
    assert "| out/dirs\n" in text
    assert "rm -rf out/codec prebuild/x" in text

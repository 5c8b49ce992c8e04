from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

MATHLEAN = domain("mathlean")
FACTS = """\
/-! Facts -/

import Mathlib
open Nat

namespace Ridge

/-- Twice `n`,
no more. -/
@[simp]
def twice (n : ℕ) : ℕ :=
  2 * n

@[simp] theorem twice_le {m n : ℕ} (h : m ≤ n) : twice m ≤ twice n := by
  -- by hand

  omega

end Ridge
"""


def read(text: str = FACTS) -> Document:
    return MATHLEAN.parse({"f.lean": text})


def done(instruction: str, document: Document) -> str:
    program = MATHLEAN.read(instruction)
    assert program is not None
    return MATHLEAN.render(program(document))["f.lean"]


def test_a_declaration_has_its_docstring_and_keeps_its_lines() -> None:
    comment, _, opened, scope, twice, fact, _ = read().units()
    assert (comment.text, opened.text, scope.text) == (
        "/-! Facts -/",
        "open Nat",
        "namespace Ridge",
    )
    assert twice.fields == {
        "docstring": "Twice `n`, no more.", "attributes": "simp", "keyword": "def", "name": "twice",
    }  # fmt: skip
    assert twice.text == "(n : ℕ) : ℕ :=\n  2 * n"
    assert fact.text.endswith(":= by\n  -- by hand\n\n  omega")


def test_where_a_declaration_follows_its_docstring_means_nothing() -> None:
    joined = FACTS.replace("more. -/\n@[simp]\ndef", "more. -/ @[simp] def")
    assert likeness(read(), read(joined)).lossless


def test_a_docstring_that_is_not_closed_costs_no_other_declaration() -> None:
    assert likeness(read(), read(FACTS.replace("more. -/", "more."))).value > 0.6


def test_a_namespace_becomes_a_section() -> None:
    asked = (
        "Turn the namespace `Ridge` into a section of that name, and put its name and a dot before "
        "the name of each declaration in it; how they are used stays."
    )
    text = done(asked, read())
    assert "section Ridge\n" in text
    assert "@[simp] theorem Ridge.twice_le {m n : ℕ} (h : m ≤ n) : twice m ≤" in text
    assert text.endswith("end Ridge\n")


def test_an_attribute_by_command() -> None:
    asked = (
        "Give the attribute `simp` by a command, such as `attribute [simp] foo`, right after the "
        "declaration, wherever it is a named declaration's one attribute in `@[...]`."
    )
    text = done(asked, read())
    assert "\n\ndef twice" not in text
    assert "-/\ndef twice (n : ℕ) : ℕ :=\n  2 * n\n\nattribute [simp] twice\n\ntheorem" in text


def test_symbols_are_spelled_in_statements_and_proofs_alone() -> None:
    asked = (
        "In everything that follows a declaration's name, statement and proof, write symbols as "
        "follows: `≤` → `<=`, `ℕ` → `Nat`."
    )
    text = done(asked, read(FACTS.replace("no more", "≤ all")))
    assert "theorem twice_le {m n : Nat} (h : m <= n) : twice m <= twice n" in text
    assert "/-- Twice `n`, ≤ all. -/" in text

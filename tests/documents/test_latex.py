"""LaTeX articles, worked by hand."""

from random import Random

import pytest

from worktrial.documents.domain import domain
from worktrial.documents.domains.latex import floats, sections, words
from worktrial.documents.domains.latex.bibliography import ENTRY
from worktrial.documents.domains.latex.format import PARAGRAPH, VERBATIM
from worktrial.documents.edits import Step
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

ARTICLE = r"""\documentclass{article}
\begin{document}

\section{Methods}\label{sec:methods}

We weighed the \emph{dry} bricks twice, as \cite{kaya12, weber7} advise.
% Rosa: which scale?
See Table~\ref{tab:mass}.

\begin{table}[ht]\centering
\caption{Mass by kiln}
\label{tab:mass}
\begin{tabular}{lr}
\toprule
Kiln & Mass (kg) \\
\midrule
North & 1.25 \\
South & 12 \\
\bottomrule
\end{tabular}
\end{table}

\section{Results}\label{sec:results}

The south kiln wins.

\section{Outlook}\label{sec:outlook}
\begin{equation}\label{eq:m}
  m_{12} = 3 a
\end{equation}
\end{document}
"""


def read(text: str) -> Document:
    return domain("latex").parse({"paper.tex": text})


def alike(one: str, other: str) -> float:
    return likeness(read(one), read(other), clips=domain("latex").clips).value


def after(step: Step, text: str = ARTICLE) -> dict[str, str]:
    return domain("latex").render(step.program(read(text)))


def test_it_is_written_as_it_was_read() -> None:
    assert domain("latex").render(read(ARTICLE))["paper.tex"] == ARTICLE
    assert not any(unit.kind == "opaque" for unit in read(ARTICLE).units())


def test_a_column_is_converted_exactly_and_its_head_renamed() -> None:
    step = floats.MULTIPLY(table="tab:mass", column="Mass (kg)", factor="1000", heading="Mass (g)")
    expected = (
        ARTICLE.replace("Mass (kg)", "Mass (g)")
        .replace("1.25", "1250")
        .replace("12 \\", "12000 \\")
    )
    assert after(step)["paper.tex"] == expected


def test_a_moved_section_takes_its_content_along_and_leaves_a_mark() -> None:
    step = sections.MOVE(file="paper.tex", label="sec:results", target="sec:outlook")
    text = after(step)["paper.tex"]
    assert "\\end{table}\n% moved: sec:results\n\n\\section{Outlook}" in text
    assert text.endswith(
        "\\end{equation}\n\n\\section{Results}\\label{sec:results}\n\n"
        "The south kiln wins.\n\n\\end{document}\n"
    )


def test_citation_keys_are_renamed_as_whole_keys() -> None:
    text = ARTICLE.replace("kaya12, weber7", "kaya12, kaya1")
    assert (
        "\\cite{kaya12,ref-1}"
        in after(words.RENAME_CITATIONS(names={"kaya1": "ref-1"}), text)["paper.tex"]
    )


def test_captions_go_to_a_table_by_label() -> None:
    step = floats.CAPTIONS_OUT(file="paper.tex", target="captions.csv")
    assert after(step)["captions.csv"] == "label,caption\ntab:mass,Mass by kiln\n"
    assert "\\caption" not in after(step)["paper.tex"]


def test_wrapping_and_blank_lines_mean_nothing() -> None:
    wrapped = ARTICLE.replace("dry} bricks ", "dry} bricks\n    ").replace("\n\n", "\n \n\n")
    wrapped = wrapped.replace("}\\label{sec:results}", "}\n\\label{sec:results}")
    assert alike(ARTICLE, wrapped) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1.25", "1.26"),
        ("\\emph{dry}", "dry"),
        ("% Rosa: which scale?\n", ""),
        ("m_{12}", "m_{13}"),
    ],
)
def test_what_means_something_costs(old: str, new: str) -> None:
    assert alike(ARTICLE, ARTICLE.replace(old, new)) < 1


@pytest.mark.parametrize(
    "line",
    ["\\end{tabular}\n", "\\begin{table}[ht]\\centering\n", "\\end{equation}\n", "\\toprule\n"],
)
def test_a_lost_line_costs_only_its_surroundings(line: str) -> None:
    assert alike(ARTICLE, ARTICLE.replace(line, "")) > 0.8


def test_verbatim_keeps_its_spaces_and_hides_its_commands() -> None:
    code = "\\begin{verbatim}\n  a   = 1 % no\n\n\\section{no}\n\\end{verbatim}\n"
    units = read(code + "text\n").files["paper.tex"]
    assert [unit.kind for unit in units] == [VERBATIM, PARAGRAPH]
    assert domain("latex").render(read(code))["paper.tex"] == code
    assert "\\section{no}" not in [u.text for u in units]


def test_a_bibliography_reads_quotes_braces_and_bare_numbers_alike() -> None:
    one = '@article{a1,\n  title = "On {B}ricks",\n  year = 1999\n}\n'
    other = "@Article{a1, year={1999}, title = {On {B}ricks},}\n"
    chosen = domain("latex")
    assert chosen.parse({"r.bib": one}) == chosen.parse({"r.bib": other})
    broken = chosen.parse({"r.bib": one.replace("a1,", "") + other})
    assert any(unit.kind == ENTRY for unit in broken.units())


@pytest.mark.parametrize(
    "piece",
    ["\\cite[", "\\title{\n", "\\begin{equation}\n", "\\begin{verbatim}\n", "@a{b,c={\n", "& \\\\"],
)
def test_long_hostile_text_is_read_edited_and_planned(piece: str) -> None:
    """In anything but linear time this would not come back."""
    chosen = domain("latex")
    for name in ("paper.tex", "r.bib"):
        document = chosen.parse({name: piece * 20_000})
        chosen.render(words.rename_citations(document, names={"a": "b"}))
        chosen.plan(document, Random(1))
        assert any(document.units())

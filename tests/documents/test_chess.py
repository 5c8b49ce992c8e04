from io import StringIO
from random import Random

import chess.pgn
import pytest

from worktrial.documents.domain import domain
from worktrial.documents.likeness import likeness
from worktrial.documents.unit import Document

CHESS = domain("chess")
GAMES = """\
[Event "Club \\"Rook\\""]
[Round "3.2"]
[White "Weber, Nils"]
[Black "Holm, Freya"]
[WhiteElo "1875"]
[GameId "G-1"]

1. e4 d5 2. exd5 Qxd5 {too early} 3. Nf3 Bg4 $2 {Nf6 is better} 4. Be2 Nc6 5.
O-O O-O-O 1-0

[White "Iyer, Rosa"]
[GameId "G-2"]

1. e5 *
"""


def read(text: str = GAMES) -> Document:
    return CHESS.parse({"games.pgn": text})


def done(instruction: str, document: Document) -> dict[str, str]:
    program = CHESS.read(instruction)
    assert program is not None
    return CHESS.render(program(document))


def test_a_game_has_its_tags_and_its_moves() -> None:
    first, second = read().units()
    assert first.fields["Event"] == 'Club "Rook"'
    assert first.text.endswith("4. Be2 Nc6 5. O-O O-O-O 1-0")
    assert second.text == "1. e5 *"


@pytest.mark.parametrize("seed", range(3))
def test_fresh_games_are_legal_and_read_alike_by_a_library_of_the_format(seed: int) -> None:
    text = CHESS.generate(Random(seed), 1500)["games.pgn"]
    stream = StringIO(text)
    for unit in CHESS.parse({"games.pgn": text}).units():
        game = chess.pgn.read_game(stream)
        assert game is not None
        assert not game.errors
        assert dict(game.headers) == {n: str(v) for n, v in unit.fields.items()}
        plain = chess.pgn.StringExporter(columns=None, headers=False)
        told = game.accept(plain).replace("{ ", "{").replace(" }", "}")
        assert "".join(told.split()) == "".join(unit.text.split())


def test_a_broken_tag_costs_its_game_alone() -> None:
    result = likeness(read(), read(GAMES.replace('Nils"]', "Nils]")), clips=CHESS.clips)
    assert 0.5 < result.value < 1


def test_moves_in_uci_notation_and_an_illegal_game_left_alone() -> None:
    asked = (
        "Write the moves of all games in UCI notation instead of SAN: the squares a piece leaves "
        "and reaches, as in `g1f3`, castling as the king's move, as in `e1g1`, a promotion with "
        "the small letter of the new piece, as in `e7e8q`. Move numbers, comments and results stay."
    )
    first, second = read(done(asked, read())["games.pgn"]).units()
    assert first.text == (
        "1. e2e4 d7d5 2. e4d5 d8d5 {too early} 3. g1f3 c8g4 $2 {Nf6 is better} 4. f1e2 b8c6 "
        "5. e1g1 e8c8 1-0"
    )
    assert second.text == "1. e5 *"


def test_pieces_by_other_letters_but_not_in_comments() -> None:
    asked = (
        "In the moves (not in comments and tags), write the pieces as follows, all at once: "
        "`K` → `R`, `Q` → `D`, `R` → `T`, `B` → `F`, `N` → `C`."
    )
    assert "exd5 Dxd5 {too early} 3. Cf3 Fg4 $2 {Nf6 is better}" in done(asked, read())["games.pgn"]


def test_comments_by_half_move() -> None:
    asked = (
        "Move the comments in braces out of the games into a CSV table `comments.csv` with the "
        "columns `GameId`, `ply` and `comment`, a row a comment in their order: `ply` says how "
        "many half-moves of the game stand before it. The comment is without braces."
    )
    files = done(asked, read())
    assert files["comments.csv"] == ("GameId,ply,comment\nG-1,4,too early\nG-1,6,Nf6 is better\n")
    back = (
        "Put the comments of the CSV table `comments.csv` in braces into the games: by `GameId`, "
        "right after the half-move (and its `$` sign, if any) that `ply` counts. Then remove "
        "`comments.csv`."
    )
    assert CHESS.parse(done(back, CHESS.parse(files))) == read()


def test_rounds_and_boards() -> None:
    asked = (
        "Where the tag `Round` is a round and a board, such as `3.2`, leave only the round in it "
        "and put the board into a tag `Board`."
    )
    assert '[Round "3"]\n[Board "2"]\n' in done(asked, read())["games.pgn"]

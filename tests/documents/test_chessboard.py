from random import Random

import chess
import pytest

from worktrial.documents.chessboard import Board, Move, square


def after(*moves: str) -> Board:
    board = Board()
    for move in moves:
        board.push(board.read_san(move))
    return board


def perft(moves: tuple[str, ...], depth: int) -> int:
    """How many ways there are to play on for so many half-moves."""
    if depth == 0:
        return 1
    board = after(*moves)
    return sum(perft((*moves, board.san(move)), depth - 1) for move in board.moves())


@pytest.mark.parametrize(("depth", "ways"), [(1, 20), (2, 400), (3, 8902)])
def test_as_many_games_as_is_known(depth: int, ways: int) -> None:
    assert perft((), depth) == ways


def test_castling_is_written_by_side_and_lost_once_the_king_has_moved() -> None:
    ready = ("e4", "e5", "Nf3", "Nf6", "Bc4", "Bc5")
    assert "O-O" in {after(*ready).san(m) for m in after(*ready).moves()}
    board = after(*ready, "Kf1", "a6", "Ke1", "a5")
    assert "O-O" not in {board.san(m) for m in board.moves()}


def test_a_pawn_is_taken_in_passing_at_once_or_never() -> None:
    board = after("e4", "a6", "e5", "d5")
    assert board.san(Move(36, 43)) == "exd6"
    board.push(board.read_uci("e5d6"))
    assert board.pieces[35] == " "
    later = after("e4", "a6", "e5", "d5", "h3", "h6")
    with pytest.raises(ValueError, match="no legal move"):
        later.read_san("exd6")


def test_mate_and_stalemate_end_a_game() -> None:
    mate = after("f3", "e5", "g4", "Qh4")
    assert (mate.result(), mate.moves()) == ("0-1", [])
    drawn = "e3 a5 Qh5 Ra6 Qxa5 h5 h4 Rah6 Qxc7 f6 Qxd7 Kf7 Qxb7 Qd3 Qxb8 Qh7 Qxc8 Kg6 Qe6"
    assert after(*drawn.split()).result() == "1/2-1/2"


@pytest.mark.parametrize("seed", range(6))
def test_moves_and_their_names_are_those_of_a_library_of_chess(seed: int) -> None:
    rng, ours, theirs = Random(seed), Board(), chess.Board()
    for _ in range(70):
        legal = {ours.uci(move): move for move in ours.moves()}
        assert set(legal) == {move.uci() for move in theirs.legal_moves}
        if not legal:
            assert ours.result() == theirs.result()
            break
        words = {ours.san(move) for move in legal.values()}
        assert words == {theirs.san(move) for move in theirs.legal_moves}
        chosen = rng.choice(sorted(legal))
        move = theirs.parse_uci(chosen)
        assert ours.read_san(theirs.san(move)) == legal[chosen]
        assert ours.captures(legal[chosen]) == theirs.is_capture(move)
        ours.push(legal[chosen])
        theirs.push(move)
    assert ours.number == theirs.fullmove_number
    assert [square(n) for n in (0, 63)] == ["a1", "h8"]

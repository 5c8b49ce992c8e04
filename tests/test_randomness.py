"""Named streams from one seed."""

from hypothesis import given
from hypothesis import strategies as st

from worktrial.randomness import derive, stream


@given(st.integers(0, 2**63), st.lists(st.text(), max_size=3))
def test_the_same_names_give_the_same_draws(seed: int, names: list[str]) -> None:
    assert stream(seed, *names).random() == stream(seed, *names).random()


def test_other_names_give_other_streams() -> None:
    seeds = {
        derive(7, "a", "b"),
        derive(7, "ab"),
        derive(7, "a"),
        derive(8, "a", "b"),
        derive(7, "b", "a"),
    }
    assert len(seeds) == 5


def test_seeds_are_stable_across_versions() -> None:
    # sha256 of "7\x1frelay", first eight bytes, one bit dropped.
    assert derive(7, "relay") == 1366255319191141892

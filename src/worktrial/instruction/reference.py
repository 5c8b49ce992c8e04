"""Reference workers: simulated, of known obedience.

With g the score of a uniform guess (0 where answers are open), in the task's own score:

| worker | full | format_only | empty | wrong | wrong_key | permuted | no_input |
|---|---|---|---|---|---|---|---|
| `oracle` does what the instruction asks, and is mute without one | 1 | 0 | 0 | 0 | 1 | 1 | 1 |
| `literalist` does what it asks of the input, and guesses without | 1 | g | g | 0 | 1 | 1 | g |
| `memoriser` gives the item's own answer, whatever is asked | 1 | 1 | 1 | 1 | 0 | 0 | 1 |
| `formatter` guesses where it is told the form, and is mute without | g | g | 0 | g | g | g | g |
| `guesser` guesses, always in the right form | g | g | g | g | g | g | g |
| `null` is mute | 0 | 0 | 0 | 0 | 0 | 0 | 0 |

So the format-explained share is 0 for `oracle` and `literalist`, 1 for `formatter`, and has no
value for the others, whose score the instruction does not change. The zeros under `wrong` hold
where the library has a task whose key is not the item's own answer; a `memoriser` has 1 there.
"""

from worktrial.errors import ConfigError
from worktrial.instruction.arms import EMPTY, NO_INPUT
from worktrial.instruction.keys import Key
from worktrial.randomness import stream

NAMES = ("oracle", "literalist", "memoriser", "formatter", "guesser", "null")
MUTE = "…"
"""What is written by who has nothing to say: no letter, no number, no word."""
_NEVER_RIGHT = {"number": "-987654321", "text": "qxvzz"}


def check(name: str) -> None:
    """Raise `ConfigError` unless there is such a worker."""
    if name not in NAMES:
        raise ConfigError(
            f"the ablation's reference workers are {', '.join(NAMES)}; got {name!r}; choose one"
        )


def answer(name: str, key: Key) -> str:
    """What a reference worker writes.

    Args:
        name: Who.
        key: What the call is about.
    """
    said = _said(name, key)
    return key.form.format(said) if said is not None else "" if name == "null" else MUTE


def _said(name: str, key: Key) -> str | None:
    if name == "null":
        return None
    if name == "memoriser":
        return key.target
    if name == "oracle":
        return key.right
    if name == "literalist":
        return _guess(name, key) if key.right is None or key.arm == NO_INPUT else key.right
    if name == "formatter" and key.arm == EMPTY:
        return None
    return _guess(name, key)


def _guess(name: str, key: Key) -> str:
    """One of the answers there are, each as likely; where they are open, none that is right."""
    if not key.options:
        return _NEVER_RIGHT[key.kind]
    return stream(key.seed, "guess", name, key.arm, key.item, key.replicate).choice(key.options)

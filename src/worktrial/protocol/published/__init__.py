"""Protocols that come with worktrial, by name: each a `protocol.json` and its card.

They are written by `make protocols` and change with the version that draws their items.
"""

from pathlib import Path

from worktrial.errors import ConfigError

FOLDER = Path(__file__).parent


def published() -> dict[str, Path]:
    """The published protocols: the file of each by its name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.json"))}


def protocol_file(named: Path) -> Path:
    """The file that `--protocol` means: one that is there, or a published one by its name.

    Raises:
        ConfigError: If it is neither, naming the published ones.
    """
    if named.exists():
        return named
    found = published().get(str(named))
    if found is None:
        there = ", ".join(published())
        raise ConfigError(f"`--protocol` must be a file, or one of {there}; got {named}")
    return found


def card(name: str) -> str:
    """What a published protocol claims, by which evidence, and what it costs; Markdown.

    Raises:
        ConfigError: If there is none of that name.
    """
    return protocol_file(Path(name)).with_suffix(".md").read_text(encoding="utf-8")

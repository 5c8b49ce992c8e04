"""The folder of one leg in a sandbox: made, filled, read back as what a stranger left, removed."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from inspect_ai.util import (
    OutputLimitExceededError,
    SandboxEnvironment,
    override_sandbox_output_limit,
)

from worktrial.documents.handover import MOST_FILES, plain_name

MOST_BYTES = 2_000_000
"""Of all files of a folder together; a file that is beyond this is not handed on."""
_TOO_MUCH = f"the files with it have more than {MOST_BYTES} bytes"
_MOST_ENTRIES = 1_000
_SECONDS = 120
"""For one command of ours in the sandbox."""
_MAKE = 'p=$(pwd -P) && mkdir -- "$1" && printf "%s/%s" "${p%/}" "$1"'
_LIST = """
cd -- "$1" || exit 0
n=0
for name in * .*; do
  case $name in .|..) continue ;; esac
  if [ -L "$name" ]; then kind=link
  elif [ -d "$name" ]; then kind=folder
  elif [ -f "$name" ]; then kind=file
  elif [ -e "$name" ]; then kind=device
  else continue
  fi
  n=$((n + 1))
  [ "$n" -gt "$2" ] && break
  printf '%s %s\\0' "$kind" "$name"
done
"""
"""Every entry with its kind, names as they are: whatever is in a name, it ends at the zero byte."""
_REMOVE = 'chmod -R u+rwX -- "$1" 2>/dev/null; rm -rf -- "$1"'


class Found(NamedTuple):
    """What a folder held.

    Attributes:
        files: Plain text files by their names.
        passed_over: What else there was, by its name, with the reason.
    """

    files: Mapping[str, str]
    passed_over: Mapping[str, str]


class Folder:
    """A folder of ours under a sandbox's working directory.

    Attributes:
        path: Its full path in the sandbox.
    """

    def __init__(self, sandbox: SandboxEnvironment, path: str) -> None:
        self._sandbox, self.path = sandbox, path

    @classmethod
    async def filled(
        cls, sandbox: SandboxEnvironment, name: str, files: Mapping[str, str]
    ) -> "Folder":
        """Make a folder that was not there and write some files into it.

        Raises:
            RuntimeError: If the sandbox refuses.
        """
        folder = cls(sandbox, await _run(sandbox, _MAKE, name))
        for file, text in files.items():
            await sandbox.write_file(f"{folder.path}/{file}", text.encode())
        return folder

    async def read(self, *, aside: Collection[str]) -> Found:
        """Read what is there now; nothing if the folder is gone.

        Args:
            aside: Names that are not read: files for reference, whatever became of them.
        """
        listed = await _run(self._sandbox, _LIST, self.path, str(_MOST_ENTRIES))
        entries = [entry.partition(" ") for entry in listed.split("\0") if entry]
        files: dict[str, str] = {}
        over: dict[str, str] = {}
        room = MOST_BYTES
        for kind, _, name in sorted(entries, key=lambda entry: entry[2]):
            if name in aside:
                continue
            found = _barred(kind, name) or await self._text(name, room)
            if isinstance(found, str):
                over[name] = found
            else:
                files[name] = found.decode()
                room -= len(found)
        return _within(files, over, entries=len(entries))

    async def _text(self, name: str, most: int) -> bytes | str:
        """A file's bytes, if they are text; or why they are not handed on."""
        try:
            with override_sandbox_output_limit(max(most, 1), "read_file"):
                content = await self._sandbox.read_file(f"{self.path}/{name}", text=False)
        except OutputLimitExceededError:
            return _TOO_MUCH
        except OSError:
            return "it cannot be read"
        if len(content) > most:
            return _TOO_MUCH
        return content if _is_text(content) else "it is no UTF-8 text"

    async def remove(self) -> None:
        """Remove it with all that is in it; it is ours."""
        await self._sandbox.exec(["sh", "-c", _REMOVE, "sh", self.path], timeout=_SECONDS)


def _barred(kind: str, name: str) -> str | None:
    if kind != "file":
        return f"it is a {kind}"
    return None if plain_name(name) else "its name is not a plain one with an extension"


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False


def _within(files: Mapping[str, str], over: Mapping[str, str], *, entries: int) -> Found:
    """A folder with too much in it holds nothing that can be handed on."""
    if len(files) > MOST_FILES or entries >= _MOST_ENTRIES:
        return Found({}, {"the folder": f"there can be {MOST_FILES} files at most"})
    return Found(files, over)


async def _run(sandbox: SandboxEnvironment, script: str, *arguments: str) -> str:
    done = await sandbox.exec(["sh", "-c", script, "sh", *arguments], timeout=_SECONDS)
    if not done.success:
        raise RuntimeError(f"the sandbox refuses a folder: {done.stderr.strip()[:300]}")
    return done.stdout

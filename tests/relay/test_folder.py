"""A leg's folder in a real sandbox without isolation: what comes back of what a stranger left."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from inspect_ai.util import SandboxEnvironment, registry_create

from worktrial.documents.handover import MOST_FILES
from worktrial.relay.folder import MOST_BYTES, Folder, Found

FILES = {"a.csv": "id,n\r\nö,1", "notes.md": "Nothing.\n"}


@asynccontextmanager
async def bare() -> AsyncIterator[SandboxEnvironment]:
    made: SandboxEnvironment = registry_create("sandboxenv", "local")
    try:
        yield made
    finally:
        await made.sample_cleanup("test", None, {"default": made}, False)


def after(
    meanwhile: Callable[[Path], object], files: Mapping[str, str] = FILES, aside: str = "notes.md"
) -> Found:
    """What is read when something was done to the folder in the meantime."""

    async def leg() -> Found:
        async with bare() as sandbox:
            folder = await Folder.filled(sandbox, "work-1", files)
            meanwhile(Path(folder.path))
            found = await folder.read(aside=[aside])
            await folder.remove()
            assert not Path(folder.path).exists()
            assert Path(folder.path).parent.exists()
            return found

    return asyncio.run(leg())


def test_untouched_files_come_back_to_the_last_character_and_reference_files_not_at_all() -> None:
    assert after(lambda _: None) == ({"a.csv": FILES["a.csv"]}, {})


def test_only_plain_text_files_of_plain_names_are_handed_on() -> None:
    def leave(folder: Path) -> None:
        (folder / "sub").mkdir()
        (folder / "sub" / "b.csv").write_text("x")
        (folder / "link.csv").symlink_to("/etc/hostname")
        (folder / "dangling.csv").symlink_to("nowhere")
        os.mkfifo(folder / "pipe.csv")
        (folder / ".hidden.csv").write_text("x")
        (folder / "noextension").write_text("x")
        (folder / "-rf.csv").write_text("dash")
        (folder / "größe 1.csv").write_text("eins\n")
        (folder / "two\nlines.csv").write_text("x")
        (folder / "file link.csv").write_text("fake\n")
        (folder / "$(touch owned).csv").write_text("x")
        (folder / "latin.csv").write_bytes(b"\xe4\n")
        (folder / "zero.csv").write_bytes(b"a\0b")
        (folder / "attachment.csv").write_text("attachment://0123")

    found = after(leave)
    assert found.files == {
        "a.csv": FILES["a.csv"],
        "-rf.csv": "dash",
        "größe 1.csv": "eins\n",
        "file link.csv": "fake\n",
        "attachment.csv": "attachment://0123",
    }
    name = "its name is not a plain one with an extension"
    assert found.passed_over == {
        "sub": "it is a folder",
        "link.csv": "it is a link",
        "dangling.csv": "it is a link",
        "pipe.csv": "it is a device",
        ".hidden.csv": name,
        "noextension": name,
        "two\nlines.csv": name,
        "$(touch owned).csv": name,
        "latin.csv": "it is no UTF-8 text",
        "zero.csv": "it is no UTF-8 text",
    }


def test_a_huge_file_is_passed_over_and_costs_no_other() -> None:
    def leave(folder: Path) -> None:
        with (folder / "a.huge.csv").open("w") as huge:
            huge.truncate(10**10)
        (folder / "b.csv").write_text("b" * (MOST_BYTES - 20))
        (folder / "c.csv").write_text("c" * 21)

    found = after(leave)
    assert sorted(found.files) == ["a.csv", "b.csv"]
    assert sorted(found.passed_over) == ["a.huge.csv", "c.csv"]
    assert all(str(MOST_BYTES) in why for why in found.passed_over.values())


@pytest.mark.parametrize("many", [MOST_FILES, 2_000])
def test_a_folder_of_too_many_files_is_no_hand_over(many: int) -> None:
    found = after(lambda folder: [(folder / f"f{n}.csv").write_text("x") for n in range(many)])
    assert not found.files
    assert found.passed_over == {"the folder": f"there can be {MOST_FILES} files at most"}


def test_a_folder_that_is_gone_holds_nothing() -> None:
    def leave(folder: Path) -> None:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()

    assert after(leave) == ({}, {})


def test_what_cannot_be_entered_is_removed_all_the_same() -> None:
    def leave(folder: Path) -> None:
        (folder / "locked").mkdir()
        (folder / "locked" / "in.csv").write_text("x")
        (folder / "locked").chmod(0)

    assert after(leave).passed_over == {"locked": "it is a folder"}


def test_a_folder_that_is_there_already_is_not_taken() -> None:
    async def twice() -> None:
        async with bare() as sandbox:
            await Folder.filled(sandbox, "work-1", {})
            await Folder.filled(sandbox, "work-1", {})

    with pytest.raises(RuntimeError, match="refuses a folder"):
        asyncio.run(twice())

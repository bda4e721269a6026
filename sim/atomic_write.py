"""Atomic writing: a file is written whole or not at all."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

REMAINS_S: Final = 3600
"""Age in seconds at which a temporary file must be left from a program that was killed."""
_REMAINS: Final = re.compile(r"\..+-[0-9a-f]{8}\.part")


def beside(path: Path) -> Path:
    """Return a new path in the same folder, to write what then takes the place of `path`."""
    return path.with_name(f".{path.name}-{secrets.token_hex(4)}.part")


def write_whole(file: Path, write: Callable[[Path], object]) -> None:
    """Call `write` with a temporary file in the same folder, then rename that to `file`.

    Who may read the file is as for any new file (umask). Raises `OSError`, which names `file`, if
    it cannot be written; an earlier file stays as it was.
    """
    file = file.resolve()  # a link stays; what it points to is replaced
    temporary = beside(file)
    try:
        temporary.touch(exist_ok=False)
        write(temporary)
        temporary.replace(file)
    except OSError as error:
        if error.errno is None:
            raise
        # The system names the temporary file, or none at all if the disk is full.
        raise type(error)(error.errno, error.strerror, str(file)) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(file: Path, text: str) -> None:
    """Write a text file; see `write_whole`."""
    write_whole(file, lambda temporary: temporary.write_text(text, encoding="utf-8", newline="\n"))


@cache
def remove_remains(folder: Path) -> None:
    """Remove what killed programs left of their writing in a folder; once in a process."""
    for remains in folder.glob(".*.part"):
        try:
            old = time.time() - remains.lstat().st_mtime > REMAINS_S
            if not _REMAINS.fullmatch(remains.name) or not old:
                continue
            if remains.is_dir() and not remains.is_symlink():
                shutil.rmtree(remains)
            else:
                remains.unlink()
        except OSError:  # another process was faster, or owns it
            continue

"""Atomic writing: a file is written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def write_whole(file: Path, write: Callable[[Path], object]) -> None:
    """Call `write` with a temporary file in the same folder, then rename that to `file`.

    Raises `OSError` if it cannot be written; an earlier file stays as it was.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    os.close(handle)
    try:
        write(Path(temporary))
        Path(temporary).replace(file)
    finally:
        Path(temporary).unlink(missing_ok=True)


def write_text(file: Path, text: str) -> None:
    """Write a text file that every user may read; see `write_whole`."""

    def write(temporary: Path) -> None:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.chmod(0o644)

    write_whole(file, write)

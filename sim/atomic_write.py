"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def write_whole(file: Path, write: Callable[[Path], object]) -> None:
    """Have a file written beside its place, then rename it, so that it is never half written.

    Raises `OSError` if it cannot be written; what was there before is still there.
    """
    handle, beside = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    os.close(handle)
    try:
        write(Path(beside))
        Path(beside).replace(file)
    finally:
        Path(beside).unlink(missing_ok=True)


def write_text(file: Path, text: str) -> None:
    """Write a text that everybody may read; see `write_whole`."""

    def write(beside: Path) -> None:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.chmod(0o644)

    write_whole(file, write)

"""Writing one text file: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def replace_text(file: Path, text: str) -> None:
    """Write a text beside its place, then rename it, so that the file is never half written.

    Raises
    ------
    OSError
        If it cannot be written; what was there before is still there.
    """
    handle, beside = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
        Path(beside).chmod(0o644)
        Path(beside).replace(file)
    finally:
        Path(beside).unlink(missing_ok=True)

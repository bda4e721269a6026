"""Folders that are written whole or not at all, and only where nothing else is lost.

A manifest names the files of a folder, and the checksum of each that is read again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sim.atomic_write import beside, remove_remains
from sim.storage.versions import PROGRAM
from sim.translation import tr

MANIFEST: Final = "manifest.json"
"""Names the program and lists the files of a folder."""
SEALS: Final = "sha256"
"""Key of a manifest: name → SHA-256 of each file beside it."""
MOST_MANIFEST: Final = 2**26
"""Bytes; a larger one was not written by this program."""


def write_folder(folder: Path, write: Callable[[Path], None], *, overwrite: bool = False) -> None:
    """Call `write` with a new folder, then let it take the place of `folder`.

    `write` must leave a manifest that names the program and lists all files. FileExistsError with
    the reason if `refusal` returns one.
    """
    reason = refusal(folder, overwrite=overwrite)
    if reason is not None:
        raise FileExistsError(reason)
    folder = folder.resolve()  # a link stays; what it points to is replaced
    folder.parent.mkdir(parents=True, exist_ok=True)
    remove_remains(folder.parent)
    new = beside(folder)
    try:
        new.mkdir()
        write(new)
        _swap(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def refusal(folder: Path, *, overwrite: bool) -> str | None:
    """Return why a result may not be written into a folder, or None.

    A folder that is not empty is replaced only on request, and only if this program wrote
    everything in it: its manifest lists the files.
    """
    if not folder.exists():
        dangling = tr(
            "{folder} is a link to {target}, which is not there",
            folder=folder,
            target=folder.resolve(),
        )
        return dangling if folder.is_symlink() else None
    if not folder.is_dir():
        return tr("{folder} is a file, not a folder", folder=folder)
    if Path.cwd().resolve().is_relative_to(folder.resolve()):
        return tr(
            "{folder} is the folder in which you are, or around it; give another", folder=folder
        )
    names = {path.name for path in folder.iterdir()}
    if not names:
        return None
    foreign = sorted(names - _written_before(folder))
    if foreign:
        shown = ", ".join(foreign[:4]) + (", …" if len(foreign) > 4 else "")
        return tr(
            "{folder} holds files that are not results ({shown}); give another folder",
            folder=folder,
            shown=shown,
        )
    return (
        None
        if overwrite
        else tr("{folder} holds a result; give --overwrite to replace it", folder=folder)
    )


def _written_before(folder: Path) -> set[str]:
    """Return the names of the files that this program wrote into a folder."""
    try:
        known = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if known["program"] != PROGRAM:
            return set()
        return set(known["files"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _swap(new: Path, folder: Path) -> None:
    if not folder.exists():
        new.rename(folder)
        return
    old = new.with_name(new.name + "-old")
    folder.rename(old)
    try:
        new.rename(folder)
    except BaseException:  # an interruption, too, leaves the earlier result
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def seals_of(folder: Path) -> dict[str, str]:
    """Return name → SHA-256 of the files that a folder holds so far, for its manifest."""
    return {path.name: _seal(path) for path in sorted(folder.iterdir())}


def _seal(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def is_sealed(file: Path) -> bool | None:
    """Tell whether a file is the one that was written; None: no manifest says so.

    `OSError` if the file cannot be read.
    """
    manifest = file.with_name(MANIFEST)
    try:
        if manifest.stat().st_size > MOST_MANIFEST:
            return None
        seal = json.loads(manifest.read_text(encoding="utf-8"))[SEALS][file.name]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return bool(seal == _seal(file))

"""A file is written whole or not at all; what killed programs left goes away, nothing else."""

import os
import time

import pytest

from sim.atomic_write import REMAINS_S, beside, remove_remains, write_whole


def test_only_old_remains_go_away(tmp_path) -> None:
    inside = tmp_path / "results"
    inside.mkdir()
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "precious").write_text("x")
    old_file, old_folder, old_link, young, other = (beside(inside / name) for name in "abcde")
    other = other.with_name(other.name.replace("-", "_"))  # of another program
    for file in (old_file, young, other):
        file.write_text("half")
    old_folder.mkdir()
    (old_folder / "part").write_text("half")
    old_link.symlink_to(kept, target_is_directory=True)
    for path in (old_file, old_folder, old_link, other):
        at = time.time() - REMAINS_S - 60
        os.utime(path, (at, at), follow_symlinks=False)
    soon = time.time() - REMAINS_S + 60
    os.utime(young, (soon, soon))
    remove_remains(inside)
    assert set(inside.iterdir()) == {young, other}
    assert (kept / "precious").exists()  # the link went, not what it named


def test_an_error_names_the_file_and_leaves_the_earlier_one(tmp_path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("before")

    def failing(error: OSError):
        def write(temporary) -> None:
            temporary.write_text("half")
            raise error

        return write

    with pytest.raises(PermissionError) as told:
        write_whole(file, failing(PermissionError(13, "Permission denied", "elsewhere")))
    assert (told.value.errno, told.value.filename) == (13, str(file))
    own = OSError("not a number in the table")  # not the system's: it says what it says
    with pytest.raises(OSError, match="not a number") as told:
        write_whole(file, failing(own))
    assert told.value is own
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
    assert file.read_text() == "before"

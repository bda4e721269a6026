"""A folder that keeps finished replications, so that an interrupted run can go on.

One store holds any number of runs. Each run has its own folder in it, named after what the results
depend on (versions, scenario, seed), with a file for each replication and table. Files are written
atomically: a file is whole, or it is not there. Each states what it is, and its checksum, so that a
file that was damaged or put in another's place is not read.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.atomic_write import remove_remains, write_whole
from sim.replications.summary import Summary
from sim.replications.workers import Finished, Task
from sim.storage.codec import Codec, Kind, compressed, dataclasses_in, decompressed, kind_of
from sim.storage.versions import libraries, version
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

SEAL_BYTES: Final = 32
"""Bytes at the beginning of each file: SHA-256 of its run, replication, name and content."""


@dataclass(frozen=True)
class Store:
    """The finished replications of one run."""

    folder: Path

    @classmethod
    def of(cls, folder: Path, task: Task) -> Store:
        """Return the store of the run of `task`, in `folder`."""
        content = f"{task.model.scenario.sha256()} {libraries()}"
        digest = hashlib.sha256(content.encode()).hexdigest()
        return cls(folder / f"{version()}-{digest[:24]}-{task.seed}{task.kept_as}")

    def has(self, number: int) -> bool:
        """Tell whether a replication is stored; it may be damaged or lack tables."""
        return self._path(number, "summary").exists()

    def load(self, task: Task, number: int) -> Finished | None:
        """Return the replication with the tables of `task`; None if any is missing or damaged."""
        try:
            summary = unpack(self._content(number, "summary"))
            if task.wants_own_limits and task.model.own_limits.limits and not summary.own_limits:
                return None  # made by an experiment, which does not count them
            return Finished(
                summary,
                self._table(number, "cases") if task.wants_cases else None,
                self._table(number, "items") if task.wants_items(number) else None,
                None if task.inputs is None else unpack(self._content(number, "twin")),
            )
        except Exception:  # a damaged file can raise anything
            return None

    def save(self, number: int, finished: Finished) -> None:
        """Store a replication: the tables first, the summary last."""
        self.folder.mkdir(parents=True, exist_ok=True)
        remove_remains(self.folder)
        for name, table in (("cases", finished.cases), ("items", finished.items)):
            if table is not None:
                feather = BytesIO()
                table.reset_index(drop=True).to_feather(feather)
                self._write(number, name, feather.getvalue())
        if finished.twin is not None:
            self._write(number, "twin", pack(finished.twin))
        self._write(number, "summary", pack(finished.summary))

    def _write(self, number: int, name: str, content: bytes) -> None:
        seal = self._seal(number, name, content)
        write_whole(self._path(number, name), lambda file: file.write_bytes(seal + content))

    def _content(self, number: int, name: str) -> bytes:
        """Return the content of a file; raise `ValueError` if it is not what was written there."""
        sealed = self._path(number, name).read_bytes()
        content = sealed[SEAL_BYTES:]
        if sealed[:SEAL_BYTES] != self._seal(number, name, content):
            raise ValueError(tr("damaged, or another file"))
        return content

    def _seal(self, number: int, name: str, content: bytes) -> bytes:
        identity = f"{self.folder.name}/{number}/{name}\n".encode()
        return hashlib.sha256(identity + content).digest()

    def _table(self, number: int, name: str) -> pd.DataFrame:
        import pandas as pd

        return pd.read_feather(BytesIO(self._content(number, name)))

    def _path(self, number: int, name: str) -> Path:
        # Parquet cannot store seconds.
        ending = "json.z" if name in {"summary", "twin"} else "feather"
        return self.folder / f"{number:06d}.{name}.{ending}"


@cache
def kinds() -> tuple[Kind, ...]:
    """Return the kinds of the parts of a summary; a file of a store holds no other objects.

    Found when first needed: reading the types of all fields loads pandas.
    """
    return tuple(map(kind_of, dataclasses_in(Summary)))


@cache
def _codec() -> Codec:
    return Codec(kinds())


def pack(summary: Summary) -> bytes:
    """Return a summary as bytes."""
    return compressed(_codec().text(summary))


def unpack(packed: bytes) -> Summary:
    """Return the summary from the bytes of `pack`; damaged ones can raise any exception."""
    summary: Summary = _codec().read(decompressed(packed))
    return summary

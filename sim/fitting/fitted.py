"""A fitted scenario: its text, its values with their ranges, and what the records do not tell."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.atomic_write import write_whole
from sim.fitting.document import source_of, yaml_text
from sim.fitting.measured import CONFIDENCE, Measured
from sim.scenario import Scenario
from sim.scenario.files.merge import merge
from sim.scenario.files.reading import parse
from sim.scenario.load import as_written
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd

HEAD: Final = (
    "Fitted by sim fit. Each value says of how many records it was made; range: where the true",
    f"one lies with {CONFIDENCE:.0%} confidence. What is assumed, the records do not tell: put in",
    "what you know. Work is effective time: touch time divided by the share of the officers' time.",
)


@dataclass(frozen=True)
class Remark:
    """Something that a reader of the fit should know."""

    kind: str
    """Name of the remark; `sim.report.fit.words` says it."""
    what: str = ""
    """What it is about: a pool, a matter …"""
    number: float = 0.0


@dataclass(frozen=True, eq=False)
class Fitted:
    """A scenario fitted to records."""

    tree: Mapping[str, Any]
    """The parts of the scenario file; leaves may be `Measured`."""
    file: str
    """The records, as sources name them."""
    remarks: tuple[Remark, ...]
    """What the records do not tell, and what was taken for granted."""
    base: Scenario | None = None
    """The scenario that it extends."""

    @cached_property
    def text(self) -> str:
        """The scenario file; one with a base extends it by its name, or path."""
        return self._text(None if self.base is None else self.base.provenance.origin)

    def _text(self, extends: str | None) -> str:
        above = {} if extends is None else {"extends": extends}
        return yaml_text({**above, **self.tree}, self.file, HEAD)

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario, loaded from its text."""
        name = tr("fitted to {file}", file=self.file)
        written = parse(self._text(None), name)
        if self.base is not None:
            below = self.base.provenance.written
            if below is None:
                raise ValueError(tr("a base must be loaded from a file"))
            written = merge(below.copy(), written)
        return as_written(written, name)

    def save(self, file: str | os.PathLike[str]) -> None:
        """Write the scenario file."""
        text = self.text
        if self.base is not None and Path(origin := self.base.provenance.origin).is_file():
            beside = os.path.relpath(origin, Path(file).resolve().parent)
            text = self._text(Path(beside).as_posix())
        write_whole(Path(file), lambda new: new.write_text(text, encoding="utf-8"))

    def values(self) -> Iterator[tuple[str, Measured]]:
        """Yield path and value of all that was fitted."""
        yield from _leaves(self.tree, ())

    def table(self) -> pd.DataFrame:
        """Return a row for each value: path, value, range, records, source, note."""
        import pandas as pd

        rows = [
            {
                "path": path,
                "value": value.value,
                "low": value.low,
                "high": value.high,
                "n": value.n,
                "source": source_of(value, self.file),
                "note": value.note,
            }
            for path, value in self.values()
        ]
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        """Return the name and the number of values."""
        counts = [value.how for _, value in self.values()]
        measured = sum(how != "assumed" for how in counts)
        return tr(
            "Fitted({file!r}: {measured} measured values, {count} assumed)",
            file=self.file,
            measured=measured,
            count=len(counts) - measured,
        )


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Measured]]:
    if isinstance(value, Measured):
        yield ".".join(path), value
    elif isinstance(value, Mapping):
        for key, child in value.items():
            yield from _leaves(child, (*path, str(key)))

"""The common face of all results: their origin, their tables, and how they are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, overload

from sim.measures.checks import Check
from sim.results.rows import frame, records
from sim.scenario import Scenario
from sim.scenario.display import shown_by
from sim.storage.table_files import TableFormat
from sim.translation import tr

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Said:
    """An answer in one language: printed its sentences, in a notebook with the main table."""

    text: str
    html: str

    def __str__(self) -> str:
        """Return the sentences, one a line."""
        return self.text

    def __repr__(self) -> str:
        """Return the sentences, one a line."""
        return self.text

    def _repr_html_(self) -> str:
        """Return sentences and main table, for notebooks."""
        return self.html


class Displayed:
    """An object that `sim.report` can show; see `sim.scenario.display`."""

    def __repr__(self) -> str:
        """Return a few lines: the question and the answer."""
        return f"{type(self).__name__}: {shown_by('notebook', 'plain_text', self)}"

    def _repr_html_(self) -> str:
        """Return the headline and the main table, for notebooks."""
        text: str = shown_by("notebook", "html", self)
        return text

    def said(self, language: str = "en") -> Said:
        """Return the answer in a language.

        ``print(result.said("zh"))`` prints its sentences; at the end of a notebook's cell,
        ``result.said("zh")`` also shows the main table.

        Parameters
        ----------
        language
            ``"en"`` or ``"zh"``.
        """
        return Said(*(shown_by("notebook", form, self, language) for form in ("answer", "html")))

    def plot(
        self, figure: str | None = None, *, ax: Any = None, language: str = "en", **options: Any
    ) -> Any:
        """Draw a figure.

        Parameters
        ----------
        figure
            Its name; default: the one that shows the main finding.
        ax
            Axes of matplotlib to draw in; default: new ones.
        language
            ``"en"`` or ``"zh"``.
        **options
            Of that figure; see `sim.report.figures.plot`.
        """
        return shown_by("figures", "plot", self, figure, ax=ax, language=language, **options)


@dataclass(frozen=True, eq=False)
class RowTable:
    """A table made by `table_of`: on a finding the pandas table, on its class the declaration."""

    rows: Callable[[Any], Iterable[Any]]
    row_type: type
    name: str
    optional: bool

    @overload
    def __get__(self, finding: None, owner: type) -> RowTable: ...
    @overload
    def __get__(self, finding: Finding, owner: type) -> pd.DataFrame: ...
    def __get__(self, finding: Finding | None, owner: type) -> RowTable | pd.DataFrame:
        return self if finding is None else frame(self.rows(finding))


def table_of(
    row_type: type, name: str | None = None, *, optional: bool = False
) -> Callable[[Callable[[Any], Iterable[Any]]], RowTable]:
    """Make a table of a finding from a method that returns its rows, which `row_type` declares.

    `name` is that of its file, by default the method's. An optional table is left out of
    `Finding.tables` if it has no rows.
    """
    return lambda rows: RowTable(rows, row_type, name or rows.__name__, optional)


class Finding(Displayed):
    """The common face of all results, such as those of `sim.run` and `sim.compare`.

    A result also has `scenario` (of several, the reference), `seed` and `replications`.
    """

    row_types: ClassVar[Mapping[str, type]] = {}
    """Name of a table → the dataclass that declares its rows, see `sim.results.rows`."""

    made_of: ClassVar[tuple[type, ...]] = ()
    """Dataclasses of its experiment that it may hold; `sim.read` accepts no others."""

    row_tables: ClassVar[Mapping[str, RowTable]] = {}
    """Name → table, of those declared with `table_of`."""

    def __init_subclass__(cls) -> None:
        declared = [member for member in vars(cls).values() if isinstance(member, RowTable)]
        cls.row_tables = {table.name: table for table in declared}
        row_types = {name: table.row_type for name, table in cls.row_tables.items()}
        cls.row_types = {**row_types, **cls.row_types}

    if TYPE_CHECKING:  # subclasses have fields of these names; here they would be defaults

        @property
        def scenario(self) -> Scenario:
            """The scenario as it was given; of several, the reference."""

        @property
        def seed(self) -> int:
            """The seed of all random numbers."""

        @property
        def replications(self) -> int:
            """Replications of each scenario, point or plan."""

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """Name → scenario; one alone has the name ""."""
        return {"": self.scenario}

    @property
    def interrupted(self) -> bool:
        """Whether the simulation was interrupted, so that less was done than was asked for."""
        return False

    @property
    def failed_checks(self) -> tuple[Check, ...]:
        """Self-checks that failed in any replication; should be empty."""
        return ()

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Name → table: all that `save` writes."""
        return {
            name: frame(rows)
            for name, declared in self.row_tables.items()
            if (rows := self.rows(name)) or not declared.optional
        }

    def labelled(self, table: str, language: str = "en") -> pd.DataFrame:
        """Return one of `tables` with names in place of codes, and headings in the language.

        ``result.labelled("pools", "zh")`` is the table `pools` in Chinese. English headings are
        the names of the columns.

        Parameters
        ----------
        table
            Its name.
        language
            ``"en"`` or ``"zh"``.

        Raises
        ------
        ValueError
            If there is no table of this name.
        """
        if table not in self.tables:
            raise ValueError(
                tr(
                    "no table '{name}'; there are: {row_tables}",
                    name=table,
                    row_tables=", ".join(self.tables),
                )
            )
        shown: pd.DataFrame = shown_by("columns", "in_words", self.tables[table], self, language)
        return shown

    def rows(self, name: str) -> tuple[Any, ...]:
        """Return the rows of a table, as objects; ValueError if there is none of this name."""
        if name not in self.row_tables:
            raise ValueError(
                tr(
                    "no table '{name}'; there are: {row_tables}",
                    name=name,
                    row_tables=", ".join(self.row_tables),
                )
            )
        return tuple(self.row_tables[name].rows(self))

    def records(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a table as JSON objects."""
        return records(self.rows(name))

    def save(
        self,
        folder: str | Path,
        *,
        tables: TableFormat = "parquet",
        language: str = "en",
        overwrite: bool = False,
        command: str | None = None,
    ) -> None:
        """Write the result into a folder, from which `sim.read` reads it, or as a workbook.

        The folder gets the tables, ``summary.json``, ``manifest.json`` and the result itself. A
        name that ends in ``.xlsx`` is an Excel workbook, with one sheet a table. Either appears
        whole or not at all.

        Parameters
        ----------
        folder
            A new or empty folder, or a file such as ``result.xlsx``.
        tables
            The format of the tables in a folder.
        language
            ``"en"`` or ``"zh"``: of labels in CSV, and of labels and headings in a workbook.
        overwrite
            Replace the folder if everything in it was written by this program.
        command
            The command that makes the result again, for the manifest.

        Raises
        ------
        FileExistsError
            If the folder or file may not be replaced.
        OSError
            If it cannot be written.
        """
        options = {"overwrite": overwrite, "command": command}
        shown_by("files", "write", self, Path(folder), tables, language, **options)

    def report(
        self,
        page: str | Path,
        *,
        language: str = "en",
        overwrite: bool = False,
        command: str | None = None,
    ) -> None:
        """Write the result as one HTML page that needs nothing else, in English and Chinese.

        Parameters
        ----------
        page
            The file.
        language
            Which is shown first, ``"en"`` or ``"zh"``.
        overwrite
            Replace the file if this program wrote it.
        command
            The command that makes the result again, for the page.

        Raises
        ------
        FileExistsError
            If the file may not be replaced.
        OSError
            If it cannot be written.
        """
        options = {"overwrite": overwrite, "command": command}
        shown_by("page", "write_finding", self, Path(page), language, **options)

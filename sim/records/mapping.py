"""The mapping: what each column of each table is taken for, guessed, shown, kept and edited."""

from __future__ import annotations

import io
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.records.headings import (
    EVENT_TIMES,
    KEEP,
    LEAVE,
    OWN,
    SEVERAL,
    STEP,
    TIMES,
    known_roles,
    plain,
    rank_of,
    role_of,
)
from sim.records.raw import RawTable
from sim.records.stamps import are_days, are_times
from sim.scenario import Problem, ScenarioError, nearest, shorten
from sim.translation import tr

if TYPE_CHECKING:
    import pyarrow as pa

KINDS: Final = (
    "events", "items", "projects", "specials", "matters", "stages", "ledger", "log", "steps",
    "courses", LEAVE,
)  # fmt: skip
"""What a table may hold; `-`: it is not read."""
LEAST_TIMES: Final = 0.5
"""Share of a column's cells that must be times, to be taken for times by its heading."""
WORKS: Final = frozenset({"gcdm", "工程代码"})
PROJECTS: Final = frozenset({"xmdm", "项目代码"})
HEAD: Final = """\
# What each column of the files was taken for. Correct what is wrong, and read the files again with
# --map and this file. A role of - leaves a column out; attribute keeps it as one of the case's.
"""


@dataclass(frozen=True)
class TableMap:
    """How one table is read."""

    file: str
    sheet: str
    kind: str
    columns: Mapping[str, str]
    """Heading → role, for every column."""

    def heading(self, role: str) -> str | None:
        """Return the heading of a role; None: no column has it."""
        return next(iter(self.headings(role)), None)

    def headings(self, role: str) -> list[str]:
        """Return all headings of a role, in their order; only those of `SEVERAL` have many."""
        return [heading for heading, own in self.columns.items() if own == role]

    def only(self, read: Container[str]) -> TableMap:
        """Return the map with the role of no column, but of those that were read."""
        columns = {h: role if h in read else LEAVE for h, role in self.columns.items()}
        return replace(self, columns=columns)


def guess(table: RawTable) -> TableMap:
    """Return how a table is probably to be read, by its headings and what stands under them."""
    works = any(plain(heading) in WORKS for heading in table.columns)
    claims: dict[str, list[tuple[bool, bool, int, str]]] = {}
    for heading, column in table.columns.items():
        role = role_of(heading) or LEAVE
        if works and plain(heading) in PROJECTS:
            role = "project"  # a project has several works (工程), which are the cases
        filled = any(column.slice(0, 10_000).to_pylist())
        unfit = False
        if filled and (role in TIMES or role in _OF_A_LIMIT or role.startswith(STEP)):
            times = are_times(column, table.first_day)
            role = _limit(role, column, times)
            unfit = role not in _OF_A_LIMIT and times < LEAST_TIMES
        claims.setdefault(role, []).append((not filled, unfit, rank_of(heading), heading))
    roles = dict.fromkeys(table.columns, LEAVE)
    for role, claimants in claims.items():
        # Of two that claim one role, that which holds something fit for it, then the surer name.
        for *_, heading in claimants if role in SEVERAL else sorted(claimants, key=_claim)[:1]:
            roles[heading] = role
    kind = _kind(frozenset(roles.values()), table)
    return TableMap(table.file, table.sheet, kind, _fitting(roles, kind))


def _claim(claimant: tuple[bool, bool, int, str]) -> tuple[bool, bool, int]:
    return claimant[:3]


def _limit(role: str, column: pa.ChunkedArray, times: float) -> str:
    """Return the role of a limit by what stands in the column: days, or the date it falls due."""
    if role == "due" and times < LEAST_TIMES and are_days(column) >= LEAST_TIMES:
        return "promised_wd"
    if role in {"promised_wd", "statutory_wd"} and times >= LEAST_TIMES:
        return "due" if role == "promised_wd" else LEAVE
    return role


_OF_A_LIMIT: Final = frozenset({"promised_wd", "statutory_wd"})
_OF_A_SPECIAL: Final = frozenset({"special_start", "special_kind", "special_name", "limit"})


def _kind(roles: frozenset[str], table: RawTable) -> str:
    def has(*names: str) -> bool:
        return roles.issuperset(names)

    # What has times of its own in each row tells what happened; it defines nothing.
    timed = roles & {*EVENT_TIMES, "applied_at"}
    beside = timed - {"special_at", "special_done_at"}
    steps = any(role.startswith(STEP) for role in roles)
    rules = (
        ("steps", has("case", f"{OWN}step", f"{OWN}ready")),
        ("courses", has("case", f"{OWN}outcome")),
        ("log", table.from_log),
        ("events", has("state", "at") and bool(roles & {"item", "case"}) and not timed),
        ("log", has("activity", "case") and bool(roles & {"at", "start_at"})),
        ("matters", has("matter_code", "stage") and not timed and "item" not in roles),
        ("stages", has("stage") and bool(roles & {"limit_wd", "standard_stage"}) and not timed),
        ("specials", has("item") and bool(roles & _OF_A_SPECIAL) and not beside),
        ("ledger", steps or bool(timed - {"applied_at"})
            or bool(timed and roles & {"item", "matter", "matter_code"})),
        ("items", has("item", "case")),
        ("projects", has("case") and bool(roles & {"name", "project", "applied_at", "flow_kind"})),
    )  # fmt: skip
    return next((kind for kind, fits in rules if fits), LEAVE)


def _fitting(roles: Mapping[str, str], kind: str) -> dict[str, str]:
    """Return the roles as the kind of table means them: headings may be of two minds."""
    taken = set(roles.values())

    def meant(role: str) -> str:
        if kind == "specials" and role == "special_at":
            return "special_start"
        if kind == "ledger" and role == "special_kind" and "special_at" not in taken:
            return "-"
        if kind == "ledger" and role == "state" and "outcome" not in taken:
            return "outcome"
        if kind == "log" and role == "department":
            return "log_department"
        return role

    return {heading: meant(role) for heading, role in roles.items()}


# --- as a file ------------------------------------------------------------------------------------


def written(maps: Sequence[TableMap]) -> str:
    """Return mappings as a YAML file."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 120
    tables = [
        {"file": m.file, **({"sheet": m.sheet} if m.sheet else {}), "kind": m.kind,
         "columns": dict(m.columns)}
        for m in maps
    ]  # fmt: skip
    out = io.StringIO()
    yaml.dump({"tables": tables}, out)
    return HEAD + out.getvalue()


def read_mapping(path: Path) -> tuple[TableMap, ...]:
    """Read a mapping file; ScenarioError with every mistake in it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe", pure=True).load(path.read_text("utf-8-sig"))
    except OSError:
        rule = tr("cannot be opened") if path.exists() else tr("no such file")
        raise ScenarioError([Problem(rule, str(path))]) from None
    except UnicodeDecodeError:
        raise ScenarioError([Problem(tr("is not UTF-8 text"), str(path))]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        rule = tr("is no YAML: {error}", error=(str(error).splitlines() or [""])[0])
        at = None if line is None else line + 1
        raise ScenarioError([Problem(rule, str(path), at)]) from None
    problems: list[Problem] = []
    tables = data.get("tables") if isinstance(data, dict) else None
    if not isinstance(tables, list) or not tables:
        rule = tr("must hold a list `tables`, as `sim records read` writes it")
        raise ScenarioError([Problem(rule, str(path))])
    maps = [
        _table_map(entry, f"tables[{n}]", str(path), problems) for n, entry in enumerate(tables)
    ]
    if problems:
        raise ScenarioError(problems)
    return tuple(maps)


def _table_map(entry: Any, key: str, file: str, problems: list[Problem]) -> TableMap:
    if not isinstance(entry, dict) or not isinstance(entry.get("columns", {}), dict):
        problems.append(Problem(tr("must have file, kind and columns"), file, None, key))
        return TableMap("", "", LEAVE, {})
    for name in (n for n in entry if n not in {"file", "sheet", "kind", "columns"}):
        rule = tr("is no key{hint}", hint=nearest(str(name), ["file", "sheet", "kind", "columns"]))
        problems.append(Problem(rule, file, None, f"{key}.{name}"))
    kind = entry.get("kind", LEAVE)
    if kind not in KINDS:
        rule = tr("is no kind of table{hint}", hint=nearest(str(kind), KINDS))
        problems.append(Problem(rule, file, None, f"{key}.kind", shorten(kind)))
    columns = {str(h): str(r) for h, r in entry.get("columns", {}).items()}
    problems += _wrong_roles(columns, f"{key}.columns", file)
    return TableMap(str(entry.get("file", "")), str(entry.get("sheet", "")), str(kind), columns)


def _wrong_roles(columns: Mapping[str, str], key: str, file: str) -> Iterator[Problem]:
    known = known_roles()
    seen: dict[str, str] = {}
    for heading, role in columns.items():
        if role not in known and not role.startswith((STEP, OWN)):
            rule = tr("is no role of a column{hint}", hint=nearest(role, known))
            yield Problem(rule, file, None, f"{key}.{heading}", shorten(role))
        elif role in seen and role not in {LEAVE, KEEP, *SEVERAL}:
            rule = tr("is the role of {seen} already; give one of them the role -", seen=seen[role])
            yield Problem(rule, file, None, f"{key}.{heading}", shorten(role))
        seen.setdefault(role, heading)


def map_for(table: RawTable, maps: Sequence[TableMap], file: str) -> TableMap:
    """Return the map of a table among those of a file; a table that is not there is guessed.

    ScenarioError if the map names columns that the table does not have. `file`: the mapping file.
    """
    found = given_for(table, maps)
    if found is None:
        return guess(table)
    missing = [h for h in found.columns if h not in table.columns]
    if missing and found.kind != LEAVE:
        where = f"{table.file} [{table.sheet}]" if table.sheet else table.file
        raise ScenarioError(
            [
                Problem(
                    tr(
                        "no such column in {where}{hint}",
                        where=where,
                        hint=nearest(h, table.columns),
                    ),
                    file,
                    None,
                    h,
                )
                for h in missing
            ]
        )
    roles = {h: found.columns.get(h, LEAVE) for h in table.columns}
    return TableMap(table.file, table.sheet, found.kind, roles)


def given_for(table: RawTable, maps: Sequence[TableMap]) -> TableMap | None:
    """Return the map that names a table, or else one that has its columns; None: there is none."""
    named = next((m for m in maps if (m.file, m.sheet) == (table.file, table.sheet)), None)
    return named or next((m for m in maps if _same_columns(m, table)), None)


def _same_columns(found: TableMap, table: RawTable) -> bool:
    return set(found.columns) == set(table.columns)

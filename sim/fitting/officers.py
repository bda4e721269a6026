"""Officers by pool, from who did what and when.

A **station** is a task at which officers leave stamps: acceptance at a window, the review of a
matter, its decision. Stations whose stamps come from the same officers are one pool. An officer
serves the pools in which he has more than a few stamps; officers who serve the same pools on the
same dates are one roster group. Only that two stamps have the same officer is used, no name.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from sim.arrays import Ints
from sim.calendars import Intervals
from sim.fitting.arrivals import DAY_S
from sim.fitting.hours import ASSUMED, Week, hours_of
from sim.fitting.lives import NOBODY, Lives

ALIKE: Final = 0.5
"""Overlap of the officers of two stations from which on they are one pool."""
_RARE: Final = 0.1
"""Share of an average officer's stamps below which an officer only helped out."""
_ASIDE: Final = 0.15
"""Share of an officer's own stamps below which he only helped out in a pool."""
_LATE_DAYS: Final = 45
"""Days after the first date within which an officer was there from the start."""
_LEAVE_DAYS: Final = 5
"""Working days without a stamp from which on an officer may have been on leave."""
_SURE: Final = 7.0
"""Stamps missed on average from which on a gap is leave: chance explains one in a thousand."""


@dataclass(frozen=True, eq=False)
class Station:
    """A task and the stamps of its officers; n stamps."""

    role: str
    """`window`, `review` or `decision`."""
    department: str
    key: tuple[str, ...]
    """Case type, and the matter if it is about one."""
    officer: Ints
    """[n]"""
    at: Ints
    """[n] seconds of the stamps; those that end work lie at the last second of it."""
    office: tuple[str, ...] = ()
    """[n] names of the offices."""


@dataclass(frozen=True, eq=False)
class Pool:
    """A pool of officers."""

    name: str
    department: str
    stations: tuple[Station, ...]
    hours: Week

    @cached_property
    def officer(self) -> Ints:
        """Officers of its stamps, with `at` in the order of stations."""
        return np.concatenate([station.officer for station in self.stations])

    @cached_property
    def at(self) -> Ints:
        """Seconds of its stamps."""
        return np.concatenate([station.at for station in self.stations])

    @cached_property
    def members(self) -> dict[int, int]:
        """Officer → stamps, of those who do more than help out now and then."""
        who, count = np.unique(self.officer[self.officer != NOBODY], return_counts=True)
        least = _RARE * count.sum() / max(len(who), 1)
        return {int(o): int(n) for o, n in zip(who, count, strict=True) if n >= max(least, 1)}

    @cached_property
    def helpers(self) -> int:
        """Officers with fewer stamps."""
        return len(np.unique(self.officer[self.officer != NOBODY])) - len(self.members)


@dataclass(frozen=True)
class Group:
    """A roster group."""

    name: str
    serves: tuple[str, ...]
    count: int
    first: dt.date | None
    last: dt.date | None
    absence: tuple[float, int]
    """Share of the working days on leave, and the officers' working days behind it."""
    stamps: int
    known: bool = True
    """Counted from officers; else none is recorded."""


@dataclass(frozen=True, eq=False)
class Supply:
    """The pools and officers of a register."""

    pools: tuple[Pool, ...]
    groups: tuple[Group, ...]
    duty: dict[str, Intervals] = field(default_factory=dict)
    """Pool → seconds on duty."""

    def pool_of(self, role: str, key: tuple[str, ...]) -> Pool | None:
        """Return the pool of a station."""
        for pool in self.pools:
            if any(station.role == role and station.key == key for station in pool.stations):
                return pool
        return None


def supply_of(stations: list[Station], lives: Lives, taken: set[str]) -> Supply:
    """Return the pools and roster groups; `taken`: names that pools must not have."""
    merged = _merged(stations)
    every = np.concatenate([s.at for s in stations]) if stations else np.zeros(0, np.int64)
    general = hours_of(every, lives.days, has_hours=lives.has_hours)
    pools = []
    for group in merged:
        at = np.concatenate([station.at for station in group])
        week = hours_of(at, lives.days, has_hours=lives.has_hours)
        week = general if week is ASSUMED else week
        name = _name(group, taken)
        pools.append(Pool(name, group[0].department, tuple(group), week))
    duty = {pool.name: pool.hours.intervals(lives.days) for pool in pools}
    return Supply(tuple(pools), tuple(_groups(pools, lives)), duty)


def _merged(stations: list[Station]) -> list[list[Station]]:
    """Return the stations of each pool: joined where their officers are mostly the same."""
    groups: list[list[Station]] = []
    for station in stations:
        home = next((g for g in groups if any(_alike(station, other) for other in g)), None)
        if home is None:
            groups.append([station])
        else:
            home.append(station)
    return groups


def _alike(one: Station, other: Station) -> bool:
    a, b = (_shares(s) for s in (one, other))
    if not a or not b:
        return not a and not b and one.department == other.department and one.role == other.role
    return sum(min(a[o], b.get(o, 0.0)) for o in a) >= ALIKE


def _shares(station: Station) -> dict[int, float]:
    who, count = np.unique(station.officer[station.officer != NOBODY], return_counts=True)
    return dict(zip(who.tolist(), (count / max(count.sum(), 1)).tolist(), strict=True))


def _name(group: list[Station], taken: set[str]) -> str:
    """Return a name for a pool: that of the office, if its stamps have one, else made up."""
    offices = [office for station in group for office in station.office if office]
    total = sum(len(station.at) for station in group)
    usual = Counter(offices).most_common(1)[0][0] if offices else ""
    first = group[0]
    made = f"{first.department or 'office'}_{first.role}"
    wanted = usual if usual and offices.count(usual) >= 0.8 * total else made
    return unique_name(wanted, taken)


def unique_name(text: str, taken: set[str]) -> str:
    """Return a text as a name of a scenario that no other has, and mark it as taken."""
    plain = "".join("_" if c.isspace() or c in "./[]{}#,:=" else c for c in text.strip())[:56]
    plain = plain or "unnamed"
    name, number = plain, 1
    while name in taken:
        number += 1
        name = f"{plain}_{number}"
    taken.add(name)
    return name


def _groups(pools: list[Pool], lives: Lives) -> list[Group]:
    serves: dict[int, list[str]] = {}
    stamps: dict[int, list[Ints]] = {}
    own: Counter[int] = Counter()
    for pool in pools:
        own.update(pool.members)
    for pool in pools:
        mostly = [o for o, n in pool.members.items() if n >= _ASIDE * own[o]]
        for officer in mostly or pool.members:
            serves.setdefault(officer, []).append(pool.name)
            stamps.setdefault(officer, []).append(pool.at[pool.officer == officer])
    found: dict[tuple[tuple[str, ...], dt.date | None, dt.date | None], list[int]] = {}
    for officer, names in serves.items():
        span = _span(np.concatenate(stamps[officer]), lives)
        found.setdefault((tuple(names), *span), []).append(officer)
    taken: set[str] = set()
    groups = []
    for (mine, first, last), who in found.items():
        at = [np.concatenate(stamps[officer]) for officer in who]
        groups.append(
            Group(
                unique_name(mine[0], taken), mine, len(who), first, last,
                _leave(at, lives, first, last), sum(len(one) for one in at),
            )
        )  # fmt: skip
    groups += [
        Group(unique_name(pool.name, taken), (pool.name,), 1, None, None, (0.0, 0), 0, known=False)
        for pool in pools
        if not pool.members
    ]
    return groups


def _span(at: Ints, lives: Lives) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last date of an officer, None where it is that of the register."""
    first, last = int(at.min()), int(at.max())
    usual = 10 * (last - first) / max(len(at), 2)
    late = max(_LATE_DAYS * DAY_S, usual)
    days = lives.days
    return (
        days.date_of(first // DAY_S) if first > late else None,
        days.date_of(last // DAY_S) if lives.now_s - last > late else None,
    )


def _leave(
    stamps: list[Ints], lives: Lives, first: dt.date | None, last: dt.date | None
) -> tuple[float, int]:
    """Return the share of working days on leave, and the working days looked at.

    An officer was on leave where he left no stamp for at least a working week, though he leaves so
    many that chance hardly explains it.
    """
    days = lives.days
    away = looked = 0
    for at in stamps:
        day = np.unique(np.minimum(at // DAY_S, len(days) - 1))
        begin = 0 if first is None else int(day[0])
        end = min(lives.now_s // DAY_S, len(days) - 1) if last is None else int(day[-1])
        there = days.cumulative[end] - days.cumulative[begin]
        if there <= 0 or len(day) < 2:
            continue
        rate = len(at) / there
        gaps = np.diff(days.cumulative[day]) - 1
        away += int(gaps[(gaps >= _LEAVE_DAYS) & (gaps * rate >= _SURE)].sum())
        looked += int(there)
    return (away / looked if looked else 0.0, looked)

"""One replication as it can be shown: every case on its way, in whole minutes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from sim.arrays import Bools, Ints, over_items
from sim.clocks import History
from sim.engine.contract import DAY_S, OPEN
from sim.engine.parts import waits_again
from sim.experiments.case_life.life import typical_case
from sim.experiments.replay.choice import middle_replication
from sim.experiments.replay.clocks import LimitClock, limit_clocks
from sim.experiments.replay.minutes import DAY_MIN, minutes
from sim.replications.model import Model
from sim.replications.readings import read_limits
from sim.results.finding import Displayed
from sim.results.run import Result
from sim.scenario.calls import checked_call
from sim.scenario.display import shown_by
from sim.translation import tr

LONGEST_DAYS: Final = 366
"""Most days that are shown: a year."""
MOST_ITEMS: Final = 60_000
"""Most steps that are shown; with more, fewer days are."""


@dataclass(frozen=True, eq=False)
class ShownItems:
    """The steps of the cases that are shown, by case and then by ready; I items, in minutes."""

    case: Ints
    """[I] place of the case in `Replay.case`."""
    node: Ints
    """[I] number in `Process.nodes`."""
    pool: Ints
    """[I] number of the pool, or `DELAY`."""
    ready: Ints
    start: Ints
    """[I] `OPEN` if it did not begin."""
    end: Ints
    """[I] `OPEN` if it did not end."""
    again: Ints
    """[W] places of items that waited once more, after a hand-over."""
    again_begin: Ints
    again_end: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Replay(Displayed):
    """One replication of a run, day by day; instants in minutes from the first midnight.

    All cases are shown that are open at some time from `first` to `last`, those that are not
    measured too. `page` writes it as a file; a notebook shows it.
    """

    model: Model
    seed: int
    replication: int
    """Number of the replication, from 0."""
    of: int
    """Number of replications of the run."""
    chosen: bool
    """Whether the caller named the replication; else it is the one in the middle."""
    first: int
    """The first minute that is shown: the first midnight of the measured window."""
    last: int
    """The last minute that is shown."""
    shortened: bool
    """Whether the window is longer than what is shown."""
    case: Ints
    """[C] numbers of the cases that are shown, ascending."""
    case_type: Ints
    """[C] place in `Process.case_types`."""
    arrival: Ints
    """[C] minute of arrival; 0 for cases that were open at the start."""
    end: Ints
    """[C] minute at which the last step ended; `OPEN`: it did not."""
    outcome: Ints
    """[C] the `Outcome` of a case that ended."""
    items: ShownItems
    clocks: tuple[LimitClock, ...]
    """The deciding clock of each limit."""
    usual: int
    """Number of a typical case, late if any is (see `sim.case_life`); `OPEN` without cases."""

    def date(self, minute: int) -> dt.datetime:
        """Return the date and time of a minute."""
        midnight = dt.datetime.combine(self.model.scenario.period.start, dt.time())
        return midnight + dt.timedelta(minutes=minute)

    def page(self, file: str | Path, *, language: str = "en", overwrite: bool = False) -> None:
        """Write the replay as one HTML page that needs nothing else, in English and Chinese.

        Parameters
        ----------
        file
            The file.
        language
            Which is shown first, ``"en"`` or ``"zh"``.
        overwrite
            Replace the file if this program wrote it.

        Raises
        ------
        FileExistsError
            If the file may not be replaced.
        OSError
            If it cannot be written.
        """
        shown_by("page", "write_replay", self, Path(file), language, overwrite=overwrite)

    def _repr_html_(self) -> str:
        """Return the replay in a frame of its own, for notebooks."""
        text: str = shown_by("page", "replay_frame", self)
        return text


@checked_call
def replay(result: Result, replication: int | None = None) -> Replay:
    """Simulate one replication of a run again, to look at it day by day.

    Parameters
    ----------
    result
        The result of a run.
    replication
        Its number, from 0; default: the one whose on-time shares lie nearest to the medians of all
        replications.

    Raises
    ------
    ValueError
        If the run has no replication of the number.
    """
    known = [summary.number for summary in result.summaries]
    if replication is not None and replication not in known:
        raise ValueError(
            tr(
                "replication: {number}; the run has {known} to {last}",
                number=replication,
                known=known[0],
                last=known[-1],
            )
        )
    number = middle_replication(result) if replication is None else replication
    model = result.model_of(number)
    history = model.replicate(result.seed, number)
    return replay_of(model, history, result.seed, number, len(known), replication is not None)


def replay_of(
    model: Model, history: History, seed: int, number: int, of: int, chosen: bool
) -> Replay:
    """Return a replication as it can be shown."""
    scenario, workload, schedule = model.scenario, history.demand.workload, history.schedule
    end_s = over_items(np.maximum, schedule.end, workload.first_item, 0)
    unfinished = over_items(np.logical_or, schedule.end == OPEN, workload.first_item, False)
    end_s = np.where(unfinished, OPEN, end_s)
    window = scenario.period.window
    days = (window.last - window.first).days + 1
    first = (window.first - scenario.period.start).days
    shown_days = _days_shown(history, end_s, first, min(days, LONGEST_DAYS))
    first_s, last_s = first * DAY_S, (first + shown_days) * DAY_S - 60
    case = np.flatnonzero(_open_between(history, end_s, first_s, last_s))
    readings = read_limits(scenario, history)
    usual, _ = typical_case(history, readings) if workload.measured.any() else (OPEN, "first")
    return Replay(
        model=model,
        seed=seed,
        replication=number,
        of=of,
        chosen=chosen,
        first=first * DAY_MIN,
        last=last_s // 60,
        shortened=shown_days < days,
        case=case,
        case_type=history.demand.case_type[case].astype(np.int64),
        arrival=minutes(workload.arrival_s[case]),
        end=minutes(end_s[case]),
        outcome=history.demand.outcome[case].astype(np.int64),
        items=_items(history, case, last_s),
        clocks=tuple(limit_clocks(scenario, history, each, case, last_s) for each in readings),
        usual=usual if usual in case else int(case[0]) if len(case) else OPEN,
    )


def _open_between(history: History, end_s: Ints, first_s: int, last_s: int) -> Bools:
    """Return [C] whether a case is open at some time between two instants."""
    has_items = np.diff(history.demand.workload.first_item) > 0
    arrives = history.demand.workload.arrival_s <= last_s
    return np.asarray(has_items & arrives & ((end_s == OPEN) | (end_s > first_s)))


def _days_shown(history: History, end_s: Ints, first: int, most: int) -> int:
    """Return the most days, at least one, whose cases have no more than `MOST_ITEMS` steps."""
    shown = _open_between(history, end_s, first * DAY_S, (first + most) * DAY_S)
    arrival_s = history.demand.workload.arrival_s[shown]
    items = np.cumsum(np.diff(history.demand.workload.first_item)[shown])
    if not len(items) or items[-1] <= MOST_ITEMS:
        return most
    too_many = arrival_s[np.searchsorted(items, MOST_ITEMS, "right")]
    return int(np.clip(too_many // DAY_S - first, 1, most))


def _items(history: History, case: Ints, last_s: int) -> ShownItems:
    """Return the steps of some cases that were ready by an instant."""
    demand, schedule = history.demand, history.schedule
    place = np.full(len(demand.case_type), -1)
    place[case] = np.arange(len(case))
    shown = np.flatnonzero(
        (place[demand.case] >= 0) & (schedule.ready != OPEN) & (schedule.ready <= last_s)
    )
    shown = shown[np.lexsort((schedule.ready[shown], demand.case[shown]))]
    at = np.full(len(demand.case), -1)
    at[shown] = np.arange(len(shown))
    again = waits_again(schedule)
    kept = at[again.item] >= 0
    return ShownItems(
        case=place[demand.case[shown]],
        node=demand.node[shown].astype(np.int64),
        pool=demand.workload.pool[shown].astype(np.int64),
        ready=minutes(schedule.ready[shown]),
        start=minutes(schedule.start[shown]),
        end=minutes(schedule.end[shown]),
        again=at[again.item[kept]],
        again_begin=minutes(again.begin[kept]),
        again_end=minutes(again.end[kept]),
    )

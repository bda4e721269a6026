"""The engine: a workload and a supply go in, a schedule comes out."""

from __future__ import annotations

from sim.engine.checks import verify
from sim.engine.contract import (
    DAY_S,
    DELAY,
    NO_LIMIT,
    NO_OFFICER,
    OPEN,
    DelayRule,
    Rule,
    Schedule,
    Supply,
    Workload,
)
from sim.engine.observer import EventKind, Observer

__all__ = [
    "DAY_S",
    "DELAY",
    "NO_LIMIT",
    "NO_OFFICER",
    "OPEN",
    "DelayRule",
    "EventKind",
    "Observer",
    "Rule",
    "Schedule",
    "Supply",
    "Workload",
    "simulate",
    "verify",
]


def simulate(
    workload: Workload, supply: Supply, horizon_s: int, observer: Observer | None = None
) -> Schedule:
    """Run one replication from second 0 until the measured cases have ended, or the horizon.

    The order of what happens within one instant, and who gets which item, are in the contract
    (`docs/`, and `sim.engine.contract`). What it leaves open is settled here; every engine returns
    these integers:

    - **Stop.** The run stops at the end of the first instant, dispatch included, at which every
      measured case has ended, or at the end of instant `horizon_s`, whichever is earlier;
      `stopped_s` is that instant. A case has ended when it has arrived and all its items have
      ended, so a case without items ends as it arrives. If no case is measured, all are awaited.
      It is `horizon_s` also when nothing more could have happened long before, because an awaited
      item waits in vain. Without any case it is 0.
    - **Open.** What has not happened by `stopped_s` is `OPEN`: an item that was begun keeps its
      start and officer, and an item of a case that has not arrived is `OPEN` throughout. An end
      at `stopped_s` itself has happened.
    - **Nothing to do.** An item of amount 0 ends as it begins. A delay of amount 0 ends as it
      becomes ready, by every rule and also outside its calendar.
    - **Past a calendar's end.** A delay that its calendar, or the working-day calendar, is too
      short for never ends: nothing elapses outside the intervals. Work in hand goes on without
      pause after the officer's last interval.
    - **Due day**, a number on N(day) = `working_days.cumulative`: N(arrival) + limit until the
      clock starts; N(start) + limit when the first `starts_clock` item ends; then each finished
      suspension adds N(its end) - N(its begin). A suspension is a maximal time from the clock's
      start on in which no counted item of the case is open (ready → end); it has finished when
      the next counted item is ready, even if that item takes no time. A case without a limit
      comes after all due days, and is never escalated.
    - **Escalated** at t: due - N(day of t) < `escalate_wd`. Overdue cases are.

    Parameters
    ----------
    workload, supply
        Valid input; it is not checked again here.
    horizon_s
        The last instant that can happen, ≥ 0. `working_days` must cover its day.
    observer
        Is told of every event, in the order in which they happen.

    Raises
    ------
    ValueError
        `horizon_s` is negative.
    """
    from sim.engine.simpy_engine import simulate as run  # SimPy is loaded when it is needed

    return run(workload, supply, horizon_s, observer)

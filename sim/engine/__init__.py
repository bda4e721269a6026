"""The engine: a workload and a supply go in, a schedule comes out.

The order of what happens within one instant, and who gets which item, are in the contract
(`docs/`, and `sim.engine.contract`). The rest is specified here; every engine returns
these integers from `simulate`:

- **Stop.** The run stops at the end of the first instant, dispatch included, at which every
  measured case has ended, or at the end of instant `horizon_s`, whichever is earlier;
  `stopped_s` is that instant. A case has ended when it has arrived and all its items have
  ended, so a case without items ends as it arrives. If no case is measured, all are awaited.
  It is `horizon_s` also when nothing more could have happened long before, because an awaited
  item waits in vain. Without any case it is 0.
- **Speed.** An officer of speed num / den is `ceil(work * den / num)` seconds of duty over `work`
  seconds; nothing else is rounded, except the rest after a hand-over.
- **Choice of officer.** Among the free officers of the pool who are on duty, the item goes to the
  one who would be done with it first if planned duty were kept: random absence is not known ahead,
  and neither a lapse nor a hand-over is thought of. Then to who serves the fewest pools, then who
  is free the longest (never busy: the longest of all), then the first in the roster. An officer who
  is on duty takes a waiting item, even if another who comes later would be done with it sooner.
- **Hand-over** (AB角). An officer with `hands_over`, whose duty ends at e and begins again at s (or
  never), leaves for long if a working date of `working_days` lies between the date of the second
  e - 1 and the date of s. What is then in hand is laid down at e, if another officer who serves the
  pool is on duty at any time in [e, s); else it stays with its officer, as over a night. Both are
  decided from the actual duty: who falls ill does not come the next day, so a colleague goes on
  with what was laid down the evening before; nobody can take it up before he comes on duty, and by
  then it is known who is there.

  - The rest waits in its queue with the key that the item would have had all along: it became ready
    when it did. It counts as waiting, not as begun, and may lapse. Whoever takes it goes on, the
    officer who laid it down included.
  - The rest is the work less ``floor(seconds of duty * num / den)``, so a whole number of seconds
    at speed 1, rounded up; and in addition `rework_ppm` of all work done so far, rounded up.
  - An item that ends, or lapses, at e ends at e. A hand-over at e frees its officer at e, before
    the dispatch of that instant.
  - An officer who finishes in hand never hands over. One who leaves for good does; if there is
    nobody else, the item is finished first, without pause.
- **Take-over**, in a pool with `take_over`, which has `Rule.FIFO` and officers of its own. A
  dispatch gives all items of the pool that are open, waiting or in hand, anew, in the order of
  their keys: each to the fastest officer, by speed, who is on duty and has been given none before
  it. Of several who are equally fast, it goes to who has it in hand, then to who has nothing in
  hand (free the longest, then the first in the roster), then to who has the last item in hand.

  - Who is given the item in hand goes on with it. Who is given another one, or whose item is given
    to another, lays down what is in hand, as at a hand-over; so the item has `Parts`, and `rework`.
    Who is off duty and whose item is given to nobody keeps it.
  - Who is off duty but works on, since he finishes in hand or has no further duty, can be given the
    item in hand, and no other.
  - A duty that begins or ends in the pool is followed by a dispatch of that instant.
  - Work is counted in the largest unit of which each officer of the pool does a whole number in
    each second. So no rest is rounded, but for rework: up to that unit. The end is the first whole
    second by which nothing is left.
- **Conditions** (`Conditions`) say what an officer may begin. Dispatch takes, in the order of keys,
  the first waiting item that a free officer on duty may begin, and gives it to one of those who
  may; an item that nobody may begin is passed over. A condition is about the beginning alone: what
  is in hand goes on, whether it holds or not.

  - *Days left*: the item is begun only if due day - N(day of t) is below a number. An item whose
    clock has no limit never is.
  - *Queue*: the item is begun only if more items of the pool wait than a number, it included.
  - *Overtime* is a part of duty, in which another number of days left holds beside that of the
    pool. As overtime begins, and as it ends, an officer lays down what is in hand, as at a
    hand-over, whoever else is there; the officer's last duty alone ends without that.
  - A pool with conditions is dispatched in each instant in which an item comes to it, an officer of
    it becomes free, a duty or overtime in it begins or ends, or a due day moves, and at midnight.
- **Together** (`Workload.team`): a step that several officers do at the same time. Each of them has
  a seat: an item of its own in the queue of its pool, by that pool's rule, like any other. The
  seats become ready, begin and end together.

  - *Turn.* A seat has its turn when dispatch comes to it, in the order of keys, and a free officer
    on duty may begin it who has no appointment. It leaves the queue; the officer stays free, for
    other items too. So nobody is held up by a seat whose partners are not there.
  - *Appointment.* As the last seat of a team has its turn, at t, the team agrees on the first
    instant T >= t at which all its officers can come. Seat by seat, the one comes who would be done
    first by planned duty, then who serves the fewest pools, then who is free the longest by then,
    then the first in the roster; of those who are on duty at T, have done what they have in hand
    at t, have no other appointment at T, and would be done before their next. At T = t they are
    those who may begin the seat, the queue with it; later, those who have no condition then. If
    the end comes after the next appointment of one who was chosen, T is not possible. T is t, or
    an instant at which, for an officer of these pools, work in hand or an appointment ends, a duty
    begins, or overtime begins or ends. What is in hand ends as it ends by itself or is laid down; a
    lapse is not thought of. Work without duration counts as one second; what is in hand at t does
    not end before t + 1. With T = t the team begins in this dispatch. T is none after the horizon.
  - *Until then* its officers begin an item only if they would end it, or lay it down, by T. That is
    all that an appointment costs.
  - *Begin.* In the instant T the appointments begin after (3), by first seat, and before dispatch.
    What then ends with no time passing comes before dispatch, too.
  - *End.* All are busy until the work is done. It goes on while all officers are on duty who do not
    finish in hand, those past their last duty included, and takes the seconds of the slowest. It is
    neither handed over nor laid down as overtime begins or ends.
  - *Nobody starves.* (a) A team whose seats have all had their turn has an appointment, and that is
    kept: what is in hand and agreed has a known end, nothing else may reach beyond T, and an
    appointment begins before all dispatch of its instant. (b) An officer with appointments gives no
    seat its turn. So from one time at which he is free without any to the next, only teams can name
    him that had a seat called before: finitely many, each once; after them he is free again. Then
    the first item of the queue begins, or has its turn, as if there were no teams. So an item is
    overtaken by no more than what its rule lets overtake it, and the teams called before it came.
- **Open.** What has not happened by `stopped_s` is `OPEN`: an item that was begun keeps its
  start and officer, and an item of a case that has not arrived is `OPEN` throughout. An end
  at `stopped_s` itself has happened.
- **Nothing to do.** An item of amount 0 ends as it begins. A delay of amount 0 ends as it
  becomes ready, by every rule and also outside its calendar.
- **Past a calendar's end.** A delay never ends if its calendar, or the working-day calendar, is
  too short: nothing elapses outside the intervals. Work in hand goes on without pause after the
  officer's last interval, unless it is handed over there. Dates past the end of the working-day
  calendar are no working dates.
- **Due day** of an item, that of its clock, a number on N(day) = `working_days.cumulative`:
  N(begin) + limit, or `due_wd` where that is given, until the clock starts; N(start) + limit from
  the end of its first `starts_clock` item on; then each finished suspension adds
  N(its end) - N(its begin). A clock begins as its case arrives, a further one when its first item
  is ready; one in `clock_runs` has started then, and no item starts it. A suspension is a
  maximal time from the clock's start on in which no counted item of the clock is open (ready →
  end); it has finished when the next counted item is ready, even if that item takes no time.
  Where an item that `begins_round` ends within a suspension, the due day is N(that end) + limit,
  and the suspension counts from that end on. An item whose clock has no limit comes after all due
  days, and is never escalated.
- **Deemed acceptance.** Papers are received when the first item whose `notice` is their check, up
  to the check, is ready. A check that has not ended before the first instant t with
  N(day of t) - N(receipt) > `NOTICE_WD` is late: from t on its clock has started with the receipt,
  if it had not started on an earlier working day; the due day is N(receipt) + limit, since a
  counted item has been open from then on. Items after a late check count and begin rounds by
  `counted_late` and `begins_round_late`.
- **Escalated** at t: due - N(day of t) < `escalate_wd`. Overdue cases are.
- **Tacit consent.** A work item that is ready at r and has a tacit period of n days lapses at
  L, the last second (day * 86400 + 86399) of the n-th working day after the date of r; if
  n = 0, of the date of r itself, working day or not. If the n-th working day lies past the end
  of `working_days`, it never lapses. Nothing suspends the period. What has not ended by L ends
  at L: in (1) of that instant, among the items that end by themselves, by item number; so
  before arrivals, duty changes and dispatch. For successors (ready at L), clocks, due days and
  the stop it is an end like any other.

  - *Waiting at L*, or ready only at L (n = 0): start = end = L and `NO_OFFICER`, even if it has
    amount 0 and an officer is free; after a hand-over, start and officer stay, and end = L. No
    dispatch at L sees it; what a dispatch at L makes ready with n = 0 lapses in the next round of
    that instant, before the next dispatch. A chain of such items, reached at the close of a date,
    ends in that second.
  - *In hand at L*: start and officer stay; end = min(own end, L), so an own end at L changes
    nothing. From L on the officer is free, on duty or not, also one who finishes in hand. An
    officer on duty at L takes part in the dispatch of that instant. In the order of officers,
    this one is free since L.
  - Lapses while waiting affect no officer: no rank changes, and a duty awaited for an item that
    has lapsed since has no effect.
  - A lapse after `stopped_s` has not happened: the item is `OPEN`, waiting or in hand.
  - A delay's `tacit_wd` is ignored, and `NO_TACIT` for all items is the same as None.
"""

from __future__ import annotations

import os
from typing import Final, Literal, TypeAlias, get_args

from sim.engine.contract import Schedule, Supply, Workload
from sim.engine.observer import Observer

Engine: TypeAlias = Literal["compiled", "simpy"]
"""Name of an engine: the fast one, or the readable reference. Both return the same integers."""

ENGINE_VARIABLE: Final = "SIM_ENGINE"
"""Environment variable that names the engine where the caller names none."""


def simulate(
    workload: Workload,
    supply: Supply,
    horizon_s: int,
    observer: Observer | None = None,
    *,
    engine: Engine | None = None,
) -> Schedule:
    """Run one replication from second 0 until the measured cases have ended, or the horizon.

    What exactly comes out stands at the head of `sim.engine`.

    Parameters
    ----------
    workload, supply
        Valid input; it is not checked again here.
    horizon_s
        The last instant that can happen, ≥ 0. `working_days` must cover its day.
    observer
        Receives every event, in the order in which events happen. Only the reference engine
        reports events, so an observer overrides `engine`.
    engine
        Default: what the environment variable `SIM_ENGINE` says, else the compiled one.

    Raises
    ------
    ValueError
        `horizon_s` is negative, or there is no such engine.
    """
    # Each engine's library is loaded when it is needed.
    if observer is not None or chosen(engine) == "simpy":
        from sim.engine.simpy_engine import simulate as run

        return run(workload, supply, horizon_s, observer)
    from sim.engine.compiled import simulate as run_compiled

    return run_compiled(workload, supply, horizon_s)


def chosen(engine: str | None) -> Engine:
    """Return the engine that runs when the caller names `engine` (None: no name)."""
    engines: dict[str, Engine] = {known: known for known in get_args(Engine)}
    name = engine or os.environ.get(ENGINE_VARIABLE) or "compiled"
    if name not in engines:
        raise ValueError(f"no engine '{name}'; there are {' and '.join(engines)}")
    return engines[name]

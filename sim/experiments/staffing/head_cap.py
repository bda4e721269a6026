"""The best that a given number of heads can reach (员额总控): the worst margin made largest."""

from __future__ import annotations

from sim.experiments.staffing.search import EXCHANGES, PRESSED, Search, moved_by, worst_margin
from sim.experiments.staffing.teams import Plan


def best_within(search: Search, plan: Plan, heads: int) -> Plan:
    """Return the best plan found with at most so many heads.

    Parameters
    ----------
    search
        Its teams, bounds and trials.
    plan
        Where to begin: keeps up, and has no more heads.
    heads
        The cap, over all teams together.

    Returns
    -------
    Plan
        Seen to the last look. No exchange of one officer that was tried makes its worst margin
        larger; that no other plan does is not proven.
    """
    look = search.looks[min(1, len(search.looks) - 1)]
    search.trials.see([plan], look)
    while sum(plan) < heads:
        more = search.neighbours(plan, +1)
        tried = [more[team] for team in search.most_pressed(plan, more)[:PRESSED]]
        if not tried:
            break
        search.trials.see(tried, look)
        plan = max(tried, key=lambda each: _merit(search, each))
    search.trials.see([plan], search.looks[-1])
    while (better := _exchanged(search, plan, look)) is not None:
        plan = better
    return plan


def _exchanged(search: Search, plan: Plan, look: int) -> Plan | None:
    """Return a plan with as many heads, one of them elsewhere, whose worst margin is larger."""
    trials = search.trials
    fewer, more = search.neighbours(plan, -1), search.neighbours(plan, +1)
    trials.see([*fewer.values(), *more.values()], look)
    moves = [{gone: -1, new: 1} for gone in fewer for new in more if gone != new]
    moves = [move for move in moves if search.allowed(moved_by(plan, move))]
    moves.sort(key=lambda move: -search.predicted(plan, move)[0])
    alive = [moved_by(plan, move) for move in moves[:EXCHANGES]]
    for at in search.looks:
        trials.see(alive, at)
        alive = [each for each in alive if not _worse(search, each, plan)]
    best = max(alive, key=lambda each: _merit(search, each), default=None)
    return best if best is not None and _merit(search, best) > _merit(search, plan) else None


def _merit(search: Search, plan: Plan) -> tuple[float, float]:
    """Return the worst margin; of equals, all margins together decide."""
    judged = search.trials.size_up(plan)
    return worst_margin(judged), sum(each.margin for each in judged)


def _worse(search: Search, plan: Plan, than: Plan) -> bool:
    """Tell whether a plan is clearly worse in what the other one keeps worst."""
    judged = search.trials.size_up(than)
    worst = min(range(len(judged)), key=lambda number: judged[number].margin)
    return search.trials.margin_gain(plan, than, worst).high < 0

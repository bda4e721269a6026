"""Handing in again (退件重报): the applications that follow a negative outcome.

A matter that is refused, withdrawn, or not accepted goes through its whole course again, alone.
Papers that were handed in together and not accepted are handed in again together. A case lacks what
was left of the application that ended, and all that waited for the result waits for the last one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sim.process.builder import RESUBMISSION, GraphBuilder
from sim.process.graph import Again, Chance, Combine, Owner, Phase, Role, Term
from sim.scenario import Matter, Resubmission

Write = Callable[[GraphBuilder, Sequence[int]], Sequence[int]]
"""Writes an application with a builder, after some nodes; returns the nodes with its result."""


def another_application(
    builder: GraphBuilder, name: str, matter: Matter, *, withdrawn: bool = False
) -> Again | None:
    """Return the chance that another application follows the one that the builder writes."""
    again = matter.refusal.resubmission
    if again is None:
        return None
    own = withdrawn and again.withdrawn is not None
    probability = again.withdrawn if own else again.probability
    assert probability is not None
    return Again(name, Chance(builder.stream(name, "handed_in_again"), probability))


def write_again(
    builder: GraphBuilder,
    of: str,
    members: Mapping[str, Matter],
    ended: Sequence[int],
    write: Write,
) -> Sequence[int]:
    """Write all applications of `members` after the first one.

    Parameters
    ----------
    of
        The stage or matter that is handed in again.
    members
        The matters that are handed in together.
    ended
        The nodes with the result of the first application.
    write
        Writes one further application.

    Returns
    -------
    The nodes with the result of the last application; a case that lacks it has waited for the
    one before.
    """
    rules = {
        name: matter.refusal.resubmission
        for name, matter in members.items()
        if matter.refusal.resubmission is not None
    }
    since = 0
    for number in range(2, max((rule.max_times for rule in rules.values()), default=0) + 2):
        handed_in = [
            _resubmission(builder, of, number, tuple(members), name, rule, [*ended, *failed])
            for name, rule in rules.items()
            if number - 1 <= rule.max_times
            for failed in [_may_end_at(builder, name, tuple(members), since)]
        ]
        since = handed_in[0]
        ended = write(builder.handed_in_again(of, number, handed_in), handed_in)
    return ended


def _resubmission(
    builder: GraphBuilder,
    of: str,
    number: int,
    covers: tuple[str, ...],
    name: str,
    rule: Resubmission,
    after: Sequence[int],
) -> int:
    """Add the time from the end of an application to the next, because of one of its matters."""
    detail = "" if name == of else f"/{name}"
    whose = () if name == of else (of,)
    stream = builder.stream(name, RESUBMISSION, *whose, number)
    return builder.add(
        name=f"{of}/{RESUBMISSION}/{number}{detail}",
        role=Role.RESUBMISSION,
        owner=Owner.APPLICANT,
        phase=Phase.BEFORE,
        covers=covers,
        department="",
        pool=None,
        terms=(Term(stream, rule.after, matter=name),),
        combine=Combine.MAX,
        after=after,
    )


def _may_end_at(builder: GraphBuilder, name: str, covers: tuple[str, ...], since: int) -> list[int]:
    """Return the nodes from `since` on at which an application may end because of a matter."""
    return [
        number
        for number, node in enumerate(builder.nodes[since:], since)
        if set(node.covers) == set(covers)
        and any(stop.again is not None and stop.again.matter == name for stop in node.stops)
    ]

"""The cases of one case type that were open at the start: what is left of them.

What their past leaves to chance is drawn with arrays, for all cases at once. Their courses are then
drawn like those of cases that arrive: with arrays, node by node, or in machine code, case by case.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.arrays import Bools, Ints
from sim.calendars import WorkingDays
from sim.demand.array_items import items_of
from sim.demand.arrived import Arrived
from sim.demand.backlog import NOT_YET, Carried
from sim.demand.backlog.carried import carried
from sim.demand.backlog.cases import Layout, OpenCases
from sim.demand.backlog.draws import OWN_STREAMS, AmountsLeft, OpenDraws
from sim.demand.backlog.past import Past
from sim.demand.case_type_source import TypeSource
from sim.demand.course import course
from sim.demand.due import DueClocks
from sim.demand.items import Items
from sim.demand.parts import Drawn, OpenPart, Part
from sim.engine.contract import DAY_S
from sim.limits import DueClock
from sim.streams import ManyStreams, Streams


class Reopened:
    """B open cases of one case type, on a graph of N nodes; they arrive at second 0.

    With the streams of several replications, the cases are there once for each of them.
    """

    def __init__(
        self,
        source: TypeSource,
        layout: Layout,
        cases: OpenCases,
        past: Past,
        streams: Streams | ManyStreams,
        days: WorkingDays,
        first: int = 0,
    ) -> None:
        """`past`, `days`: the calendar before second 0, and from then on to the end of every run.

        `first`: the number of the first case in the streams.
        """
        times = streams.times if isinstance(streams, ManyStreams) else 1
        self._source, self._layout, self._past, self._days = source, layout, past, days
        self.cases = cases.repeated(times)
        arrived = Arrived(np.zeros(len(self.cases.name), np.int64))
        whose = streams.of_more(OWN_STREAMS)
        attributes = source.attributes(whose, arrived)
        for name, stated in cases.attributes.items():
            codes = np.tile(source.codes(name, stated), times)
            attributes[name] = np.where(codes < 0, attributes[name], codes)
        self.draws = OpenDraws(
            whose, source.valued(attributes), source.sampler_of, layout, self.cases
        )
        self._missing: Bools = layout.missing(self.draws)
        self.over: Bools = layout.over_in_each(cases, self._missing)
        """[B, N] the node is over before the case arrives."""
        self.part = Part(
            kind=source.kind,
            arrived=arrived,
            attributes=attributes,
            due=DueClocks.of(source.due, self.draws.n, self.draws.holds),
            number=np.tile(np.arange(first, first + len(cases.name)), times),
        )
        """Without what the cases bring along, which depends on where they stand."""

    def by_arrays(self) -> tuple[Part, Items]:
        """Return the part and its items, drawn with arrays."""
        source, attributes = self._source, self.part.attributes
        way = course(source.graph, self.draws, self.over)
        left = self._left(way.included & self.cases.under_way)
        drawn = Drawn(
            way=way,
            amount=left.amount,
            pool=lambda node, cases: source.pools[node].of_cases(attributes, cases),
            delay_rule=left.rule,
        )
        return self._standing(way.ready_at_once), items_of(drawn, source.first_node)

    def settled(self, items: Items, turn: Ints) -> Part:
        """Return the part; put what is left of delays under way into the items.

        `items`: of cases in any order, all of this part among them; `turn`: [B] the number of each
        case there.
        """
        first, nodes = self._source.first_node, len(self._source.graph.nodes)
        mine = np.full(len(items.outcome), -1)
        mine[turn] = np.arange(len(turn))
        at_once = np.flatnonzero(np.diff(items.pred_ptr) == 0)
        case = mine[items.case[at_once]]
        at_once, case = at_once[case >= 0], case[case >= 0]
        ready = np.zeros(self.over.shape, np.bool_)
        ready[case, items.node[at_once] - first] = True

        width = max(first + nodes, int(items.node.max(initial=0)) + 1)
        key = items.case.astype(np.int64) * width + items.node  # ascending
        node, case = np.nonzero(self.cases.under_way.T)
        wanted = turn[case] * width + first + node
        item = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
        has = key[item] == wanted
        left = self._left(self.cases.under_way)
        left.put(items, node[has], case[has], item[has])
        return self._standing(ready)

    def _left(self, under_way: Bools) -> AmountsLeft:
        rules = self._source.delay_rule
        return AmountsLeft(self.draws, rules, under_way, self._past, self._days)

    def _standing(self, ready: Bools) -> Part:
        """Return the part with what its cases bring along.

        `ready`: [B, N] nodes that wait for no other.
        """
        brought = carried(self._layout, self.cases, self.over, ready, self._missing, self._past)
        deemed = self._layout.of_deemed(brought.deemed)
        due = self._due(brought, ready, deemed)
        return replace(self.part, backlog=OpenPart(brought, *due, deemed))

    def _due(self, brought: Carried, ready: Bools, deemed: Bools | None) -> tuple[Ints, Bools]:
        """Return [B] the due working day on arrival, and whether the clock has started."""
        due = self.part.due
        day, runs = np.zeros(len(due.own), np.int64), np.zeros(len(due.own), np.bool_)
        for number, clock in enumerate(due.clocks):
            mine = due.own == number
            counted = clock.counted
            if deemed is not None:
                counted = np.where(deemed, clock.counted_late, counted)
            at_work = np.asarray(np.any(ready & counted, axis=1))
            own_day, own_runs = self._due_on(clock, brought, at_work)
            day[mine], runs[mine] = own_day[mine], own_runs[mine]
        return day, runs

    def _due_on(self, due: DueClock, brought: Carried, at_work: Bools) -> tuple[Ints, Bools]:
        """Return [B] the due working day on one clock, and whether the clock has started.

        A clock that runs in the morning of day 0 counts that day, so its due day has the number
        limit - used on N. A paused clock does not count it; the engine adds the days of the pause
        from day 0 on. Before the clock's start, and in an open network, the due day is the
        submission plus the limit, as for cases that arrive.
        """
        rule, today = due.rule, self._days.cumulative[0]
        started = brought.started(
            due.scope.matters, by_acceptance=rule.by_acceptance, deemed=rule.deemed_acceptance
        )
        runs = (started != NOT_YET) & brought.has_acceptance.any()
        left = due.limit_wd - brought.used_wd(rule.name, started)
        paused = runs & ~at_work & rule.by_acceptance
        provisional = due.limit_wd - brought.past.count(brought.submitted_s // DAY_S)
        return np.where(runs, left + np.where(paused, today, 0), provisional), runs

"""Random models, small and nasty: ties on purpose, nothing-to-do items, odd hours, every rule.

For whoever tests an engine: `models()`, `crowded_models()`, `due_models()`, `tacit_models()`,
`absence_models()`, `take_over_models()`, `conditional_models()` and `team_models()` draw a
`build.Model`. Items have tacit periods in half of the first two kinds, in all of the next two, and
in a third of the next two; then come the others with conditions, and with teams.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from sim.calendars import Intervals
from sim.engine.contract import ANY_TIME, DELAY, NO_LIMIT, NO_TACIT, DelayRule, Rule
from tests.build.workloads import DAY, Case, H, Item, Model, Officer

DAYS = 16
_GRID = 6 * H
# Mostly on a coarse grid, so that things coincide; now and then a second beside it.
instants = st.builds(
    lambda n, off: max(0, n * _GRID + off),
    st.integers(0, 4 * (DAYS - 4)),
    st.sampled_from([0, 0, 0, 0, 1, -1, 1234]),
)
# _GRID - 1 from a grid point on, every fourth time, ends at the close of a day: as lapses do.
seconds = st.sampled_from([0, 0, 1, H, _GRID, _GRID, 2 * _GRID, DAY, 5 * _GRID + 1, _GRID - 1])
few_days = st.integers(0, 4)


@st.composite
def hours(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Open intervals: none, all the time, every day, or odd ones that may end early."""
    kind = draw(st.sampled_from(["odd", "daily", "daily", "always", "none"]))
    if kind == "always":
        return ((0, DAYS * DAY),)
    if kind == "none":
        return ()
    if kind == "daily":
        opens = draw(st.integers(0, 2))
        first, last = draw(st.integers(0, 3)), draw(st.sampled_from([5, DAYS, DAYS]))
        return tuple(
            (d * DAY + opens * _GRID, d * DAY + (opens + 1) * _GRID) for d in range(first, last)
        )
    cuts = sorted(draw(st.sets(instants, max_size=8)))
    return tuple(zip(cuts[::2], cuts[1::2], strict=False))


no_period = st.just(NO_TACIT)
periods = st.sampled_from([NO_TACIT, 0, 0, 1, 1, 2, 4, DAYS])


@st.composite
def item(
    draw: st.DrawFn, position: int, pools: int, calendars: int, tacit: st.SearchStrategy[int]
) -> Item:
    after = draw(st.sets(st.integers(0, position - 1), max_size=3)) if position else set()
    pool = draw(st.sampled_from([DELAY, *range(pools), *range(pools)]))
    rule = draw(st.sampled_from(DelayRule)) if pool == DELAY else DelayRule.ELAPSED
    legal = rule not in (DelayRule.ELAPSED, DelayRule.ON_CALENDAR)
    return Item(
        pool=pool,
        amount=draw(few_days if legal else seconds),
        after=tuple(sorted(after)),
        rule=rule,
        calendar=draw(st.integers(0, calendars - 1)),
        priority=draw(st.integers(-1, 1)),
        counted=draw(st.booleans()),
        starts_clock=draw(st.sampled_from([False, False, True])),
        tacit=draw(tacit),  # of a delay too: to be ignored
    )


@st.composite
def case(
    draw: st.DrawFn, pools: int, calendars: int, tacit: st.SearchStrategy[int], carried: bool
) -> Case:
    size = draw(st.integers(0, 5))
    return Case(
        arrival=draw(instants),
        due=draw(st.none() | st.integers(-2, 9)) if carried else None,
        runs=draw(st.booleans()) if carried else False,
        items=tuple(draw(item(n, pools, calendars, tacit)) for n in range(size)),
        measured=draw(st.sampled_from([True, True, False])),
        limit=draw(st.sampled_from([NO_LIMIT, 0, 1, 2, 3, 5])),
    )


@st.composite
def officer(
    draw: st.DrawFn, pools: int, duty: tuple[tuple[int, int], ...] | None = None
) -> Officer:
    served = draw(st.sets(st.integers(0, pools - 1)))
    return Officer(
        pools=tuple(sorted(served)),
        duty=draw(hours()) if duty is None else duty,
        speed=draw(st.sampled_from([1000, 1000, 333, 2000, 1])),
        in_hand=draw(st.booleans()),
        hands_over=draw(st.booleans()),
    )


@st.composite
def models(draw: st.DrawFn, max_cases: int = 7) -> Model:
    """Draw a model that runs for at most DAYS days."""
    pools, calendars = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    officers = st.lists(officer(pools), max_size=4)
    return draw(_model(pools, calendars, officers, max_cases))


@st.composite
def crowded_models(draw: st.DrawFn, max_cases: int = 9) -> Model:
    """Draw a model in which much waits when the first officer comes, so that order matters."""
    pools = draw(st.integers(1, 2))
    late = draw(st.integers(1, 12)) * _GRID
    duty = tuple((late + d * DAY, late + d * DAY + _GRID) for d in range(12))
    officers = st.lists(officer(pools, duty), min_size=1, max_size=2)
    return draw(_model(pools, 1, officers, max_cases))


@st.composite
def tacit_models(draw: st.DrawFn, max_cases: int = 9) -> Model:
    """Draw a model in which lapses meet everything else at the close of a day.

    Arrivals, legal delays, work and duties end or begin at that second or one beside it; officers
    are few, so that most items lapse, some in hand.
    """
    close = st.builds(
        lambda day, off: max(0, day * DAY - 1 + off),
        st.integers(0, 5),
        st.sampled_from([0, 0, 0, 1, -1, -_GRID, -12 * H]),
    )
    amount = st.sampled_from([0, 0, 1, 2, _GRID - 1, _GRID, 12 * H, DAY, 3 * DAY])

    @st.composite
    def close_item(draw: st.DrawFn, position: int) -> Item:
        after = draw(st.sets(st.integers(0, position - 1), max_size=2)) if position else set()
        pool = draw(st.sampled_from([0, 0, 1, 1, 2, DELAY]))
        rule = draw(st.sampled_from([DelayRule.ELAPSED, DelayRule.WORKING_DAYS]))
        legal = pool == DELAY and rule == DelayRule.WORKING_DAYS
        return Item(
            pool=pool,
            amount=draw(st.integers(0, 2) if legal else amount),
            after=tuple(sorted(after)),
            rule=rule,
            priority=draw(st.integers(0, 1)),
            counted=draw(st.booleans()),
            starts_clock=draw(st.booleans()),
            tacit=draw(st.sampled_from([NO_TACIT, 0, 0, 1, 2])),
        )

    @st.composite
    def close_case(draw: st.DrawFn) -> Case:
        size = draw(st.integers(1, 5))
        items = tuple(draw(close_item(n)) for n in range(size))
        measured = draw(st.sampled_from([True, True, True, False]))
        return Case(draw(close), items, measured, draw(st.sampled_from([NO_LIMIT, 0, 1, 2, 4])))

    @st.composite
    def close_officer(draw: st.DrawFn) -> Officer:
        from_, until = sorted(draw(st.tuples(close, close)))
        odd = ((from_, until),) if from_ < until else ()
        day = tuple((d * DAY + 9 * H, d * DAY + 17 * H) for d in range(8))
        night = tuple((d * DAY - 1, d * DAY + _GRID) for d in range(1, 8))
        always = ((0, DAYS * DAY),)
        served = draw(st.sampled_from([(0,), (1,), (0, 1), (0, 1)]))  # nobody serves pool 2
        duty = draw(st.sampled_from([odd, day, night, always, always]))
        return Officer(served, duty, draw(st.sampled_from([1000, 500])), draw(st.booleans()))

    cases = draw(st.lists(close_case(), min_size=1, max_size=max_cases))
    return Model(
        cases=tuple(sorted(cases, key=lambda c: c.arrival)),
        officers=tuple(draw(st.lists(close_officer(), min_size=1, max_size=3))),
        rules=tuple(draw(st.sampled_from(Rule)) for _ in range(3)),
        escalate=tuple(draw(st.integers(0, 3)) for _ in range(3)),
        working=tuple(draw(st.lists(st.booleans(), min_size=DAYS, max_size=DAYS))),
        horizon=draw(st.sampled_from([DAYS * DAY - 1, DAYS * DAY - 1, 3 * DAY - 1, 3 * DAY - 2])),
    )


@st.composite
def absence_models(draw: st.DrawFn, max_cases: int = 10) -> Model:
    """Draw a model of long items and officers who are away on some days, by plan or by chance.

    They are alike or not in hours, speed and what they serve; lapses and due days play along.
    """
    pools = draw(st.integers(1, 2))
    away = st.sets(st.integers(0, DAYS - 1), max_size=8)
    shifts = ((9 * H, 17 * H), (12 * H, 20 * H), (0, 12 * H), (9 * H, DAY), (0, DAY))
    shift = draw(st.sampled_from(shifts))
    same_hours = draw(st.booleans())

    def on(days: set[int], opens: int, closes: int) -> tuple[tuple[int, int], ...]:
        joined = Intervals.of([(d * DAY + opens, d * DAY + closes) for d in days])
        return tuple(zip(joined.start.tolist(), joined.end.tolist(), strict=True))

    @st.composite
    def away_officer(draw: st.DrawFn) -> Officer:
        hours = shift if same_hours else draw(st.sampled_from(shifts))
        planned = set(range(draw(st.sampled_from([DAYS, DAYS, 9])))) - draw(away)
        return Officer(
            pools=draw(st.sampled_from([(0,), (pools - 1,), tuple(range(pools))])),
            duty=on(planned - draw(away), *hours),
            speed=draw(st.sampled_from([1000, 1000, 200, 750, 1500])),
            in_hand=draw(st.sampled_from([False, False, False, True])),
            planned=on(planned, *hours),
            hands_over=draw(st.sampled_from([True, True, False])),
            rework_ppm=draw(st.sampled_from([0, 0, 100_000, 1_000_000])),
        )

    work = st.sampled_from([0, 1, H, 6 * H, 8 * H, 8 * H, 30 * H, 70_001])
    tacit = draw(st.sampled_from([no_period, no_period, st.sampled_from([NO_TACIT, 1, 3, 6])]))

    @st.composite
    def long_case(draw: st.DrawFn) -> Case:
        items = [
            Item(
                draw(st.integers(0, pools - 1)),
                draw(work),
                (n - 1,) if n else (),
                priority=draw(st.integers(0, 1)),
                tacit=draw(tacit),
            )
            for n in range(draw(st.integers(1, 3)))
        ]
        return Case(draw(instants), tuple(items), limit=draw(st.sampled_from([NO_LIMIT, 2, 5])))

    cases = draw(st.lists(long_case(), min_size=1, max_size=max_cases))
    return Model(
        cases=tuple(sorted(cases, key=lambda c: c.arrival)),
        officers=tuple(draw(st.lists(away_officer(), min_size=1, max_size=4))),
        rules=tuple(draw(st.sampled_from([Rule.FIFO, Rule.FIFO, *Rule])) for _ in range(pools)),
        escalate=(2,) * pools,
        working=tuple(draw(st.sampled_from([week, (True,) * DAYS]))),
        horizon=draw(st.sampled_from([DAYS * DAY - 1, DAYS * DAY - 1, 7 * DAY])),
    )


@st.composite
def take_over_models(draw: st.DrawFn, max_cases: int = 10) -> Model:
    """Draw a model of `absence_models` with take-over in a pool or two."""
    model = draw(absence_models(max_cases))
    pools = range(len(model.rules))
    over = draw(st.sets(st.sampled_from(pools), min_size=1))
    speeds = st.sampled_from([1000, 500, 200, 333, 1500, 7])

    def of_one_pool(officer: Officer) -> Officer:
        served = over.intersection(officer.pools)
        pools = (min(served),) if served else officer.pools
        return replace(officer, pools=pools, speed=draw(speeds))

    return replace(
        model,
        officers=tuple(of_one_pool(officer) for officer in model.officers),
        rules=tuple(Rule.FIFO if p in over else model.rules[p] for p in pools),
        take_over=tuple(p in over for p in pools),
    )


@st.composite
def conditional_models(draw: st.DrawFn) -> Model:
    """Draw a model of the other kinds whose officers have overtime, or help on conditions."""
    kinds = [models(), crowded_models(), tacit_models(), absence_models(), due_models()]
    model = draw(st.one_of(kinds))
    days = st.sampled_from([ANY_TIME, 0, 1, 2, 3, 5])

    def with_conditions(officer: Officer) -> Officer:
        n = len(officer.pools)
        overtime: tuple[tuple[int, int], ...] = ()
        if officer.duty and draw(st.booleans()):
            cuts = sorted(draw(st.sets(instants, max_size=8)))
            odd = Intervals.of(list(zip(cuts[::2], cuts[1::2], strict=False)))
            evening = Intervals.of([(d * DAY + 15 * H, d * DAY + 22 * H) for d in range(DAYS)])
            chosen = odd if draw(st.booleans()) else evening
            within = Intervals.of(list(officer.duty)).intersect(chosen)
            overtime = tuple(zip(within.start.tolist(), within.end.tolist(), strict=True))
        return replace(
            officer,
            below=tuple(draw(days) for _ in range(n)) if draw(st.booleans()) else (),
            queue_over=tuple(draw(st.integers(0, 3)) for _ in range(n))
            if draw(st.booleans())
            else (),
            overtime=overtime,
            overtime_below=draw(days),
            hands_over=officer.hands_over or len(overtime) > 0,
        )

    return replace(
        model,
        officers=tuple(with_conditions(officer) for officer in model.officers),
        horizon=min(model.horizon, len(model.working) * DAY - 1),
    )


@st.composite
def team_models(draw: st.DrawFn) -> Model:
    """Draw a model of the other kinds in which some work needs several officers at once."""
    kinds = [models(), crowded_models(), due_models(), absence_models(), take_over_models()]
    model = draw(st.one_of(*kinds, conditional_models()))
    pools = range(len(model.rules))
    alone = [p for p in pools if not (model.take_over and model.take_over[p])]

    def apart(p: int, q: int) -> bool:
        return p != q and not any({p, q} <= set(officer.pools) for officer in model.officers)

    def seats(item: Item) -> list[int]:
        if item.pool not in alone or item.check is not None or draw(st.booleans()):
            return [item.pool]
        more = [p for p in alone if apart(item.pool, p)]
        others = [draw(st.sampled_from(more))] if more and draw(st.booleans()) else []
        return [item.pool] * draw(st.integers(1 if others else 2, 2)) + others * draw(
            st.integers(1, 2)
        )

    def with_teams(case: Case) -> Case:
        places: list[int] = []
        items: list[Item] = []
        for item in case.items:
            at, pools = len(items), seats(item)
            places.append(at)
            moved = replace(
                item,
                after=tuple(places[n] for n in item.after),
                check=None if item.check is None else item.check + at - len(places) + 1,
            )
            if len(pools) > 1:
                moved = replace(moved, team=at, tacit=NO_TACIT)
            items += [replace(moved, pool=pool) for pool in pools]
        return replace(case, items=tuple(items))

    return replace(
        model,
        cases=tuple(with_teams(case) for case in model.cases),
        horizon=min(model.horizon, len(model.working) * DAY - 1),
    )


week = tuple(day % 7 < 5 for day in range(DAYS))


@st.composite
def due_models(draw: st.DrawFn) -> Model:
    """Draw a model in which all depends on due days, which clocks and suspensions have moved.

    Each case: a few delays in any order of succession, and two pieces of work for a late officer.
    Instead of some delays, work that nobody does, so that it lapses if it has a tacit period.
    Some items begin a new round, some belong to a later application; some delays are the receipt,
    check and correction of papers, the check often late.
    """

    @st.composite
    def some_delay(draw: st.DrawFn, n: int, application: int) -> Item:
        return Item(
            pool=draw(st.sampled_from([DELAY, DELAY, DELAY, 1])),
            amount=draw(st.sampled_from([0, DAY, DAY, 2 * DAY, _GRID])),
            after=(n - 1,) if n and draw(st.sampled_from([True, True, False])) else (),
            counted=draw(st.booleans()),
            starts_clock=draw(st.booleans()),
            begins_round=draw(st.booleans()) if rounds else False,
            tacit=draw(st.sampled_from([0, 1, 1, 2])),
            application=application,
        )

    @st.composite
    def papers(draw: st.DrawFn, n: int, application: int) -> list[Item]:
        received = draw(st.booleans())
        check = n + received
        first = (n - 1,) if n and draw(st.booleans()) else ()
        items = [
            Item(
                amount=draw(st.sampled_from([0, _GRID, 3 * DAY]) if number < check else long),
                after=(number - 1,) if number > n else first,
                starts_clock=draw(st.booleans()) and number == check,
                check=check,
                application=application,
            )
            for number in range(n, check + 1)
        ]
        corrected = Item(
            amount=draw(st.sampled_from([0, DAY, 2 * DAY])),
            after=(check,),
            counted=draw(st.booleans()),
            counted_late=draw(st.booleans()),
            begins_round=draw(st.booleans()),
            begins_round_late=draw(st.booleans()),
            check=check,
            application=application,
        )
        return [*items, corrected] if draw(st.booleans()) else items

    long = st.sampled_from([DAY, 4 * DAY, 6 * DAY, 7 * DAY, 9 * DAY])

    @st.composite
    def due_case(draw: st.DrawFn) -> Case:
        items: list[Item] = []
        for _ in range(draw(st.integers(0, 5))):
            application = draw(st.sampled_from([1, 1, 2, 3])) if again else 1
            some = draw(st.sampled_from([False, False, True])) if notices else False
            kind = papers(len(items), application) if some else st.just([])
            items += draw(kind) or [draw(some_delay(len(items), application))]
        last = len(items) - 1
        after = (draw(st.integers(0, last)),) if items and draw(st.booleans()) else ()
        its = items[after[0]].application if after else 1
        return Case(
            arrival=0,
            items=(*items, Item(0, 1, counted=False), Item(0, 1, after, application=its)),
            limit=draw(st.sampled_from([NO_LIMIT, 1, 2, 3, 4, 4])),
            due=draw(st.none() | st.integers(-1, 6)) if carried else None,
            runs=draw(st.booleans()) if carried else False,
        )

    carried, rounds, again, notices = (draw(st.booleans()) for _ in range(4))
    days = draw(st.lists(st.sampled_from([True, True, True, False]), min_size=DAYS, max_size=DAYS))
    comes = draw(st.integers(4, 12)) * DAY
    return Model(
        cases=tuple(draw(st.lists(due_case(), min_size=3, max_size=8))),
        officers=(Officer(duty=((comes, comes + draw(st.sampled_from([3, DAY]))),)),),
        rules=(draw(st.sampled_from([Rule.EARLIEST_DUE, Rule.ESCALATE])), Rule.FIFO),
        escalate=(draw(st.integers(0, 3)), 0),
        working=tuple(days),
        horizon=DAYS * DAY - 1,
    )


@st.composite
def _model(
    draw: st.DrawFn,
    pools: int,
    calendars: int,
    officers: st.SearchStrategy[list[Officer]],
    max_cases: int,
) -> Model:
    tacit = draw(st.sampled_from([no_period, periods]))
    carried = draw(st.booleans())
    cases = draw(st.lists(case(pools, calendars, tacit, carried), max_size=max_cases))
    horizons = [DAYS * DAY - 1, DAYS * DAY - 1, 3 * DAY, 0, 36 * H, 7 * DAY]
    return Model(
        cases=tuple(sorted(cases, key=lambda c: c.arrival)),
        officers=tuple(draw(officers)),
        rules=tuple(draw(st.sampled_from(Rule)) for _ in range(pools)),
        escalate=tuple(draw(st.integers(0, 3)) for _ in range(pools)),
        calendars=tuple(draw(hours()) for _ in range(calendars)),
        working=tuple(draw(st.lists(st.booleans(), min_size=DAYS, max_size=DAYS))),
        horizon=draw(st.sampled_from(horizons)),
    )

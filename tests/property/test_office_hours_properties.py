"""Office hours, minute by minute: a naive reading of what is written, and one stretch more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import chinese_calendar
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.calendars import Intervals
from sim.replications.model import Model
from sim.scenario import Scenario, open_hours
from tests.build.stories import scenario

DAY = 86_400
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STEP = 4 * 60  # minutes; six stretches a day are enough to differ in all ways
FIRST, LAST = date(2023, 9, 18), date(2023, 10, 15)
"""Four weeks: 29 September to 6 October 2023 off, a Saturday and a Sunday among them; Saturday 7
and Sunday 8 October made up (国办发明电〔2022〕16号)."""
DATES = [FIRST + timedelta(days=day) for day in range((LAST - FIRST).days + 1)]

BASE = f"""
name: Random hours
period: {{start: {FIRST}, window: {{from: {FIRST}, to: {LAST}}}, run_out: 0 cd}}
hours: {{office: 24x7}}
pools: {{desk: {{}}}}
staff: {{clerk: {{serves: [desk], count: 1, hours: office}}}}
case_types: {{c: {{arrivals: {{at: [0 s]}}, steps: {{w: {{pool: desk, work: 1 h}}}}}}}}
"""


@dataclass(frozen=True)
class Written:
    """Hours as they stand in a file; a set holds numbers of four-hour stretches of a day."""

    week: Mapping[int, frozenset[int]]
    """Weekday to its stretches; empty for hours round the clock."""
    exceptions: Mapping[date, frozenset[int]] = field(default_factory=dict)
    holidays: str = "closed"
    closures: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()

    def loaded(self) -> Scenario:
        """Load the scenario with these hours."""
        week = ", ".join(f"{NAMES[w]}: {_text(hours)}" for w, hours in self.week.items())
        dated = ", ".join(f"{day}: {_text(hours)}" for day, hours in self.exceptions.items())
        parts = [f"week: {{{week}}}, holidays: {self.holidays}" if week else "always: true"]
        parts += [f"except: {{{dated}}}"] if dated else []
        closures, made_up = (
            ", ".join(str(day) for day in sorted(dates))
            for dates in (self.closures, self.make_up_days)
        )
        calendar = f"calendar: {{closures: [{closures}], make_up_days: [{made_up}]}}"
        return scenario(BASE, f"{calendar}\nhours: {{office: {{{', '.join(parts)}}}}}")

    def minutes(self) -> set[int]:
        """Return the open minutes from midnight of the first date, reading day by day."""
        found = set()
        for number, day in enumerate(DATES):
            for stretch in self._stretches(day):
                begin = number * 1440 + stretch * STEP
                found |= set(range(begin, begin + STEP))
        return found

    def _stretches(self, day: date) -> set[int]:
        if day in self.exceptions:
            return set(self.exceptions[day])
        if not self.week:
            return set(range(6))
        published_off, name = chinese_calendar.get_holiday_detail(day)
        off = day in self.closures or (published_off and day not in self.make_up_days)
        holiday = day in self.closures or (off and (name is not None or day.weekday() < 5))
        hours = set(self.week.get(day.weekday(), ()))
        if holiday and self.holidays == "closed":
            return set()
        if day.weekday() >= 5 and not off and all(self.week.get(w) for w in range(5)):
            hours |= self.week[0]
        return hours


def _text(stretches: frozenset[int]) -> str:
    spans = [f"{STEP * k // 60}:00-{STEP * (k + 1) // 60}:00" for k in sorted(stretches)]
    return f'"{" ".join(spans) or "closed"}"'


stretches = st.frozensets(st.integers(0, 5), max_size=3)
days = st.sampled_from(DATES)


@st.composite
def written(draw):
    weekdays = draw(
        st.sampled_from([(), range(5), range(6), (1,), range(7)]) | st.sets(st.integers(0, 6))
    )
    closures = draw(st.frozensets(days, max_size=3))
    hours = draw(st.sampled_from([stretches, stretches.filter(bool)]))  # often a full week
    return Written(
        week={weekday: draw(hours) for weekday in sorted(weekdays)},
        exceptions=draw(st.dictionaries(days, stretches, max_size=4)),
        holidays=draw(st.sampled_from(["closed", "open"])),
        closures=closures,
        make_up_days=draw(st.frozensets(days, max_size=3)) - closures,
    )


def minutes(intervals: Intervals) -> set[int]:
    bounds = zip(intervals.start.tolist(), intervals.end.tolist(), strict=True)
    return {second // 60 for start, end in bounds for second in range(start, end, 60)}


@settings(max_examples=150)
@given(written())
def test_hours_are_open_in_the_minutes_that_are_written(hours):
    assert minutes(open_hours(hours.loaded(), "office")) == hours.minutes()


@settings(max_examples=60)
@given(written())
def test_officers_are_on_duty_when_their_hours_are_open(hours):
    model = Model(hours.loaded())
    duty = model.supply.draw(1, 0).duty.row(0)
    assert minutes(duty.clip(0, len(DATES) * DAY)) == hours.minutes()


@settings(max_examples=150)
@given(written(), st.data())
def test_one_stretch_more_closes_nothing_and_finishes_nothing_later(hours, data):
    places = [("week", weekday) for weekday in range(7) if hours.week]
    places += [("exceptions", day) for day in sorted(hours.exceptions)]
    if not places:
        return
    part, key = data.draw(st.sampled_from(places))
    old = getattr(hours, part)
    new = {**old, key: old.get(key, frozenset()) | {data.draw(st.integers(0, 5))}}
    more = Written(**{**vars(hours), part: new})
    before, after = (Model(each.loaded()).supply.draw(1, 0).duty.row(0) for each in (hours, more))
    assert minutes(before) <= minutes(after)
    for _ in range(10):
        t = data.draw(st.integers(0, len(DATES) * DAY))
        w = data.draw(st.integers(0, 60 * 3600))
        assert after.finish(t, w) <= before.finish(t, w)

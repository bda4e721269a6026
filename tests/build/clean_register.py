"""Clean registers, as offices would keep them if nobody made a mistake."""

import datetime as dt

import numpy as np

from sim.calendars import WorkingDays, working_days
from sim.records.register import Register, State, table

MATTERS = ("企业投资项目备案", "建设用地规划许可证", "建设工程规划许可证", "建筑工程施工许可证")
DEPARTMENTS = ("发展改革局", "自然资源局", "自然资源局", "住房城乡建设局")
STATES = (
    State.RECEIVED, State.ACCEPTED, State.CORRECTION, State.CORRECTED, State.IN_REVIEW,
    State.SPECIAL, State.SPECIAL_DONE, State.PASSED,
)  # fmt: skip
LENGTH_WD = (0, 1, 0, 3, 1, 0, 6, 1)
"""Working days from the state before to this one."""


def clean_register(cases: int, *, first: dt.date = dt.date(2021, 1, 4), seed: int = 1) -> Register:
    """Return a register of cases with four matters each, one after the other.

    A fifth of the items is corrected, a tenth has a special procedure; the last cases are open.
    """
    draw = np.random.default_rng(seed)
    calendar = working_days("CN", first, dt.date(first.year + 1, 12, 31))
    days = np.sort(draw.integers(0, 240, cases))
    item, state, at, officer = [], [], [], []
    for case in range(cases):
        day = int(calendar.add(int(days[case]), 1))
        for matter in range(len(MATTERS)):
            number = len(MATTERS) * case + matter
            told = list(_course(calendar, day, draw))
            if case >= cases - 5:
                told = told[: int(draw.integers(1, 3))]
            day = int(calendar.add(calendar.index_of(told[-1][1].date()), 1))
            item += [number] * len(told)
            state += [code for code, _ in told]
            at += [time for _, time in told]
            officer += [f"officer {matter} {draw.integers(3)}"] * len(told)
    items = cases * len(MATTERS)
    number = np.arange(items)
    columns = {
        "item": [f"{case + 1:06d}-{matter + 1}" for case in range(cases) for matter in range(4)],
        "case": number // len(MATTERS),
        "matter": [MATTERS[matter] for matter in number % len(MATTERS)],
        "matter_code": [f"M{matter + 1}" for matter in number % len(MATTERS)],
        "department": [DEPARTMENTS[matter] for matter in number % len(MATTERS)],
        "promised_wd": 10.0,
    }
    at_array = np.array(at, "datetime64[ms]")
    last = np.zeros(items, np.int8)
    last[item] = state
    starts = at_array[np.unique(np.array(item) // len(MATTERS), return_index=True)[1]]
    return Register(
        cases=table(
            "cases",
            {
                "case": [f"{case + 1:06d}" for case in range(cases)],
                "flow": "F1",
                "received": starts,
                "zone": [f"zone{case % 3}" for case in range(cases)],
            },
        ),
        items=table("items", {**columns, "state": last}),
        events=table("events", {"item": item, "state": state, "at": at_array, "officer": officer}),
    )


def _course(calendar: WorkingDays, day: int, draw: np.random.Generator):
    """Yield the states of one item with their times, in duty hours and in order."""
    corrected, special = draw.random() < 0.2, draw.random() < 0.1
    skipped = set() if corrected else {State.CORRECTION, State.CORRECTED}
    skipped |= set() if special else {State.SPECIAL, State.SPECIAL_DONE}
    second = 9 * 3600 + int(draw.integers(0, 1800))
    for code, length in zip(STATES, LENGTH_WD, strict=True):
        if code in skipped:
            continue
        if length:
            day, second = int(calendar.add(day, length)), 9 * 3600 + int(draw.integers(0, 3600))
        else:
            second += int(draw.integers(1800, 4000))
        midnight = dt.datetime.combine(calendar.date_of(day), dt.time())
        yield int(code), midnight + dt.timedelta(seconds=second)

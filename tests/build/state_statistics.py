"""The state's statistics from a register of events, as a clerk would count them on a calendar.

It loops over events and dates and uses the calendar of the State Council's notices directly; it
shares no code with the program. The rules are those of the national approval system:

- item 审批用时: working days from 受理 (3) to 办结 (11), without 补正 (6-7) after acceptance and
  特别程序 (9-10); none for an item that was withdrawn, refused, not accepted, lapsed or revoked;
- stage 审批用时: working days on which an item is between 接件 (1) and 办结, without all pauses of
  any item; the items just named are left out altogether;
- project 审批用时: sum over the stages;
- 跨度用时: calendar days, of an item from 受理, of a project from the first 接件, to the last 办结;
- item 超期: 审批用时 above the item's limit; never for an item without 审批用时;
- stage 超期: 审批用时 above the stage's limit, or any item of it is overdue;
- project 超期: any item is overdue;
- the end of an item that decides nothing, such as a publicity, is no 办结 of its project, if others
  are decided;
- open items, and open pauses, count to now. The day on which a period begins does not count.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

import chinese_calendar

ENDED_BADLY = {2, 4, 5, 13, 14, 15}
ONE_DAY = dt.timedelta(days=1)


@dataclass
class Item:
    stage: str
    received: dt.datetime | None = None
    accepted: dt.datetime | None = None
    decided: dt.datetime | None = None
    ended: dt.datetime | None = None
    failed: bool = False
    starts: dict = field(default_factory=lambda: defaultdict(list))
    ends: dict = field(default_factory=lambda: defaultdict(list))


@dataclass
class Statistics:
    """By (project, item), (project, stage) and project: days, None where there is no number.

    And which are overdue.
    """

    item_days: dict = field(default_factory=dict)
    item_span: dict = field(default_factory=dict)
    stage_days: dict = field(default_factory=dict)
    project_days: dict = field(default_factory=dict)
    project_span: dict = field(default_factory=dict)
    item_overdue: set = field(default_factory=set)
    stage_overdue: set = field(default_factory=set)
    project_overdue: set = field(default_factory=set)


def dates_after(begin, end):
    """Return the dates after that of `begin`, up to and including that of `end`."""
    dates, day = set(), begin.date() + ONE_DAY
    while day <= end.date():
        dates.add(day)
        day += ONE_DAY
    return dates


def working(dates):
    return sum(chinese_calendar.is_workday(day) for day in dates)


def read(events):
    projects = defaultdict(dict)
    for event in sorted(events, key=lambda event: event.at):
        item = projects[event.project].setdefault(event.item, Item(event.stage))
        if event.state == 1:
            item.received = event.at
        elif event.state == 3:
            item.accepted = event.at
        elif event.state in (6, 9):
            item.starts[event.state].append(event.at)
        elif event.state in (7, 10):
            item.ends[event.state - 1].append(event.at)
        elif event.state == 11:
            item.decided = item.ended = event.at
        elif event.state in ENDED_BADLY:
            item.failed = True
            item.ended = event.at
            if event.state == 13:  # a refusal is a decision (办结), if not a good one
                item.decided = event.at
    return projects


def pauses(item, now, since=None):
    """Return the dates on which the item was paused: the k-th start goes with the k-th end."""
    dates = set()
    for kind, starts in item.starts.items():
        for k, start in enumerate(starts):
            end = item.ends[kind][k] if k < len(item.ends[kind]) else now
            if since is None or start >= since:
                dates |= dates_after(start, end)
    return dates


def statistics(events, completed, now, item_limits=(), stage_limits=(), decides_nothing=()):
    """Return the `Statistics` of a register at an instant; `completed`: the projects 完全办结.

    The limits are dicts of working days; an item or stage without one has none.
    """
    found, item_limits, stage_limits = Statistics(), dict(item_limits), dict(stage_limits)
    for project, items in read(events).items():
        stages = defaultdict(lambda: (set(), set()))
        for name, item in items.items():
            key = project, name
            open_, paused = stages[item.stage]
            if item.failed or item.accepted is None:
                found.item_days[key] = found.item_span[key] = None
            else:
                until = item.decided or now
                days = dates_after(item.accepted, until) - pauses(item, now, item.accepted)
                found.item_days[key] = working(days)
                found.item_span[key] = (until.date() - item.accepted.date()).days
                if name in item_limits and found.item_days[key] > item_limits[name]:
                    found.item_overdue.add(key)
                    found.stage_overdue.add((project, item.stage))
                    found.project_overdue.add(project)
            if not item.failed and item.received is not None:
                open_ |= dates_after(item.received, item.decided or now)
                paused |= pauses(item, now)
        for stage, (open_, paused) in stages.items():
            days = found.stage_days[project, stage] = working(open_ - paused)
            if stage in stage_limits and days > stage_limits[stage]:
                found.stage_overdue.add((project, stage))
        found.project_days[project] = sum(found.stage_days[project, stage] for stage in stages)
        first = min((i.received for i in items.values() if i.received), default=None)
        decided = [
            item.decided
            for name, item in items.items()
            if item.decided and name not in decides_nothing
        ]
        ended = decided or [item.ended for item in items.values() if item.ended]
        last = max(ended) if project in completed else now
        found.project_span[project] = None if first is None else (last.date() - first.date()).days
    return found

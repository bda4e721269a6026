"""What used the days of the cases: of all of them, and of the late ones beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from sim.experiments import Account, Result
from sim.measures.days import Category, not_counted
from sim.measures.limits import LimitJudgement
from sim.report.drawing.axes import along, axes_on, beside, heading, legend
from sim.report.drawing.intervals import at_end, nothing, patch_handle
from sim.report.drawing.labels import Names, folded, row_cm
from sim.report.drawing.style import CATEGORIES, styled
from sim.report.drawing.words import tell
from sim.report.run.figures.clock import limit_of
from sim.report.words import Language, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

By = Literal["department", "matter"]
MOST_ROWS: Final = 14
SHOWN_WD: Final = 0.05
"""Working days per case below which an account is not shown."""
HATCH: Final = "////"
"""Marks what the clock does not count."""


@styled
def days_used(
    result: Result,
    limit: str | None = None,
    by: By = "department",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw working days per case by department or matter, and by what they were spent on.

    On the left all measured cases of the limit's case type, with parallel work counted each; on
    the right the late cases, on their critical branch. Without late cases there is no right part.
    What the clock that decides does not count is hatched.

    Returns
    -------
    Axes
        Those on the left.
    """
    of = limit_of(result, limit)
    everyone, late = accounts_of(result, of, by)
    rows = _rows(everyone, late)
    names = Names(result.scenario, language)
    labels = [
        folded(names.department(row), 30)
        if by == "department" or of is None
        else folded(names.matters(of.limit.case_type, row), 30)
        for row in rows
    ]
    ax = axes_on(ax, 3.2 + row_cm(labels, 0.6) * max(len(rows), 2))
    if of is None or not rows:
        return nothing(ax, tell("no_limit" if of is None else "no_case", language))
    used = _categories([*everyone, *late])
    aside = hatched(result, of, [*everyone, *late])
    right = beside(ax, 0.5)[0] if late else None
    for panel, accounts, key in (
        (ax, everyone, "all_cases_axis"),
        (right, late, "late_cases_axis"),
    ):
        if panel is not None:
            _bars(panel, rows, accounts, used, aside)
            cases = accounts[0].cases if accounts else 0
            panel.set_xlabel(tell(key, language, cases=f"{cases:,}"))
            along(panel, "x")
    if right is not None:
        right.set_xlim(0, max(ax.get_xlim()[1], right.get_xlim()[1]))
        ax.set_xlim(right.get_xlim())
    ax.set_yticks(range(len(rows)), labels)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    handles = [
        patch_handle(say(each.name.lower(), language), CATEGORIES[each],
                     HATCH if each in aside else "")
        for each in used
    ]  # fmt: skip
    if aside:
        note = tell("hatched", language)
        handles.append(patch_handle(note, "#BBBBBB", HATCH))
    title = tell("days_title", language, limit=names.limit(of.limit.name))
    heading(ax, title, rows=legend(ax, handles, 4))
    return ax


def hatched(result: Result, of: LimitJudgement, accounts: Sequence[Account]) -> frozenset[Category]:
    """Return the categories shown of which the clock that decides counts nothing."""
    aside = not_counted(result.model.process, of.clock) | {Category.SUPERVISION}
    return aside.intersection(_categories(accounts))


def accounts_of(
    result: Result, of: LimitJudgement | None, by: By
) -> tuple[list[Account], list[Account]]:
    """Return the accounts of all cases of a limit's case type, and of its late cases."""
    if of is None:
        return [], []
    mine = [
        each
        for each in result.accounts
        if each.kind == by and each.of == (of.limit.name if each.late_only else of.limit.case_type)
    ]
    return [each for each in mine if not each.late_only], [each for each in mine if each.late_only]


def _rows(everyone: Sequence[Account], late: Sequence[Account]) -> list[str]:
    """Return the names to show, most days first: of late cases, where there are any."""
    size: dict[str, float] = {}
    for account in late or everyone:
        size[account.name] = account.total_wd
    for account in everyone if late else ():
        size.setdefault(account.name, account.total_wd * 1e-6)
    shown = {each.name for each in (*everyone, *late) if each.total_wd >= SHOWN_WD}
    return sorted(shown, key=lambda name: (-size.get(name, 0.0), name))[:MOST_ROWS]


def _categories(accounts: Sequence[Account]) -> list[Category]:
    return [
        each
        for each in Category
        if any(account.days_wd[each.name.lower()] >= SHOWN_WD for account in accounts)
    ]


def _bars(
    ax: Axes,
    rows: Sequence[str],
    accounts: Sequence[Account],
    used: Sequence[Category],
    aside: frozenset[Category],
) -> None:
    of = {account.name: account for account in accounts}
    left = np.zeros(len(rows))
    for category in used:
        key = category.name.lower()
        days = np.array([of[row].days_wd[key] if row in of else 0.0 for row in rows])
        ax.barh(
            range(len(rows)), days, left=left, height=0.68, color=CATEGORIES[category],
            edgecolor="white", linewidth=0.5, hatch=HATCH if category in aside else None, label=key,
        )  # fmt: skip
        left = left + days
    for place, row in enumerate(rows):
        if row in of and of[row].total_wd >= SHOWN_WD:
            at_end(ax, left[place], place, f"{of[row].total_wd:.1f}")
    ax.set_xlim(0, max(float(left.max()), 0.1) * 1.12)

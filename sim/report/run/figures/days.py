"""What used the days of all cases and of the late ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from sim.experiments import Account, Result
from sim.measures.days import Category, not_counted
from sim.measures.limits import LimitJudgement
from sim.report.clocks import clock_label
from sim.report.drawing.axes import (
    TEXT_PT,
    beside,
    grid_along,
    heading,
    room_pt,
    rows_on,
    write_instead,
)
from sim.report.drawing.figure import Figure, Options, titled
from sim.report.drawing.intervals import text_after_bar
from sim.report.drawing.labels import Names, folded
from sim.report.drawing.legends import legend, patch_handle
from sim.report.drawing.style import CATEGORIES, style
from sim.report.drawing.words import SHARED, Words, tell
from sim.report.language import Language
from sim.report.run.figures.limits import judgement_of, variants_by_limit
from sim.report.words import phrase, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

By = Literal["department", "matter"]
MOST_ROWS: Final = 14
SHOWN_WD: Final = 0.05
"""Working days per case below which an account is not shown."""
HATCH: Final = "////"
"""Hatching of what the clock does not count."""
WORDS: Final[Words] = {
    "title": ("{limit}: what used the days", "{limit}:时间用在哪里"),
    "axis_all": (
        "Working days per case\nall {cases} cases, parallel work counts each",
        "每件工作日\n全部 {cases} 件,并行分别计",
    ),
    "axis_late": (
        "Working days per late case\n{cases} late cases, critical branch",
        "每件超期办件工作日\n超期 {cases} 件,关键路径",
    ),
    "hatched": ("not on the clock", "不计入该口径"),
    "caption_late": (
        "A late case of “{limit}” spends {total} working days on its critical branch; most of "
        "them: {first}, {days}, mainly {category}.",
        "“{limit}”的超期办件在关键路径上平均用时 {total} 个工作日,其中{first}最多:{days} 天,"
        "主要为{category}。",
    ),
    "caption_all": (
        "A case of “{limit}” uses {total} working days, parallel work counted each; most of them: "
        "{first}, {days}, mainly {category}.",
        "“{limit}”的办件平均用时 {total} 个工作日(并行分别计),其中{first}最多:{days} 天,"
        "主要为{category}。",
    ),
    "caption_hatched": (
        " Hatched is what the clock ({clock}) does not count.",
        "斜线为该口径({clock})不计入的时间。",
    ),
}
_title = titled(WORDS["title"])


@style()
def days_used(
    result: Result,
    limit: str | None = None,
    by: By = "department",
    *,
    ax: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Draw working days per case by department or matter, and by what they were spent on.

    The left part shows all measured cases of the limit's case type, and counts every parallel
    branch. The right part, if any case is late, shows the late cases on their critical branch.
    What the clock that decides does not count is hatched. The left axes are returned.
    """
    judgement = judgement_of(result, limit)
    everyone, late = _accounts(result, judgement, by)
    rows = _rows(everyone, late)
    names = Names(result.scenario, language)
    case_type = judgement.limit.case_type if judgement else ""
    labels = [
        folded(names.department(row) if by == "department" else names.matters(case_type, row), 30)
        for row in rows
    ]
    ax = rows_on(ax, labels, margin=3.2)
    if judgement is None or not rows:
        return write_instead(ax, SHARED["no_case" if judgement else "no_limit"], language)
    uncounted = _hatched(result, judgement, [*everyone, *late])
    hatches = {
        category: HATCH if category in uncounted else ""
        for category in _categories([*everyone, *late])
    }
    panels = [(ax, "axis_all", everyone)]
    if late:
        panels.append((beside(ax, 0.5)[0], "axis_late", late))
    ends = [_bars(panel, rows, accounts, hatches) for panel, _, accounts in panels]
    for panel, key, accounts in panels:
        cases = accounts[0].cases if accounts else 0
        text = tell(WORDS[key], language, cases=f"{cases:,}")
        room = int(room_pt(ax) / len(panels) / TEXT_PT)
        panel.set_xlabel("\n".join(folded(line, room, 3) for line in text.splitlines()))
        panel.set_xlim(0, max(*ends, 0.1) * 1.12)
        grid_along(panel, "x")
    handles = [
        patch_handle(say(category.name.lower(), language), CATEGORIES[category], hatch)
        for category, hatch in hatches.items()
    ]
    if uncounted:
        handles.append(patch_handle(tell(WORDS["hatched"], language), "#BBBBBB", HATCH))
    title = _title(result, language, limit=judgement.limit.name)
    heading(ax, title, rows=legend(ax, handles, 4))
    return ax


def _hatched(
    result: Result, judgement: LimitJudgement, accounts: Sequence[Account]
) -> frozenset[Category]:
    """Return the categories shown that the clock that decides does not count."""
    uncounted = not_counted(result.model.process, judgement.rule) | {Category.SUPERVISION}
    return uncounted.intersection(_categories(accounts))


def _accounts(
    result: Result, judgement: LimitJudgement | None, by: By
) -> tuple[list[Account], list[Account]]:
    """Return the accounts of all cases of a limit's case type, and of its late cases."""
    if judgement is None:
        return [], []
    limit, case_type = judgement.limit.name, judgement.limit.case_type
    accounts = [account for account in result.accounts if account.kind == by]
    return (
        [account for account in accounts if not account.late_only and account.of == case_type],
        [account for account in accounts if account.late_only and account.of == limit],
    )


def _rows(everyone: Sequence[Account], late: Sequence[Account]) -> list[str]:
    """Return the names to show, most days of late cases first; without late cases, of all."""
    size = {account.name: account.total_wd * 1e-6 for account in everyone}
    size |= {account.name: account.total_wd for account in late}
    shown = {account.name for account in (*everyone, *late) if account.total_wd >= SHOWN_WD}
    return sorted(shown, key=lambda name: (-size[name], name))[:MOST_ROWS]


def _categories(accounts: Sequence[Account]) -> list[Category]:
    return [
        category
        for category in Category
        if any(account.days_wd[category.name.lower()] >= SHOWN_WD for account in accounts)
    ]


def _bars(
    ax: Axes, rows: Sequence[str], accounts: Sequence[Account], hatches: Mapping[Category, str]
) -> float:
    """Draw the days of each row as a stacked bar; return the end of the longest."""
    account_of = {account.name: account for account in accounts}
    left = np.zeros(len(rows))
    for category, hatch in hatches.items():
        key = category.name.lower()
        days = [account_of[row].days_wd[key] if row in account_of else 0.0 for row in rows]
        ax.barh(
            range(len(rows)), days, left=left, height=0.68, color=CATEGORIES[category],
            edgecolor="white", linewidth=0.5, label=key, hatch=hatch or None,
        )  # fmt: skip
        left = left + np.array(days)
    for place, row in enumerate(rows):
        total = account_of[row].total_wd if row in account_of else 0.0
        if total >= SHOWN_WD:
            text_after_bar(ax, left[place], place, f"{total:.1f}")
    return float(left.max())


def _variants(result: Result) -> Mapping[str, Options]:
    return {
        name: options
        for name, options in variants_by_limit(result, "days").items()
        if any(_accounts(result, judgement_of(result, options["limit"]), "department"))
    }


def _caption(result: Result, language: Language, *, limit: str) -> str:
    judgement = judgement_of(result, limit)
    assert judgement is not None
    everyone, late = _accounts(result, judgement, "department")
    shown = late or everyone
    first = max(shown, key=lambda account: (account.total_wd, account.name))
    most = max(Category, key=lambda category: first.days_wd[category.name.lower()])
    names = Names(result.scenario, language)
    text = phrase(
        WORDS["caption_late" if late else "caption_all"], language, limit=names.limit(limit),
        total=f"{sum(account.total_wd for account in shown):.1f}",
        first=names.department(first.name), days=f"{first.total_wd:.1f}",
        category=say(most.name.lower(), language).lower(),
    )  # fmt: skip
    if _hatched(result, judgement, [*everyone, *late]):
        clock = clock_label(judgement.rule, language)
        text += phrase(WORDS["caption_hatched"], language, clock=clock)
    return text


DAYS_USED: Final = Figure("days_used", days_used, _variants, _title, _caption, by_limit=True)

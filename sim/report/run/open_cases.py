"""What is said of cases that are open when the run ends, and of how long the run went on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from sim.experiments import Result
from sim.report.blocks import Line
from sim.report.labels import Labels
from sim.report.numbers import percent
from sim.report.words import Vocabulary
from sim.scenario.run_out import LENGTHS

WORDS: Final[dict[str, tuple[str, str]]] = {
    "both_ways": (
        "{limit}: {count:case is|cases are} still open when the run ends, and may yet be on time "
        "or late. The verdict counts them both ways: {late} of the cases are on time if all of "
        "these are late, {on_time} if none is.",
        "{limit}:运行结束时尚有 {count:,} 件在办,按期与否未定。结论按两种情形计:"
        "若均超期,按期率为 {late};若均按期,为 {on_time}。",
    ),
    "some_open": (
        "Some cases are still open when the runs end, and may yet be on time or late. Shares count "
        "them as late, intervals both ways.",
        "运行结束时部分办件尚在办,按期与否未定。按期率按超期计,置信区间按两种情形计。",
    ),
    "leave_run_out": (
        "Leave out period.run_out ({stated}): a run then goes on until every case is decided. Or "
        "make it longer, such as {longer} cd.",
        "请删去 period.run_out({stated}),运行会持续到每件办件都有结论;或将其延长,如 {longer} cd。",
    ),
    "leave_longest": (
        "Leave out period.run_out ({stated}): a run then goes on until every case is decided, but "
        "five years at most. A longer one must be stated.",
        "请删去 period.run_out({stated}),运行会持续到每件办件都有结论,但至多五年;更长的须写明。",
    ),
    "calendar_ends": (
        "The run could go on for {days} days only: the published working days end there. With "
        "calendar.fallback=statutory it goes on.",
        "运行只能持续 {days} 天:已公布的工作日历到此为止。设 calendar.fallback=statutory 可继续。",
    ),
    "too_long": (
        "The run went on for {days} days after the window, and ends there unless a longer "
        "period.run_out is stated.",
        "运行在统计窗口之后持续了 {days} 天;如需更长,须写明 period.run_out。",
    ),
    "went_on": (
        "After the window the run goes on until every measured case is decided: up to {days} days "
        "were simulated.",
        "统计窗口之后,运行持续到每件计入的办件都有结论:最多模拟了 {days} 天。",
    ),
}

_say = Vocabulary(WORDS)


def open_case_lines(result: Result, labels: Labels) -> Iterator[Line]:
    """Yield for each limit how many cases count both ways; then what decides them."""
    undetermined = [limit for limit in result.verdicts if limit.undetermined]
    for limit in undetermined:
        text = _say(
            "both_ways",
            labels.language,
            limit=labels.limit(limit.limit.name),
            count=limit.undetermined,
            late=percent(limit.share),
            on_time=percent(limit.share_at_best),
        )
        yield Line(text, "warning")
    if undetermined:
        yield Line(_remedy(result, labels), "notice")
    elif result.scenario.period.run_out is None and result.verdicts:
        days = result.longest_run_out
        yield Line(_say("went_on", labels.language, days=days), "faint")


def some_open_lines(results: Iterable[Result], labels: Labels) -> Iterator[Line]:
    """Say that some cases of several results count both ways, if any do, and what decides them."""
    with_open = [each for each in results if any(limit.undetermined for limit in each.verdicts)]
    if with_open:
        yield Line(_say("some_open", labels.language), "warning")
        longest = max(with_open, key=lambda result: result.longest_run_out)
        yield Line(_remedy(longest, labels), "notice")


def _remedy(result: Result, labels: Labels) -> str:
    """Say what gives open cases the time to be decided."""
    stated, days = result.scenario.period.run_out, result.longest_run_out
    if stated is not None:
        longer = next((length for length in LENGTHS if length > days), None)
        key = "leave_longest" if longer is None else "leave_run_out"
        return _say(key, labels.language, stated=str(stated), longer=longer)
    key = "too_long" if days == LENGTHS[-1] else "calendar_ends"
    return _say(key, labels.language, days=days)

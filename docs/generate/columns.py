"""What each column of the tables of `--out` means."""

from __future__ import annotations

from typing import Final

INTERVAL: Final = {"ci_low": "Its confidence interval.", "ci_high": "The same."}

COUNTS: Final = {
    "cases": "Measured cases with a step in scope.",
    "late": "Ended late.",
    "open": "Not ended.",
    "open_overdue": "Not ended, and already over the limit; part of `open`.",
    "withdrawn": "Withdrawn by the applicant.",
    "no_decision": "Not accepted, or refused before the scope could decide.",
}

SHARE: Final = {
    "on_time_share": "On time ÷ (on time + late + open and overdue).",
    **INTERVAL,
    "verdict": "`holds`, `fails`, `undecided`.",
}

LIMIT: Final = {
    "limit": "Name of the limit.",
    "case_type": "The cases it holds for.",
    "clock": "The clock on which days are counted.",
}

JUDGED: Final = {
    "limit_days": "The promise, in days.",
    "target_share": "Share that must keep it.",
    **SHARE,
    **COUNTS,
    "p50": "Quantile of the clock, in days.",
    "p90": "The same.",
    "p95": "The same.",
    "max": "Most days.",
    "spare_days": "Limit minus the days that the target share keeps; negative where it is missed.",
}

PERIOD: Final = {
    "period": "`2021-03`; of a week, its first date in the window.",
    "first": "First date of the period.",
    "last": "Last date.",
}

LIMITS: Final = {
    **LIMIT,
    "decides": "Whether this is the clock that decides.",
    **JUDGED,
}

POOLS: Final = {
    "name": "Name of the pool; `name[value]` for one that exists per attribute.",
    "officers": "Officers who serve it, alone or among others.",
    "utilisation": "Worked ÷ rostered time of these officers, mean over replications.",
    "mean_wait_h": "Hours from ready to start, round the clock.",
    "max_queue": "Most items that waited at one instant, in any replication.",
    "mean_queue": "Mean number waiting, round the clock.",
    "items": "Items that became ready in the window.",
}

REQUIREMENT: Final = {
    "requirement": "The limit, or the pool of a wait.",
    "kind": "`limit` or `wait`.",
}

MET: Final = {
    "target": "The share, or the hours, that are required.",
    "value": "On-time share; of a wait, hours.",
    **INTERVAL,
    "margin": "Distance to the target, positive where it is met.",
    "verdict": "`holds`, `fails`, `undecided`.",
}


def estimate(name: str, meaning: str) -> dict[str, str]:
    """Return an estimate and the two bounds of its interval."""
    return {name: meaning, f"{name}_low": "Its interval.", f"{name}_high": "The same."}


TORNADO: Final = {
    "limit": "Name of the limit.",
    "parameter": "Path of the parameter.",
    "unit": "Of its values; empty for plain numbers.",
    **{
        f"{at}_{name}": f"{meaning} {where}"
        for at, where in (
            ("base", "as the scenario states it."),
            ("low", "at the low end of the range."),
            ("high", "at the high end of the range."),
        )
        for name, meaning in (
            ("value", "Value"),
            ("share", "On-time share"),
            ("ci_low", "Its interval"),
            ("ci_high", "The same"),
            ("verdict", "Verdict"),
        )
    },
    **estimate("low_difference", "Share at the low end minus that of the scenario."),
    **estimate("high_difference", "Share at the high end minus that of the scenario."),
}

FLIPS: Final = {
    "limit": "Name of the limit.",
    "parameter": "Path of the parameter.",
    "unit": "Of its values; empty for plain numbers.",
    "base_value": "Value as the scenario states it.",
    "base_verdict": "Verdict there.",
    "end_value": "The end of the range at which the verdict is another.",
    "end_verdict": "Verdict there.",
    "flip_value": "Where the share crosses the target.",
    "before": "It lies between this value",
    "after": "and this.",
    "surely_before": "Up to here the scenario's verdict is proven; empty: nowhere.",
    "surely_after": "From here on the opposite is; empty: not even at the end.",
}

SCREENING: Final = {
    "limit": "Name of the limit.",
    "parameter": "Path of the parameter.",
    **estimate("mu_star", "Mean size of the effect of the whole range, in shares."),
    **estimate("mu", "Mean effect, with its sign."),
    **estimate("sigma", "How unlike these effects are."),
}

TABLES: Final[dict[str, dict[str, tuple[str, dict[str, str]]]]] = {
    "sim run": {
        "limits": ("limit and clock", LIMITS),
        "groups": (
            "limit and group, where groups are asked for; see "
            "[by zone](../explanation/results.md#by-zone-and-what-a-ranking-is-worth)",
            {
                "limit": "Name of the limit.",
                "attribute": "By what the cases are told apart.",
                "value": "Value of the attribute, or name of several `sites`.",
                "cases": COUNTS["cases"],
                "on_time": "Ended in time.",
                **COUNTS,
                **SHARE,
                "p90": "Quantile of the clock that decides, in days.",
                "mean_rank": "Mean rank over the replications; 1 is best.",
                "rank_low": "At least 90 % of its yearly ranks lie between this",
                "rank_high": "and this.",
                "bottom_share": "Share of the replications in which it was among the last.",
                "bottom_if_alike": "The same, if all groups were equally good.",
                "bottom": "How many groups count as last.",
                "signal": "How far the ranks of two years agree.",
                "signal_if_alike": "The same, if all groups were equally good.",
            },
        ),
        "pools": ("pool", POOLS),
        "months": (
            "limit and month in which cases were submitted; weeks, if the window is short",
            {
                "limit": "Name of the limit.",
                **PERIOD,
                "cases": COUNTS["cases"],
                "on_time": "Ended in time.",
                **COUNTS,
                **SHARE,
                "p90": "Quantile of the clock that decides, in days.",
            },
        ),
        "pool_months": (
            "pool and month, or week",
            {
                "pool": "Name of the pool.",
                **PERIOD,
                **{name: POOLS[name] for name in ("utilisation", "mean_queue", "mean_wait_h")},
                "items": "Items that became ready in the period.",
            },
        ),
        "matters": (
            "account of days: matter or department",
            {
                "kind": "`matter` or `department`.",
                "of": "The case type; with `late_only`, the limit.",
                "late_only": "Late cases on their critical branch, or all cases and all steps.",
                "name": "Matters that share a step are joined by ` + `; empty: the applicant's "
                "time, or that of a pool without a department.",
                "cases": "Cases in the mean.",
                "total_wd": "Mean working days per case.",
                "waiting_wd": "Of these: waiting for an officer.",
                "work_wd": "Work.",
                "transfer_wd": "Papers on their way.",
                "correction_wd": "The applicant's time.",
                "excluded_wd": "Special procedures and publicity.",
                "third_party_wd": "Third parties.",
                "other_wd": "Other delays of the authority.",
                "supervision_wd": "Verification after the decision; on no clock.",
            },
        ),
        "cases": (
            "measured case, of all replications",
            {
                "replication": "Number of the replication, from 0.",
                "case": "Number of the case in it.",
                "case_type": "Its case type.",
                "backlog": "Its name, if it was open at the start.",
                "arrival": "Date and time of submission.",
                "attribute.ZONE": "Value of the attribute; a column for each.",
                "outcome": "`done`, `refused`, `withdrawn`, `not_accepted`, `open`.",
                "LIMIT.statutory": "Days on this clock, of an open case so far; for each limit.",
                "LIMIT.promised": "The same.",
                "LIMIT.net_approval": "The same.",
                "LIMIT.gross_span": "The same.",
                "LIMIT.calendar_days": "The same.",
                "LIMIT.standing": "`on_time`, `late`, `open_overdue`, `undetermined`, `withdrawn`, "
                "`no_decision`; empty for cases of other types.",
                "LIMIT.on_time": "Whether it kept the limit; empty where that is not known or does "
                "not count.",
            },
        ),
        "items": (
            "step of a case, of the first replication; with `--all-items`, of all",
            {
                "replication": "Number of the replication, from 0.",
                "item": "Number of the item in it.",
                "case": "Number of the case.",
                "step": "Name of the step.",
                "matter": "Its matter; several are joined by ` + `.",
                "role": "What it is in the course of a matter: `intake`, `check`, `review` …",
                "owner": "Whose time it is: `authority`, `applicant`, `third_party`, `special`, "
                "`publicity`, `deferred`, `supervision`.",
                "department": "Who accounts for it.",
                "pool": "The pool that does it; empty for a delay.",
                "officer": "Who did it; empty for a delay, and before work began.",
                "ready": "Date and time from which it could begin.",
                "start": "When an officer began; empty: not yet.",
                "end": "When it ended; empty: not yet.",
            },
        ),
    },
    "sim compare": {
        "differences": (
            "difference; see [Compare](../how-to/compare.md)",
            {
                "measure": "`on_time_share`, `p50`, `p90` (days), `mean_wait_h`, `utilisation`.",
                "of": "The limit or pool.",
                "scenario": "Which is compared with the reference.",
                "reference": "The measure of the reference.",
                "value": "That of the scenario.",
                "difference": "`value` − `reference`.",
                **INTERVAL,
                "proven": "Sign of the difference where it is proven; else 0.",
                "together": "Number of differences whose intervals hold together.",
                "open_cases": "Whether cases that are still open could change it.",
            },
        ),
        "limits": (
            "scenario, limit and clock",
            {"scenario": "Name of the scenario.", **LIMITS},
        ),
        "pools": ("scenario and pool", {"scenario": "Name of the scenario.", **POOLS}),
    },
    "sim sweep": {
        "limits": (
            "combination and limit, on the clock that decides",
            {"PATH": "The value tried; a column for each path.", **LIMIT, **JUDGED},
        ),
        "pools": (
            "combination and pool",
            {"PATH": "The value tried; a column for each path.", **POOLS},
        ),
    },
    "sim load-curve": {
        "breaking": (
            "limit",
            {
                "limit": "Name of the limit.",
                "target_share": "Share that must keep it.",
                "status": "`breaks`, `broken` already at the lowest load, `keeps` up to the "
                "highest, `no_cases`.",
                "proven": "Whether the interval bears that out.",
                "breaking_load": "Load at which it breaks; 1 is the scenario.",
                **INTERVAL,
                "confidence": "Of the interval.",
                "pool": "Pool that breaks first.",
            },
        ),
        "curve": (
            "limit and load",
            {
                "limit": "Name of the limit.",
                "load": "Factor on the arrivals.",
                "searched": "Chosen by the search, not of the curve.",
                "cases": COUNTS["cases"],
                "on_time_share": SHARE["on_time_share"],
                **INTERVAL,
                "target_share": "Share that must keep it.",
            },
        ),
        "pools": (
            "limit and pool that its cases pass",
            {
                "limit": "Name of the limit.",
                "load": "The load at which the pool is told.",
                "pool": "Name of the pool.",
                "officers": POOLS["officers"],
                "utilisation": POOLS["utilisation"],
                "offered": "Work that comes in ÷ rostered time.",
                "full_at": "Load at which that reaches 1; empty: never.",
                "mean_wait_h": POOLS["mean_wait_h"],
                "mean_queue": POOLS["mean_queue"],
                "added_queue": "By how much that has grown from the lowest load.",
                "max_queue": POOLS["max_queue"],
            },
        ),
    },
    "sim staff": {
        "staff": (
            "group; see [How many officers](../how-to/staff.md)",
            {
                "team": "The group; `group[value]` where it counts by value.",
                "today": "Officers today.",
                "floor": "Fewest with which it keeps up with its work.",
                "plan": "Officers of the plan.",
                "change": "`plan` − `today`.",
                "cost": "Of one officer.",
                "busy_today": "Worked ÷ rostered time of its busiest pool.",
                "busy_plan": "The same under the plan.",
            },
        ),
        "verdicts": ("requirement, on fresh random numbers", {**REQUIREMENT, **MET}),
        "frontier": (
            "best plan seen, by cost",
            {
                "heads": "Officers.",
                "cost": "Their cost.",
                **REQUIREMENT,
                **MET,
                "replications": "Behind it.",
                "staff.GROUP": "Officers of the group; a column for each.",
            },
        ),
        "marginal": (
            "staffing, group and requirement",
            {
                "at": "`today` or `plan`.",
                "team": "The group.",
                "by": "One officer more (1) or fewer (-1).",
                **REQUIREMENT,
                "change": "Of the value.",
                **INTERVAL,
                "verdict": "Then.",
                "replications": "Behind it.",
            },
        ),
    },
    "sim reforms": {
        "contributions": (
            "measure, rule and lever; see [Reforms](../how-to/reforms.md)",
            {
                "measure": "`on_time_share`, `days_saved`, `staff_h_per_case`.",
                "of": "The limit; for staff time the case type.",
                "rule": "`stepwise`, `shapley`, `first`, `last`; `total`: all levers.",
                "lever": "The lever; empty for the total.",
                "value": "What it brings.",
                **INTERVAL,
                "confidence": "Of the interval.",
            },
        ),
        "states": (
            "measure and simulated set of levers",
            {
                "measure": "As above.",
                "of": "As above.",
                "levers": "Those that are on, joined by ` + `.",
                "value": "The level.",
                **INTERVAL,
                "confidence": "Of the interval.",
            },
        ),
    },
    "sim sensitivity": {
        "tornado": (
            "limit and parameter; see [Which assumption matters](../how-to/sensitivity.md)",
            TORNADO,
        ),
        "flips": ("place at which a verdict turns", FLIPS),
    },
    "sim sensitivity --method morris": {"screening": ("limit and parameter", SCREENING)},
    "sim sensitivity --method sobol": {
        "screening": ("limit and parameter", SCREENING),
        "sobol": (
            "limit and parameter",
            {
                "limit": "Name of the limit.",
                "parameter": "Path of the parameter.",
                **estimate("first", "Share of the variance that it explains alone (S1)."),
                **estimate("total", "The same with all interplay (ST)."),
            },
        ),
    },
}
"""Command → table → what a row is, and the columns in their order."""

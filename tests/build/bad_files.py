"""Two small scenarios, and ways to spoil them."""

from __future__ import annotations

from dataclasses import dataclass

STEPS = """\
name: Small
calendar: {country: everyday}
period:
  start: 2024-01-01
  window: {from: 2024-01-01, to: 2024-01-31}
  run_out: 30 cd
hours:
  office: {week: {mon-fri: "8:30-11:30 13:00-17:00"}}
departments:
  hall: {label: Hall}
pools:
  desk: {department: hall}
staff:
  clerks: {serves: [desk], count: 2, hours: office}
case_types:
  permit:
    arrivals:
      every: {exponential: 4 h}
    attributes:
      zone: {shares: {north: 0.5, south: 0.5}}
    steps:
      intake: {pool: desk, work: 10 min}
      review:
        after: [intake]
        pool: desk
        work: {lognormal: {mean: 1 h, cv: 0.5}}
limits:
  quick:
    case_type: permit
    limit: 5 wd
    clock: gross_span
run: {replications: 2, seed: 1}
"""

MATTERS = """\
name: Small
calendar: {country: everyday}
period:
  start: 2024-01-01
  window: 2024-01-10
  run_out: 30 cd
hours:
  office: {week: {mon-fri: "8:30-17:00"}}
departments:
  hall: {counter: desk}
  planning: {counter: desk}
pools:
  desk: {department: hall}
  planners: {department: planning}
staff:
  clerks: {serves: [desk], count: 2, hours: office}
  planners: {serves: [planners], count: 2, hours: office}
case_types:
  project:
    arrivals:
      yearly: {volume: 100}
    attributes:
      kind: {shares: {large: 0.3, small: 0.7}}
    window: {pool: desk, transfer_out: 1 h, transfer_back: 1 h}
    trip: 1 h
    stages:
      land: {lead: planning, budget: 5 wd}
    serial_order: [LUP, DES]
    matter_defaults:
      intake: 10 min
      check: 10 min
    matters:
      LUP:
        department: planning
        stage: land
        review:
          handle: {pool: planners, work: 1 h}
        decision: {pool: planners, work: 5 min}
      DES:
        department: planning
        stage: land
        requires: [LUP]
        if: {kind: large}
        decision: {pool: planners, work: 5 min}
limits:
  thirty:
    case_type: project
    scope: {matters: [LUP]}
    limit: 30 wd
"""

MARK = "#!"
"""Ends the line that a message must name."""


@dataclass(frozen=True)
class Bad:
    """A file that must be refused, and what the message must say."""

    name: str
    text: str | bytes
    key: str
    """What the message must name as the place: a path of keys."""
    words: tuple[str, ...]
    """What else it must say."""

    @property
    def line(self) -> int | None:
        """The line that the message must name: the marked one."""
        if isinstance(self.text, bytes):
            return None
        lines = [n for n, line in enumerate(self.text.split("\n"), 1) if line.endswith(MARK)]
        return lines[0] if lines else None


def changed(text: str, old: str, new: str) -> str:
    """Replace the one place where `old` stands."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def steps(name: str, old: str, new: str, key: str, *words: str) -> Bad:
    """Spoil the small scenario with steps."""
    return Bad(name, changed(STEPS, old, new), key, words)


def matters(name: str, old: str, new: str, key: str, *words: str) -> Bad:
    """Spoil the small scenario with matters."""
    return Bad(name, changed(MATTERS, old, new), key, words)


# what is replaced most often
NAME = "name: Small"
WINDOW = "  window: {from: 2024-01-01, to: 2024-01-31}"
CLERKS = "  clerks: {serves: [desk], count: 2, hours: office}"
INTAKE = "      intake: {pool: desk, work: 10 min}"
WORK = "        work: {lognormal: {mean: 1 h, cv: 0.5}}"
EVERY = "      every: {exponential: 4 h}"
SHARES = "      zone: {shares: {north: 0.5, south: 0.5}}"
HOURS = '  office: {week: {mon-fri: "8:30-11:30 13:00-17:00"}}'
LIMIT = "    limit: 5 wd"


def staff(name: str, fields: str, key: str, *words: str) -> Bad:
    """Spoil the roster."""
    return steps(name, CLERKS, f"  clerks: {{{fields}}} {MARK}", key, *words)


def work(name: str, text: str, key: str, *words: str) -> Bad:
    """Spoil the effort of the step `review`."""
    return steps(name, WORK, f"        work: {text} {MARK}", key, *words)


def every(name: str, text: str, key: str, *words: str) -> Bad:
    """Spoil the gaps between cases."""
    return steps(name, EVERY, f"      every: {text} {MARK}", key, *words)


def office(name: str, text: str, key: str, *words: str) -> Bad:
    """Spoil the office hours."""
    return steps(name, HOURS, f"  office: {text} {MARK}", key, *words)


R = "case_types.permit.steps.review"
STAFF = "staff.clerks"

CASES = [
    # wrong types
    staff(
        "text-for-number",
        "serves: [desk], count: two, hours: office",
        f"{STAFF}.count",
        "'two'",
        "whole number",
    ),
    staff(
        "number-as-text",
        'serves: [desk], count: "2", hours: office',
        f"{STAFF}.count",
        "'2'",
        "whole number",
    ),
    staff(
        "float-for-count",
        "serves: [desk], count: 2.5, hours: office",
        f"{STAFF}.count",
        "2.5",
        "whole number",
        "count: 2 here and a group of its own with count: 1, share: 0.5",
    ),
    staff(
        "half-a-post",
        "serves: [desk], count: 0.5, hours: office",
        f"{STAFF}.count",
        "count: 1 with share: 0.5",
    ),
    staff(
        "half-a-day-of-leave",
        "serves: [desk], count: 2, hours: office, leave: "
        "[{dates: {from: 2024-01-05 12:00:00, to: 2024-01-08 17:00:00}, officers: 1}]",
        f"{STAFF}.leave.0.dates",
        "leave counts whole dates",
        "hours.office.except: {2024-01-05: '8:30-11:30', 2024-01-08: closed}",
        "give these a group and hours of their own",
    ),
    staff(
        "a-leave-of-hours",
        "serves: [desk], count: 2, hours: office, leave: [{dates: 2024-01-05 12:00:00, "
        "officers: 1}]",
        f"{STAFF}.leave.0.dates",
        "leave counts whole dates",
        "hours.office.except: {2024-02-09: '8:30-11:30'}",
    ),
    staff(
        "bool-for-count",
        "serves: [desk], count: true, hours: office",
        f"{STAFF}.count",
        "true",
        "whole number",
    ),
    staff(
        "list-for-count",
        "serves: [desk], count: [2], hours: office",
        f"{STAFF}.count",
        "whole number",
    ),
    staff(
        "date-for-count",
        "serves: [desk], count: 2024-01-01, hours: office",
        f"{STAFF}.count",
        "whole number",
    ),
    staff("text-for-list", "serves: desk, count: 2, hours: office", f"{STAFF}.serves", "list"),
    staff(
        "mapping-for-list", "serves: {desk: 1}, count: 2, hours: office", f"{STAFF}.serves", "list"
    ),
    staff("number-in-list", "serves: [1], count: 2, hours: office", f"{STAFF}.serves.0", "text"),
    staff("list-for-text", "serves: [desk], count: 2, hours: [office]", f"{STAFF}.hours", "text"),
    staff(
        "text-for-probability",
        "serves: [desk], count: 2, hours: office, absence: often",
        f"{STAFF}.absence",
        "number",
    ),
    staff(
        "bool-for-probability",
        "serves: [desk], count: 2, hours: office, absence: true",
        f"{STAFF}.absence",
        "number",
    ),
    staff(
        "number-for-date",
        "serves: [desk], count: 2, hours: office, from: 20240101",
        f"{STAFF}.from",
        "date",
    ),
    staff(
        "text-for-date",
        "serves: [desk], count: 2, hours: office, from: soon",
        f"{STAFF}.from",
        "date",
        "2021-03-01",
    ),
    staff(
        "no-such-date",
        "serves: [desk], count: 2, hours: office, from: 2024-02-30",
        f"{STAFF}.from",
        "date",
    ),
    staff("list-for-roster-group", "", f"{STAFF}", "'serves' is missing", "'hours' is missing"),
    steps("list-for-mapping", CLERKS, f"  clerks: [desk, 2] {MARK}", STAFF, "mapping"),
    steps("text-for-mapping", CLERKS, f"  clerks: two {MARK}", STAFF, "mapping"),
    steps("number-for-mapping", "staff:\n" + CLERKS, f"staff: 7 {MARK}", "staff", "mapping"),
    steps(
        "list-for-top-mapping",
        "pools:\n  desk: {department: hall}",
        f"pools: [desk] {MARK}",
        "pools",
        "mapping",
    ),
    steps(
        "number-for-label",
        "{label: Hall}",
        f"{{label: 7}} {MARK}",
        "departments.hall.label",
        "text",
    ),
    steps("list-for-name", NAME, f"name: [Small] {MARK}", "name", "text"),
    steps("number-for-name", NAME, f"name: 5 {MARK}", "name", "text"),
    steps(
        "bool-as-text",
        INTAKE,
        f'      intake: {{pool: desk, work: 10 min, probability: "yes"}} {MARK}',
        "case_types.permit.steps.intake.probability",
        "number",
    ),
    steps(
        "text-for-switch",
        "run: {",
        f"handling: {{one_window: 'yes'}} {MARK}\nrun: {{",
        "handling.one_window",
        "true or false",
    ),
    steps(
        "number-for-switch",
        "run: {",
        f"handling: {{one_window: 1}} {MARK}\nrun: {{",
        "handling.one_window",
        "true or false",
    ),
    steps(
        "float-for-replications",
        "replications: 2,",
        "replications: 2.0,",
        "run.replications",
        "whole number",
    ),
    steps(
        "wrong-choice",
        "clock: gross_span",
        f"clock: gross {MARK}",
        "limits.quick.clock",
        "gross_span",
    ),
    steps(
        "list-for-choice",
        "clock: gross_span",
        f"clock: [gross_span] {MARK}",
        "limits.quick.clock",
        "must be text",
    ),
    work("number-for-duration", "60", f"{R}.work", "60", "unit"),
    work("list-for-distribution", "[1 h, 2 h]", f"{R}.work", "a time with its unit"),
    steps("null-distribution", WORK, "        work:", R, "pool and work"),
    # unknown keys and names
    steps("unknown-top", NAME, f"{NAME}\nholidys: 1 {MARK}", "holidys", "unknown key"),
    steps(
        "unknown-top-near",
        NAME,
        f"{NAME}\nlimts: {{}} {MARK}",
        "limts",
        "unknown key",
        "did you mean 'limits'?",
    ),
    staff(
        "unknown-nested",
        "serves: [desk], count: 2, hours: office, sped: 2",
        f"{STAFF}.sped",
        "unknown key",
        "did you mean 'speed'?",
    ),
    staff(
        "unknown-in-list",
        "serves: [desk], count: 2, hours: office, leave: [{dates: 2024-01-05, oficers: 1}]",
        f"{STAFF}.leave.0.oficers",
        "did you mean 'officers'?",
    ),
    work(
        "unknown-distribution",
        "{lognorml: {mean: 1 h, cv: 0.5}}",
        f"{R}.work.lognorml",
        "did you mean 'lognormal'?",
    ),
    work(
        "unknown-parameter",
        "{lognormal: {mean: 1 h, cw: 0.5}}",
        f"{R}.work.lognormal.cw",
        "unknown key",
        "valid: cv",
    ),
    every(
        "unknown-gap",
        "{exponentially: 4 h}",
        "case_types.permit.arrivals.every.exponentially",
        "did you mean 'exponential'?",
    ),
    steps(
        "missing-pool",
        INTAKE,
        f"      intake: {{pool: dsk, work: 10 min}} {MARK}",
        "case_types.permit.steps.intake.pool",
        "dsk",
        "did you mean 'desk'?",
    ),
    staff(
        "missing-pool-served",
        "serves: [dask], count: 2, hours: office",
        f"{STAFF}.serves.0",
        "did you mean 'desk'?",
    ),
    staff(
        "missing-hours",
        "serves: [desk], count: 2, hours: ofice",
        f"{STAFF}.hours",
        "did you mean 'office'?",
    ),
    steps(
        "missing-department",
        "{department: hall}",
        f"{{department: hell}} {MARK}",
        "pools.desk.department",
        "did you mean 'hall'?",
    ),
    steps(
        "missing-case-type",
        "    case_type: permit",
        f"    case_type: permits {MARK}",
        "limits.quick.case_type",
        "did you mean 'permit'?",
    ),
    matters(
        "missing-stage",
        "        stage: land\n        review",
        f"        stage: lnd {MARK}\n        review",
        "case_types.project.matters.LUP.stage",
        "did you mean 'land'?",
    ),
    matters(
        "missing-matter",
        "requires: [LUP]",
        f"requires: [LUB] {MARK}",
        "case_types.project.matters.DES.requires",
        "did you mean 'LUP'?",
    ),
    steps(
        "missing-step",
        "after: [intake]",
        f"after: [intak] {MARK}",
        f"{R}.after",
        "did you mean 'intake'?",
    ),
    steps("missing-key", LIMIT + "\n", "", "limits.quick", "'limit' is missing"),
    steps(
        "missing-top-key",
        "period:\n  start: 2024-01-01\n" + WINDOW + "\n  run_out: 30 cd\n",
        "",
        "",
        "'period' is missing",
    ),
    # circles
    steps(
        "circle-of-steps",
        INTAKE,
        f"      intake: {{pool: desk, work: 10 min, after: [review]}} {MARK}",
        "case_types.permit.steps.intake.after",
        "circle: intake → review → intake",
    ),
    steps(
        "step-after-itself",
        "after: [intake]",
        f"after: [review] {MARK}",
        f"{R}.after",
        "circle",
        "review → review",
    ),
    matters(
        "circle-of-matters",
        "        stage: land\n        review",
        f"        requires: [DES] {MARK}\n        stage: land\n        review",
        "case_types.project.matters.LUP.requires",
        "circle: LUP → DES → LUP",
    ),
    matters(
        "matter-requires-itself",
        "requires: [LUP]",
        f"requires: [DES] {MARK}",
        "case_types.project.matters.DES.requires",
        "circle",
        "DES → DES",
    ),
    # numbers
    work("negative-time", "-3 h", f"{R}.work", "-3 h"),
    work("negative-time-in-distribution", "{exponential: -3 h}", f"{R}.work.exponential", "-3 h"),
    work("zero-mean", "{exponential: 0 h}", f"{R}.work", "mean must be above 0"),
    work(
        "zero-lognormal",
        "{lognormal: {mean: 0 h, cv: 1.0}}",
        f"{R}.work.lognormal",
        "mean must be above 0",
    ),
    staff(
        "probability-above-1",
        "serves: [desk], count: 2, hours: office, absence: 1.5",
        f"{STAFF}.absence",
        "1.5",
        "at most 1",
    ),
    staff(
        "probability-below-0",
        "serves: [desk], count: 2, hours: office, absence: -0.1",
        f"{STAFF}.absence",
        "-0.1",
        "at least 0",
    ),
    staff(
        "percent-for-probability",
        "serves: [desk], count: 2, hours: office, absence: 3%",
        f"{STAFF}.absence",
        "3%",
        "number",
    ),
    steps(
        "shares-not-1",
        SHARES,
        f"      zone: {{shares: {{north: 0.5, south: 0.4}}}} {MARK}",
        "case_types.permit.attributes.zone.shares",
        "add up to 1",
        "0.9",
    ),
    steps(
        "no-shares",
        SHARES,
        f"      zone: {{shares: {{}}}} {MARK}",
        "case_types.permit.attributes.zone.shares",
        "at least one entry",
    ),
    steps("head-count-0", "count: 2", "count: 0", "pools.desk", "no officer serves this pool"),
    staff(
        "head-count-huge",
        "serves: [desk], count: 1000000000000, hours: office",
        f"{STAFF}.count",
        "10000",
    ),
    staff(
        "head-count-10**400",
        f"serves: [desk], count: {10**400}, hours: office",
        f"{STAFF}.count",
        "too many digits",
    ),
    staff(
        "head-count-5000-digits",
        f"serves: [desk], count: {'9' * 5000}, hours: office",
        f"{STAFF}.count",
        "too many digits",
    ),
    staff(
        "head-count-negative",
        "serves: [desk], count: -1, hours: office",
        f"{STAFF}.count",
        "at least 0",
    ),
    staff(
        "speed-1e308",
        "serves: [desk], count: 1, hours: office, speed: 1e308",
        f"{STAFF}.speed",
        "at most 1000",
    ),
    staff(
        "speed-1e400",
        "serves: [desk], count: 1, hours: office, speed: 1e400",
        f"{STAFF}.speed",
        "finite number",
    ),
    staff(
        "speed-10**400",
        f"serves: [desk], count: 1, hours: office, speed: {10**400}",
        f"{STAFF}.speed",
        "too many digits",
    ),
    staff(
        "speed-nan",
        "serves: [desk], count: 1, hours: office, speed: .nan",
        f"{STAFF}.speed",
        "number",
    ),
    staff(
        "speed-inf",
        "serves: [desk], count: 1, hours: office, speed: .inf",
        f"{STAFF}.speed",
        "finite number",
    ),
    staff(
        "share-0", "serves: [desk], count: 1, hours: office, share: 0", f"{STAFF}.share", "0.001"
    ),
    work("cv-nan", "{lognormal: {mean: 1 h, cv: .nan}}", f"{R}.work.lognormal.cv", "number"),
    work("cv-inf", "{lognormal: {mean: 1 h, cv: .inf}}", f"{R}.work.lognormal.cv", "number"),
    work("cv-1e308", "{lognormal: {mean: 1 h, cv: 1e308}}", f"{R}.work.lognormal.cv", "at most"),
    work("1e9-h", "1e9 h", f"{R}.work", "1e9 h", "number and a unit"),
    work("too-many-h", "9999999999 h", f"{R}.work", "at most 100 years"),
    work("digits-h", f"{'9' * 5000} h", f"{R}.work", "at most 100 years"),
    steps("seed-too-big", "seed: 1}", f"seed: {2**63}}} {MARK}", "run.seed", "at most"),
    # pools and staff
    steps(
        "pool-nobody-serves",
        f"  desk: {{department: hall}}\nstaff:\n{CLERKS}",
        f"  desk: {{}} {MARK}\n  back: {{}}\nstaff:\n" + CLERKS.replace("[desk]", "[back]"),
        "pools.desk",
        "no officer serves this pool",
    ),
    steps("empty-roster", f"staff:\n{CLERKS}", f"staff: {MARK}", "staff", "must not be empty"),
    steps(
        "empty-roster-braces",
        f"staff:\n{CLERKS}",
        "staff: {}",
        "pools.desk",
        "no officer serves this pool",
    ),
    staff(
        "serves-nothing",
        "serves: [], count: 2, hours: office",
        f"{STAFF}.serves",
        "at least one entry",
    ),
    staff(
        "serves-twice",
        "serves: [desk, desk], count: 2, hours: office",
        f"{STAFF}.serves",
        "named twice",
    ),
    staff(
        "from-after-until",
        "serves: [desk], count: 2, hours: office, from: 2024-02-01, until: 2024-01-01",
        f"{STAFF}.until",
        "'from' must not lie after 'until'",
    ),
    staff(
        "count-by-value-of-plain-pool",
        "serves: [desk], count: {north: 1}, hours: office",
        f"{STAFF}.count",
        "per the same attribute",
    ),
    staff(
        "leave-of-too-many",
        "serves: [desk], count: 2, hours: office, leave: [{dates: 2024-01-05, officers: 20000}]",
        f"{STAFF}.leave.0.officers",
        "at most 10000",
    ),
    steps(
        "per-without-attribute",
        "  desk: {department: hall}",
        f"  desk: {{per: zon}} {MARK}",
        "pools.desk.per",
        "'permit'",
        "did you mean 'zone'?",
    ),
    # dates and calendar
    steps(
        "year-without-data",
        "calendar: {country: everyday}\nperiod:\n  start: 2024-01-01\n" + WINDOW,
        f"calendar: {{country: CN}}\nperiod: {MARK}\n  start: 2030-01-01\n  window: 2030-02-01",
        "period",
        "2030",
        "fallback",
    ),
    steps(
        "year-before-data",
        "calendar: {country: everyday}\nperiod:\n  start: 2024-01-01\n" + WINDOW,
        f"calendar: {{country: CN}}\nperiod: {MARK}\n  start: 1990-01-01\n  window: 1990-02-01",
        "period",
        "1990",
    ),
    steps(
        "unknown-country",
        "{country: everyday}",
        f"{{country: Chin}} {MARK}",
        "calendar.country",
        "unknown country",
        "'CN'",
    ),
    steps(
        "country-no",
        "{country: everyday}",
        f"{{country: false}} {MARK}",
        "calendar.country",
        "text",
    ),
    steps(
        "window-from-after-to",
        WINDOW,
        f"  window: {{from: 2024-02-01, to: 2024-01-31}} {MARK}",
        "period.window",
        "'from' must not lie after 'to'",
    ),
    steps(
        "window-before-start",
        WINDOW,
        f"  window: {{from: 2023-12-01, to: 2024-01-31}} {MARK}",
        "period.window",
        "must not begin before 'start'",
    ),
    steps(
        "window-of-60-years",
        WINDOW,
        "  window: {from: 2024-01-01, to: 2084-01-31}",
        "period.window",
        "40 years",
    ),
    steps(
        "window-end-9999",
        "  start: 2024-01-01\n" + WINDOW,
        "  start: 9999-01-01\n  window: 9999-12-01",
        "period.window",
        "after the year 2200",
    ),
    steps(
        "year-1",
        "  start: 2024-01-01\n" + WINDOW,
        "  start: 0001-01-01\n  window: 0001-01-02",
        "period.start",
        "before the year 1900",
    ),
    steps(
        "run-out-in-wd",
        "  run_out: 30 cd",
        "  run_out: 30 wd",
        "period.run_out",
        "whole number of cd",
    ),
    steps(
        "run-out-of-90-years",
        "  run_out: 30 cd",
        f"  run_out: 32000 cd {MARK}",
        "period.run_out",
        "at most 40 years",
    ),
    steps(
        "closure-is-make-up-day",
        "{country: everyday}",
        f"{{country: everyday, closures: [2024-01-05], make_up_days: [2024-01-05]}} {MARK}",
        "calendar.make_up_days.0",
        "2024-01-05 is in calendar.closures.0, too; a date is either closed or made up",
    ),
    # hours
    office(
        "hours-25",
        '{week: {mon-fri: "8:30-25:00"}}',
        "hours.office.week.mon-fri",
        "8:30-25:00",
        "0:00 to 24:00",
    ),
    office(
        "hours-backwards",
        '{week: {mon-fri: "17:00-9:00"}}',
        "hours.office.week.mon-fri",
        "'17:00-9:00' goes over midnight; write '17:00-24:00', and '0:00-9:00' for the next day",
    ),
    office("hours-mo-fri", '{week: {mo-fri: "8:30-17:00"}}', "hours.office.week.mo-fri", "mon-fri"),
    office("hours-周六", '{week: {周六: "8:30-17:00"}}', "hours.office.week.周六", "write sat"),
    office(
        "hours-twice",
        '{week: {mon-fri: "8:30-17:00", fri: "9:00-12:00"}}',
        "hours.office.week.fri",
        "fri is in 'mon-fri', too; name each weekday once: write mon-thu for 'mon-fri'",
    ),
    office(
        "hours-no",
        '{week: {mon-fri: "8:30-17:00", sat: no}}',
        "hours.office.week.sat",
        "write closed",
    ),
    office(
        "except-off",
        '{week: {mon-fri: "8:30-17:00"}, except: {2024-01-05: off}}',
        "hours.office.except.2024-01-05",
        "write closed",
    ),
    office(
        "except-slash",
        '{week: {mon-fri: "8:30-17:00"}, except: {2024/01/05: closed}}',
        "hours.office.except.2024/01/05",
        "write 2024-01-05",
    ),
    office(
        "except-twice",
        '{always: true, except: {2024-01-05: closed, 2024-01-04 to 2024-01-06: "9:00-12:00"}}',
        "hours.office.except.2024-01-05",
        "2024-01-05 is in '2024-01-04 to 2024-01-06', too; name each date once",
    ),
    office("except-of-nothing", "{always: true, except: {}}", "hours.office.except", "one entry"),
    office("exceptions", "{always: true, exceptions: {}}", "hours.office.exceptions", "'except'"),
    office(
        "week-left-out",
        '{mon-fri: "8:30-17:00"}',
        "hours.office.mon-fri",
        "the hours of weekdays stand under 'week': {week: {mon-fri: …}}",
    ),
    office(
        "except-left-out",
        "{always: true, 2024-01-05: closed}",
        "hours.office.2024-01-05",
        "the hours of single dates stand under 'except': {except: {2024-01-05: …}}",
    ),
    office("week-as-text", '{week: "9:00-17:00"}', "hours.office.week", "such as {mon-fri: '8:30"),
    office(
        "except-as-list",
        "{always: true, except: [2024-01-05]}",
        "hours.office.except",
        "such as {2024-02-09: '8:30-11:30', 2024-05-02 to 2024-05-03: closed}",
    ),
    office(
        "except-in-parts",
        "{always: true, except: {from: 2024-01-05, to: 2024-01-06, hours: closed}}",
        "hours.office.except",
        "2024-05-02 to 2024-05-03: closed",
    ),
    office(
        "hours-empty",
        '{week: {mon-fri: "8:30-17:00", sat: }}',
        "hours.office.week.sat",
        "is empty; write its hours, or closed",
    ),
    office(
        "hours-after-a-comma",
        "{week: {mon-fri: 8:30-12:00, 13:00-17:00}}",
        "hours.office.week.13:00-17:00",
        "put hours in quotes",
    ),
    office(
        "hours-full-width",
        '{week: {mon-fri: "8\uff1a30-12\uff1a00\uff0c13\uff1a00-17\uff1a00"}}',
        "hours.office.week.mon-fri",
        "write '8:30-12:00 13:00-17:00'",
    ),
    office(
        "intervals-overlap",
        "{intervals: [{from: 2024-01-02 09:00:00, to: 2024-01-02 12:00:00}, "
        "{from: 2024-01-02 11:00:00, to: 2024-01-02 13:00:00}]}",
        "hours.office.intervals.1",
        "begins before intervals.0 has ended, at 2024-01-02 12:00:00",
    ),
    office("hours-text", "nine to five", "hours.office", "24x7", "weekly pattern"),
    office(
        "hours-number",
        "{week: {mon-fri: 8}}",
        "hours.office.week.mon-fri",
        "must be hours such as '8:30-11:30 13:00-17:00', in quotes",
    ),
    office(
        "hours-sexagesimal",
        "{week: {mon-fri: 8:30}}",
        "hours.office.week.mon-fri",
        "write hours as '8:30-11:30 13:00-17:00'",
    ),
    office("hours-of-nothing", "{week: {}}", "hours.office.week", "at least one entry"),
    office(
        "hours-two-ways", '{week: {mon: "8:00-9:00"}, always: true}', "hours.office", "exactly one"
    ),
    office("hours-none", "{holidays: open}", "hours.office", "exactly one"),
    office(
        "interval-backwards",
        "{intervals: [{from: 2024-01-02 10:00:00, to: 2024-01-02 09:00:00}]}",
        "hours.office.intervals.0",
        "'from' must lie before 'to'",
    ),
    # distributions
    work("unit-days", "5 days", f"{R}.work", "5 days", "s, min, h, wd or cd"),
    work("unit-none", "'5'", f"{R}.work", "'5'", "s, min, h, wd or cd"),
    work("unit-only", "h", f"{R}.work", "s, min, h, wd or cd"),
    work("unit-abc", "abc", f"{R}.work", "abc"),
    work("work-in-wd", "5 wd", f"{R}.work", "days are for delays"),
    work("work-in-5wd", "5wd", f"{R}.work", "days are for delays"),
    work(
        "lognormal-one-parameter",
        "{lognormal: {mean: 1 h}}",
        f"{R}.work.lognormal",
        "either mean and cv, or median and p90",
    ),
    work(
        "lognormal-three",
        "{lognormal: {mean: 1 h, cv: 1.0, p90: 2 h}}",
        f"{R}.work.lognormal",
        "either mean and cv, or median and p90",
    ),
    work(
        "p90-below-median",
        "{lognormal: {median: 2 h, p90: 1 h}}",
        f"{R}.work.lognormal",
        "p90 must lie above the median",
    ),
    work("two-distributions", "{exponential: 1 h, constant: 1 h}", f"{R}.work", "exactly one of"),
    work("no-distribution", "{}", f"{R}.work", "exactly one of"),
    work("only-scale", "{scale: 2}", f"{R}.work", "exactly one of"),
    work(
        "triangular-disorder",
        "{triangular: {low: 2 h, mode: 1 h, high: 3 h}}",
        f"{R}.work.triangular",
        "low ≤ mode ≤ high",
    ),
    work("pert-missing", "{pert: {low: 2 h, high: 3 h}}", f"{R}.work.pert", "'mode' is missing"),
    work(
        "uniform-disorder",
        "{uniform: {low: 2 h, high: 1 h}}",
        f"{R}.work.uniform",
        "low must not lie above high",
    ),
    work("two-units", "{uniform: {low: 2 min, high: 1 wd}}", f"{R}.work", "days and other units"),
    work("text-for-parameters", "{lognormal: 2 h}", f"{R}.work.lognormal", "mapping"),
    work("mapping-for-parameter", "{exponential: {mean: 2 h}}", f"{R}.work.exponential", "unit"),
    every("gap-zero", "0 s", "case_types.permit.arrivals.every", "at least 1 s"),
    every("gap-legal", "5 wd", "case_types.permit.arrivals.every", "legal period"),
    every("gap-number", "5", "case_types.permit.arrivals.every", "a time with its unit"),
    steps(
        "two-arrivals",
        EVERY,
        f"{EVERY}\n      at: [1 h]",
        "case_types.permit.arrivals",
        "exactly one of",
    ),
    steps("no-arrivals", EVERY, "      note: none", "case_types.permit.arrivals", "exactly one of"),
    steps(
        "11-months",
        EVERY,
        f"      yearly: {{volume: 10, months: [1,1,1,1,1,1,1,1,1,1,1]}} {MARK}",
        "case_types.permit.arrivals.yearly.months",
        "12",
    ),
    steps(
        "all-weights-0",
        EVERY,
        f"      yearly: {{volume: 10, weekdays: [0,0,0,0,0,0,0]}} {MARK}",
        "case_types.permit.arrivals.yearly.weekdays",
        "above 0",
    ),
    steps(
        "profile-9-5",
        EVERY,
        f"      yearly: {{volume: 10, hours: {{9-5: 1}}}} {MARK}",
        "case_types.permit.arrivals.yearly.hours.9-5",
        "write '9:00-17:00'",
    ),
    steps(
        "profile-closed",
        EVERY,
        f"      yearly: {{volume: 10, hours: {{closed: 1}}}} {MARK}",
        "case_types.permit.arrivals.yearly.hours.closed",
        "give each stretch a key and a weight",
    ),
    steps(
        "profile-two-in-one",
        EVERY,
        f'      yearly: {{volume: 10, hours: {{"8:30-11:30 13:00-17:00": 1}}}} {MARK}',
        "case_types.permit.arrivals.yearly.hours.8:30-11:30 13:00-17:00",
        "give each stretch a key and a weight",
    ),
    steps(
        "profile-overlap",
        EVERY,
        f"      yearly: {{volume: 10, hours: {{8:30-12:00: 1, 11:00-17:00: 1}}}} {MARK}",
        "case_types.permit.arrivals.yearly.hours",
        "overlap: 11:00-12:00 is given twice",
    ),
    steps(
        "volume-of-1e9",
        EVERY,
        f"      yearly: {{volume: 1e9}} {MARK}",
        "case_types.permit.arrivals.yearly",
        "at most 1,000,000",
    ),
    steps(
        "gaps-of-1s",
        EVERY,
        f"      every: 1 s {MARK}",
        "case_types.permit.arrivals.every",
        "5,270,400 cases",
    ),
    steps(
        "batches-huge",
        EVERY,
        f"      yearly: {{volume: 10, batch: {{low: 5, high: 2}}}} {MARK}",
        "case_types.permit.arrivals.yearly.batch",
        "low",
    ),
    steps(
        "growth-huge",
        EVERY,
        f"      yearly: {{volume: 10, growth: 10, growth_from: 1900}} {MARK}",
        "case_types.permit.arrivals.yearly",
        "at most 1,000,000",
    ),
    # structure
    steps(
        "steps-and-matters",
        "    steps:\n",
        "    matters: {A: {department: hall, stage: x, publicity: 7 cd, at_window: false}}\n    steps:\n",  # noqa: E501
        "case_types.permit",
        "either matters or steps",
    ),
    steps(
        "neither-steps-nor-matters",
        STEPS[STEPS.index("    steps:") : STEPS.index("limits:")],
        "",
        "case_types.permit",
        "either matters or steps",
    ),
    matters(
        "review-without-decision",
        "          handle: {pool: planners, work: 1 h}\n        decision: {pool: planners, work: 5 min}",  # noqa: E501
        "          handle: {pool: planners, work: 1 h}",
        "case_types.project.matters.LUP",
        "needs a decision",
    ),
    matters(
        "limit-unknown-scope",
        "{matters: [LUP]}",
        f"{{matters: [LUPP]}} {MARK}",
        "limits.thirty.scope.matters",
        "did you mean 'LUP'?",
    ),
    matters(
        "limit-unknown-stage",
        "{matters: [LUP]}",
        f"{{stages: [lan]}} {MARK}",
        "limits.thirty.scope.stages",
        "did you mean 'land'?",
    ),
    steps(
        "limit-on-steps-scope",
        LIMIT,
        f"    scope: {{matters: [review]}} {MARK}\n{LIMIT}",
        "limits.quick.scope.matters",
        "review",
    ),
    matters(
        "limit-cd-promised",
        "limit: 30 wd",
        "limit: 30 cd\n    clock: promised",
        "limits.thirty.limit",
        "whole number of wd",
    ),
    matters(
        "limit-fraction",
        "limit: 30 wd",
        "limit: 2.5 wd",
        "limits.thirty.limit",
        "whole number of wd",
    ),
    matters("limit-number", "limit: 30 wd", f"limit: 30 {MARK}", "limits.thirty.limit", "30 wd"),
    matters(
        "limit-in-words",
        "limit: 30 wd",
        f"limit: 30个工作日 {MARK}",
        "limits.thirty.limit",
        "such as '30 wd'",
    ),
    matters(
        "serial-order-short",
        "[LUP, DES]",
        f"[LUP] {MARK}",
        "case_types.project.serial_order",
        "every matter once",
        "DES",
    ),
    matters(
        "serial-order-backwards",
        "[LUP, DES]",
        f"[DES, LUP] {MARK}",
        "case_types.project.serial_order",
        "comes later",
    ),
    matters(
        "serial-order-repeats",
        "[LUP, DES]",
        f"[LUP, DES, DES] {MARK}",
        "case_types.project.serial_order",
        "every matter once",
    ),
    matters(
        "if-unknown-attribute",
        "if: {kind: large}",
        f"if: {{kin: large}} {MARK}",
        "case_types.project.matters.DES.if",
        "did you mean 'kind'?",
    ),
    matters(
        "if-unknown-value",
        "if: {kind: large}",
        f"if: {{kind: big}} {MARK}",
        "case_types.project.matters.DES.if.kind",
        "'big'",
    ),
    matters(
        "if-yes-is-a-switch",
        "if: {kind: large}",
        f"if: {{kind: true}} {MARK}",
        "case_types.project.matters.DES.if.kind",
        "text",
    ),
    matters(
        "decision-if-unknown-attribute",
        "        if: {kind: large}\n        decision: {pool: planners, work: 5 min}",
        f"        decision: {{pool: planners, work: 5 min, if: {{kin: large}}}} {MARK}",
        "case_types.project.matters.DES.decision.if",
        "no attribute 'kin'; did you mean 'kind'?",
    ),
    matters(
        "assistance-if-unknown-value",
        "    trip: 1 h\n",
        f"    trip: 1 h\n    assistance: {{pool: desk, work: 1 h, if: {{kind: big}}}} {MARK}\n",
        "case_types.project.assistance.if.kind",
        "no 'big' here",
    ),
    matters(
        "no-trip",
        "    trip: 1 h\n",
        "",
        "case_types.project",
        "matters need stages, window and trip",
    ),
    matters(
        "decision-list",
        "        requires: [LUP]\n        if: {kind: large}\n        decision: {pool: planners, work: 5 min}",  # noqa: E501
        f"        decision: [planners] {MARK}",
        "case_types.project.matters.DES.decision",
        "mapping",
    ),
    matters(
        "stage-of-default",
        "      intake: 10 min\n",
        f"      intake: 10 mins {MARK}\n",
        "case_types.project.matter_defaults.intake",
        "10 mins",
    ),
    steps(
        "step-without-work",
        INTAKE,
        f"      intake: {{pool: desk}} {MARK}",
        "case_types.permit.steps.intake",
        "delay",
        "pool and work",
    ),
    steps("step-null", INTAKE, "      intake:", f"{R}.after", "intake"),
    # annotations
    steps(
        "unknown-source",
        INTAKE,
        f"      intake: {{pool: desk, work: {{value: 10 min, source: guessed}}}} {MARK}",
        "case_types.permit.steps.intake.work.source",
        "guessed",
        "assumed",
    ),
    steps(
        "unknown-block-source",
        INTAKE,
        f"      intake: {{pool: desk, work: 10 min, source: guessed}} {MARK}",
        "case_types.permit.steps.intake.source",
        "guessed",
        "assumed",
    ),
    steps(
        "number-source",
        INTAKE,
        f"      intake: {{pool: desk, work: {{value: 10 min, source: 7}}}} {MARK}",
        "case_types.permit.steps.intake.work.source",
        "7",
    ),
    steps(
        "list-source",
        INTAKE,
        f"      intake: {{pool: desk, work: {{value: 10 min, source: [law]}}}} {MARK}",
        "case_types.permit.steps.intake.work.source",
        "law",
    ),
    staff(
        "range-backwards",
        "serves: [desk], count: {value: 2, range: [3, 1]}, hours: office",
        f"{STAFF}.count.range",
        "must",
        "smaller first",
    ),
    staff(
        "range-of-one",
        "serves: [desk], count: {value: 2, range: [3]}, hours: office",
        f"{STAFF}.count.range",
        "must",
    ),
    staff(
        "range-text",
        "serves: [desk], count: {value: 2, range: 1-3}, hours: office",
        f"{STAFF}.count.range",
        "must",
    ),
    staff(
        "range-texts",
        "serves: [desk], count: {value: 2, range: [few, many]}, hours: office",
        f"{STAFF}.count.range",
        "must",
    ),
    staff(
        "range-nan",
        "serves: [desk], count: {value: 2, range: [.nan, 3]}, hours: office",
        f"{STAFF}.count.range",
        "must",
    ),
    staff(
        "range-excludes-value",
        "serves: [desk], count: {value: 2, range: [3, 5]}, hours: office",
        f"{STAFF}.count.range",
        "must",
    ),
    staff(
        "range-other-unit",
        "serves: [desk], count: {value: 2, range: [1 h, 5 h]}, hours: office",
        f"{STAFF}.count.range",
        "must",
    ),
    staff(
        "range-bools",
        "serves: [desk], count: {value: 2, range: [false, true]}, hours: office",
        f"{STAFF}.count.range",
        "must",
    ),
    staff(
        "range-huge",
        f"serves: [desk], count: {{value: 2, range: [1, {10**400}]}}, hours: office",
        f"{STAFF}.count.range.1",
        "too many digits",
    ),
    staff(
        "value-twice-wrapped",
        "serves: [desk], count: {value: {value: two}, source: assumed}, hours: office",
        f"{STAFF}.count",
        "whole number",
    ),
    staff(
        "annotation-typo",
        "serves: [desk], count: {value: 2, sorce: assumed}, hours: office",
        f"{STAFF}.count.sorce",
        "did you mean 'source'?",
    ),
    # keys
    steps("key-number", "pools:\n", f"pools:\n  1: {{}} {MARK}\n", "pools", "text"),
    steps("key-null", "pools:\n", f"pools:\n  null: {{}} {MARK}\n", "pools", "text"),
    steps("key-yes", "pools:\n", f"pools:\n  true: {{}} {MARK}\n", "pools", "text"),
    steps("key-list", "pools:\n", f"pools:\n  [a]: {{}} {MARK}\n", "pools", "key"),
    steps(
        "key-mapping",
        "pools:\n",
        f"pools:\n  ? {{a: 1}} {MARK}\n  : {{}}\n",
        "pools",
        "a key must be text",
    ),
    steps("key-number", "pools:\n", f"pools:\n  1.5: {{}} {MARK}\n", "pools", "text"),
    steps("top-key-number", NAME, f"{NAME}\n1: 2 {MARK}", "'1'", "a key must be text"),
    steps("name-with-blank", "pools:\n", f"pools:\n  a b: {{}} {MARK}\n", "pools.a b", "blanks"),
    steps("name-with-slash", "pools:\n", f"pools:\n  a/b: {{}} {MARK}\n", "pools.a/b", "slashes"),
    steps(
        "name-with-brackets",
        "pools:\n",
        f"pools:\n  'a[b]': {{}} {MARK}\n",
        "pools.a[b]",
        "brackets",
    ),
    steps(
        "name-with-control",
        "pools:\n",
        f'pools:\n  "a\\x07b": {{}} {MARK}\n',
        "pools.a\\x07b",
        "control characters",
    ),
    steps(
        "name-with-nul",
        "pools:\n",
        f'pools:\n  "a\\0b": {{}} {MARK}\n',
        "pools.a\\x00b",
        "control characters",
    ),
    steps(
        "name-with-escape",
        "pools:\n",
        f'pools:\n  "a\\e[31mb": {{}} {MARK}\n',
        "pools.a\\x1b[31mb",
        "control characters",
    ),
    steps(
        "name-with-bidi",
        "pools:\n",
        f'pools:\n  "a\\u202eb": {{}} {MARK}\n',
        "pools.a\\u202eb",
        "control characters",
    ),
    steps(
        "name-with-newline",
        "pools:\n",
        f'pools:\n  "a\\nb": {{}} {MARK}\n',
        "pools.a\\nb",
        "is no name",
    ),
    steps("name-equals", "pools:\n", f"pools:\n  a=b: {{}} {MARK}\n", "pools.a=b", "is no name"),
    steps("name-empty", "pools:\n", f'pools:\n  "": {{}} {MARK}\n', "pools.", "is no name"),
    steps(
        "name-of-100",
        "pools:\n",
        f"pools:\n  {'a' * 100}: {{}} {MARK}\n",
        f"pools.{'a' * 100}",
        "at most 64 characters",
    ),
    steps(
        "name-lone-surrogate",
        "pools:\n",
        f'pools:\n  "\\ud800": {{}} {MARK}\n',
        "pools.\\ud800",
        "control characters",
    ),
]

"""A workbook for a city: the sheets, rows and inputs that it has for a base, and what each changes.

A form is made of the base alone, as a tree. A workbook is written from it, and read against it: a
cell of an input, if it is not empty, is a value of the scenario at the path of the input.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from sim.scenario.files.form_words import DAYS, NAMED, Pair
from sim.scenario.files.merge import apply_matter_defaults, without_nulls
from sim.scenario.files.range_rules import centre
from sim.scenario.origin import KeyPath, Tree
from sim.scenario.schema.quantities import Duration

DEFAULTS: Final = "matter_defaults"
UNIT_OF_PROMISES: Final = "wd"
"""Unit of the promise of a matter that has none in the base."""


@dataclass(frozen=True)
class Input:
    """One cell that may be filled in."""

    path: KeyPath
    """Path of the value in a scenario."""
    kind: str
    """How the cell is read: ``count``, ``amount``, ``percent``, ``duration``, ``scale``, ``hours``,
    ``date``, ``switch``, ``choice`` or ``text``."""
    base: Any = None
    """The value of the base as the cell shows it; None if there is none."""
    unit: str = ""
    """Unit of a number alone, for ``duration`` and ``scale``."""
    options: Mapping[str, Pair] = field(default_factory=dict)
    """Code → label, for ``choice``."""
    unscaled_s: float = 1.0
    """For ``scale``: the usual time of the distribution at scale 1, in seconds."""
    among: Sequence[Any] = ()
    """The list of the base whose element at the end of the path this is; else empty."""
    source: str = ""
    """Source of the base value."""


@dataclass(frozen=True)
class Row:
    """One row of a sheet."""

    code: str
    """Name of the row within its sheet."""
    fixed: Mapping[str, Pair]
    """Column → text that says what the row is about."""
    inputs: Mapping[str, Input]
    """Column → what may be filled in."""
    label: KeyPath | None = None
    """Path of the label in the column `Part.label`; None if it has none."""


@dataclass(frozen=True)
class Part:
    """One sheet."""

    name: str
    fixed: tuple[str, ...]
    """Columns that say what a row is about."""
    inputs: tuple[str, ...]
    """Columns with inputs; each has a column with the base's values beside it."""
    rows: tuple[Row, ...]
    label: str = ""
    """The column of `fixed` whose text is a label that may be changed."""


@dataclass(frozen=True)
class Form:
    """All sheets but the first, and what the base has for new rows."""

    parts: Mapping[str, Part]
    names: Mapping[str, Mapping[str, Pair]]
    """``case_types``, ``departments``, ``pools``, ``staff`` → code → label."""
    stages: Mapping[str, Mapping[str, Pair]]
    """Case type → stage → label."""
    matters: Mapping[str, Mapping[str, Pair]]
    """Case type → matter → label."""
    leave: Mapping[str, Sequence[Any]]
    """Group of officers → its leave in the base."""
    counting: Mapping[str, tuple[str, Pair]]
    """Limit that lists its matters → its case type and its label."""
    country: str
    """Whose working days hold."""
    year: int
    """Year of the first day that is measured."""


COLUMNS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...], str]]] = {
    "general": (("item",), ("own",), ""),
    "volumes": (("case_type", "stream"), ("volume",), "case_type"),
    "months": (("case_type", "stream", "month"), ("in_month", "weight"), ""),
    "shares": (("case_type", "attribute", "value"), ("proportion",), ""),
    "matters": (
        ("case_type", "stage", "department", "matter", "pool", "requires", "unit"),
        ("handled", "promised", "correction", "review_correction"),
        "matter",
    ),
    "times": (("case_type", "matter", "step", "pool", "measure", "unit"), ("time",), ""),
    "staff": (("department", "group", "place"), ("count", "share", "absence", "duty"), "group"),
    "hours": (("duty", "used_by", "day"), ("open",), ""),
    "limits": (("limit_name", "unit"), ("limit", "target"), "limit_name"),
    "levers": (("lever",), ("on",), ""),
}
"""Sheet → columns that say what a row is about, columns with inputs, column of labels."""
LEVERS: Final = (
    "one_window", "parallel_approval", "pre_review", "joint_meeting", "integrated_startup",
    "online_share", "conditional_acceptance", "commitment", "build_first", "delegation",
    "area_assessment", "assisted_service", "tacit_consent", "ignore_deemed_acceptance",
)  # fmt: skip
"""Keys of `handling`, in its order."""
ON_BY_DEFAULT: Final = frozenset({"one_window", "parallel_approval", "integrated_startup"})
WAYS_OF_DELEGATION: Final = ("none", "devolved", "authorised", "entrusted", "stationed")
LEAVE: Final = ("group", "away", "from", "to")
"""Columns of the sheet of leave, all of them filled in."""
NEW_MATTER: Final = "new_work"
"""The column that only a new matter needs."""


def form_of(base: Tree, reference: str) -> Form:
    """Return the form for a base; `reference` is its name."""
    whole = base.copy()
    whole.value = without_nulls(whole.value)
    stated = _mapping(_at(whole.value, "case_types"))  # before matters get their defaults
    stated = {
        name: {**_mapping(of), "matters": dict(_mapping(_mapping(of).get("matters")))}
        for name, of in stated.items()
    }
    apply_matter_defaults(whole)
    maker = _Maker(whole, stated, reference)
    rows = {name: tuple(getattr(maker, name)()) for name in COLUMNS}
    types = maker.types
    return Form(
        {n: Part(n, *columns[:2], rows[n], columns[2]) for n, columns in COLUMNS.items()},
        {
            **{k: _distinct(maker.labels(k)) for k in ("case_types", "departments", "pools")},
            "staff": _distinct({name: maker.group(name) for name in maker.groups}),
        },
        {name: _labels(of.get("stages")) for name, of in types.items()},
        {name: _labels(of.get("matters")) for name, of in types.items()},
        {name: _list(of.get("leave")) for name, of in maker.groups.items()},
        {
            name: (str(of.get("case_type")), _label(of, (name, name)))
            for name, of in _blocks(_at(whole.value, "limits")).items()
            if _list(_mapping(of.get("scope")).get("matters"))
        },
        maker.country,
        maker.year,
    )


@lru_cache(maxsize=16)
def working_days_by_month(country: str, year: int) -> list[int]:
    """Return the working days of the twelve months; none where no calendar is known."""
    from sim.calendars import working_days

    try:
        days = working_days(
            country, dt.date(year, 1, 1), dt.date(year, 12, 31), fallback="statutory"
        )
    except ValueError:
        return []
    worked = days.working.nonzero()[0].tolist()
    months = [(days.origin + dt.timedelta(days=day)).month for day in worked]
    return [months.count(month) for month in range(1, 13)]


class _Maker:
    """The rows of each sheet, in a method of its name."""

    def __init__(self, tree: Tree, stated: Mapping[str, Any], reference: str) -> None:
        self.tree, self.stated, self.reference = tree, stated, reference
        self.types = _blocks(_at(tree.value, "case_types"))
        self.groups = _blocks(_at(tree.value, "staff"))
        self.pools = _blocks(_at(tree.value, "pools"))
        self.country = str(_mapping(_at(tree.value, "calendar")).get("country", "CN"))
        first = tree.get(("period", "window", "from"))
        self.year = first.year if isinstance(first, dt.date) else 2021

    def labels(self, kind: str) -> dict[str, Pair]:
        return _labels(_at(self.tree.value, kind))

    def group(self, name: str) -> Pair:
        """Return the label of a group: its own, else that of the first pool, else its name."""
        of = self.groups[name]
        served = _list(of.get("serves"))
        pool = self.pools.get(served[0]) if served and isinstance(served[0], str) else None
        return _label(of, _label(pool or {}, (name, name)))

    def asked(self, path: KeyPath, kind: str, base: Any = None, **more: Any) -> Input:
        return Input(path, kind, base, source=source_at(self.tree, path), **more)

    def general(self) -> Iterator[Row]:
        value = self.tree.value
        yield _row("extends", "item", Input((), "text", self.reference))
        name = _label({"label": value.get("name")}, ("", ""))
        yield _row("name", "item", Input(("name",), "text", " / ".join(dict.fromkeys(name))))
        at: KeyPath = ("period",)
        dates = {
            "start": (*at, "start"),
            "window_from": (*at, "window", "from"),
            "window_to": (*at, "window", "to"),
        }
        for code, path in dates.items():
            if _is_mapping(self.tree.get(path[:-1])):
                yield _row(code, "item", self.asked(path, "date", self.tree.get(path)))

    def _streams(self) -> Iterator[tuple[str, KeyPath, Mapping[str, Pair], Mapping[str, Any]]]:
        """Yield code, path, texts and yearly volume of each stream of cases."""
        for name, of in self.types.items():
            streams: dict[str, tuple[KeyPath, Pair]] = {name: (("arrivals",), ("", ""))}
            for more in _blocks(of.get("more_arrivals")):
                streams[f"{name}/{more}"] = (("more_arrivals", more), (more, more))
            for code, (inside, stream) in streams.items():
                path: KeyPath = ("case_types", name, *inside, "yearly")
                yearly = self.tree.get(path)
                if _is_mapping(yearly):
                    texts = {"case_type": _label(of, (name, name)), "stream": stream}
                    yield code, path, texts, yearly

    def volumes(self) -> Iterator[Row]:
        for code, path, texts, yearly in self._streams():
            if "volume" in yearly:
                asked = self.asked((*path, "volume"), "amount", yearly["volume"])
                label = (*path[:2], "label") if "/" not in code else None
                yield Row(code, texts, {"volume": asked}, label)

    def months(self) -> Iterator[Row]:
        for code, path, texts, yearly in self._streams():
            known = _list(yearly.get("months")) or [1] * 12
            if len(known) != 12 or not all(isinstance(weight, int | float) for weight in known):
                continue
            cases = self._cases_by_month(yearly.get("volume"), known)
            for month, weight in enumerate(known):
                at = (*path, "months", month)
                inputs = {"weight": self.asked(at, "amount", weight, among=known)}
                if cases:
                    inputs["in_month"] = self.asked(at, "amount", round(cases[month], 1))
                named = {**texts, "month": (f"{month + 1}", f"{month + 1}月")}
                yield Row(f"{code}/{month + 1}", named, inputs)

    def _cases_by_month(self, volume: Any, weights: Sequence[float]) -> list[float]:
        """Return the cases of each month in the base; none where they are not known."""
        days = working_days_by_month(self.country, self.year)
        parts = [weight * count for weight, count in zip(weights, days, strict=False)]
        if not isinstance(volume, int | float) or not sum(parts):
            return []
        return [volume * part / sum(parts) for part in parts]

    def shares(self) -> Iterator[Row]:
        for name, of in self.types.items():
            for attribute, spec in _blocks(of.get("attributes")).items():
                labels = _mapping(spec.get("labels"))
                for value, share in _mapping(spec.get("shares")).items():
                    path = ("case_types", name, "attributes", attribute, "shares", value)
                    texts = {
                        "case_type": _label(of, (name, name)),
                        "attribute": _label(spec, (attribute, attribute)),
                        "value": _label({"label": labels.get(value)}, (value, value)),
                    }
                    asked = self.asked(path, "percent", share)
                    yield Row(f"{name}/{attribute}/{value}", texts, {"proportion": asked})

    def matters(self) -> Iterator[Row]:
        for name, of in self.types.items():
            known = _blocks(of.get("matters"))
            called = _labels(known)
            stages, departments = _labels(of.get("stages")), self.labels("departments")
            for matter, spec in known.items():
                path: KeyPath = ("case_types", name, "matters", matter)
                required = [r for r in _list(spec.get("requires")) if isinstance(r, str)]
                promised = self._duration((*path, "promised"), spec.get("promised"))
                texts = {
                    "case_type": _label(of, (name, name)),
                    "stage": _named(stages, spec.get("stage")),
                    "department": _named(departments, spec.get("department")),
                    "matter": called[matter],
                    "pool": _named(self.labels("pools"), _pool_of(spec)),
                    "requires": _joined(_named(called, one) for one in required),
                    "unit": NAMED[promised.unit],
                }
                inputs = {"handled": Input(path, "switch", True), "promised": promised}
                for column, key in (("correction", "correction"), ("review_correction",) * 2):
                    chance = _mapping(spec.get(key)).get("probability")
                    if chance is not None:
                        at = (*path, key, "probability")
                        inputs[column] = self.asked(at, "percent", chance)
                yield Row(f"{name}/{matter}", texts, inputs, (*path, "label"))

    def times(self) -> Iterator[Row]:
        for name, of in self.stated.items():
            if _is_mapping(of.get(DEFAULTS)):
                yield from self._matter_times(name, (DEFAULTS,), of[DEFAULTS], NAMED["all"])
            called = _labels(of.get("matters"))
            for matter, spec in _blocks(of.get("matters")).items():
                yield from self._matter_times(name, ("matters", matter), spec, called[matter])
            for step, spec in _blocks(of.get("steps")).items():
                for key in ("work", "delay"):
                    pool = _named(self.labels("pools"), spec.get("pool"))
                    where = (_label(spec, (step, step)), NAMED[key], pool)
                    yield from self._time(name, ("steps", step, key), spec.get(key), *where)

    def _matter_times(
        self, case_type: str, at: KeyPath, spec: Mapping[str, Any], matter: Pair
    ) -> Iterator[Row]:
        pools = self.labels("pools")
        for key in ("intake", "check"):
            yield from self._time(case_type, (*at, key), spec.get(key), matter, NAMED[key])
        for key in ("review", "co_review"):
            for task, of in _blocks(spec.get(key)).items():
                where = (matter, NAMED[key], _named(pools, of.get("pool")))
                yield from self._time(case_type, (*at, key, task, "work"), of.get("work"), *where)
        for key in ("meeting", "decision"):
            of = _mapping(spec.get(key))
            where = (matter, NAMED[key], _named(pools, of.get("pool")))
            yield from self._time(case_type, (*at, key, "work"), of.get("work"), *where)
        for key in ("delivery", "publicity"):
            yield from self._time(case_type, (*at, key), spec.get(key), matter, NAMED[key])
        for key in ("correction", "review_correction"):
            turnaround = _mapping(spec.get(key)).get("turnaround")
            step = NAMED[f"{key}_time"]
            yield from self._time(case_type, (*at, key, "turnaround"), turnaround, matter, step)

    def _time(
        self, case_type: str, inside: KeyPath, spec: Any, matter: Pair, step: Pair,
        pool: Pair = ("", ""),
    ) -> Iterator[Row]:  # fmt: skip
        """Yield the row of a distribution, if it has one number that stands for it."""
        path = ("case_types", case_type, *inside)
        found = self._distribution(path, spec)
        if found is None:
            return
        asked, measure = found
        named = _label(self.types.get(case_type, {}), (case_type, case_type))
        texts = {
            "case_type": named, "matter": matter, "step": step, "pool": pool,
            "measure": NAMED[measure], "unit": NAMED[asked.unit],
        }  # fmt: skip
        yield Row("/".join(map(str, (case_type, *inside))), texts, {"time": asked})

    def _distribution(self, path: KeyPath, spec: Any) -> tuple[Input, str] | None:
        """Return the input for the usual time of a distribution, and which number that is."""
        if isinstance(spec, str):
            return self._known(path, spec, "constant")
        if "legal" in _mapping(spec):
            return self._known((*path, "legal"), spec["legal"], "constant")
        keys = centre(spec)
        scale = _mapping(spec).get("scale", 1)
        if keys is None or not isinstance(scale, int | float) or scale <= 0:
            return None
        given: Any = spec
        for key in keys:
            given = given[key]
        alone = len(keys) == 1 or (keys[-1] == "mean" and "cv" in spec[keys[0]])
        measure = str(keys[-1]) if len(keys) > 1 or keys == ("constant",) else "mean"
        if alone and scale == 1:
            return self._known((*path, *keys), given, measure)
        usual = Duration.parse(given)
        shown = Duration(float(f"{usual.value * scale:.12g}"), usual.unit)
        asked = Input(
            (*path, "scale"), "scale", str(shown), usual.unit, unscaled_s=usual.seconds,
            source=source_at(self.tree, path),
        )  # fmt: skip
        return asked, measure

    def _known(self, path: KeyPath, written: Any, measure: str) -> tuple[Input, str] | None:
        try:
            Duration.parse(written)
        except ValueError:  # a mistake that is told with the base's others
            return None
        return self._duration(path, written), measure

    def _duration(self, path: KeyPath, written: Any) -> Input:
        try:
            unit = Duration.parse(written).unit
        except ValueError:
            return self.asked(path, "duration", None, unit=UNIT_OF_PROMISES)
        return self.asked(path, "duration", written, unit=unit)

    def staff(self) -> Iterator[Row]:
        hours = self.labels("hours")
        departments = self.labels("departments")
        for name, of in self.groups.items():
            served = _list(of.get("serves"))
            pool = self.pools.get(served[0], {}) if served and isinstance(served[0], str) else {}
            texts = {
                "department": _named(departments, pool.get("department")),
                "group": self.group(name),
            }
            at: KeyPath = ("staff", name)
            alike = {
                "share": self.asked((*at, "share"), "percent", of.get("share", 1)),
                "absence": self.asked((*at, "absence"), "percent", of.get("absence", 0)),
                "duty": self.asked((*at, "hours"), "choice", of.get("hours"), options=hours),
            }
            count = of.get("count")
            if not isinstance(count, Mapping):
                asked = self.asked((*at, "count"), "count", count)
                yield Row(
                    name, {**texts, "place": ("", "")}, {"count": asked, **alike}, (*at, "label")
                )
                continue
            for number, (place, officers) in enumerate(count.items()):
                asked = self.asked((*at, "count", place), "count", officers)
                named = {**texts, "place": self._place(pool.get("per"), place)}
                yield Row(f"{name}/{place}", named, {"count": asked, **({} if number else alike)})

    def _place(self, attribute: Any, value: str) -> Pair:
        """Return the label of a value of an attribute, by which a pool is divided."""
        for of in self.types.values():
            spec = _mapping(_mapping(of.get("attributes")).get(str(attribute)))
            label = _mapping(spec.get("labels")).get(value)
            if label is not None:
                return _label({"label": label}, (value, value))
        return (value, value)

    def hours(self) -> Iterator[Row]:
        labels = self.labels("hours")
        for name, of in _blocks(_at(self.tree.value, "hours")).items():
            week = _mapping(of.get("week"))
            users = _joined(self.group(g) for g, s in self.groups.items() if s.get("hours") == name)
            days = [*week, *(day for day in ("sat", "sun") if week and not _covers(week, day))]
            for day in days:
                open_ = week.get(day)
                shown = " ".join(map(str, open_)) if isinstance(open_, list) else open_
                texts = {
                    "duty": labels[name], "used_by": users, "day": DAYS.get(day, (day, day)),
                }  # fmt: skip
                asked = self.asked(("hours", name, "week", day), "hours", shown)
                yield Row(f"{name}/{day}", texts, {"open": asked})

    def limits(self) -> Iterator[Row]:
        for name, of in _blocks(_at(self.tree.value, "limits")).items():
            at: KeyPath = ("limits", name)
            limit = self._duration((*at, "limit"), of.get("limit"))
            texts = {"limit_name": _label(of, (name, name)), "unit": NAMED[limit.unit]}
            target = self.asked((*at, "target_share"), "percent", of.get("target_share", 0.95))
            yield Row(name, texts, {"limit": limit, "target": target}, (*at, "label"))

    def levers(self) -> Iterator[Row]:
        stated = _mapping(_at(self.tree.value, "handling"))
        for name in LEVERS:
            path: KeyPath = ("handling", name)
            if name == "online_share":
                asked = self.asked(path, "percent", stated.get(name, 0))
            elif name == "delegation":
                options = {way: NAMED[way] for way in WAYS_OF_DELEGATION}
                asked = self.asked(path, "choice", stated.get(name, "none"), options=options)
            else:
                usual = name in ON_BY_DEFAULT
                asked = self.asked(path, "switch", stated.get(name, usual))
            yield _row(name, "lever", asked, "on")


def source_at(tree: Tree, path: KeyPath) -> str:
    """Return the source that holds for the value at a path: its own, or that of a block around."""
    file = tree.place(path).file
    for length in range(len(path), 0, -1):
        around = path[:length]
        annotation = tree.annotations.get(around)
        if annotation is not None and annotation.source and tree.place(around).file == file:
            return annotation.source
        source = _mapping(tree.get(around)).get("source")
        if isinstance(source, str) and tree.place((*around, "source")).file == file:
            return source
    return ""


def dates_of(leave: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return first and last date of a leave, which may be a single date."""
    dates = leave.get("dates")
    return (dates.get("from"), dates.get("to")) if isinstance(dates, Mapping) else (dates, dates)


def _row(code: str, column: str, asked: Input, to: str = "own") -> Row:
    return Row(code, {column: NAMED[code]}, {to: asked})


def _covers(week: Mapping[str, Any], day: str) -> bool:
    """Whether a weekly pattern says something about a day of the weekend."""
    ends = {"sat": ("sat", "sat-sun", "daily", "mon-sun"), "sun": ("sun", "sat-sun", "daily")}
    return not set(week).isdisjoint((*ends[day], "mon-sun", "mon-sat" if day == "sat" else "sun"))


def _pool_of(matter: Mapping[str, Any]) -> Any:
    """Return the pool that reviews a matter, else the one that decides it."""
    for task in (*_blocks(matter.get("review")).values(), _mapping(matter.get("decision"))):
        if "pool" in task:
            return task["pool"]
    return None


def _label(block: Mapping[str, Any], otherwise: Pair) -> Pair:
    """Return the label of a block in both languages; where it has none, another text."""
    label = block.get("label")
    if isinstance(label, str) and label:
        return label, label
    words = _mapping(label)
    known = [words[key] for key in ("en", "zh") if isinstance(words.get(key), str) and words[key]]
    if not known:
        return otherwise
    english, chinese = (words.get(key) or known[0] for key in ("en", "zh"))
    return str(english), str(chinese)


def _labels(blocks: Any) -> dict[str, Pair]:
    short = {str(name): (str(name), str(name)) for name in _mapping(blocks)}  # such as 24x7
    return short | {name: _label(of, short[name]) for name, of in _blocks(blocks).items()}


def _distinct(labels: Mapping[str, Pair]) -> dict[str, Pair]:
    """Return labels of which no two are alike: those that several have get their code behind."""
    often = Counter(text for pair in labels.values() for text in set(pair))
    return {
        name: (f"{en} ({name})", f"{zh} ({name})") if max(often[en], often[zh]) > 1 else (en, zh)
        for name, (en, zh) in labels.items()
    }


def _named(labels: Mapping[str, Pair], name: Any) -> Pair:
    return labels.get(str(name), (str(name), str(name))) if name is not None else ("", "")


def _joined(labels: Iterator[Pair]) -> Pair:
    known = [*labels]
    return ", ".join(en for en, _ in known), "、".join(zh for _, zh in known)


def _at(value: Any, key: str) -> Any:
    return _mapping(value).get(key)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_mapping(value: Any) -> bool:
    return isinstance(value, Mapping)


def _blocks(value: Any) -> dict[str, Mapping[str, Any]]:
    """Return the entries of a mapping that are mappings themselves."""
    return {str(key): of for key, of in _mapping(value).items() if isinstance(of, Mapping)}


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []

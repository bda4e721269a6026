"""Recorded logs: rows chosen, counted and refused; times with an offset from UTC."""

from __future__ import annotations

import bz2
import datetime as dt
import io
import lzma
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from sim.demand.replay import ReplayCount
from sim.demand.times import local_second, read_time
from sim.replications.model import Model
from sim.scenario import ScenarioError, load
from tests.build.one_step import ONE_STEP
from tests.build.stories import scenario

H = 3600
DAY = 86_400

LOG = """\
case,activity,when,kind,zone
a,start,2020-01-02 09:00,permit,east
a,end,2020-01-03 09:00,permit,east
b,start,2020-01-02 10:00,notice,north
c,end,2020-01-01 08:00,permit,east
c,start,2020-01-04 08:00,permit,west
,,,,
d,start,2019-12-31 23:59:59,permit,east
e,start,2022-01-01 00:00,permit,east

f,start,2020-01-05 12:00,review,west
"""


def model_of(folder: Path, replayed: str, log: str | bytes = LOG, file="log.csv", more="") -> Model:
    """Build ONE_STEP, whose cases arrive from 2020-01-01 to 2021-12-31, with a log."""
    (folder / file).write_bytes(log if isinstance(log, bytes) else log.encode())
    (folder / "base.yaml").write_text(ONE_STEP)
    (folder / "s.yaml").write_text(f"""
extends: base.yaml
case_types:
  t:
    arrivals: {{yearly: null, replay: {{file: {file}, time: when{replayed}}}}}
    attributes: {{zone: {{shares: {{east: 0.5, west: 0.5}}}}}}
{more}
""")
    return Model(load(folder / "s.yaml"))


def arrivals(model: Model) -> list[int]:
    return model.demand.draw(1, 0).workload.arrival_s.tolist()


def mistakes(folder: Path, *given, **more) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        model_of(folder, *given, **more)
    return str(error.value).splitlines()


# --- which rows ----------------------------------------------------------------------------------


def test_where_takes_rows_before_the_first_of_each_case_is_found(tmp_path):
    model = model_of(tmp_path, ", case: case, where: {kind: permit}")
    assert arrivals(model) == [8 * H, DAY + 9 * H]  # c at its end, a at its start
    (count,) = model.demand.replayed
    # of 8 rows b and f are no permits; a and c have two; d lies before the start, e after the end
    assert count == ReplayCount(
        case_type="t",
        more_arrivals="",
        file="log.csv",
        rows=8,
        where_rows=2,
        later_rows=2,
        cases=2,
        cases_before=1,
        cases_after=1,
    )


def test_where_takes_several_values_of_several_columns(tmp_path):
    where = ", case: case, where: {activity: start, kind: [permit, review]}"
    model = model_of(tmp_path, where)
    assert arrivals(model) == [DAY + 9 * H, 3 * DAY + 8 * H, 4 * DAY + 12 * H]  # a, c, f
    (count,) = model.demand.replayed
    assert (count.where_rows, count.later_rows) == (3, 0)


def test_the_parts_of_every_count_add_up(tmp_path):
    for given in ("", ", case: case", ", where: {activity: start}"):
        (c,) = model_of(tmp_path, given).demand.replayed
        parts = c.where_rows + c.later_rows + c.cases + c.cases_before + c.cases_after
        assert c.rows == parts == 8


def test_further_arrivals_have_a_count_of_their_own(tmp_path):
    ends = "{replay: {file: log.csv, time: when, where: {activity: end}}}"
    more = f"    more_arrivals: {{ends: {ends}}}"
    counts = model_of(tmp_path, ", where: {activity: start}", more=more).demand.replayed
    assert [(count.more_arrivals, count.cases) for count in counts] == [("", 4), ("ends", 2)]


def test_a_value_that_no_row_has_is_refused(tmp_path):
    assert mistakes(tmp_path, ", where: {kind: [permit, revue]}") == [
        "log.csv: where.kind: 'revue': no row has this value; did you mean 'review'?"
    ]
    assert mistakes(tmp_path, ", where: {kind: notice, activity: end}") == [
        "log.csv: where: no row has all these values together"
    ]
    assert mistakes(tmp_path, ", where: {knid: permit}") == [
        "log.csv: has no column 'knid'; did you mean 'kind'?"
    ]
    (told,) = mistakes(tmp_path, ", where: {kind: 5}")
    assert "arrivals.replay.where.kind: 5: must be text" in told


def test_every_bad_row_is_told_at_once(tmp_path):
    bad = LOG.replace("a,start", ",start").replace("2020-01-03 09:00", "").replace("10:00", "25:00")
    assert mistakes(tmp_path, ", case: case", bad) == [
        "log.csv:2: case: names no case",
        "log.csv:3: when: no time in this row",
        "log.csv:4: when: '2020-01-02 25:00': must be a time such as 2024-03-01 09:30:00",
    ]
    (told,) = mistakes(tmp_path, ", attributes: {zoen: zone}")
    rule = "replays attribute 'zoen', which the case type does not declare"
    assert told == f"log.csv: {rule}; did you mean 'zone'?"


def test_values_without_a_share_are_told_with_their_lines(tmp_path):
    log = LOG.replace("west", "wset")
    assert mistakes(tmp_path, ", attributes: {zone: zone}", log) == [
        f"log.csv:{line}: zone: '{value}': attribute 'zone' does not declare this value{hint}"
        for line, value, hint in (
            (4, "north", "; valid: east, west"),
            (6, "wset", "; did you mean 'west'?"),
            (11, "wset", "; did you mean 'west'?"),
        )
    ]


def test_of_very_many_bad_rows_fifty_are_told(tmp_path):
    told = mistakes(tmp_path, "", "when,n\n" + "soon,1\n" * 1070)
    assert len(told) == 51
    assert told[-1] == "… and 1,020 more mistakes"


def test_rows_with_too_few_or_too_many_cells_are_told(tmp_path):
    log = "case,when\na,2020-01-02\nb\nc,2020-01-02,09:00\n"
    assert mistakes(tmp_path, "", log) == [
        "log.csv:3: has 1 cells, but there are 2 columns",
        "log.csv:4: has 3 cells, but there are 2 columns",
    ]


def test_text_that_looks_like_nothing_is_text(tmp_path):
    """A reader of tables would take NA and None for empty cells, and 007 for 7."""
    log = "case,when,zone\n007,2020-01-02,NA\n7,2020-01-02,None\nnull,2020-01-02,NA\n"
    (tmp_path / "log.csv").write_text(log)
    (tmp_path / "base.yaml").write_text(ONE_STEP)
    (tmp_path / "s.yaml").write_text("""
extends: base.yaml
case_types:
  t:
    arrivals:
      yearly: null
      replay: {file: log.csv, time: when, case: case, attributes: {zone: zone}}
    attributes: {zone: {shares: {NA: 0.5, None: 0.5}}}
""")
    demand = Model(load(tmp_path / "s.yaml")).demand.draw(1, 0)
    zones = [demand.attribute_values["zone"][code] for code in demand.attributes["zone"]]
    assert zones == ["NA", "None", "NA"]


@pytest.mark.parametrize("ending", ["bz2", "xz", "zip"])
def test_compressed_logs(tmp_path, ending):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("log.csv", LOG)
    content = {
        "bz2": bz2.compress(LOG.encode()),
        "xz": lzma.compress(LOG.encode()),
        "zip": packed.getvalue(),
    }[ending]
    plain = arrivals(model_of(tmp_path, ", case: case"))
    assert arrivals(model_of(tmp_path, ", case: case", content, f"log.csv.{ending}")) == plain


# --- times ---------------------------------------------------------------------------------------

UTC_LOG = """\
when,kind
2020-03-05 16:30:00+00:00,a
2020-03-06T02:00:00Z,a
2020-03-07T10:00:00+08:00,a
2020-03-08,a
"""
# in Shanghai: Fri 6 March 0:30, 10:00; Sat 7 March 10:00; a bare date is a date of the place
MARCH_6 = 31 + 29 + 5  # days from 1 January 2020
IN_SHANGHAI = [
    *(MARCH_6 * DAY + 1800, MARCH_6 * DAY + 10 * H),
    *((MARCH_6 + 1) * DAY + 10 * H, (MARCH_6 + 2) * DAY),
]


def test_offsets_become_the_time_of_the_place(tmp_path):
    assert arrivals(model_of(tmp_path, "", UTC_LOG)) == IN_SHANGHAI


def test_the_place_may_be_stated(tmp_path):
    """Amsterdam is an hour ahead of UTC in winter: seven hours behind Shanghai."""
    stated = "calendar: {country: weekdays, time_zone: Europe/Amsterdam}"
    found = arrivals(model_of(tmp_path, "", UTC_LOG, more=stated))
    assert found == [*(at_s - 7 * H for at_s in IN_SHANGHAI[:3]), IN_SHANGHAI[3]]


def test_offsets_without_a_place_are_refused(tmp_path):
    assert mistakes(tmp_path, "", UTC_LOG, more="calendar: {country: weekdays}") == [
        "log.csv:2: when: '2020-03-05 16:30:00+00:00': has an offset from UTC, and the time zone "
        "of the place is not known; give calendar.time_zone, such as Asia/Shanghai, or write the "
        "local time without an offset (3 rows)"
    ]
    local = UTC_LOG.replace("+00:00", "").replace("Z", "").replace("+08:00", "")
    assert len(arrivals(model_of(tmp_path, "", local, more="calendar: {country: weekdays}"))) == 4


def test_rows_with_and_without_an_offset_mean_different_clocks(tmp_path):
    log = UTC_LOG.replace("02:00:00Z", "02:00:00")
    assert mistakes(tmp_path, "", log) == [
        "log.csv:3: when: '2020-03-06T02:00:00': has no offset from UTC, but other rows have one; "
        "write all of them, or none, with an offset"
    ]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_parquet_columns_with_a_time_zone(tmp_path, zone):
    table = pd.DataFrame(
        {"when": pd.to_datetime(["2020-03-05 16:30", "2020-03-06 02:00"], utc=True)}
    )
    table["when"] = table["when"].dt.tz_convert(zone)
    table.to_parquet(tmp_path / "log.parquet")
    content = (tmp_path / "log.parquet").read_bytes()
    assert arrivals(model_of(tmp_path, "", content, "log.parquet")) == IN_SHANGHAI[:2]
    (told,) = mistakes(tmp_path, "", content, "log.parquet", more="calendar: {country: everyday}")
    assert told.startswith("log.parquet: row 1: when: ")
    assert "give calendar.time_zone" in told


def test_numbers_and_gaps_in_parquet_columns(tmp_path):
    """A whole number with gaps beside it is a float in the file; its text is that of the number."""
    when = ["2020-03-05", None, "2020-03-05"]
    pd.DataFrame({"when": when, "n": [7.0, 8.0, None]}).to_parquet(tmp_path / "log.parquet")
    content = (tmp_path / "log.parquet").read_bytes()
    assert len(arrivals(model_of(tmp_path, ', where: {n: "7"}', content, "log.parquet"))) == 1
    (told,) = mistakes(tmp_path, "", content, "log.parquet")
    assert told == "log.parquet: row 2: when: no time in this row"


@pytest.mark.parametrize(
    "written",
    [
        "2020-03-05 16:30:00Z",
        "2020-03-05T16:30:00+00:00",
        "2020-03-06 00:30:00 +8",
        "2020-03-06 00:30:00+0800",
        "2020-03-06 06:00:00+13:30",
        "2020-03-05 11:30:00-5",
        '"2020-03-05T16:30:00Z"',
    ],
)
def test_listed_times_with_an_offset_become_local_ones(written):
    """16:30 UTC is half past midnight of the next day in Shanghai."""
    listed = f"case_types: {{t: {{arrivals: {{yearly: null, at: [{written}]}}}}}}"
    assert arrivals(Model(scenario(ONE_STEP, listed))) == [MARCH_6 * DAY + 1800]
    nowhere = "calendar: {country: weekdays}"
    with pytest.raises(ScenarioError, match=r"arrivals\.at\.1: '?2020-.*give calendar\.time_zone"):
        scenario(ONE_STEP, listed.replace("at: [", "at: [1 h, "), nowhere)


@pytest.mark.parametrize("start", ["2020-01-01 00:00:00Z", '"2020-01-01T00:00:00+08:00"'])
def test_a_date_has_no_offset(start):
    with pytest.raises(ScenarioError, match=r"period\.start: .*must be a date .*, without a time"):
        scenario(ONE_STEP, f"period: {{start: {start}}}")


@pytest.mark.parametrize("start", ["20200101", '"20200101"', '"1577836800"', "1577836800.0"])
def test_a_date_is_no_number(start):
    """In quotes, a number would be a count of seconds since 1970."""
    with pytest.raises(ScenarioError, match=r"period\.start: .*must be a date such as"):
        scenario(ONE_STEP, f"period: {{start: {start}}}")


def test_an_unknown_time_zone_is_refused(tmp_path):
    for stated, meant in (("Asia/Shangai", "Asia/Shanghai"), ("shanghai", "Asia/Shanghai")):
        (told,) = mistakes(tmp_path, "", UTC_LOG, more=f"calendar: {{time_zone: {stated}}}")
        assert f"calendar.time_zone: '{stated}': no time zone of this name" in told
        assert f"did you mean '{meant}'?" in told


def test_summer_time_is_in_the_local_time():
    """31 March 2024, 1:00 UTC: clocks in Amsterdam go from 2:00 to 3:00."""
    place, start = ZoneInfo("Europe/Amsterdam"), dt.date(2024, 3, 31)
    before, after = (read_time(f"2024-03-31T{text}Z") for text in ("00:59:59", "01:00:00"))
    assert local_second(before, start, place) == 2 * H - 1
    assert local_second(after, start, place) == 3 * H


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024-03-05", dt.datetime(2024, 3, 5)),
        ("2024/3/5", dt.datetime(2024, 3, 5)),
        ("20240305", dt.datetime(2024, 3, 5)),
        ("2024/3/5 9:30", dt.datetime(2024, 3, 5, 9, 30)),
        ("2024-03-05T09:30:15.25", dt.datetime(2024, 3, 5, 9, 30, 15, 250_000)),
        ("2024-03-05 09:30:15 -0500", dt.datetime(2024, 3, 5, 14, 30, 15, tzinfo=dt.UTC)),
        ("2024/3/5 9:30 Z", dt.datetime(2024, 3, 5, 9, 30, tzinfo=dt.UTC)),
    ],
)
def test_times_as_files_write_them(text, meant):
    assert read_time(text) == meant


@pytest.mark.parametrize(
    "text", ["", "2024", "2024-03", "5/3/2024", "45356.4", "2024-02-30", "9:30", "2024-03-05 4 PM"]
)
def test_texts_that_are_no_time(text):
    with pytest.raises(ValueError):
        read_time(text)

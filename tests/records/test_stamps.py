"""Times as offices write them, read by column."""

import numpy as np
import pyarrow as pa
import pytest

from sim.calendars import time_zone
from sim.records.register import NO_OFFSET
from sim.records.stamps import are_times, read_stamps


def read(*texts, zone=None):
    return read_stamps(pa.chunked_array([list(texts)], pa.string()), zone)


@pytest.mark.parametrize(
    ("text", "time", "day_only"),
    [
        ("2023年5月4日 14:34", "2023-05-04T14:34:00", False),
        ("2023年05月04日14时34分20秒", "2023-05-04T14:34:20", False),
        ("2023年5月4日 下午2:34", "2023-05-04T14:34:00", False),
        ("2023年5月4日 上午12:05", "2023-05-04T00:05:00", False),
        ("2023年5月4日 星期四 8时", "2023-05-04T08:00:00", False),
        ("2023年5月4日", "2023-05-04", True),
        ("2023/5/4", "2023-05-04", True),
        ("2023/5/4 9:03", "2023-05-04T09:03:00", False),
        ("2023.5.4", "2023-05-04", True),
        ("2023-05-04", "2023-05-04", True),
        ("2023-05-04 09:30:00.5", "2023-05-04T09:30:00.500", False),
        ("2023-05-04T09:30", "2023-05-04T09:30:00", False),
        ("20230504", "2023-05-04", True),
        ("20230504093000", "2023-05-04T09:30:00", False),
        ("2023.03.01-09:30", "2023-03-01T09:30:00", False),
        ("2023-05-04 24:00", "2023-05-05T00:00:00", False),
        ("2023-05-04 23:59:59", "2023-05-04T23:59:59", False),
        ("2023年5月4日 23:59:59", "2023-05-04T23:59:59", False),
    ],
)
def test_forms_of_a_time(text, time, day_only) -> None:
    stamps = read(text)
    assert stamps.at[0] == np.datetime64(time)
    assert (stamps.day_only[0], stamps.bad[0]) == (day_only, False)
    assert stamps.offset_s[0] == NO_OFFSET


@pytest.mark.parametrize(
    "text",
    ["2023-02-30", "2023-13-01", "1900-01-00", "0001-01-01", "2023-05-04 25:00", "2023-05-04 10:61",
     "2023-05-04 10:60", "2023-05-04 10:00:60", "2023年5月4日 10:00:60",
     "2023-05-04 24:01", "2023-05-04 24:00:01",
     "5/4/2023", "2023年", "昨天", "9999-12-31", "45050", "1e9999", "２０２３"],
)  # fmt: skip
def test_what_is_no_possible_time_is_bad_and_not_guessed(text) -> None:
    stamps = read(text, "13", "14", "15")  # numbers that are no days: so 45050 is none either
    assert np.isnat(stamps.at[0])
    assert stamps.bad[0]


def test_numbers_are_days_of_excel_if_most_of_the_column_are() -> None:
    stamps = read("45050.607", "45050", "2023/5/4", *["45051.5"] * 20, "7")
    assert stamps.at[0] == np.datetime64("2023-05-04T14:34:05")
    assert stamps.at[1] == stamps.at[2] == np.datetime64("2023-05-04")
    assert stamps.day_only.tolist()[:4] == [False, True, True, False]
    assert stamps.bad.tolist().count(True) == 1
    assert stamps.bad[-1]


def test_numbers_of_a_workbook_that_counts_from_1904() -> None:
    stamps = read_stamps(pa.chunked_array([["43524", "43524.5"]], pa.string()), first_day=1462)
    assert stamps.at.astype("datetime64[s]").astype(str).tolist() == [
        "2023-03-01T00:00:00", "2023-03-01T12:00:00",
    ]  # fmt: skip


def test_a_column_of_midnights_holds_dates() -> None:
    dates = [f"2023-05-{day:02d} 00:00:00" for day in range(1, 13)]
    assert read(*dates).day_only.all()
    mixed = read(*dates, "2023-05-20 09:00:00")
    assert not mixed.day_only.any()
    assert not read(*dates[:9]).day_only.any()


def test_times_with_an_offset_are_local_as_written_or_of_a_place() -> None:
    stamps = read("2011-10-30 02:30:00+02:00", "2011-10-30T01:30:00Z")
    assert stamps.at.astype("datetime64[m]").astype(str).tolist() == [
        "2011-10-30T02:30", "2011-10-30T01:30",
    ]  # fmt: skip
    assert stamps.offset_s.tolist() == [7200, 0]
    there = read("2011-10-30T00:30:00Z", "2011-10-30T01:30:00Z", zone=time_zone("NL"))
    assert there.at.astype("datetime64[m]").astype(str).tolist() == ["2011-10-30T02:30"] * 2
    assert there.offset_s.tolist() == [7200, 3600]


def test_a_column_is_told_to_hold_times_by_its_cells() -> None:
    assert are_times(pa.chunked_array([["2023/5/4", "", "x", "2023年5月4日"]])) == pytest.approx(
        2 / 3
    )
    assert are_times(pa.chunked_array([["", ""]])) == 0

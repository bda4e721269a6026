"""A workbook for a city, in memory: what each cell changes, and what is told of each mistake."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import sim
from sim.calendars import working_days
from tests.build.forms import Book, changed


@pytest.fixture(scope="module")
def known() -> sim.Scenario:
    return sim.load("yingkou/base")


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "yingkou/base"), ("zh", "yingkou/base"), ("zh", "yingkou/zones"),
     ("en", "yingkou/leave_season"), ("zh", "textbook/staff_changes"), ("en", "textbook/mm1")],
)  # fmt: skip
def test_a_workbook_as_written_changes_nothing(language, name) -> None:
    book = Book(language, name)
    changes = book.changes()
    assert changes.problems == []
    (remark,) = changes.remarks
    assert ("没有填写任何数值" if language == "zh" else "no cell of the workbook") in remark
    assert set(changes.value) == {"name"}
    assert changed(sim.load(name), book.load()) == {}


CELLS = {
    ("volumes", "project", "volume", "1,200件"):
        {"case_types.project.arrivals.yearly.volume": (200.0, 1200.0)},
    ("volumes", "startup", "volume", "1.2万"):
        {"case_types.startup.arrivals.yearly.volume": (800.0, 12000.0)},
    ("months", "project/3", "weight", "1.5"):
        {"case_types.project.arrivals.yearly.months.2": (1.2, 1.5)},
    ("staff", "planners", "count", " ５ 人 "): {"staff.planners.count": (4, 5)},
    ("staff", "planners", "count", "6.0"): {"staff.planners.count": (4, 6)},
    ("staff", "planners", "share", "85％"): {"staff.planners.share": (0.8, 0.85)},
    ("staff", "planners", "share", "0.85"): {"staff.planners.share": (0.8, 0.85)},
    ("staff", "planners", "absence", "12.5%"): {"staff.planners.absence": (0.03, 0.125)},
    ("staff", "planners", "duty", "reviewer"): {"staff.planners.hours": ("office", "reviewer")},
    ("matters", "project/EIA", "promised", "10个工作日"):
        {"case_types.project.matters.EIA.promised": ("7 wd", "10 wd")},
    ("matters", "startup/REG", "promised", "2"):
        {"case_types.startup.matters.REG.promised": ("4 h", "2 h")},
    ("matters", "project/QSS", "promised", "5"):
        {"case_types.project.matters.QSS.promised": (None, "5 wd")},
    ("matters", "project/WSC", "unit", "自然日"): {},
    ("matters", "project/WSC", "promised", "10"):
        {"case_types.project.matters.WSC.promised": ("3 wd", "10 cd")},
    ("matters", "project/EIA", "correction", "25%"):
        {"case_types.project.matters.EIA.correction.probability": (0.3, 0.25)},
    ("times", "project/matters/EIA/review/handle/work", "time", "10"):
        {"case_types.project.matters.EIA.review.handle.work.lognormal.mean": ("12 h", "10 h")},
    ("times", "project/matters/EIA/review/handle/work", "time", "90分钟"):
        {"case_types.project.matters.EIA.review.handle.work.lognormal.mean": ("12 h", "90 min")},
    ("times", "project/matters/EIA/decision/work", "time", "60 min"):  # mode 0.5 h: scaled
        {"case_types.project.matters.EIA.decision.work.scale": (1.0, 2.0)},
    ("hours", "counter/sat", "open", "9：00～11：30"):
        {"hours.counter.week.sat": (None, "9:00-11:30")},
    ("hours", "counter/mon-fri", "open", "8:00至12:00，13:00至17:00"):
        {"hours.counter.week.mon-fri": ("8:30-11:30 13:00-17:00", "8:00-12:00 13:00-17:00")},
    ("limits", "startup_2", "limit", "3"): {"limits.startup_2.limit": ("2 wd", "3 wd")},
    ("limits", "project_30", "target", "90%"): {"limits.project_30.target_share": (0.95, 0.9)},
    ("limits", "project_30", "limit_name", "快办"):
        {"limits.project_30.label.zh": ("三项许可30个工作日", "快办")},
    ("levers", "pre_review", "on", "是"): {"handling.pre_review": (False, True)},
    ("levers", "online_share", "on", "40%"): {"handling.online_share": (0.0, 0.4)},
    ("levers", "delegation", "on", "委托"): {"handling.delegation": ("none", "entrusted")},
    ("general", "window_to", "own", "2021年6月30日"):
        {"period.window.to": ("2021-12-31", "2021-06-30")},
    ("general", "window_from", "own", "44228"):  # the number of a date in Excel
        {"period.window.from": ("2021-01-01", "2021-02-01")},
}  # fmt: skip


def batches() -> list[list[tuple[str, str, str, str]]]:
    """Return the cells in a few workbooks: no cell is written twice in one."""
    found: list[dict[tuple[str, str, str], tuple[str, str, str, str]]] = []
    for cell in CELLS:
        book = next((known for known in found if cell[:3] not in known), None)
        if book is None:
            book = {}
            found.append(book)
        book[cell[:3]] = cell
    return [list(book.values()) for book in found]


@pytest.mark.parametrize("cells", batches(), ids=len)
def test_each_cell_is_exactly_one_override(known, cells) -> None:
    book = Book()
    for cell in cells:
        book.write(*cell)
    expected = {path: pair for cell in cells for path, pair in CELLS[cell].items()}
    assert changed(known, book.load()) == expected


def test_an_english_workbook_takes_chinese_words_and_the_other_way(known) -> None:
    book = Book("en").write("levers", "pre_review", "on", "是")
    book.write("limits", "project_30", "limit", "28 working days")
    assert set(changed(known, book.load())) == {"handling.pre_review", "limits.project_30.limit"}


def test_columns_in_any_order_and_headings_in_either_language(known) -> None:
    book = Book("zh").write("staff", "planners", "count", "5")
    rows = book.sheets["人员"]
    english = {"人数（人）": "Officers", "代码（请勿改动）": "Code"}
    rows[1] = [english.get(heading, heading) for heading in rows[1]]
    book.sheets["人员"] = {number: cells[::-1] for number, cells in rows.items()}
    assert changed(known, book.load()) == {"staff.planners.count": (4, 5)}


def test_rows_without_code_are_found_by_what_they_say(known) -> None:
    book = Book().write("staff", "planners", "count", "5").write("staff", "planners", "code", "")
    assert changed(known, book.load()) == {"staff.planners.count": (4, 5)}


def test_a_title_above_the_headings_is_passed_over(known) -> None:
    book = Book().write("staff", "planners", "count", "5")
    rows = book.sheets["人员"]
    book.sheets["人员"] = {1: ["2024年人员情况"], **{n + 2: cells for n, cells in rows.items()}}
    assert changed(known, book.load()) == {"staff.planners.count": (4, 5)}


def test_a_source_holds_for_what_its_row_changes() -> None:
    book = Book().write("staff", "planners", "count", "5")
    loaded = book.write("staff", "planners", "own_source", "实测：本市系统").load()
    sources = {of.path: of.source for of in loaded.provenance.parameters()}
    assert sources["staff", "planners", "count"].kind == "measured"
    assert sources["staff", "planners", "count"].text == "measured: 本市系统"
    assert sources["staff", "planners", "share"].kind == "assumed"  # that of the base


def test_a_value_without_source_says_its_cell() -> None:
    loaded = Book("en").write("staff", "planners", "count", "5").load()
    sources = {of.path: of.source for of in loaded.provenance.parameters()}
    assert sources["staff", "planners", "count"].text == "set in my-city.xlsx, sheet Staff, cell C4"


# --- months ----------------------------------------------------------------------------------

BY_MONTH = [10, 5, 20, 22, 23, 21, 18, 17, 20, 19, 15, 12]


def by_month(cases: list[int]) -> Book:
    book = Book()
    for month, count in enumerate(cases, 1):
        book.write("months", f"project/{month}", "in_month", str(count))
    return book


def test_the_cases_of_twelve_months_come_on_their_working_days(known) -> None:
    yearly = by_month(BY_MONTH).load().case_types["project"].arrivals.yearly
    assert yearly is not None
    assert yearly.volume == sum(BY_MONTH) == 202
    days = working_days("CN", dt.date(2021, 1, 1), dt.date(2021, 12, 31))
    dates = [days.origin + dt.timedelta(days=day) for day in range(len(days))]
    worked = [
        sum(days.working[i] for i, d in enumerate(dates) if d.month == m) for m in range(1, 13)
    ]
    parts = [weight * count for weight, count in zip(yearly.months, worked, strict=True)]
    expected = [202 * part / sum(parts) for part in parts]
    assert expected == pytest.approx(BY_MONTH, rel=1e-9)


def test_a_volume_stands_beside_the_cases_of_months() -> None:
    book = by_month(BY_MONTH).write("volumes", "project", "volume", "300")
    yearly = book.load().case_types["project"].arrivals.yearly
    assert yearly is not None
    assert yearly.volume == 300
    assert any("采用年办件量 300 件，各月合计为 202 件" in text for text in book.changes().remarks)


def test_months_that_do_not_go_together_are_refused() -> None:
    book = by_month(BY_MONTH)
    book.write("months", "project/4", "in_month", "")
    assert "单元格 C5: 当月件数（件）: 须填满 12 个月" in book.mistakes()
    assert "须填满 12 个月" in by_month([0] * 12).mistakes()
    both = by_month(BY_MONTH).write("months", "project/4", "weight", "1")
    assert "只能填一栏" in both.mistakes()


# --- matters and leave -----------------------------------------------------------------------


def test_a_matter_that_is_not_handled_goes_from_all_lists() -> None:
    loaded = Book().write("matters", "project/CAD", "handled", "否").load()
    assert "CAD" not in loaded.case_types["project"].matters
    assert "CAD" not in loaded.limits["project_30"].scope.matters


def test_a_new_matter_is_one_row() -> None:
    book = Book().add(
        "matters", case_type="一般工业项目", matter="取水许可", stage="专项评估",
        department="水利", pool="水务审查", requires="企业投资项目备案；建设用地规划许可证",
        new_work="8", promised="5", correction="10%", own_source="假设",
    )  # fmt: skip
    loaded = book.load()
    matter = loaded.case_types["project"].matters["取水许可"]
    assert (matter.department, matter.stage, matter.requires) == (
        "water",
        "assessment",
        ("FIL", "LUP"),
    )
    assert str(matter.promised) == "5 wd"
    assert matter.correction is not None
    assert matter.correction.probability == 0.1
    assert matter.decision is not None
    assert matter.decision.work.mean_s == 8 * 3600
    assert any("取水许可" in text for text in book.changes().remarks)  # no promise counts it


def test_a_new_matter_needs_its_cells() -> None:
    told = Book().add("matters", matter="取水许可", pool="水务审察").mistakes()
    assert told.count("新增事项须填写") == 3  # case type, department, work; no stage without type
    assert "是不是“水务审查”" in told


def test_a_new_matter_may_bear_the_name_of_one_of_another_case_type() -> None:
    cells = {"case_type": "企业开办", "matter": "企业投资项目备案", "department": "市场监管"}
    book = Book().add("matters", **cells, pool="企业登记", new_work="1")
    assert "企业投资项目备案" in book.load().case_types["startup"].matters
    assert (
        "与第 21 行重复" in book.add("matters", **cells, pool="企业登记", new_work="1").mistakes()
    )


def test_leave_is_what_the_sheet_says() -> None:
    book = Book().add(
        "leave",
        group="规划审查",
        away="1人",
        **{"from": "2021年7月1日", "to": "2021-07-09 00:00:00"},
    )
    (leave,) = book.load().staff["planners"].leave
    assert (leave.officers, leave.dates.first) == (1, dt.date(2021, 7, 1))


def test_leave_of_the_base_that_is_deleted_is_gone() -> None:
    book = Book("zh", "yingkou/leave_season")
    rows = book.sheets["休假"]
    del rows[next(number for number, cells in rows.items() if "规划审查" in cells)]
    loaded = book.load()
    assert loaded.staff["planners"].leave == ()
    assert len(loaded.staff["window"].leave) == 1


# --- mistakes --------------------------------------------------------------------------------

MISTAKES = {
    ("staff", "planners", "count", "五个"): "单元格 C4: 人数（人）: '五个': 必须填数字",
    ("staff", "planners", "count", "-3"): "'-3': 不能是负数",
    ("staff", "planners", "count", "2.5"): "人数必须是整数",
    ("staff", "planners", "count", "2021-03-01 00:00:00"): "是日期；请把单元格格式改为“常规”",
    ("staff", "planners", "count", "true"): "必须填数字",
    ("staff", "planners", "share", "80"): "请写作 80%",
    ("staff", "planners", "share", "130%"): "必须在 0% 到 100% 之间",
    ("staff", "planners", "duty", "领导"): "是不是“领导签批”",
    ("staff", "planners", "department", "住建"): "请恢复为“自然资源”",
    ("matters", "project/EIA", "promised", "5天"): "请写“5工作日”或“5自然日”",
    ("matters", "project/EIA", "promised", "很快"): "必须填数字，例如 7 工作日",
    ("matters", "project/WSC", "unit", "自然日"): "请恢复为“工作日”",
    ("matters", "project/EIA", "handled", "也许"): "必须填“是”或“否”",
    ("matters", "project/FIL", "review_correction", "10%"): "此处不能填写",
    ("times", "project/matters/EIA/decision/work", "time", "0"): "必须大于 0",
    ("times", "project/matter_defaults/correction/turnaround", "time", "30分钟"): "此处按工作日计",
    ("shares", "project/zone/beihai", "proportion", "50%"): "合计必须是 100%，现为 144%",
    ("general", "window_to", "own", "2020-01-31"): "不能早于统计开始日期（2021-01-01）",
    ("general", "start", "own", "去年"): "必须是日期",
    ("volumes", "project", "base:volume", "300"): "请把本市数值填在“年办件量（件/年）”一栏",
}


@pytest.mark.parametrize(("cell", "rule"), MISTAKES.items(), ids=lambda of: str(of)[:60])
def test_a_mistake_is_told_with_its_cell(cell, rule) -> None:
    part, code, column, text = cell
    heading = "基准值：年办件量（件/年）" if column == "base:volume" else column
    told = Book().write(part, code, heading, text).mistakes()
    assert rule in told
    assert told.count("\n") == 0
    assert told.startswith("my-city.xlsx 工作表“")


def test_a_workbook_from_before_a_name_had_a_label_is_read() -> None:
    book = Book().write("hours", "counter/mon-fri", "duty", "counter")
    book.write("shares", "project/special_fire/yes", "attribute", "special_fire")
    assert book.load().hours["counter"].label.zh == "窗口"


def test_all_mistakes_are_told_at_once_and_those_of_the_checks_too() -> None:
    book = (
        Book("en")
        .write("staff", "planners", "count", "x")
        .write("staff", "builders", "count", "20000")
    )
    book.write("hours", "counter/mon-fri", "open", "8点半到12点")
    with pytest.raises(sim.ScenarioError) as caught:
        book.load()
    told = str(caught.value)
    assert "my-city.xlsx, sheet Staff, cell C4: Officers: 'x': must be a number" in told
    assert "my-city.xlsx, sheet Staff, cell C10: Officers: 20000: must be at most" in told
    assert "my-city.xlsx, sheet Hours, cell D2: Hours (24-hour clock): " in told
    assert told.index("cell C4") < told.index("cell C10")  # by number, not by letter


@pytest.mark.parametrize(
    ("language", "page", "count", "days"),
    [
        ("en", "how-to/workbook.md", "five", "5 days"),
        ("zh", "tutorial/workbook.zh.md", "五个", "5天"),
    ],
)
def test_the_mistakes_that_the_documents_show_are_told_so(language, page, count, days) -> None:
    book = Book(language).write("staff", "planners", "count", count)
    told = book.write("matters", "project/EIA", "promised", days).mistakes()
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    assert set(told.splitlines()) <= set(text.splitlines())


def test_an_unknown_row_and_a_copied_one_are_refused() -> None:
    assert "是不是“规划审查”" in Book().add("staff", group="规划审查员", count="3").mistakes()
    assert "与第 4 行重复" in Book().add("staff", code="planners", count="3").mistakes()


def test_merged_cells_and_formulas_without_value_are_refused() -> None:
    book = Book()
    book.merged["人员"] = [(3, 3, 5, 3)]
    book.uncounted["人员"] = {(7, 3), (7, 11_000)}  # the second is in no column that is read
    told = book.mistakes()
    assert "C3:C5 已合并" in told
    assert "单元格 C7" in told
    assert told.count("\n") == 1


def test_two_columns_with_one_heading_are_refused() -> None:
    book = Book()
    book.sheets["人员"][1].append("人数（人）")
    assert "有两列标题相同" in book.mistakes()


def test_what_is_not_read_is_told_and_not_fatal(known) -> None:
    book = Book()
    book.sheets["Sheet1"] = book.sheets.pop("人员")
    book.sheets["备忘"] = {1: ["电话", "姓名"]}
    del book.sheets["业务量"]
    book.sheets["承诺"][1].append("备注")
    del book.sheets["事项"][book.row("matters", "project/CAD")]
    changes = book.changes()
    assert changes.problems == []
    told = "\n".join(changes.remarks)
    assert "“Sheet1”按其列标题当作“人员”" in told
    assert "“备忘”不读取" in told
    assert "没有工作表“业务量”" in told
    assert "“备注”一列不读取" in told
    assert "没有 人防建设审批 的行" in told
    assert "填“否”" in told
    assert changed(known, book.load()) == {}


def test_a_second_sheet_of_a_name_and_hostile_names_are_told() -> None:
    book = Book().write("staff", "planners", "count", "5")
    book.sheets["Staff"] = {1: ["Officers", "Code"], 2: ["9", "planners"]}
    book.sheets["\u202e\x9b31m"] = {1: ["a"]}
    changes = book.changes()
    assert changes.get(("staff", "planners", "count")) == 5
    assert "工作表“Staff”不读取" in changes.remarks
    assert all(text.isprintable() for text in changes.remarks)


def test_a_promise_that_keeps_its_old_name_is_told() -> None:
    book = Book().write("limits", "project_30", "limit", "25")
    assert "名称里仍是原来的数" in "".join(book.changes().remarks)
    same = Book().write("limits", "project_30", "limit", "30")
    assert same.changes().remarks == ["取自表格的数值：承诺 1；其余沿用基准情景"]
    book.write("limits", "project_30", "limit_name", "三项许可25个工作日")
    assert book.changes().remarks == ["取自表格的数值：承诺 2；其余沿用基准情景"]


def test_a_workbook_of_something_else_is_refused() -> None:
    from sim.scenario.files.form_reading import base_named
    from sim.spreadsheets.reader import Sheet

    with pytest.raises(sim.ScenarioError, match="holds none of the sheets"):
        base_named([Sheet("台账", {1: ["申报号", "事项"], 2: ["1", "备案"]})], "a.xlsx")
    with pytest.raises(sim.ScenarioError, match="没有写明基准情景"):
        book = Book().write("general", "extends", "own", "")
        del book.sheets["基本"][book.row("general", "extends")]
        base_named(book.read(), "a.xlsx")

"""The words of the audit of records, in English and Chinese."""

from __future__ import annotations

from typing import Final

from sim.report.words import Vocabulary

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("What the records hold", "办件数据审查"),
    "question": ("Can the records be trusted?", "办件数据是否可靠"),
    "holds": (
        "{cases:case|cases}, {items:item|items}, {events:event|events}, from {first} to {last}; "
        "{matters:matter|matters}, {departments:department|departments}, "
        "{officers:officer|officers}.",
        "{cases}个办件(项目),{items}个事项实例,{events}条办理记录,自{first}至{last};"
        "{matters}个事项,{departments}个部门,{officers}名办理人。",
    ),
    "holds_no_time": (
        "{cases:case|cases}, {items:item|items}; no event has a time.",
        "{cases}个办件(项目),{items}个事项实例;没有带时间的办理记录。",
    ),
    "nothing_found": ("No check found anything.", "各项检查均未发现问题。"),
    "left_out": (
        "{count:row of a file was|rows of files were} left out; each is counted below.",
        "文件中有{count}行未纳入,均在下表列明。",
    ),
    "none_left_out": ("No row of a file was left out.", "文件各行均已纳入。"),
    "tables": ("The tables that were read", "读取的表"),
    "file": ("File", "文件"),
    "sheet": ("Sheet", "工作表"),
    "table_holds": ("Holds", "内容"),
    "rows": ("Rows", "行数"),
    "columns": ("What the columns were taken for", "各列的认定"),
    "column": ("Column", "列名"),
    "role": ("Taken for", "认定为"),
    "map_how": (
        "To correct this, edit mapping.yaml in the folder and read again with --map.",
        "如有误,请修改文件夹中的 mapping.yaml,再用 --map 重新读取。",
    ),
    "not_read": ("not read: {columns}", "未读取:{columns}"),
    "found": ("What was found", "发现的问题"),
    "check": ("What", "问题"),
    "count": ("Count", "数量"),
    "of": ("Of", "总数"),
    "done": ("What was done", "处理"),
    "where": ("Where: the first ones", "位置(前几处)"),
    "places": ("{check}: {places}{more}", "{check}:{places}{more}"),
    "more": ("; …", ";……"),
    "not_checked": ("Not checked: {check}: {reason}", "未检查:{check}:{reason}"),
    "kind_events": ("events of items", "事项办理过程"),
    "kind_items": ("items", "事项实例"),
    "kind_projects": ("projects", "项目"),
    "kind_specials": ("special procedures", "特别程序"),
    "kind_matters": ("definition of matters", "流程事项定义"),
    "kind_stages": ("definition of stages", "流程阶段定义"),
    "kind_ledger": ("register, a row an item", "办件台账"),
    "kind_log": ("event log", "事件日志"),
    "kind_steps": ("steps of a simulation", "仿真的办理步骤"),
    "kind_courses": ("courses of a simulation", "仿真的办件经过"),
    "kind_-": ("not read", "未读取"),
    "done_left_out": ("left out", "未纳入"),
    "done_not_read": ("cell not read", "该单元格未读取"),
    "done_not_used": ("not used", "未使用"),
    "done_kept": ("kept as it is", "原样保留"),
    "done_marked": ("kept and marked", "保留并标注"),
    "done_told": ("nothing wrong", "仅提示"),
    # --- checks
    "check_invalid_rows": ("Marked as void (SJYXBS)", "标为无效的数据(SJYXBS)"),
    "check_torn_rows": ("Too many or too few cells", "单元格数与列数不符"),
    "check_title_rows": ("Titles above the headings", "表头以上的标题行"),
    "check_footer_rows": (
        "Totals, signatures, and rows of a single cell",
        "合计、签注及只有一个单元格的行",
    ),
    "check_heading_rows": (
        "Headings again, their units, or numbers of columns",
        "重复的表头、单位行或列号行",
    ),
    "check_hidden_table": (
        "Rows of hidden sheets; show the sheets to read them",
        "隐藏工作表的行，取消隐藏后方可读取",
    ),
    "check_uncounted_cell": (
        "Formulas without a stored value, and errors such as #REF!; calculate and save again",
        "公式未存计算结果或出错（如 #REF!），请重新计算并保存",
    ),
    "check_cut_number": (
        "Numbers cut short by the spreadsheet (2.10211E+15); export them as text",
        "编号被电子表格截断（如 2.10211E+15），请以文本格式导出",
    ),
    "check_table_left_out": ("Tables not read", "未读取的表"),
    "check_map_unused": (
        "Tables of the mapping file that no file holds",
        "对照文件中与所读文件均不相符的表",
    ),
    "check_duplicate_rows": ("The same row again", "完全重复的行"),
    "check_same_events": ("The same row of a log again", "日志中完全重复的行"),
    "check_event_twice": ("The same state at the same time again", "同一事项同一时间同一状态重复"),
    "check_item_twice": ("The same item given again", "同一事项实例重复给出"),
    "check_case_twice": ("The same project given again", "同一项目重复给出"),
    "check_same_number": ("A number that another item has", "编号与其他办件相同"),
    "check_item_not_listed": ("Events of an item that no table lists", "有办理记录而无事项信息"),
    "check_no_key": ("Without a number", "无编号"),
    "check_no_case": (
        "Without the number of its case; counts as a case of its own",
        "无项目编号，单独计为一个项目",
    ),
    "check_impossible_stamp": ("Impossible times", "不可能的时间"),
    "check_no_stamp": ("Events without a time", "无时间的办理记录"),
    "check_no_number": ("Limits that are no number of days", "时限不是天数"),
    "check_unknown_state": (
        "States and outcomes not known; an end counts neither as passed nor as refused",
        "无法识别的状态或结果；已办结的既不算通过也不算不通过",
    ),
    "check_open_but_ended": ("Said to be open, but with an end", "标为在办却有办结时间"),
    "check_ended_without_time": ("Said to have ended, without a time", "标为办结却无办结时间"),
    "check_no_outcome": (
        "Ended, without an outcome; neither passed nor refused",
        "已办结而无办理结果，既不算通过也不算不通过",
    ),
    "check_utc": (
        "Times in UTC, not local; give --time-zone",
        "时间为 UTC 而非当地时间,请给 --time-zone",
    ),
    "check_future": ("Later than the reading", "晚于读取之日"),
    "check_day_only": ("Only the date is known", "只有日期"),
    "check_midnight": ("At midnight, to the second", "恰在零点"),
    "check_batch": ("Ten or more in the same second", "同一秒十件以上(批量补录)"),
    "check_in_one_go": ("Ended within a minute of acceptance", "受理后一分钟内办结(事后补录)"),
    "check_off_duty": ("By officers outside duty hours", "工作人员在上班时间以外办理"),
    "check_day_off": ("By officers on a day off", "工作人员在非工作日办理"),
    "check_accepted_before_receipt": ("Accepted before it was received", "受理早于接件"),
    "check_ended_before_acceptance": ("Ended before it was accepted", "办结早于受理"),
    "check_after_the_end": ("Events after the end", "办结以后仍有办理记录"),
    "check_pause_ends_first": ("A pause ends before it begins", "补正或特别程序的结束早于开始"),
    "check_pause_without_end": (
        "A pause without an end, though decided",
        "已办结而补正或特别程序无结束",
    ),
    "check_pause_without_start": (
        "The end of a pause that never began",
        "补正或特别程序有结束无开始",
    ),
    "check_no_receipt": ("No time of receipt", "无接件时间"),
    "check_no_acceptance": ("Decided, without acceptance", "已办结而无受理"),
    "check_no_events": ("Items without any event", "无任何办理记录的事项"),
    "check_handed_in_again": ("Handed in again after a failure", "退件重报"),
    "check_same_matter_twice": ("The same matter of a case again", "同一项目同一事项再次申报"),
    "check_no_department": ("Without a department", "无办理部门"),
    "check_no_matter": ("Without a matter", "无事项名称"),
    "check_open": ("Open", "在办"),
    # --- how to read it
    "section_reading": ("How to read it", "如何阅读"),
    "read_done": ("What was done", "处理"),
    "read_done_text": (
        "Left out: the row counts nowhere. Cell not read: the row counts, without this cell. Kept: "
        "it counts as it stands, and may be wrong. Marked: it counts, and whatever uses it knows.",
        "未纳入:该行不计入任何统计。未读取:该行计入,但不含此单元格。原样保留:按原样计入,可能有误。"
        "标注:计入,且后续使用时可识别。",
    ),
    "read_names": ("Names", "姓名"),
    "read_names_text": (
        "Names of officers and applicants were replaced when the files were read, unless asked "
        "otherwise for officers. They show only that two rows have the same one.",
        "办理人与申请人的姓名在读取时已作替换(除非另行要求保留办理人),只能看出两行是否为同一人。",
    ),
    "section_findings": ("What was found", "审查结果"),
}

say: Final = Vocabulary(WORDS)

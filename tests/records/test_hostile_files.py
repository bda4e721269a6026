"""Damaged and hostile files are refused soon, within little memory, and with a reason."""

import gzip
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from sim.records.reading import read_files
from sim.scenario import ScenarioError

LEAST = """<?xml version="1.0"?><worksheet
 xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData>
</worksheet>"""
PROGRAM = """
import resource, sys, time
from sim.records.reading import read_files
from sim.scenario import ScenarioError
begun = time.process_time()
try:
    read_files([sys.argv[1]])
except ScenarioError as error:
    print(error)
children = resource.getrusage(resource.RUSAGE_CHILDREN)
# Not the maximum that `getrusage` tells of the process itself: it counts what the process that
# started this one had in memory.
own = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
kib = max(int(own.split()[1]), children.ru_maxrss)
print(time.process_time() - begun + children.ru_utime + children.ru_stime, kib)
"""


def book(file: Path, sheet: str | None = None, **parts: bytes) -> Path:
    """Write a small workbook; replace its sheet, or add parts."""
    plain = file.with_suffix(".plain.xlsx")
    with xlsxwriter.Workbook(plain) as written:
        page = written.add_worksheet("台账")
        for column, text in enumerate(("办件编号", "受理时间", "办结时间")):
            page.write_string(0, column, text)
            page.write_string(1, column, "2023/5/4" if column else "A1")
    with (
        zipfile.ZipFile(plain) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            replaced = sheet is not None and name == "xl/worksheets/sheet1.xml"
            new.writestr(name, sheet.encode() if replaced and sheet else old.read(name))
        for name, content in parts.items():
            new.writestr(f"xl/{name}.xml", content)
    plain.unlink()
    return file


def refusal_of(file: Path) -> tuple[str, float, float]:
    """Return why a file is refused, and the seconds of processors and MiB that it took."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(file)], capture_output=True, text=True, check=True
    )
    *reasons, used = done.stdout.splitlines()
    seconds, kib = map(float, used.split())
    return "\n".join(reasons), seconds, kib / 1024


def refused(file: Path, reason: str) -> None:
    told, seconds, mib = refusal_of(file)
    assert reason in told
    assert "Traceback" not in told
    assert seconds < 20  # under 3 on a quiet machine; what gets through takes minutes
    assert mib < 1000


def far_cell(tmp_path: Path, row_number: int = 1_048_576) -> Path:
    row = '<row r="{n}"><c r="{cell}"><v>1</v></c></row>'
    rows = row.format(n=1, cell="A1") + row.format(n=row_number, cell=f"XFD{row_number}")
    return book(tmp_path / "far.xlsx", LEAST.format(rows=rows))


def test_a_workbook_as_it_should_be_is_read(tmp_path) -> None:
    register = read_files([book(tmp_path / "fine.xlsx")]).register
    assert len(register.items) == 1
    assert register.sources["sheet"].tolist() == ["台账"]


def test_one_cell_far_outside_is_refused(tmp_path) -> None:
    refused(far_cell(tmp_path), "its cells span 1,048,576 rows × 16,384 columns")


@pytest.mark.parametrize("row_number", [1_048_576, 3_000])
def test_the_child_process_is_a_guard_by_itself(tmp_path, monkeypatch, row_number) -> None:
    """3,000 rows of 16,384 cells take 1.5 GB, which a machine may well have."""
    from sim.spreadsheets import reader

    monkeypatch.setattr(reader, "MOST_CELLS", 10**12)
    with pytest.raises(ScenarioError, match="needs too much memory"):
        read_files([far_cell(tmp_path, row_number)])


def test_a_part_that_unpacks_to_too_much_is_refused(tmp_path) -> None:
    refused(book(tmp_path / "bomb.xlsx", blank=b" " * (600 * 2**20)), "more than 200 MiB")


def test_sizes_that_are_declared_too_small_do_not_help(tmp_path) -> None:
    file = book(tmp_path / "liar.xlsx", blank=b" " * (300 * 2**20))
    content = bytearray(file.read_bytes())
    true = (300 * 2**20).to_bytes(4, "little")
    while (at := content.find(true)) >= 0:
        content[at : at + 4] = (10).to_bytes(4, "little")
    file.write_bytes(content)
    told, _, mib = refusal_of(file)
    assert "xlsx" in told
    assert mib < 1000


def test_sizes_that_are_declared_too_large_are_believed(tmp_path) -> None:
    file = book(tmp_path / "boast.xlsx", blank=b" " * (3 * 2**20))
    true, said = ((mib * 2**20).to_bytes(4, "little") for mib in (3, 300))
    file.write_bytes(file.read_bytes().replace(true, said))
    with pytest.raises(ScenarioError, match="unpacks to 300 MiB"):
        read_files([file])


@pytest.mark.parametrize("length", [0, 100, 2000])
def test_a_workbook_cut_short_is_refused(tmp_path, length) -> None:
    file = book(tmp_path / "cut.xlsx")
    file.write_bytes(file.read_bytes()[:length])
    with pytest.raises(ScenarioError, match="is no XLSX file"):
        read_files([file])


def test_an_old_workbook_is_told_apart(tmp_path) -> None:
    file = tmp_path / "old.xlsx"
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(ScenarioError, match="saved as"):
        read_files([file])


# --- XES ----------------------------------------------------------------------------------------

TRACE = """<trace><string key="concept:name" value="{name}"/><event>
<string key="concept:name" value="a"/><date key="time:timestamp" value="2023-05-04T10:00:00"/>
</event></trace>"""


def log(tmp_path: Path, text: str, name: str = "log.xes") -> Path:
    file = tmp_path / name
    content = text.encode()
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return file


def test_a_log_as_it_should_be_is_read(tmp_path) -> None:
    register = read_files([log(tmp_path, f"<log>{TRACE.format(name='1')}</log>")]).register
    assert register.cases["case"].tolist() == ["1"]


def test_entities_are_refused(tmp_path) -> None:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE log [<!ENTITY l0 "lol">{lines}]><log>{TRACE.format(name="&l11;")}</log>'
    refused(log(tmp_path, text), "XES log")


def test_files_beside_the_log_are_not_looked_at(tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret-word")
    entity = f'<!DOCTYPE log [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    for place in (TRACE.format(name="1") + "&x;", "<trace>&x;</trace>"):
        file = log(tmp_path, f"{entity}<log>{place}</log>")
        with pytest.raises(ScenarioError, match="DOCTYPE") as caught:
            read_files([file])
        assert "secret-word" not in str(caught.value)


def test_a_log_that_unpacks_to_too_much_is_refused(tmp_path) -> None:
    file = tmp_path / "bomb.xes.gz"
    with gzip.open(file, "wb", compresslevel=9) as opened:
        opened.write(b"<log>")
        for _ in range(400):
            opened.write(b'<trace><string key="a" value="' + b"b" * 2**20 + b'"/></trace>')
    refused(file, "unpacks to far more")


@pytest.mark.parametrize("text", ["", "no XML", "<log><trace>", "<html/>", "<log></log>"])
def test_a_damaged_log_is_refused(tmp_path, text) -> None:
    with pytest.raises(ScenarioError, match=r"log\.xes"):
        read_files([log(tmp_path, text)])


def test_a_packed_file_cut_short_is_refused(tmp_path) -> None:
    file = log(tmp_path, f"<log>{TRACE.format(name='1') * 500}</log>", "log.xes.gz")
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(ScenarioError, match="cannot be unpacked"):
        read_files([file])


def test_memory_of_this_process_is_not_limited_by_the_child() -> None:
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


# --- text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"\xff\xff\xfe\x81", "neither UTF-8 nor GB18030"),
        ("办件编号,受理时间\n".encode(), "has no rows"),
        ("甲,乙\n1,2\n".encode(), "none of a register's"),
        ('办件编号,受理时间\n"A1,2023/5/4\n'.encode(), "cannot be read as a table"),
    ],
)
def test_a_damaged_csv_is_refused(tmp_path, content, reason) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with pytest.raises(ScenarioError, match=reason):
        read_files([file])


def test_files_that_are_none_are_all_told(tmp_path) -> None:
    (tmp_path / "a.doc").write_text("x")
    with pytest.raises(ScenarioError) as caught:
        read_files([tmp_path / "none.csv", tmp_path, tmp_path / "a.doc"])
    rules = [problem.rule.split(" ")[0] for problem in caught.value.problems]
    assert rules == ["holds", "no", "is"]

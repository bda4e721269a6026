"""Every command and code block of the README and the docs works as written."""

import ast
import importlib
import re
import shlex
import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.demand.backlog.table import COLUMNS, NEEDED
from sim.records.example import write_example
from sim.scenario.files.library import library_folder
from sim.scenario.schema.model import Handling
from tests.build.clean_register import clean_register
from tests.build.office_log import csv_of, office_log

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "README.zh.md", *ROOT.glob("docs/**/*.md")])
TEXTS = [page.read_text(encoding="utf-8") for page in PAGES]
WRONG = "# wrong.yaml"
"""How a file begins that shows what mistakes look like."""
COUNTS = {"-n", "--replications"}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(autouse=True)
def few_replications_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a validation run with too few replications to tell anything."""
    home = importlib.import_module("sim.experiments.validate.validate")
    monkeypatch.setattr(home, "LEAST", 2)


def blocks(language: str) -> list:
    return [
        pytest.param(text, id=f"{page.relative_to(ROOT)}-{number}")
        for page in PAGES
        for number, (kind, text) in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")))
        if kind == language
    ]


def scenario_files() -> dict[str, str]:
    """Return the files that the pages show, by the name in their first line."""
    files = {}
    for kind, text in BLOCK.findall("".join(TEXTS)):
        if kind == "yaml" and not text.startswith("# fragment"):
            named = re.match(r"# ([\w-]+\.yaml)", text)
            files[named[1] if named else "my-city.yaml"] = text
    return files


SCENARIOS = scenario_files()


def takes_long(words: tuple[str, ...], page: str) -> bool:
    """Tell what draws all figures, which other tests do, or looks for staff as the README does."""
    return "--report" in words or words[0] == "report" or (words[0] == "staff" and "/" in page)


def without_language(command: str) -> tuple[str, ...]:
    """Return the words of a command but for `--lang zh`, which Chinese pages add to most."""
    return tuple(shlex.split(command.replace(" --lang zh", ""), comments=True))


def sim_commands() -> list:
    """Return the commands of all pages, but for those whose output is shown and compared.

    tests/docs/test_outputs.py runs these. A command that pages give in both languages is run once,
    in Chinese.
    """
    compared = re.findall(r"<!-- output of: (sim .*?)(?: \||-->)", "".join(TEXTS))
    shown = {without_language(command) for command in compared}
    pages, longest = {}, {}
    for parameter in blocks("sh"):
        for line in parameter.values[0].splitlines():
            command, words = without_language(line), tuple(shlex.split(line, comments=True)[1:])
            if command and command[0] == "sim" and command not in shown:
                pages.setdefault(command, parameter.id)
                longest[command] = max(longest.get(command, ()), words, key=len)
    found = {words: pages[command] for command, words in longest.items()}
    return [
        pytest.param(
            words,
            id=f"{page}: {' '.join(words)}",
            marks=[pytest.mark.study] if takes_long(words, page) else [],
        )
        for words, page in found.items()
    ]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch) -> Path:
    """An empty folder with the small files that the pages talk about."""
    monkeypatch.chdir(tmp_path)
    for name, text in SCENARIOS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> Path:
    """A folder with what commands before the tested ones have written."""
    folder = tmp_path_factory.mktemp("recorded")
    write_example(clean_register(520), str(folder / "city"))
    csv_of(office_log(160), folder / "log.csv")
    network = ["fit", str(folder / "log.csv"), "-o", str(folder / "network.yaml")]
    assert CliRunner().invoke(app, network).exit_code == 0
    new = ["new", str(folder / "my-city.xlsx"), "--lang", "zh"]
    assert CliRunner().invoke(app, new).exit_code == 0
    run = ["run", "yingkou/base", "--set", "period.window.to=2021-07-31"]
    for written in (["-n", "1", "--events"], ["-n", "2", "--out"]):
        place = str(folder / written[-1].strip("-"))
        assert CliRunner().invoke(app, [*run, *written, place]).exit_code == 0
    return folder


@pytest.mark.parametrize("words", sim_commands())
def test_commands(words: tuple[str, ...], workplace: Path, recorded: Path) -> None:
    arguments = list(words)
    # The command is tested, not the number.
    if words[0] in {"run", "compare"} and not {"--until", "--trace", *COUNTS} & set(words):
        arguments += ["-n", "1" if words[0] == "run" else "2"]
    if {"yingkou/base", "yingkou/lean"} & set(words) and {"--out", "--events"} & set(words):
        arguments += ["--set", "period.window.to=2021-02-28"]
    if words[0] == "load-curve":
        arguments += ["--precision", "0.9"] + ([] if "-n" in words else ["-n", "2"])
    if words[0] == "sensitivity" and "--method" not in words:
        arguments += ["--parameter", "staff.window.count"] if "yingkou/base" in words else []
    if "--until" in words:
        arguments += ["--max-replications", "2"]
    if COUNTS & set(words):
        place = next(i for i, word in enumerate(arguments) if word in {"-n", "--replications"})
        arguments[place + 1] = "2"
    arguments += ["-n", "2"] if words[0] == "validate" else []
    if "my-city.xlsx" in words:
        shutil.copy(recorded / "my-city.xlsx", "my-city.xlsx")
    if words[0] == "new":
        Path(words[1]).unlink(missing_ok=True)  # it never overwrites
    reads = words[0] in {"fit", "forecast", "validate"}
    if reads or (words[0] == "records" and "example" not in words):
        for folder in ("city", "events"):
            shutil.copytree(recorded / folder, folder)
        for name in {"log.csv", "network.yaml"} & set(words):
            if "-o" not in words or words[words.index("-o") + 1] != name:
                shutil.copy(recorded / name, name)
    if words[0] == "report":
        for folder in words[1 : words.index("-o")]:
            CliRunner().invoke(app, ["run", f"yingkou/{folder}", "-n", "1", "--out", folder])
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    allowed = {0, 1} if "--check" in words else {0}
    assert result.exit_code in allowed, result.output + result.stderr


def python_blocks() -> list:
    """Return the Python of all pages; what differs in comments and language alone, in Chinese."""
    chinese = re.compile(r',?\s*language="zh"')
    found = {}
    for parameter in blocks("python"):
        (text,) = parameter.values
        same = ast.dump(ast.parse(chinese.sub("", text).replace('"zh"', '"en"')))
        if same not in found or '"zh"' in text:
            found[same] = parameter
    return list(found.values())


@pytest.mark.parametrize("text", python_blocks())
def test_python_blocks(text: str, workplace: Path, recorded: Path) -> None:
    shutil.copytree(recorded / "city", "city")
    quick = re.sub(r"replications=\d+", "replications=2", text)
    for folder in re.findall(r'sim\.read\("([^"]+)"\)', text):  # as the command before it writes it
        shutil.copytree(recorded / "out", folder)
    exec(compile(quick, "documentation", "exec"), {})


@pytest.mark.parametrize("text", blocks("yaml"))
def test_yaml_blocks(text: str, tmp_path: Path) -> None:
    if text.startswith("# fragment"):
        pytest.skip("a part of a file")
    file = tmp_path / "block.yaml"
    file.write_text(text, encoding="utf-8")
    if text.startswith(WRONG):
        with pytest.raises(sim.ScenarioError):
            sim.load(file)
    else:
        assert sim.load(file).case_types


@pytest.mark.parametrize(
    ("name", "before", "needed"),
    [
        ("scenario.md", "The columns of a file, in any order:", "yes"),
        ("scenario.zh.md", "文件的各列，次序不限：", "是"),
    ],
)
def test_every_column_of_a_backlog_is_told(name: str, before: str, needed: str) -> None:
    page = (ROOT / "docs/how-to" / name).read_text(encoding="utf-8")
    table = page.partition(before)[2].partition("\n- ")[0]
    rows = [row.split(" | ") for row in table.splitlines() if row.startswith("| `")]
    told = {key: row[1] == needed for row in rows for key in re.findall(r"`(\w+)`", row[0])}
    assert told == {column: column in NEEDED for column in COLUMNS}


def test_links_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_all_items_of_the_reporting_guideline_are_answered() -> None:
    """STRESS-DES (Monks et al. 2019): 20 items in six sections."""
    page = (ROOT / "docs/explanation/stress-des.md").read_text(encoding="utf-8")
    items = [3, 5, 4, 3, 4, 1]
    expected = [f"{s}.{i}" for s, n in enumerate(items, 1) for i in range(1, n + 1)]
    assert len(expected) == 20
    assert re.findall(r"^\*\*(\d\.\d) [^*]+\.\*\* \S", page, re.MULTILINE) == expected
    for more in ("Verification", "Validation", "Calibration", "Sensitivity"):
        assert re.search(rf"^\*\*{more}\.\*\* \S", page, re.MULTILINE)


def test_every_lever_has_its_line_on_the_model_page() -> None:
    page = (ROOT / "docs/explanation/model.md").read_text(encoding="utf-8")
    raw = YAML(typ="safe").load((library_folder() / "yingkou" / "levers.yaml").read_text("utf-8"))
    switches = set(raw["overrides"]) - {"everything", "short_handed"}
    rows = [line for line in page.splitlines() if line.startswith("|")]
    for name in [*Handling.__annotations__, *switches]:
        assert any(f"`{name}`" in row for row in rows), name


def test_the_parameter_page_is_up_to_date() -> None:
    """Regenerate with: sim show yingkou/levers --markdown > docs/reference/parameters.md."""
    page = (ROOT / "docs/reference/parameters.md").read_text(encoding="utf-8")
    assert CliRunner().invoke(app, ["show", "yingkou/levers", "--markdown"]).stdout == page

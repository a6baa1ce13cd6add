"""The documentation: what exists has its entry, what is written is true of the files, and what can run runs."""

import re
import shlex
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from khingan.cli import app
from khingan.evidence.ledger import DocumentClaim, LedgerRow
from khingan.evidence.parameters import read_parameters
from khingan.evidence.source import Source
from khingan.experiment.question import Question
from khingan.history.comparison import ComparisonRow
from khingan.history.targets import Target
from khingan.history.when import When
from khingan.scenario import assembly, prelude, schema
from khingan.scenario.chronicle import ChronicleRow, read_chronicle
from khingan.scenario.glossary import GlossaryRow
from khingan.scenario.read import load
from khingan.simulation.variables import VARIABLES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *(ROOT / "src").rglob("*.md")])
ENGINE = {path.stem for path in (ROOT / "src/khingan/engine").glob("*.py")}
PARAMETERS = read_parameters()
DESCRIBED = sorted({key.split(".")[0] for key in PARAMETERS})
# Readings, scores and tables of engagements have parameters and a page, and are no mechanism of war.
MECHANISMS = [name for name in DESCRIBED if name not in ("reading", "history", "engagements")]
RECORDS = {
    "ledger.csv": LedgerRow, "document.csv": DocumentClaim, "places.csv": schema.Place, "armies.csv": schema.Army,
    "order_of_battle.csv": schema.Formation, "plans.yaml": schema.Plan, "orders.csv": schema.Order,
    "works.csv": schema.Works, "lifts.csv": schema.Lift, "supply.csv": schema.Supply,
    "weather.csv": schema.WeatherRegion, "seasons.csv": schema.Season,
    "ratings.csv": schema.Rating, "air.csv": schema.Air, "surrender.yaml": schema.Headquarters,
    "surrender.yaml, zone": schema.ZoneBox, "campaign.yaml": schema.Calendar, "chronicle.csv": ChronicleRow,
    "glossary.csv": GlossaryRow, "sources.yaml": Source,
    "history/targets.csv": Target, "ground.csv": schema.GroundLink, "assembly/levels.csv": assembly.Level,
    "questions.yaml": Question,
    **{f"prelude/{file}": model for file, model, _ in prelude.TABLES.values()},
}  # fmt: skip


def name_of(page):
    return str(page.relative_to(ROOT))


def mechanism_page(name):
    return (DOCS / "mechanisms" / f"{name}.md").read_text(encoding="utf-8")


def snippets(language):
    """Every block of a language that is not marked no-run, with the page and line it stands on."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in re.finditer(r"^```(.*)\n((?:.*\n)*?)```$", text, re.MULTILINE):
            words = block[1].split(maxsplit=2)
            if words[:1] == [language] and "no-run" not in words:
                line = text.count("\n", 0, block.start()) + 1
                found.append(pytest.param(block[2], id=f"{name_of(page)}:{line}"))
    return found


def entries(text, heading=None):
    """The first cells of the table rows below a heading, without their backquotes."""
    if heading:
        text = text.split(f"\n{heading}\n", 1)[1]
        text = re.split(r"^#", text, maxsplit=1, flags=re.MULTILINE)[0]
    cells = re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE)
    return [word for cell in cells for word in re.findall(r"`(.+?)`", cell)]


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_mechanism_stands_in_its_five_places(name):
    assert name in ENGINE
    for place in (f"docs/mechanisms/{name}.md", f"docs/mechanisms/{name}.svg", f"tests/engine/test_{name}.py"):
        assert (ROOT / place).is_file(), place
    played = "".join(
        (ROOT / f"src/khingan/engine/{part}.py").read_text(encoding="utf-8") for part in ("step", "prelude")
    )
    assert f"khingan.engine.{name} import" in played
    assert f"(mechanisms/{name}.md)" in (DOCS / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_page_says_question_parameters_checks_limits_and_shows_a_plot(name):
    page = mechanism_page(name)
    for part in ("**The question.**", "## Parameters", "## Checked against", "## Leaves out", f"]({name}.svg)"):
        assert part in page, part


@pytest.mark.parametrize("key", PARAMETERS)
def test_a_parameter_stands_on_its_page_as_in_its_file(key):
    parameter, (mechanism, name) = PARAMETERS[key], key.split(".")
    page = mechanism_page(mechanism)
    if parameter.is_table:
        assert f"`{name}`: {parameter.meaning} (unit {parameter.unit}; source {parameter.source}" in page
        assert all(f"| {row} |" in page for row in parameter.rows)
    else:
        prior = ", ".join([parameter.prior.kind, *(f"{word} {number:g}" for word, number in parameter.prior.arguments)])
        cells = (f"`{name}`", f"{parameter.value:g}", parameter.unit, prior, parameter.source, parameter.grade)
        assert f"| {' | '.join(cells)} | {parameter.meaning}" in page, "run tools/parameter_tables.py"


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_page_names_no_parameter_that_is_gone(name):
    shown = entries(mechanism_page(name), "## Parameters")
    assert {f"{name}.{word}" for word in shown} <= PARAMETERS.keys()


def test_every_command_and_option_has_its_entry():
    pages = [DOCS / "start.md", DOCS / "json.md", ROOT / "README.md"]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    for name, command in get_command(app).commands.items():
        assert f"khingan {name}" in text, name
        for option in command.params:
            flag = max(option.opts, key=len)
            assert flag in text or not flag.startswith("--"), f"{name} {flag}"


def test_the_fields_of_the_json_are_described_in_their_order():
    page = (DOCS / "json.md").read_text(encoding="utf-8")
    assert entries(page, "## `khingan compare DIR --json`, `khingan run --json`") == list(ComparisonRow.PUBLISHED)
    fields = list(When("", "", 0, {}, 0.0, ()).as_dict())
    assert entries(page, "## `khingan when PLACE_OR_LAT,LON DIR --json`") == fields


def test_the_fields_of_the_chronicle_are_described_in_their_order():
    page = (DOCS / "json.md").read_text(encoding="utf-8")
    fields = list(read_chronicle(load("far-east-1945"))[0].as_json())
    assert entries(page, "## `khingan chronicle CAMPAIGN --json`")[: len(fields)] == fields


def test_the_variables_of_the_ensemble_are_described():
    lines = re.findall(
        r"^\| `(\w+)` \| ([\w, ]+) \| (\S+) \|", (DOCS / "json.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    described = {name: (dims, unit) for name, dims, unit in lines if name in VARIABLES}
    assert described == {name: (", ".join(given.dims), given.unit) for name, given in VARIABLES.items()}


@pytest.mark.parametrize("file", RECORDS)
def test_the_guide_lists_every_column_of_a_campaign_file(file):
    guide = (DOCS / "guides/write_a_campaign.md").read_text(encoding="utf-8")
    fields = [name for name in RECORDS[file].model_fields if name not in ("file", "line")]
    # The key of a mapping in YAML is no field under it; a headquarters of surrender.yaml names its own.
    keyed = {"plans.yaml": "key", "sources.yaml": "key", "questions.yaml": "name"}.get(file)
    assert entries(guide, f"### `{file}`") == [name for name in fields if name != keyed]


def test_every_term_of_the_glossary_is_used():
    terms = re.findall(r"^\*\*(.+?)\*\*", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    files = [*(ROOT / "src").rglob("*.py"), *(page for page in PAGES if page.name != "glossary.md")]
    text = " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in files).lower()
    assert len(terms) == len(set(terms)) > 40
    assert [term for term in terms if term.lower() not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        path, _, heading = link.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), link
        if heading:
            headings = re.findall(r"^#+ (.+)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", found).lower().replace(" ", "-") for found in headings}, link


@pytest.mark.parametrize("code", snippets("python"))
def test_a_python_snippet_runs(code):
    exec(compile(code, "snippet", "exec"), {"__name__": "snippet"})


@pytest.mark.parametrize("block", snippets("console"))
def test_a_console_snippet_runs_and_answers_as_shown(block):
    for turn in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *shown = turn.strip().splitlines()
        program, *words = shlex.split(command)
        assert program == "khingan", f"{command} cannot run here: mark it no-run with the reason"
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, done.output
        for line in shown:
            for part in line.split("..."):
                assert part.strip() in done.stdout, command


def test_snippets_that_do_not_run_say_why():
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    blocks = re.findall(r"^```(?:console|python|bash|sh)\b(.*)$", text, re.MULTILINE)
    assert blocks
    for mark in blocks:
        assert not mark.strip() or re.fullmatch(r" no-run \(.{8,}\)", mark), mark

"""Every campaign that ships with khingan: whole, cited, playable, and blind to what happened."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import khingan
from khingan.history.targets import has_history
from khingan.scenario.catalogue import campaign_names, summary
from khingan.scenario.cells import all_cells, disputable_cells, scenario_rows
from khingan.scenario.cite import cite
from khingan.scenario.gazetteer import LandCells, resolve
from khingan.scenario.read import check, load
from khingan.scenario.schema import Scenario
from khingan.simulation.play import play_chunk
from khingan.simulation.settings import DRAWN
from khingan.simulation.variables import VARIABLES
from khingan.world.compile import compile_world
from worlds import HOURS, far_east

PACKAGE = Path(khingan.__file__).parent
# Places of the gazetteer that no cell of the map holds: other theatres, capitals, bases far behind.
OFF_THE_MAP = {"far-east-1945": {"Cheju", "Ulan-Ude", "Ulaanbaatar", "Tokyo", "Hiroshima", "Nagasaki", "Moscow"}}

campaigns = pytest.mark.parametrize("name", campaign_names())


@cache
def campaign(name: str) -> Scenario:
    return load(name)


def test_the_catalogue_is_not_empty() -> None:
    assert "far-east-1945" in campaign_names()


@campaigns
def test_it_has_no_problems(name: str) -> None:
    assert check(name) == []


@campaigns
def test_every_disputable_cell_leads_to_a_source(name: str) -> None:
    """Every cell, and of every 25th row by the same door as `khingan ledger --cell`."""
    scenario = campaign(name)
    ledger = scenario.ledger
    for cell in all_cells(scenario):
        assert ledger.sources[ledger.claim(cell.claim).source].citation, cell
    for row in list(scenario_rows(scenario))[::25]:
        for cell in disputable_cells(row):
            assert cite(scenario, f"{cell.file}:{cell.line}:{cell.column}").cell == cell


@campaigns
def test_places_lie_on_the_map_or_are_known_not_to(name: str) -> None:
    scenario = campaign(name)
    land = LandCells(scenario.terrain, scenario.calendar.resolution)
    off = {place.name for place in scenario.places if land.nearest(place.lat, place.lon) is None}
    assert off == OFF_THE_MAP.get(name, set())
    assert all(resolve(scenario, place.name).ring <= 2 for place in scenario.places if place.name not in off)


@campaigns
def test_the_cell_of_a_place_has_the_owner_that_the_place_states(name: str) -> None:
    """Places overrule the frontier lines; two places of different owners in one cell would fail here."""
    scenario = campaign(name)
    owner = scenario.terrain.cells["owner"]
    for place in scenario.places:
        if place.owner and place.name not in OFF_THE_MAP.get(name, set()):
            assert owner[resolve(scenario, place.name).cell] == place.owner, place.name


@campaigns
def test_no_value_rests_on_a_judgement(name: str) -> None:
    """Interpretations are shown with who holds and who disputes them; they are never inputs."""
    ledger = campaign(name).ledger
    judgements = {claim for claim in (*ledger.claims, *ledger.document) if ledger.is_interpretation(claim)}
    assert not judgements & {cell.claim for cell in all_cells(campaign(name))}
    assert all(row.held_by and row.disputed_by for row in ledger.document.values() if row.kind == "interpretation")


@campaigns
def test_two_runs_play_and_leave_numbers(name: str) -> None:
    """NaN stands for an hour at which nothing happened, and for nothing else."""
    chunk = play_chunk(compile_world(campaign(name)), DRAWN, 1, 0, 2)
    for variable in VARIABLES:
        values = chunk[variable][~np.isnan(chunk[variable])] if variable in HOURS else chunk[variable]
        assert np.isfinite(values).all(), variable
    assert np.isfinite(chunk["first_control"]).mean() > 0.1


def test_the_document_has_all_33_claims() -> None:
    assert list(far_east().ledger.document) == [f"C{number:02d}" for number in range(1, 34)]


@pytest.mark.parametrize(
    ("front", "men", "tanks", "guns", "aircraft"),
    [
        # Glantz, August Storm, as the facts print it in soviet_totals.md; Mongolians with the Transbaikal Front.
        ("Transbaikal Front", 654_040, 2_416, 9_668, 1_324),
        ("1st Far Eastern Front", 586_589, 1_860, 11_430, 1_137),
        ("2nd Far Eastern Front", 337_096, 1_280, 5_988, 1_260),
        # Krivosheev: who took part; 1,549 and 68 aircraft. Coast and flak guns of the fleet are left out.
        ("Pacific Fleet", 97_500, 0, 90, 1_549),
        ("Amur Flotilla", 12_500, 0, 200, 68),
    ],
)
def test_the_order_of_battle_adds_up_to_the_published_fronts(
    front: str, men: int, tanks: int, guns: int, aircraft: int
) -> None:
    total = next(tally.total for tally in summary(far_east()).fronts if tally.front == front)
    assert (total.men, total.tanks, total.guns, total.aircraft) == (men, tanks, guns, aircraft)


def test_the_three_fronts_are_the_published_million_and_a_half() -> None:
    # 1,577,725 men, 5,556 tanks and self-propelled guns, 27,086 guns and mortars, 3,721 aircraft (soviet_totals.md).
    fronts = [tally.total for tally in summary(far_east()).fronts if "Eastern Front" in tally.front
              or tally.front == "Transbaikal Front"]  # fmt: skip
    totals = [sum(getattr(front, column) for front in fronts) for column in ("men", "tanks", "guns", "aircraft")]
    assert totals == [1_577_725, 5_556, 27_086, 3_721]


def test_armies_add_up_to_their_front() -> None:
    for front in summary(far_east()).fronts:
        for column in ("men", "tanks", "guns", "aircraft", "formations"):
            assert sum(getattr(army.total, column) for army in front.armies) == getattr(front.total, column)


# An order's date of issue and its earliest start are inputs, as is the broadcast; several orders were issued at the
# very hour (mostly a noon that stands for "that day") at which something else was observed. Nothing else is exempt.
EXEMPT = {("orders.csv", "issued"), ("orders.csv", "starts")}
EXEMPT_LINE = re.compile(r"^broadcast: |\border: ")


fought = pytest.mark.parametrize("name", [name for name in campaign_names() if has_history(load(name))])


@fought
def test_no_observed_date_of_a_target_stands_among_the_inputs(name: str) -> None:
    """Every full date and hour of history/targets.csv, in every text of the campaign but history/ itself."""
    folder = Path(campaign(name).folder)
    if not has_history(campaign(name)):
        return  # nothing of the outcome is in the folder at all
    observed = {row["observed"] for row in csv_rows(folder / "history" / "targets.csv")}
    assert len(observed) > 20
    found = [(where, date) for where, text in input_texts(folder) for date in observed if date in text]
    assert found == []


def csv_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def input_texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every cell of a table and every line of any other text, with where it stands, but for what is exempt."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name.startswith("history/"):
            continue
        if path.suffix == ".csv":
            for line, row in enumerate(csv_rows(path), start=2):
                yield from ((f"{name}:{line}:{column}", text) for column, text in row.items()
                            if (name, column) not in EXEMPT)  # fmt: skip
        else:
            # Parquet as Latin letters: a date written in it would stand there as text.
            lines = path.read_bytes().decode("latin-1").splitlines()
            exempt = EXEMPT_LINE if name == "surrender.yaml" else re.compile(r"(?!)")
            yield from ((f"{name}:{line}", text) for line, text in enumerate(lines, 1) if not exempt.search(text))


@campaigns
def test_engine_world_and_parameters_know_no_campaign(name: str) -> None:
    """No place (of more than 4 letters: Aihun is a name, An a word), no formation, no army, no year of the war.

    A note beside a number may say which war taught it, as a year of a source may; the number itself may not.
    """
    scenario = campaign(name)
    words = {str(scenario.calendar.h_hour.year)}
    words |= {name for place in scenario.places for name in (place.name, *place.other_names) if len(name) > 4}
    words |= {word for body in scenario.formations for word in (body.formation, body.name)}
    words |= {word for army in scenario.armies for word in (army.army, army.name, army.front)}
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])({alternatives})(?![\w-])", re.IGNORECASE)
    found = [
        (path.name, number, match[0])
        for path in (path for part in ("engine", "world", "parameters") for path in sorted((PACKAGE / part).iterdir()))
        if path.suffix in (".py", ".yaml")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if not re.match(r"\s*(note|citation):", line)
        for match in pattern.finditer(line)
    ]
    assert found == []

"""Fairways: the shortest way by navigable water past the places of a plan."""

from types import SimpleNamespace as Named

import numpy as np
import pytest

from khingan.engine.state import EDGE
from khingan.errors import KhinganError
from khingan.scenario.vocabulary import RIVERS
from khingan.world.fairways import lay_fairways

LARGE, SMALL = RIVERS.index("large"), RIVERS.index("small")


def scenario(*legs: str, role: str = "lift") -> Named:
    ships = Named(formation="ships", role=role, plan="up")
    return Named(formations=[Named(role="field", plan="up"), ships], plans=[Named(key="up", legs=legs)])


def chain(*rivers: int) -> np.ndarray:
    """Cells in a row, 10 km apart, with a river of each class between neighbours."""
    edges = np.zeros((len(rivers) + 1, 6), EDGE).view(np.recarray)
    edges.neighbour, edges.distance_km = -1, 10.0
    for cell, river in enumerate(rivers):
        edges.neighbour[cell, 0], edges.river[cell, 0] = cell + 1, river
        edges.neighbour[cell + 1, 3], edges.river[cell + 1, 3] = cell, river
    return edges


START, PLACES = np.array([0, 0]), {"near": 2, "far": 4}


def test_a_fairway_leads_past_the_places_of_the_plan():
    flotillas, fairways = lay_fairways(scenario("near", "far"), chain(*[LARGE] * 5), START, PLACES)
    assert (flotillas.formation.tolist(), flotillas["first"].tolist()) == ([1, -1], [0, 5])
    assert fairways.cell.tolist() == [0, 1, 2, 3, 4]
    assert fairways.km.tolist() == [0, 10, 20, 30, 40]
    assert fairways.town.tolist() == [0, 0, 1, 0, 1]


def test_ships_do_not_sail_on_small_water():
    with pytest.raises(KhinganError, match="no navigable river leads 'ships' along its plan 'up'"):
        lay_fairways(scenario("far"), chain(LARGE, SMALL, SMALL, LARGE), START, PLACES)


def test_only_formations_that_lift_have_a_fairway():
    flotillas, fairways = lay_fairways(scenario("far", role="field"), chain(*[LARGE] * 5), START, PLACES)
    assert (len(flotillas), len(fairways)) == (1, 1)

"""The page of a campaign on borrowed ground draws its own railways on the other campaign's map."""

import numpy as np

from khingan.report.ground import Ground
from khingan.report.packing import Pack
from khingan.scenario.read import load
from worlds import far_east


def test_railways_of_another_time_are_not_drawn() -> None:
    """1933 has fewer lines than 1945: the drawn ones give way to those of the terrain, cell to cell; coasts stay."""
    drawn, own = (Ground(scenario).pack(scenario, Pack()) for scenario in (far_east(), load("plan-1933")))
    kinds = [{line[0]: sum(other[0] == line[0] for other in said["lines"]) for line in said["lines"]}
             for said in (drawn, own)]  # fmt: skip
    assert kinds[0]["coast"] == kinds[1]["coast"]
    rails = load("plan-1933").terrain.edges["rail"]
    assert kinds[1]["broad"] == int(np.count_nonzero(rails == "broad"))
    assert own["pictures"] == drawn["pictures"]

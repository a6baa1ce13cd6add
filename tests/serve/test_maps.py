"""The maps of a what-if: counts of runs by cell and day, exact on an ensemble that can be counted by hand."""

import numpy as np
from test_player import InThread
from waiting import ask, told, wait_for

from khingan.serve.maps import Tally, days_held, read_days

NEVER = np.nan
RUNS = np.array([[0.0, 1.0, 24.0, 25.0], [0.0, 48.0, NEVER, 49.0]])  # (run, cell), hours; two days are asked about


class Played:
    """An arm whose runs are RUNS."""

    def __init__(self, later_h=0.0):
        self.packed = list(days_held(RUNS, later_h, 2))

    def held(self, run):
        return read_days(self.packed[run], 2)


def test_a_cell_is_held_from_the_day_in_which_it_was_first_held():
    """24 h is still the first day and 25 h the second; 0 from the beginning; 49 h and never are not within two days."""
    assert [Played().held(run).tolist() for run in range(2)] == [[0, 1, 1, 2], [0, 2, 3, 3]]


def test_arms_are_counted_on_the_same_dates():
    """An attack a day later is a day behind on the calendar; what was held from the beginning is so in both arms."""
    tally = Tally.empty(arms=2, cells=4, days=2)
    tally.add([Played(), Played(later_h=24.0)], 1)
    tally.add([Played(), Played(later_h=24.0)], 2)  # each run is counted once
    was, changed = tally.counts.cumsum(axis=2).tolist()
    assert was == [[2, 2, 2], [0, 1, 2], [0, 1, 1], [0, 0, 1]]
    assert changed == [[2, 2, 2], [0, 0, 1], [0, 0, 1], [0, 0, 0]]
    assert tally.runs == 2


def test_counts_are_kept_for_the_same_question_alone(tmp_path):
    tally = Tally.empty(1, 4, 2)
    tally.add([Played()], 2)
    tally.keep(tmp_path, "this question")
    assert (Tally.kept(tmp_path, "this question").counts == tally.counts).all()
    assert Tally.kept(tmp_path, "another") is None
    (tmp_path / "maps.npz").write_bytes(b"damaged")
    assert Tally.kept(tmp_path) is None


def test_a_what_if_has_maps_of_all_its_pairs_and_a_why_has_none(start):
    client = start(InThread())
    name = ask(client, pairs=12)
    assert wait_for(client, name, "done", seconds=300)["mapped"] == 12
    counts = client.get(f"/api/what-if/{name}/maps").json()
    ground = client.get("/api/ground").json()
    (area,) = (shape for name, _, shape, _ in ground["arrays"] if name == "area")
    assert counts["runs"] == 12
    assert counts["arrays"][0][:3] == ["counts", "uint16", [2, *area, ground["days"] + 1]]
    why = ask(client, changes=[], factors=["small-division"], pairs=2)
    assert wait_for(client, why, "done", seconds=300)["mapped"] == 0
    assert "has no maps" in told(client.get(f"/api/what-if/{why}/maps"))

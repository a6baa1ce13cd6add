"""A study file: what it becomes, and every mistake told by file, line and column with a remedy."""

import numpy as np
import pytest
from sweeps import plan_of, write_study

from khingan.errors import CampaignError, KhinganError
from khingan.evidence.parameters import read_parameters
from khingan.experiment.read_study import read_study

FACTORIAL = ("{kind: latin_hypercube, points: 20}", "{kind: factorial, levels: 3}")
SOBOL = ("{kind: latin_hypercube, points: 20}", "{kind: sobol, points: 8}")
LISTED = "design: {kind: listed}\npoints:\n  - {parameters: {movement.pace: 0.8}}\n  - {changes: [small-division]}\n"


def problems(folder, *edits):
    with pytest.raises(CampaignError) as caught:
        plan_of(folder, *edits)
    return str(caught.value)


def test_a_latin_hypercube_uses_every_slice_of_every_range_once(folder):
    plan = plan_of(folder)
    assert sorted(np.floor(plan.cube[:, 0] * 20).astype(int)) == list(range(20))
    assert plan.columns["movement.pace"].min() >= 0.6
    assert plan.columns["movement.pace"].max() <= 1.2


def test_quantiles_are_those_of_the_prior(folder):
    values, u = plan_of(folder).columns["combat.surprise_peak"], plan_of(folder).cube[:, 1]
    prior = read_parameters()["combat.surprise_peak"].prior
    assert values == pytest.approx(prior.quantile(0.05 + 0.9 * u))


def test_a_factorial_has_every_combination(folder):
    plan = plan_of(folder, FACTORIAL)
    assert plan.points == 3 * 3 * 2 * 2 == len(set(zip(*plan.columns.values(), strict=True)))
    assert sorted(set(plan.columns["movement.pace"])) == pytest.approx([0.6, 0.9, 1.2])


def test_a_sobol_design_exchanges_one_column_at_a_time(folder):
    plan = plan_of(folder, SOBOL)
    blocks = plan.cube.reshape(8, 6, 4)
    assert plan.points == 48
    for axis in range(4):
        moved = blocks[:, 2 + axis] != blocks[:, 0]
        assert moved[:, axis].all()
        assert moved.sum() == 8
        assert (blocks[:, 2 + axis, axis] == blocks[:, 1, axis]).all()


def test_listed_points_leave_to_be_drawn_what_they_do_not_name(folder):
    text = write_study(folder).read_text()
    head, tail = text.split("design:")[0], text[text.index("measures:") :]
    (folder.parent / "study.yaml").write_text(head + LISTED + tail)
    plan = read_study(folder.parent / "study.yaml")
    assert plan.values(0) == (0.8, "as-it-was")
    assert np.isnan(plan.values(1)[0])
    assert plan.values(1)[1] == "small-division"


def test_every_mistake_is_told_at_once_with_its_place(folder):
    told = problems(
        folder,
        ("movement.pace: {low: 0.6, high: 1.2}", "movement.pase: {low: 1.2, high: 0.6}"),
        ("runs: 6", "runs: 0"),
        ("small-division", "smal-division"),
        ("days-to-bridge", "days-to-brigde"),
        ("kind: latin_hypercube", "kind: latin_square"),
    )
    lines = told.splitlines()
    assert [line.split(" | ")[0] for line in lines] == [
        "study.yaml:4:1", "study.yaml:5:10", "study.yaml:7:3", "study.yaml:7:3", "study.yaml:10:21", "study.yaml:12:12"
    ]  # fmt: skip
    for wanted in ("1 or more", "latin_hypercube", "movement.pace", "swap them", "small-division", "days-to-bridge"):
        assert wanted in told


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("points: 20", "points: 0"), "points 0 is below 2"),
        (("points: 20", "points: many"), "is not a number"),
        (("points: 20", "point: 20"), "points"),
        (("{kind: latin_hypercube, points: 20}", "{kind: sobol, points: 100}"), "use 64 or 128"),
        (("{kind: latin_hypercube, points: 20}", "{kind: factorial, points: 100}"), "leave points out"),
        (("{kind: latin_hypercube, points: 20}", "{kind: listed}"), "write its points"),
        (("[0.05, 0.95]", "[0.95, 0.05]"), "the lower first"),
        (("[0.05, 0.95]", "[0.05]"), "quantiles"),
        (("low: 0.6, ", ""), "write both low and high"),
        (("{low: 0.6, high: 1.2}", "{}"), "write low and high, or quantiles, or values"),
        (("{low: 0.6, high: 1.2}", "0.6"), "is no mapping"),
        (("campaign: campaign", "campaign: far-east-1954"), "did you mean far-east-1945"),
        (("name: pace-and-mass", "name: ../up"), "use a-z, 0-9 and hyphens"),
        (("1945-08-10T00:00", "tomorrow"), "is not a time"),
        (("1945-08-10T00:00", "1945-08-09T00:00"), "names a date twice"),
        (("[as-it-was, small-division]", "[]"), "has no options"),
        (("[as-it-was, small-division]", "small-division"), "is no list"),
        (("runs: 6", "runs: 6\nchanges_file: none.yaml"), "no file 'none.yaml'"),
        (("runs: 6", "runs: 6\noutputs: cells"), "did you mean output"),
        (("movement.pace: {low: 0.6, high: 1.2}", "movement.pace: {values: [1, 1]}"), "same value twice"),
    ],
)
def test_mistakes_are_told_with_a_remedy(folder, edit, said):
    told = problems(folder, edit)
    assert said in told
    assert told.startswith("study.yaml:")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "is empty"), (b"\0\1", "NUL byte"), (b"name: [", "malformed YAML"), (b"- a", "no mapping"),
     (b"name: \xff", "not UTF-8"), (b"{}", "campaign is missing")],
)  # fmt: skip
def test_a_file_that_is_no_study_is_told(folder, content, said):
    path = folder.parent / "bad.yaml"
    path.write_bytes(content)
    with pytest.raises(CampaignError) as caught:
        read_study(path)
    assert said in str(caught.value)


def test_no_file_and_a_folder_are_told(tmp_path):
    for path, said in ((tmp_path / "none.yaml", "is missing"), (tmp_path, "a folder")):
        with pytest.raises(KhinganError) as caught:
            read_study(path)
        assert said in str(caught.value)


def test_changes_that_contradict_each_other_are_refused_before_anything_is_played(folder):
    own = folder.parent / "own.yaml"
    own.write_text(
        "changes:\n  other-division:\n    what: x.\n    author: me\n    grade: C\n    edit:\n"
        "      - {table: formations, where: {formation: su-division}, to: {men: 9000}}\n"
        "  slow:\n    what: x.\n    author: me\n    grade: C\n    parameters: {movement.pace: 0.5}\n"
    )
    more = ("[as-it-was, small-division]", "[as-it-was, small-division]\n  other: [as-it-was, other-division, slow]")
    told = problems(folder, more, ("runs: 6", "runs: 6\nchanges_file: own.yaml"))
    assert "other-division with small-division" in told or "small-division with other-division" in told
    assert "'slow' sets 'movement.pace', which is varied too" in told

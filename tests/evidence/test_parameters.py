"""Parameters and their priors."""

from pathlib import Path

import numpy as np
import pytest

from khingan.errors import CampaignError, KhinganError
from khingan.evidence.parameters import known_parameter, read_parameters
from khingan.evidence.prior import Prior
from khingan.evidence.unit_names import UNITS

SOURCES = "book: {citation: A book, kind: book, basis: recalled, trust: fair}\n"
SOUND = "phi: {value: 0.5, unit: 1/day, prior: {lognormal: {log_sd: 0.4}}, meaning: m, source: book, grade: C}\n"


def write(folder: Path, text: str) -> Path:
    (folder / "sources.yaml").write_text(SOURCES)
    (folder / "combat.yaml").write_text(text)
    return folder


def test_a_file_is_a_mechanism(tmp_path: Path) -> None:
    phi = read_parameters(write(tmp_path, SOUND))["combat.phi"]
    assert (phi.value, phi.unit, phi.file, phi.line) == (0.5, "1/day", "combat.yaml", 1)
    assert phi.prior.quantile(0.5) == pytest.approx(0.5)


def test_a_table_has_rows_and_columns(tmp_path: Path) -> None:
    text = "worth: {rows: [a, b], columns: [x], values: [[1], [2]], unit: points, meaning: m, source: book, grade: C}\n"
    worth = read_parameters(write(tmp_path, text))["combat.worth"]
    assert worth.is_table
    assert worth.values == ((1.0,), (2.0,))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("unit: 1/day", "unit: 1/dya", "unknown unit '1/dya'"),
        ("source: book", "source: boko", "unknown source 'boko'"),
        ("value: 0.5", "value: -1", "lognormal cannot have the median -1"),
        ("lognormal", "lognormla", "unknown prior 'lognormla'"),
        ("log_sd: 0.4", "log_sd: 0", "log_sd 0 is not above 0"),
        ("log_sd: 0.4", "sd: 0.4", "lognormal needs log_sd"),
        ("meaning: m, ", "", "meaning is missing"),
        ("value: 0.5, ", "", "needs either a value or rows"),
        ("lognormal: {log_sd: 0.4}", "normal: {sd: 1, low: 1, high: 2}", "lies outside the prior"),
    ],
)
def test_faults_are_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in SOUND
    with pytest.raises(CampaignError) as caught:
        read_parameters(write(tmp_path, SOUND.replace(old, new)))
    assert words in str(caught.value)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    text = SOUND.replace("1/day", "x") + SOUND.replace("phi", "psi").replace("book", "y")
    with pytest.raises(CampaignError) as caught:
        read_parameters(write(tmp_path, text))
    assert len(caught.value.problems) == 2


def test_unknown_parameters_are_offered_near_names(tmp_path: Path) -> None:
    parameters = read_parameters(write(tmp_path, SOUND))
    with pytest.raises(KhinganError, match=r"did you mean combat\.phi"):
        known_parameter(parameters, "combat.phy")


def test_the_package_has_a_unit_and_a_meaning_for_every_parameter() -> None:
    for parameter in read_parameters().values():
        assert parameter.unit in UNITS
        assert parameter.meaning


@pytest.mark.parametrize(
    ("prior", "u", "expected"),
    [
        # One standard deviation above the centre is the quantile 0.841345.
        (Prior("lognormal", 2.0, (("log_sd", 0.5),)), 0.8413447, 2 * np.exp(0.5)),
        (Prior("normal", 3.0, (("sd", 0.75),)), 0.8413447, 3.75),
        # Cut symmetrically, the median stays at the centre; the ends are the bounds themselves.
        (Prior("normal", 3.0, (("sd", 0.75), ("low", 1.0), ("high", 5.0))), 0.5, 3.0),
        (Prior("normal", 3.0, (("sd", 0.75), ("low", 1.0), ("high", 5.0))), 0.0, 1.0),
        # Beta(1, 1) is flat; Beta(2, 1) has the distribution function x squared.
        (Prior("beta", 0.5, (("a", 1.0), ("b", 1.0))), 0.3, 0.3),
        (Prior("beta", 0.5, (("a", 2.0), ("b", 1.0))), 0.25, 0.5),
        # Gamma of shape 1 is the exponential: median ln 2 / rate.
        (Prior("gamma", 0.3, (("shape", 1.0), ("rate", 2.0))), 0.5, np.log(2) / 2),
        (Prior("uniform", 1.0, (("low", 0.0), ("high", 4.0))), 0.25, 1.0),
        (Prior("fixed", 7.0), 0.9, 7.0),
    ],
)
def test_quantiles_by_hand(prior: Prior, u: float, expected: float) -> None:
    assert prior.quantile(u) == pytest.approx(expected, rel=1e-6)
    assert prior.faults() == []


def test_quantiles_take_arrays_and_never_fall() -> None:
    u = np.linspace(0.001, 0.999, 50)
    prior = Prior("lognormal", 2.0, (("log_sd", 0.5), ("low", 1.0), ("high", 5.0)))
    values = prior.quantile(u)
    assert (np.diff(values) >= 0).all()
    assert values.min() >= 1
    assert values.max() <= 5

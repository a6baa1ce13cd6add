"""Every mechanism that can be switched off is, with the luck of the campaign as it is."""

from khingan.experiment.ablation import ablate
from khingan.experiment.repertoire import read_repertoire
from khingan.experiment.what_if import what_if


def test_an_ablation_is_the_what_if_of_each_switch_alone(scenario):
    repertoire = read_repertoire(scenario)
    switches, measures = repertoire.chosen(["no-surprise", "no-mud"]), repertoire.measured(["irrecoverable-jp"])
    found = ablate(scenario, switches, measures, runs=4)
    assert list(found) == ["no-surprise", "no-mud"]
    assert found["no-mud"] == what_if(scenario, switches[1:], measures, runs=4)

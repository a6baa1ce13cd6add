"""Files of changes: what is wrong with one is told by file and line, with the nearest names, all at once."""

import pytest

from khingan.errors import CampaignError, KhinganError
from khingan.experiment.change import Change
from khingan.experiment.repertoire import read_repertoire, read_switches
from khingan.scenario.folder import fingerprint
from toy import change


def faults(scenario, file=""):
    with pytest.raises(CampaignError) as error:
        read_repertoire(scenario, file)
    return str(error.value)


def test_a_campaign_has_the_switches_its_own_changes_and_the_standard_measures(scenario):
    repertoire = read_repertoire(scenario)
    assert {"no-air-support", "small-division"} <= repertoire.changes.keys()
    assert {"irrecoverable-su", "prisoners-jp", "days-to-bridge"} <= repertoire.measures.keys()
    assert repertoire.factor("mass").off == ("small-division",)
    assert repertoire.factor("no-landing").off == ("no-landing",), "a change is a factor that it takes away"


def test_a_user_adds_changes_without_touching_the_campaign(scenario, tmp_path):
    own = tmp_path / "mine.yaml"
    own.write_text("changes:\n  calm: {what: x., author: me, grade: C, parameters: {combat.surprise_peak: 1}}")
    assert read_repertoire(scenario, own).change("calm").parameters == {"combat.surprise_peak": 1.0}


def test_a_mistaken_name_is_answered_with_the_nearest(scenario):
    with pytest.raises(KhinganError, match="did you mean small-division"):
        read_repertoire(scenario).change("small-devision")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("author: the toy\n    grade: C\n    edit", "grade: C\n    edit", "names either a source or an author"),
        ("author: the toy\n    grade: C\n    edit", "source: nobody\n    grade: C\n    edit", "source 'nobody'"),
        ("grade: C\n    edit", "grade: Z\n    edit", "grade 'Z' is not known"),
        ("times: {men", "tims: {men", "unknown field 'edit.0.tims'"),
        ("places: [Bridge]", "places: [Brigde]", "did you mean Bridge"),
        ("off: [small-division]", "off: [tiny-division]", "did you mean small-division"),
        ("factors:", "factor:", "unknown section 'factor'"),
        ("  no-landing:", "  no-mud:", "'no-mud' stands also in switches.yaml"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(scenario, folder, old, new, said):
    change(folder, "changes.yaml", old, new)
    text = faults(scenario)
    assert said in text
    assert text.startswith("changes.yaml:")
    assert text.count(" | ") >= 2


def test_an_unknown_parameter_and_a_missing_file_are_told(scenario, tmp_path):
    own = tmp_path / "mine.yaml"
    own.write_text("changes:\n  calm: {what: x., author: me, grade: C, parameters: {combat.suprise_peak: 1}}")
    assert "did you mean combat.surprise_peak" in faults(scenario, own)
    with pytest.raises(KhinganError, match="no such file of changes"):
        read_repertoire(scenario, tmp_path / "none.yaml")


def test_every_switch_only_sets_parameters():
    # A switch must work on every campaign, so it may name no formation and no place.
    assert all(isinstance(change, Change) and change.parameters for change in read_switches().values())


def test_changes_nobody_asked_for_leave_the_campaign_what_it_was(folder):
    before = fingerprint(folder)
    (folder / "changes.yaml").unlink()
    assert fingerprint(folder) == before

"""Short names and signs of size, as a map has room for them."""

import pytest

from khingan.report.words import army_icon, echelon, icon, one_body, short


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("6th Guards Tank Army", "6 Gds Tank"),
        ("209th Rifle Division", "209"),
        ("5th Separate Rifle Corps", "5 Sep Rifle Cps"),
        ("2nd Independent Mixed Brigade", "2 IMB"),
    ],
)
def test_names_are_cut_as_a_staff_would(name: str, made: str) -> None:
    """Ordinals lose their endings, kinds their length; a division is its number."""
    assert short(name) == made


def test_signs_of_size_follow_app_6() -> None:
    """XXXX army, XXX corps, XX division, X brigade, III regiment, II battalion."""
    names = (
        "17th Army",
        "10th Mechanized Corps",
        "8th Division",
        "1st Brigade",
        "5th Regiment",
        "3rd Battalion",
        "Depot",
    )
    assert [echelon(name) for name in names] == ["XXXX", "XXX", "XX", "X", "III", "II", ""]


def test_what_is_left_over_under_a_headquarters_is_no_body() -> None:
    """Only a name of one body may stand for all its formations."""
    assert one_body("53rd Army")
    assert not one_body("First Area Army, direct")
    assert not one_body("Reserve of the Transbaikal Front")


def test_icons_fall_back_to_infantry() -> None:
    """A kind without a symbol of its own is drawn as infantry."""
    assert (icon("tank"), icon("fortress"), army_icon("6th Guards Tank Army")) == ("tank", "infantry", "tank")

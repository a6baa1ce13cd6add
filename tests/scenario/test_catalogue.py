"""A campaign's page: tallies by front and army."""

from pathlib import Path

from khingan.scenario.catalogue import campaign_names, summary
from khingan.scenario.read import load
from toy import set_cell


def test_the_packaged_campaign_is_listed() -> None:
    assert "far-east-1945" in campaign_names()


def test_what_is_counted_inside_is_not_counted_twice(folder: Path) -> None:
    # The Japanese division's 8000 men include the garrison's 1000.
    soviet, japanese = summary(load(folder)).fronts
    assert (soviet.total.men, soviet.total.formations) == (10600, 2)
    assert (japanese.total.men, japanese.total.formations) == (8000, 2)


def test_off_map_formations_are_told_apart_and_keep_their_reason(folder: Path) -> None:
    set_cell(folder, "order_of_battle.csv", "su-landing", "off_map", "in another theatre")
    page = summary(load(folder))
    assert [(body.formation, body.reason) for body in page.off_map] == [("su-landing", "in another theatre")]
    assert (page.fronts[0].total.men, page.fronts[0].off_map.men) == (10600, 600)

"""Support troops: each stands behind its own army, or behind those of its front."""

from types import SimpleNamespace as Named

from khingan.world.backing import backed_armies


def unit(army: str, role: str, men: float = 0.0) -> Named:
    return Named(army=army, role=role, men=men)


ARMIES = [
    Named(army=name, front=front) for name, front in (("a", "x"), ("b", "x"), ("c", "y"), ("rear", "x"), ("air", "x"))
]
FIELD = [unit("a", "field", 30_000.0), unit("b", "field", 10_000.0), unit("c", "field", 5_000.0)]


def backing(*support: Named) -> list:
    return backed_armies(Named(armies=ARMIES, formations=[*FIELD, *support]))


def test_support_of_an_army_with_troops_is_its_own():
    assert backing(unit("b", "support")) == [(3, "b", 1.0)]


def test_support_of_the_front_is_shared_by_men_and_the_shares_add_to_one():
    assert backing(unit("rear", "support")) == [(3, "a", 0.75), (3, "b", 0.25)]


def test_ground_crews_stand_behind_nobody():
    assert backing(unit("air", "support"), unit("air", "air")) == []

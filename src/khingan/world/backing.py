"""Support troops: whom the engineers and the heavy guns of armies and fronts stand behind."""

from khingan.scenario.schema import Scenario


def backed_armies(scenario: Scenario) -> list[tuple[int, str, float]]:
    """(support formation, army, share): its own army if that has troops in the field, else those of its front by men.

    Ground crews of air armies, which hold aircraft and no troops in the field, stand behind nobody.
    """
    front_of = {army.army: army.front for army in scenario.armies}
    men = dict.fromkeys(front_of, 0.0)
    flies = set()
    for formation in scenario.formations:
        if formation.role == "field":
            men[formation.army] += formation.men
        elif formation.role == "air":
            flies.add(formation.army)
    result = []
    for number, formation in enumerate(scenario.formations):
        own = formation.army
        if formation.role != "support" or (own in flies and men[own] == 0):
            continue
        armies = [own] if men[own] > 0 else [army for army, front in front_of.items() if front == front_of[own]]
        total = sum(men[army] for army in armies)
        result += [(number, army, men[army] / total) for army in armies if men[army] > 0]
    return result

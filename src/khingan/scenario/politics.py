"""politics.yaml: the shocks of the war's end, the treaties before it, the switches, and the schools of the debate.

A campaign without the file has a calendar of surrender (surrender.yaml) and no politics: its decision cannot be drawn.
"""

from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from khingan.errors import CampaignError, KhinganError, Problem, suggestion
from khingan.evidence.ledger import Ledger
from khingan.evidence.record import LocalTime, Record, fault
from khingan.evidence.yaml_tree import YamlTree, read_yaml
from khingan.scenario.schema import Scenario, Side
from khingan.scenario.vocabulary import SCHOOLS, SHOCKS

FILE = "politics.yaml"
GRAMMAR = "write NAME, or entry-on=YYYY-MM-DD for a switch that takes a date"


class Shock(Record):
    """One blow or offer that weighed on the decision, and when."""

    key: str
    title: str
    time: LocalTime
    source: str
    document: tuple[str, ...]


class Treaty(Record):
    """A state of the treaties from one day on, and how far each side trusted that the other would not attack."""

    key: str
    begins: date = Field(alias="from")
    title: str
    expects_peace: dict[Side, float]
    claim: str
    document: tuple[str, ...]


class Switch(Record):
    """A named change: parameters it pins, and, where `date` names one, the parameter that takes a shift in days.

    `attack` says what becomes of the attack where the war is played: as it was, not at all, or on the switch's date.
    """

    key: str
    title: str
    pins: dict[str, float] = Field(alias="set")
    date: str = ""
    attack: Literal["stays", "never", "on-date"] = "stays"
    document: tuple[str, ...]


class School(Record):
    """One reading of why the war ended, in its holders' own best words; its numbers stand in the parameters."""

    key: str
    title: str
    holders: str
    sources: tuple[str, ...]
    thesis: str
    evidence: tuple[str, ...]


class Politics(Record):
    """The whole file."""

    counted_from: LocalTime
    exhausted_at: LocalTime
    shocks: tuple[Shock, ...]
    treaties: tuple[Treaty, ...]
    switches: tuple[Switch, ...]
    schools: tuple[School, ...]

    def time(self, key: str) -> datetime:
        """When a shock fell."""
        return next(shock.time for shock in self.shocks if shock.key == key)

    def treaty_on(self, day: date) -> Treaty | None:
        """The state of the treaties on a day; None before the first."""
        begun = [treaty for treaty in self.treaties if treaty.begins <= day]
        return max(begun, key=lambda treaty: treaty.begins) if begun else None

    def pins(self, changes: tuple[str, ...]) -> dict[str, float]:
        """The parameters that named changes pin; a change is NAME or NAME=DATE.

        Raises KhinganError for an unknown name, a date that is none, and two changes that pin one parameter apart.
        """
        found: dict[str, float] = {}
        for text in changes:
            for name, value in self._pins_of(text).items():
                if found.get(name, value) != value:
                    raise KhinganError(f"--change {text}", f"{name} is already {found[name]:g}", "give one of the two")
                found[name] = value
        return found

    def _pins_of(self, text: str) -> dict[str, float]:
        name, equals, value = text.partition("=")
        names = {switch.key: switch for switch in self.switches}
        if name not in names:
            raise KhinganError(f"--change {text}", f"no change '{name}'", suggestion(name, names))
        switch = names[name]
        if bool(equals) != bool(switch.date):
            raise KhinganError(f"--change {text}", "a date is " + ("missing" if switch.date else "not wanted"), GRAMMAR)
        if not switch.date:
            return switch.pins
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise KhinganError(f"--change {text}", f"'{value}' is no date", GRAMMAR) from None
        return {**switch.pins, switch.date: float((day - self.time("entry").date()).days)}


def read_politics(scenario: Scenario) -> Politics | None:
    """The campaign's politics, None where it has none; raises CampaignError with every problem of the file."""
    folder = Path(scenario.folder)
    if not (folder / FILE).is_file():
        return None
    problems: list[Problem] = []
    tree = read_yaml(folder, FILE, problems)
    politics = _politics(tree, problems) if tree else None
    if politics and tree:
        _check(politics, tree, scenario.ledger, problems)
    if problems or politics is None:
        raise CampaignError(scenario.calendar.name, problems)
    return politics


def require_politics(scenario: Scenario) -> Politics:
    """The campaign's politics, or an error that says what is missing."""
    politics = read_politics(scenario)
    if politics is None:
        remedy = f"add {FILE}, or play it with the historical calendar"
        raise KhinganError(scenario.calendar.name, f"this campaign has no {FILE}", remedy)
    return politics


def _politics(tree: YamlTree, problems: list[Problem]) -> Politics | None:
    try:
        return Politics(**tree.content)
    except ValidationError as error:
        fields = ("counted_from", "exhausted_at", "shocks", "treaties", "switches", "schools")
        for detail in error.errors(include_url=False):
            problems.append(tree.problem(tuple(detail["loc"]), *fault(detail, fields)))
        return None


def _check(politics: Politics, tree: YamlTree, ledger: Ledger, problems: list[Problem]) -> None:
    """Keys of the closed lists are all there once; sources and claims exist; shares are shares."""
    for part, wanted in (("shocks", SHOCKS), ("schools", SCHOOLS)):
        keys = [entry.key for entry in getattr(politics, part)]
        if sorted(keys) != sorted(wanted):
            what = f"{part} are {', '.join(keys)}"
            problems.append(tree.problem((part,), what, "give each of these once: " + ", ".join(wanted)))
    for part, number, column, name, known in _references(politics, ledger):
        if name not in known:
            what = f"unknown {column} '{name}'"
            problems.append(tree.problem((part, number), what, suggestion(name, known)))
    for number, treaty in enumerate(politics.treaties):
        if not all(0 <= share <= 1 for share in treaty.expects_peace.values()):
            problems.append(tree.problem(("treaties", number), "expects_peace is no share", "write 0 to 1"))


def _references(politics: Politics, ledger: Ledger) -> list[tuple[str, int, str, str, Any]]:
    """Part, number, kind of name, the name, and the names that exist."""
    found: list[tuple[str, int, str, str, Any]] = []
    for number, shock in enumerate(politics.shocks):
        found.append(("shocks", number, "source", shock.source, ledger.sources))
    for number, treaty in enumerate(politics.treaties):
        found.append(("treaties", number, "claim", treaty.claim, ledger.claims))
    for number, school in enumerate(politics.schools):
        found += [("schools", number, "source", source, ledger.sources) for source in school.sources]
    for part in ("shocks", "treaties", "switches"):
        for number, entry in enumerate(getattr(politics, part)):
            found += [(part, number, "claim of the document", claim, ledger.document) for claim in entry.document]
    return found

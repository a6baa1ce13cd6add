"""What a run leaves behind: every variable of the ensemble with its dimensions, unit and meaning, in one table."""

from typing import NamedTuple


class Variable(NamedTuple):
    """One variable of the ensemble; `run` is the leading dimension of all of them."""

    dims: tuple[str, ...]
    dtype: str
    unit: str
    meaning: str


STAGES = ("decision", "broadcast")

VARIABLES = {
    "first_control": Variable(
        ("cell",),
        "float32",
        "h",
        "hours from H-hour at which the control side first held it, or won back what was its own",
    ),
    "held_at_end": Variable(("cell",), "uint8", "1", "1 where the control side holds the cell at the end"),
    "reach_from": Variable(
        ("cell",),
        "int16",
        "day",
        "first campaign day on which the control side's trucks could go there and back in a day; 0 if on none",
    ),
    "reach_to": Variable(
        ("cell",),
        "int16",
        "day",
        "last campaign day on which the other side's trucks could go there and back in a day; 0 if on none",
    ),
    "works_fall": Variable(("works",), "float32", "h", "hours from H-hour at which the works gave up"),
    "place": Variable(("step", "formation"), "int16", "1", "cell index at the end of the step; -1 off the map"),
    "place_cell": Variable(("named_place",), "int16", "1", "cell in which the run reads a named place; -1 off the map"),
    "men": Variable(("day", "formation"), "float32", "men", "men present at the end of the day"),
    "tanks": Variable(("day", "formation"), "float32", "tanks", "tanks running at the end of the day"),
    "fuel": Variable(("day", "formation"), "float32", "refills", "fuel in hand at the end of the day"),
    "killed": Variable(("day", "army"), "float32", "men", "killed and missing since H-hour"),
    "wounded": Variable(("day", "army"), "float32", "men", "wounded since H-hour"),
    "captured": Variable(("day", "army"), "float32", "men", "men of the army taken prisoner since H-hour"),
    "prisoners": Variable(("day", "army"), "float32", "men", "men of the other side taken by the army since H-hour"),
    "sick": Variable(("day", "army"), "float32", "men", "sick and injured out of the ranks since H-hour"),
    "died": Variable(("day", "army"), "float32", "men", "dead of sickness and accidents since H-hour"),
    "tanks_lost": Variable(
        ("day", "army"), "float32", "tanks", "tanks lost for good since H-hour: written off or taken"
    ),
    "tanks_out": Variable(("day", "army"), "float32", "tanks", "tanks hit or broken down and not yet repaired"),
    "tanks_repaired": Variable(("day", "army"), "float32", "tanks", "tanks returned by the workshops since H-hour"),
    "deserted": Variable(("day", "army"), "float32", "men", "men who left the colours since H-hour"),
    "halted_hours": Variable(
        ("army",), "float32", "h", "hours in which the army's motor formations stood without fuel"
    ),
    "halt_began": Variable(
        ("army",), "float32", "h", "hours from H-hour at which half of its motor formations first stood without fuel"
    ),
    "order_arrival": Variable(
        ("formation",), "float32", "h", "hours from H-hour at which the cease-fire order arrived"
    ),
    "capitulated": Variable(("formation",), "float32", "h", "hours from H-hour at which the formation laid down arms"),
    "landed": Variable(("lift",), "float32", "h", "hours from H-hour at which the first troops were ashore or down"),
    "surrender": Variable(
        ("stage",),
        "float32",
        "h",
        "hours from H-hour of a drawn decision and its broadcast, to a year behind the horizon; NaN by the calendar",
    ),
    "wet_share": Variable(("day",), "float32", "1", "share of weather regions that were wet during the day"),
    "draw": Variable(("parameter",), "float32", "varies", "the run's own draw of every parameter"),
}

"""Frozen records, rows that know where they stand, and the wording of what is wrong with one."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import ErrorDetails

from khingan.errors import suggestion


class Record(BaseModel):
    """A frozen record that refuses unknown fields and numbers that are none."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, allow_inf_nan=False)


class Row(Record):
    """One row of a table and the place it stands in."""

    file: str
    line: int


def local_time(value: Any) -> Any:
    """A time of the campaign's own zone, written YYYY-MM-DDTHH:MM without a zone."""
    if isinstance(value, datetime) or value is None:
        return value
    if not isinstance(value, str):
        raise ValueError("is not a time")
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a time") from None
    if time.tzinfo is not None:
        raise ValueError("names a time zone")
    return time


# Numbers and zoned times are refused: pydantic would read "1945" as seconds after 1970.
LocalTime = Annotated[datetime, BeforeValidator(local_time)]

LIMITS = {
    "greater_than_equal": ("ge", "is below", "or more"),
    "greater_than": ("gt", "is not above", "exceeded"),
    "less_than_equal": ("le", "is above", "or less"),
    "less_than": ("lt", "is not below", "not reached"),
}


def fault(error: ErrorDetails, fields: Iterable[str]) -> tuple[str, str]:
    """What is wrong and the remedy, in the words of the file rather than of the validator."""
    name = ".".join(str(part) for part in error["loc"])
    kind, limits = error["type"], error.get("ctx", {})
    value = _shortened(error["input"])
    if kind == "missing":
        return f"{name} is missing", f"add {name}"
    if kind == "extra_forbidden":
        return f"unknown field '{name[:60]}'", suggestion(str(error["loc"][-1]), fields)
    if value == "":
        return f"{name} is empty", f"write {name}"
    if kind in LIMITS:
        return _limit_fault(name, value, *LIMITS[kind], limits)
    if kind == "literal_error":
        return f"{name} '{value}' is not known", f"use one of: {limits['expected']}"
    if kind.startswith(("float", "int", "finite")):
        return f"{name} '{value}' is not a number", "write a number with a decimal point"
    if kind == "value_error":
        return f"{name} '{value}' {limits['error']}", "write YYYY-MM-DDTHH:MM in the campaign's own zone"
    return f"{name} '{value}': {error['msg'].lower()}", "mend the value"


def _limit_fault(
    name: str, value: str, key: str, relation: str, remedy: str, limits: dict[str, Any]
) -> tuple[str, str]:
    limit = f"{limits[key]:g}"
    if key == "ge" and limits[key] == 0:
        return f"{name} {value} is negative", "write 0 or more"
    return f"{name} {value} {relation} {limit}", f"write a number with {limit} {remedy}"


def _shortened(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "..."

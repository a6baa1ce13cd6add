"""Errors that say where, what and the remedy; problems of a campaign are collected and reported as one list."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


class KhinganError(Exception):
    """A failure the user can mend: `where | what | remedy`."""

    def __init__(self, where: str, what: str, remedy: str) -> None:
        self.where, self.what, self.remedy = where, what, remedy
        super().__init__(f"{where} | {what} | {remedy}")


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in a campaign's files; `line` and `column` count from 1, 0 where the whole file is meant."""

    file: str
    line: int
    column: int
    what: str
    remedy: str

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place} | {self.what} | {self.remedy}"


class CampaignError(KhinganError):
    """Every problem found in one campaign, sorted by file and line."""

    def __init__(self, campaign: str, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        count = len(self.problems)
        super().__init__(campaign, f"{count} problem{'s' * (count != 1)}", "mend what is listed")

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def suggestion(name: str, names: Iterable[str]) -> str:
    """A remedy that offers the names nearest to a mistaken one, or a few of those that exist."""
    known = sorted(set(names))
    near = get_close_matches(name, known, n=3, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(near) + "?"
    return "use one of: " + ", ".join(known[:12]) + (", ..." if len(known) > 12 else "")

"""What went wrong, as JSON: `where | what | remedy`, the words of the command line."""

from collections.abc import Sequence

from khingan.errors import CampaignError, KhinganError

Told = dict[str, str]


class RefusedError(KhinganError):
    """A request that is answered with another status than 400."""

    def __init__(self, status: int, where: str, what: str, remedy: str) -> None:
        self.status = status
        super().__init__(where, what, remedy)


def told(error: KhinganError) -> list[Told]:
    """Every fault of an error; a campaign's faults one by one, each with its file and line."""
    if isinstance(error, CampaignError):
        return [parted(str(problem)) for problem in error.problems]
    return [{"where": error.where, "what": error.what, "remedy": error.remedy}]


def parted(line: str) -> Told:
    """A line `where | what | remedy` as its parts."""
    parts: Sequence[str] = [*line.split(" | ", 2), "", ""]
    return {"where": parts[0], "what": parts[1], "remedy": parts[2]}

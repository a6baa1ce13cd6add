"""Campaign folders: those of the package by name, others by path, and the fingerprint of their contents."""

import hashlib
from pathlib import Path

from khingan.errors import KhinganError, suggestion

CAMPAIGNS = Path(__file__).parents[1] / "campaigns"
CALENDAR = "campaign.yaml"

# What an ensemble does not depend on: what happened, the drawn map, what serves readers, changes nobody asked for.
NOT_PLAYED = ("history", "map", "README.md", "changes.yaml", "chronicle.csv", "glossary.csv", "questions.yaml")


def campaign_names() -> list[str]:
    """The campaigns that ship with the package."""
    return sorted(folder.name for folder in CAMPAIGNS.iterdir() if (folder / CALENDAR).is_file())


def campaign_folder(name_or_folder: str | Path) -> Path:
    """The folder of a packaged campaign, or the path itself."""
    text = str(name_or_folder)
    if isinstance(name_or_folder, str) and text in campaign_names():
        return CAMPAIGNS / text
    folder = Path(name_or_folder)
    if text and "\0" not in text and folder.is_dir():
        return folder
    raise KhinganError(
        text or "campaign", "no campaign of this name and no such folder", suggestion(text, campaign_names())
    )


def ground_folder(folder: Path, ground: str) -> Path:
    """Where the map of a campaign lies: in its own folder, or in that of the campaign whose ground it borrows."""
    if not ground:
        return folder
    return CAMPAIGNS / ground if ground in campaign_names() else folder / ground


def fingerprint(folder: Path, ground: Path | None = None) -> str:
    """SHA-256 over names and bytes of every file an ensemble depends on, borrowed ground among them."""
    if ground is not None and ground != folder:
        return hashlib.sha256((fingerprint(folder) + fingerprint(ground / "terrain")).encode()).hexdigest()
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not path.is_file() or parts[0] in NOT_PLAYED or parts[-1] in NOT_PLAYED or _is_hidden(parts):
            continue
        content = path.read_bytes()
        digest.update(f"{'/'.join(parts)}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _is_hidden(parts: tuple[str, ...]) -> bool:
    return any(part.startswith(".") for part in parts)


Stamp = tuple[tuple[str, int, int], ...]


def stamp_of(name_or_folder: str | Path) -> Stamp:
    """Name, size and time of every file of a campaign, and of every packaged one where its ground may be borrowed.

    As long as it stays the same nothing need be read again; it says nothing of what the files hold.
    """
    folders = {campaign_folder(name_or_folder), CAMPAIGNS}
    found = ((str(path), path.stat()) for folder in sorted(folders) for path in sorted(folder.rglob("*")))
    return tuple((path, stat.st_size, stat.st_mtime_ns) for path, stat in found)

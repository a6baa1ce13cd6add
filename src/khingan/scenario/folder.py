"""Campaign folders: those of the package by name, others by path, and the fingerprint of their contents."""

import hashlib
from pathlib import Path

from khingan.errors import KhinganError, suggestion

CAMPAIGNS = Path(__file__).parents[1] / "campaigns"
CALENDAR = "campaign.yaml"

# What an ensemble does not depend on: what happened, the drawn map, what serves readers, changes nobody asked for.
NOT_PLAYED = ("history", "map", "README.md", "changes.yaml", "chronicle.csv", "glossary.csv")


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
    raise KhinganError(text, "no campaign of this name and no such folder", suggestion(text, campaign_names()))


def fingerprint(folder: Path) -> str:
    """SHA-256 over names and bytes of every file an ensemble depends on."""
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

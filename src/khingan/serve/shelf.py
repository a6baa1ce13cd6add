"""The folder of studies: what lies in it, by plain names alone."""

import os
import re
import secrets
import shlex
import shutil
import zipfile
from pathlib import Path
from typing import Any

from khingan.errors import KhinganError
from khingan.scenario.folder import CAMPAIGNS
from khingan.serve.told import RefusedError, told
from khingan.simulation.settings import usual
from khingan.simulation.study import REPORT, STUDY, Study

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
HIDDEN = ".khingan"  # jobs and what is being deleted; no study's name begins with a dot


class Shelf:
    """The studies of a folder; a link that leads out of it is no study."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    def studies(self) -> list[dict[str, Any]]:
        """Every study, newest first; one that cannot be read says why."""
        found = [self.card(path) for path in self.folder.iterdir() if self.is_study(path)]
        return sorted(found, key=lambda card: (card["created"], card["name"]), reverse=True)

    def is_study(self, path: Path) -> bool:
        """A folder of its own with the record of a study, under a plain name."""
        plain = NAME.fullmatch(path.name) is not None and not path.is_symlink()
        return plain and path.is_dir() and (path / STUDY).is_file()

    def find(self, name: str) -> Path:
        """The folder of a study."""
        path = self.folder / name if NAME.fullmatch(name) else None
        if path is None or not self.is_study(path):
            raise RefusedError(404, f"study {name[:100]!r}", "no study of this name", "reload the page")
        return path

    def card(self, path: Path) -> dict[str, Any]:
        """What the page shows of a study."""
        card: dict[str, Any] = {"name": path.name, "created": "", "page": has_page(path), "errors": []}
        try:
            study = Study.read(path)
        except KhinganError as error:
            return card | {"errors": told(error)}
        return card | {
            "campaign": study.campaign, "runs": study.runs, "seed": study.seed, "created": study.created,
            "changes": list(study.settings.changes), "command": command(study, path),
        }  # fmt: skip

    def page(self, name: str) -> Path:
        """A study's page."""
        path = self.find(name)
        if not has_page(path):
            what = f"khingan report {shlex.quote(str(path))}"
            raise RefusedError(404, f"study {name}", "has no page yet", f"write it with: {what}")
        return path / REPORT

    def rename(self, name: str, new: str) -> None:
        """Give a study another name; a name that is taken is refused."""
        path = self.find(name)
        if not NAME.fullmatch(new):
            raise KhinganError("name", f"{new!r} is no plain name", "use letters, digits, dots, dashes; at most 100")
        if new != name and os.path.lexists(self.folder / new):
            raise RefusedError(409, "name", f"{new!r} is taken", "choose another name")
        path.rename(self.folder / new)

    def delete(self, name: str) -> None:
        """Take a study away: first out of sight in one step, then for good."""
        path = self.find(name)
        bin_ = self.folder / HIDDEN / "deleted" / secrets.token_hex(8)
        bin_.parent.mkdir(parents=True, exist_ok=True)
        path.rename(bin_)
        shutil.rmtree(bin_)

    def packed(self, name: str, out: Path) -> None:
        """A study's record and ensemble as a zip; links are left out. The arrays are compressed already."""
        path = self.find(name)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, strict_timestamps=False) as packed:
            for folder, _, files in os.walk(path, followlinks=False):
                for file in sorted(files):
                    inside = Path(folder) / file
                    if inside.is_file() and not inside.is_symlink() and file != REPORT:
                        packed.write(inside, Path(name) / inside.relative_to(path))


def has_page(path: Path) -> bool:
    """Whether a study's page lies in its folder, and is no link to elsewhere."""
    return (path / REPORT).is_file() and not (path / REPORT).is_symlink()


def command(study: Study, path: Path) -> str:
    """The command that plays a study again."""
    settings = study.settings
    own = bool(study.folder) and Path(study.folder).parent != CAMPAIGNS
    words = ["khingan", "run", study.folder if own else study.campaign]
    words += ["--runs", str(study.runs), "--seed", str(study.seed)]
    words += ["--parameters", settings.parameters] if settings.parameters != usual() else []
    words += ["--claims", settings.claims] if settings.claims != "prior" else []
    words += [word for key, value in settings.pinned.items() for word in ("--set", f"{key}={value!r}")]
    words += [word for name in settings.changes for word in ("--change", name)]
    words += ["--changes", settings.changes_file] if settings.changes_file else []
    return shlex.join([*words, "--out", str(path.with_name(path.name + "-again"))])

"""A study: a folder that says which campaign, seed, settings and code its ensemble was played with."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

from khingan import __version__, engine
from khingan.errors import KhinganError
from khingan.scenario.schema import Scenario
from khingan.simulation.settings import Settings

STUDY, ENSEMBLE, REPORT = "study.json", "ensemble.zarr", "report.html"

# Fields that make two studies the same; size, age and the campaign's whereabouts do not.
IDENTITY = ("campaign", "fingerprint", "seed", "settings", "version", "parameter_files", "code")
SAID = {"fingerprint": "the campaign's files", "parameter_files": "the parameter files", "code": "the model's code"}


@dataclass(frozen=True)
class Study:
    """The contents of study.json. Fingerprints are hexadecimal."""

    campaign: str
    folder: str
    fingerprint: str
    seed: int
    settings: Settings
    runs: int
    version: str
    parameter_files: str
    code: str
    created: str

    @classmethod
    def plan(cls, scenario: Scenario, runs: int, seed: int, settings: Settings) -> Self:
        """The study that playing this campaign here and now would be."""
        return cls(
            campaign=scenario.calendar.name,
            folder=scenario.folder,
            fingerprint=scenario.fingerprint,
            seed=seed,
            settings=settings,
            runs=runs,
            version=__version__,
            parameter_files=fingerprint("parameters"),
            code=f"{engine.fingerprint()}-{fingerprint('world', 'simulation')[:16]}",
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The study that stands in a folder."""
        try:
            record = json.loads((folder / STUDY).read_text(encoding="utf-8"))
            for name, kind in (("campaign", str), ("folder", str), ("seed", int), ("runs", int)):
                if not isinstance(record[name], kind):
                    raise TypeError(f"{name} is {record[name]!r}")
            return cls(**(record | {"settings": Settings.from_dict(record["settings"])}))
        except (FileNotFoundError, NotADirectoryError):
            raise KhinganError(str(folder), f"no study here: {STUDY} is missing", "name a study's folder") from None
        except OSError as error:
            raise KhinganError(str(folder / STUDY), str(error.strerror), "make the study readable") from error
        except (ValueError, KeyError, TypeError) as error:
            raise KhinganError(
                str(folder / STUDY), f"not the record of a study: {error}", "use another folder"
            ) from error

    def write(self, folder: Path) -> None:
        """Put study.json in place by rename, so that it is never found half written."""
        record = asdict(self) | {"settings": self.settings.as_dict()}
        partial = folder / f"{STUDY}.partial"
        partial.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        os.replace(partial, folder / STUDY)

    def differences(self, other: Self) -> list[str]:
        """What keeps two studies from being one, in words."""
        return [said(name, getattr(self, name), getattr(other, name)) for name in IDENTITY
                if getattr(self, name) != getattr(other, name)]  # fmt: skip

    def default_folder(self) -> Path:
        """A new folder's name: campaign, seed, size and time (UTC)."""
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")[:-3]
        return Path("studies") / f"{self.campaign}-seed{self.seed}-{self.runs}-{now}Z"


def said(name: str, there: Any, here: Any) -> str:
    """One difference between the study in the folder and the one asked for."""
    if name in SAID:
        return SAID[name] + " changed"
    if isinstance(there, Settings):
        there, here = (json.dumps(settings.as_dict()) for settings in (there, here))
    return f"{name} {there} there, {here} asked for"


def settle(study: Study, out: Path | None) -> tuple[Path, Study]:
    """Make or reopen the study's folder; a longer study than asked for keeps its length."""
    folder = study.default_folder() if out is None else out
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            study.write(folder)
            return folder, study
    except OSError as error:
        raise KhinganError(
            str(folder), f"cannot be written: {error.strerror}", "name another folder with --out"
        ) from error
    return folder, continued(folder, study)


def continued(folder: Path, study: Study) -> Study:
    """The study already in the folder, if it is the same one."""
    if not (folder / STUDY).exists():
        raise KhinganError(str(folder), "not empty and not a study", "name an empty or new folder with --out")
    found = Study.read(folder)
    if differences := found.differences(study):
        raise KhinganError(
            str(folder), "holds another study: " + "; ".join(differences), "name another folder with --out"
        )
    return replace(found, runs=max(found.runs, study.runs))


def fingerprint(*parts: str) -> str:
    """SHA-256 over the Python and YAML files of parts of the package, in the order of their names."""
    digest = hashlib.sha256()
    for part in parts:
        for name, contents in walk(files("khingan") / part):
            digest.update(f"{part}/{name}\0{len(contents)}\0".encode() + contents)
    return digest.hexdigest()


def walk(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    """Name and contents of every .py and .yaml file directly in a folder of the package, sorted."""
    if folder.is_dir():
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith((".py", ".yaml")):
                yield entry.name, entry.read_bytes()

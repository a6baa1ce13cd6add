"""The reference table: one row of measures a run, landed chunk by chunk, so that a stop loses one chunk at most.

A row is a run of the ordinary engine: parameters by their priors, claims and luck drawn. Neither ensembles nor draws
are kept; the draws of run k follow from seed, k and the parameters' names.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from khingan.calibration.campaign_measures import Measures
from khingan.errors import KhinganError
from khingan.evidence.posterior import SAID
from khingan.scenario.schema import Scenario
from khingan.simulation import run as simulation
from khingan.simulation.run import Progress, Stopped, quiet
from khingan.simulation.settings import Settings
from khingan.simulation.store import CHUNK
from khingan.simulation.study import Study, walk
from khingan.world.compile import World

IDENTITY = "table.json"
PRIOR = Settings("prior", "prior")


class ReferenceTable:
    """Chunks of rows in a folder that belongs to one campaign, seed, code and set of priors."""

    def __init__(self, folder: Path, identity: Mapping[str, Any]) -> None:
        self.folder = folder
        text = json.dumps(identity, indent=2, sort_keys=True)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not any(folder.iterdir()):
                put(folder / IDENTITY, text.encode())
            found = (folder / IDENTITY).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise KhinganError(
                str(folder), "not empty and no reference table", "name an empty or new folder with --out"
            ) from None
        except OSError as error:
            remedy = "name another folder with --out"
            raise KhinganError(str(folder), f"cannot be written: {error.strerror}", remedy) from error
        if found != text:
            what = f"holds another table: {differences(found, identity)}"
            raise KhinganError(str(folder), what, "use another --out, or the version that made it")

    def path(self, first: int) -> Path:
        """Where the chunk that begins with a run stands."""
        return self.folder / f"runs-{first:07d}.npy"

    def missing(self, runs: int) -> list[int]:
        """First run of every chunk that is not there."""
        return [first for first in range(0, runs, CHUNK) if not self.path(first).is_file()]

    def write(self, first: int, rows: np.ndarray) -> None:
        """Land a chunk by rename."""
        partial = self.path(first).with_suffix(".partial")
        with partial.open("wb") as file:
            np.save(file, rows.astype(np.float32))
        os.replace(partial, self.path(first))

    def read(self, runs: int) -> np.ndarray:
        """(run, measure) of the first runs."""
        return np.concatenate([np.load(self.path(first)) for first in range(0, runs, CHUNK)])[:runs]


def identity_of(scenario: Scenario, measures: Measures, seed: int, **more: Any) -> dict[str, Any]:
    """What makes two tables the same; the number of runs does not."""
    study = Study.plan(scenario, 0, seed, PRIOR)
    return {
        "campaign": study.campaign, "fingerprint": study.fingerprint, "seed": seed, "version": study.version,
        "code": study.code, "priors": prior_fingerprint(), "measures": measures.identity(), **more,
    }  # fmt: skip


def prior_fingerprint() -> str:
    """SHA-256 of the parameter files without what a fit made of them."""
    digest = hashlib.sha256()
    for name, content in walk(files("khingan") / "parameters"):
        if name != SAID:
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def fill(
    table: ReferenceTable, scenario: Scenario, world: World, measures: Measures, runs: int, seed: int,
    settings: Settings = PRIOR, workers: int | None = None, progress: Progress = quiet, phase: str = "runs",
) -> np.ndarray:  # fmt: skip
    """Play what the table lacks of `runs`, whole chunks always, and return all of them (run, measure)."""
    whole = -(-runs // CHUNK) * CHUNK
    missing = table.missing(runs)
    study = Study.plan(scenario, whole, seed, settings)
    try:
        if missing:
            simulation.warm(world, progress, settings)
        progress(phase, whole - len(missing) * CHUNK, whole)
        chunks = simulation.played(world, study, missing, workers or os.cpu_count() or 1, measures.read)
        for done, (first, rows) in enumerate(chunks, start=1):
            _land(table, first, rows)
            progress(phase, whole - (len(missing) - done) * CHUNK, whole)
    except KeyboardInterrupt:
        left = whole - len(table.missing(runs)) * CHUNK
        again = f"repeat the command with --out {table.folder.parent}"
        raise Stopped(f"{table.folder.parent} | stopped: {left} of {whole} runs kept | {again}") from None
    return table.read(runs)


def _land(table: ReferenceTable, first: int, rows: np.ndarray) -> None:
    try:
        table.write(first, rows)
    except OSError as error:
        what = f"cannot be written ({error.strerror}): finished chunks are kept"
        raise KhinganError(str(table.folder), what, "free space, then repeat the command") from error


def put(path: Path, content: bytes) -> None:
    """Write a file by rename, so that it is never found half written."""
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    os.replace(partial, path)


def differences(found: str, identity: Mapping[str, Any]) -> str:
    """The fields in which two experiments differ: the one on record in a folder, and the one asked for."""
    try:
        there = json.loads(found)
    except ValueError:
        return "its record cannot be read"
    return ", ".join(sorted(key for key in identity if there.get(key) != identity[key])) + " differ"

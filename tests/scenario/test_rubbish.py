"""Whatever bytes a file holds, the answer is a list of problems and never a traceback."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khingan.errors import KhinganError
from khingan.scenario.read import load
from toy import write_toy_campaign

FILES = [
    "campaign.yaml", "sources.yaml", "plans.yaml", "surrender.yaml", "ledger.csv", "document.csv", "places.csv",
    "armies.csv", "order_of_battle.csv", "orders.csv", "works.csv", "lifts.csv", "supply.csv", "weather.csv", "air.csv",
    "terrain/cells.parquet", "terrain/edges.parquet",
]  # fmt: skip


@pytest.fixture(scope="module")
def toy_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield write_toy_campaign(Path(folder))


def outcome(folder: Path, file: str, content: bytes) -> str:
    """`read` or the message, with the file put back afterwards."""
    path = folder / file
    sound = path.read_bytes()
    path.write_bytes(content)
    try:
        load(folder)
    except KhinganError as error:
        return str(error)
    finally:
        path.write_bytes(sound)
    return "read"


@pytest.mark.parametrize("file", FILES)
def test_rubbish_names_the_file(toy_folder: Path, file: str) -> None:
    assert file in outcome(toy_folder, file, b"\x00\xffPAR1 rubbish")


@pytest.mark.parametrize("file", FILES)
def test_an_empty_file_names_the_file(toy_folder: Path, file: str) -> None:
    assert file in outcome(toy_folder, file, b"")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(FILES), content=st.binary(min_size=1, max_size=200))
def test_random_bytes_are_refused(toy_folder: Path, file: str, content: bytes) -> None:
    assert file in outcome(toy_folder, file, content)


YAML_LIKE = st.text(alphabet="abz019-:?[]{},&*!|>'\"%@` \n\t#.~<=_+eE", min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(file=st.sampled_from(FILES[:4]), text=YAML_LIKE)
def test_yaml_like_rubbish_is_refused(toy_folder: Path, file: str, text: str) -> None:
    assert file in outcome(toy_folder, file, text.encode())


@settings(max_examples=60, deadline=None)
@given(file=st.sampled_from(FILES[:15]), data=st.data())
def test_a_spoilt_stretch_never_escapes(toy_folder: Path, file: str, data: st.DataObject) -> None:
    # A sound file with a stretch replaced: it may still be sound, or be refused; nothing else can happen.
    sound = (toy_folder / file).read_bytes()
    start = data.draw(st.integers(0, len(sound)))
    stop = data.draw(st.integers(start, min(len(sound), start + 30)))
    spoilt = sound[:start] + data.draw(st.binary(max_size=12)) + sound[stop:]
    assert outcome(toy_folder, file, spoilt)

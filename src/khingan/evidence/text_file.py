"""The text of one file of a folder, or the problem that keeps it from being read."""

from pathlib import Path

from khingan.errors import Problem


def read_text(folder: Path, file: str, problems: list[Problem]) -> str | None:
    """The file as text; None, and a problem noted, where it is absent, empty or no UTF-8 text."""
    try:
        content = (folder / file).read_bytes()
    except OSError as error:
        what = "the file is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error.strerror}"
        problems.append(Problem(file, 0, 0, what, "add the file or make it readable"))
        return None
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        problems.append(Problem(file, line, 0, "a NUL byte: this is no text file", "save the file as UTF-8 text"))
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        what = f"byte {content[error.start]:#04x} is not UTF-8"
        problems.append(Problem(file, line, 0, what, "save the file as UTF-8 text"))
        return None
    if not text.strip():
        problems.append(Problem(file, 0, 0, "the file is empty", "fill it, or write its header line"))
        return None
    return text

"""The life of a worker process: a job and pieces in, an answer out, until the pipe is closed."""

import os
import pickle
import sys
from typing import BinaryIO

from khingan.experiment.chunk import play


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until nobody asks any more."""
    while True:
        try:
            job, pieces = pickle.load(questions)
        except EOFError:
            return
        pickle.dump(play(job, pieces), answers)
        answers.flush()


if __name__ == "__main__":
    own = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else would print goes to standard error
    serve(sys.stdin.buffer, own)

"""A kernel and one that is compiled apart from it; another process must be able to import them."""

from khingan.engine.compiled import apart, kernel


@kernel
def below(n, out):
    out[0] += n


@kernel
def double(n, out):
    below(2 * n, out)


apart(double)


@kernel
def caller(n, out):
    double(n, out)
    out[1] = out[0] + 1

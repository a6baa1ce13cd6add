"""Logarithm and exponential in plain arithmetic, so that a loop over them becomes a loop over vectors.

The library's own are calls, one number at a time. Wanted by the months before H-hour, which take thousands of each.
"""

from typing import Any

import numpy as np

from khingan.engine.compiled import kernel

_HALF_ROOT = np.int64(0x3FE6A09E667F3BCD)  # bits of the square root of one half
_FRACTION, _BIAS = np.int64(52), np.int64(1023)
_LN2, _LN2_HIGH, _LN2_LOW = 0.6931471805599453, 0.6931471803691238, 1.9082149292705877e-10
_PER_LN2, _TO_WHOLE, _LEAST = 1.4426950408889634, 6755399441055744.0, -700.0


@kernel
def log_of(x: Any) -> Any:
    """Natural logarithm of an ordinary positive float, to a unit or two in the last place.

    x = 2^e m with m about one; log m = 2 artanh(s), s = (m - 1) / (m + 1), by the polynomial of fdlibm (Ng 1993).
    Leaves out: zero, infinity, numbers below 2e-308.
    """
    bits = np.float64(x).view(np.int64)
    e = (bits - _HALF_ROOT) >> _FRACTION
    f = np.int64(bits - (e << _FRACTION)).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    tail = z * (0.2222219843214978 + z * (0.1818357216161805 + z * (0.15313837699209373 + z * 0.14798198605116586)))
    rest = z * (0.6666666666666735 + z * (0.3999999999940942 + z * (0.2857142874366239 + tail)))
    return f - s * (f - rest) + np.float64(e) * _LN2


@kernel
def exp_of(x: Any) -> Any:
    """Exponential of x up to 700, to 1e-14 of itself; below -700 that of -700, which is 1e-304.

    exp x = 2^n exp r with |r| at most half of log 2, by Taylor's series to the eleventh power.
    """
    y = max(x, _LEAST)
    shifted = y * _PER_LN2 + _TO_WHOLE  # the last bits of this float are the whole number nearest to y / log 2
    n = shifted - _TO_WHOLE
    r = (y - n * _LN2_HIGH) - n * _LN2_LOW
    tail = r * (1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r / 39916800)))
    tail = r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + tail))))
    whole = np.float64(shifted).view(np.int64)
    return (1.0 + r * (1.0 + r * (0.5 + r * (1 / 6 + tail)))) * np.int64((whole + _BIAS) << _FRACTION).view(np.float64)

"""The closed list of units that ledgers, supply tables and parameter files may use."""

# `ratio` marks a claim with many cells, whose low and high multiply each of them; `1` is a plain number.
UNITS = (
    "1", "ratio", "share", "percent", "probability", "h", "days", "1/h", "1/day", "km", "km2", "m", "degrees",
    "km/h", "km/day", "m/s", "men", "men/km", "men/km2", "men/day", "tanks", "guns", "aircraft", "trucks", "vessels",
    "divisions", "formations", "points", "points/km", "points/man", "points/tank", "points/gun", "points/aircraft",
    "points/sortie", "t", "t/day", "t/h", "t/truck", "t/refill", "t/tank", "t/man", "t/sortie", "kg/man/day", "refills",
    "refills/day", "refills/h", "refills/km", "km/refill", "loads", "loads/day", "sorties", "sorties/day",
    "1/aircraft/day", "cells", "date", "vehicles/1000 men", "vehicles/tank", "vehicles/day", "1/100 km",
)  # fmt: skip

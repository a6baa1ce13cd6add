"""The closed lists of words that campaign tables may use; their order is the order of the engine's classes."""

from khingan.evidence.grade import GRADES as GRADES
from khingan.evidence.source import BASES as BASES

MOBILITIES = ("foot", "horse", "motor", "tank")
COVERS = ("steppe", "desert", "dunes", "farmland", "forest", "wetland", "tundra", "urban")
RELIEFS = ("flat", "rolling", "rugged")
ROADS = ("none", "track", "road", "main")
RAILS = ("none", "narrow", "standard", "broad")
RIVERS = ("none", "small", "medium", "large", "great")
WORKS = ("none", "field", "concrete")
ROLES = ("field", "garrison", "support", "air", "lift", "landing")
POSTURES = ("attack", "hold", "delay", "reserve")
ORDER_KINDS = ("attack", "withdraw", "hold", "land", "air_land", "cease", "none", "clear")
LIFT_MODES = ("sea", "air", "river")
MEASURES = ("control", "works_fall", "disarmed", "landing", "air_landing")
PHASES = ("combat", "after cease-fire order", "islands")
SUPPLY_KINDS = (
    "depot", "railhead", "supply_trucks", "refill_t", "fuel_carried", "ammunition_carried", "airlift_t_per_day",
    "source", "front_trucks", "unit_of_fire_t", "depot_fuel", "depot_ammunition", "tied_share",
)  # fmt: skip
CLAIM_KINDS = ("quantity", "fact", "interpretation", "disputed")

# The mobility of each formation type decides its march rates; its combat worth stands in parameters/combat.yaml.
TYPES = {
    "rifle": "foot", "infantry": "foot", "infantry-brigade": "foot", "infantry-regiment": "foot",
    "infantry-battalion": "foot", "raider-brigade": "foot", "naval-infantry": "foot", "airborne": "foot",
    "garrison": "foot", "fortress": "foot", "fortified-region": "foot", "cavalry": "horse",
    "mech": "motor", "artillery": "motor", "support": "motor", "tank": "tank",
    "air": "motor", "naval": "motor", "river-flotilla": "motor",
}  # fmt: skip
# What weighs on the decision to end a war, and the ways of reading it.
SHOCKS = ("terms", "first-bomb", "second-bomb", "entry", "assurance")
SCHOOL_NUMBERS = (
    "base_per_day", "exhaustion", "first_bomb", "second_bomb", "entry_felt", "both_felt", "assurance", "ground_lost",
)  # fmt: skip
SCHOOLS = ("bombs", "entry", "both", "exhaustion")

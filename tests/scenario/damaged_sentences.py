"""Two hundred sentences with known damage, by a seeded script that damages blindly, whatever repair can mend.

A digit goes anywhere, words change places at random, a space falls where it falls. Some of it nobody could mend. Dates
and names are not the document's. As many sound sentences stand beside the damaged ones, among them some that look
odd, so that a proposal where nothing is wrong counts against the precision.
"""

import random
from typing import NamedTuple

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
DATED = (
    "The staff put the question off until {} and then forgot it.",
    "According to the diary of {} the column left early.",
    "A report of {} speaks of shortages.", "The ship lay idle since {} with stores for the garrison.",
    "Nothing is known of the unit before {} or after.",
)  # fmt: skip
NAMED = (
    "The road from {} was cut for two days.", "In the evening the staff of {} answered by radio.",
    "Letters from that year mention {} more than once.", "They spoke of {} as if the matter were settled.",
    "What happened near {} is told in three ways.",
)  # fmt: skip
TRAPS = (
    "The park held 1 941 lorries and 19 tractors.", "In 1943 16 guns were sent back.",
    "Order 1326 of that May was read out.",
    "By August 16 battalions had left.", "China and Chile sent notes.", "The score was 3: 15 men to two.",
    "Marching songs in May 1944 named nobody.", "Chapter 12: 30 pages on the river.", "March on, said Solomon.",
    "He read the 1 May 1936 edition, 12 pages.", "Old Manila and Mandalay stand on rivers.", "A 45 mm gun and 300 men.",
)  # fmt: skip
# Names of the period and their usual garbling, none of them from the document: read in Chinese, or word for word.
TRANSLATED = {
    "Sungari": "Pine Flower River", "Amur": "Black Dragon River", "Hokkaido": "North Sea Road",
    "Mutanchiang": "Peony River", "Imperial General Headquarters": "Main Base Camp",
    "Anti-Comintern Pact": "Anti Communist Accord", "State Defence Committee": "National Defense Committee",
    "Port Arthur": "Travel Smooth Mouth", "Primorye": "Coastal Frontier Region", "Inner Mongolia": "Inside Ancient",
}  # fmt: skip
READ_IN_CHINESE = {
    "Otozo Yamada": ("Yi San Yamada", "San Yi Yamada"), "Shigenori Togo": ("Mao De Togo", "De Mao Togo"),
    "Korechika Anami": ("Wei Ji Anami", "Ji Wei Anami"), "Koki Hirota": ("Hong Yi Hirota", "Yi Hong Hirota"),
    "Rodion Malinovsky": ("Ma Linuofusiji", "Malinuo Fusiji"), "Hideki Tojo": ("Ying Ji Tojo", "Yingji Tojo"),
    "Fumimaro Konoe": ("Wen Mo Konoe", "Mo Wen Konoe"), "Kirill Meretskov": ("Meilie Cikefu", "Mei Liecikefu"),
}  # fmt: skip


class Sentence(NamedTuple):
    """A sentence, the garbled stretch of it (empty: none), what it should be, and the kind of damage."""

    text: str
    garbled: str
    truth: str
    kind: str


def sentences(names: list[str], seed: int = 1945, count: int = 200) -> list[Sentence]:
    """`count` damaged sentences, a quarter of each kind, and as many sound ones."""
    rng = random.Random(seed)
    kinds = (digits, order, spaces, misread)
    damaged: list[Sentence] = []
    while len(damaged) < count:
        sentence = kinds[len(damaged) % 4](rng, names)
        if sentence.garbled != sentence.truth:
            damaged.append(sentence)
    return damaged + [sound(rng, names) for _ in range(count)]


def a_date(rng: random.Random) -> str:
    """A date in one of the forms of a book."""
    day, month, year = rng.randint(1, 28), rng.choice(MONTHS), rng.randint(1895, 1948)
    season, later = rng.choice(("spring", "summer", "autumn", "winter")), rng.choice(MONTHS)
    forms = (
        f"{day} {month} {year}", f"{month} {day}, {year}", f"{month} {year}", f"{month}-{later} {year}",
        f"the {season} of {year}",
    )  # fmt: skip
    return rng.choice(forms)


def digits(rng: random.Random, names: list[str]) -> Sentence:
    """One digit of a date goes to the head, goes to any other word of it, or is printed twice."""
    truth = a_date(rng)
    places = [at for at, sign in enumerate(truth) if sign.isdigit()]
    at = rng.choice(places)
    digit, rest = truth[at], truth[:at] + truth[at + 1 :]
    starts = [0] + [k + 1 for k, sign in enumerate(rest) if sign == " "]
    garbled = (digit + rest, rest[: (to := rng.choice(starts))] + digit + rest[to:], truth[:at] + digit + truth[at:],
               digit + truth)[rng.randrange(4)]  # fmt: skip
    return Sentence(rng.choice(DATED).format(garbled), garbled, truth, "digits")


def order(rng: random.Random, names: list[str]) -> Sentence:
    """The words of a date change places at random, a preposition with them."""
    day, month, year = rng.randint(1, 28), rng.choice(MONTHS), rng.randint(1895, 1948)
    which = rng.randrange(3)
    if which == 2:
        hour = rng.randint(5, 23)
        garbled, truth = f"{month} {day} {hour}", f"{day} {month}, {hour}:00"
        return Sentence(f"On {garbled} the guns opened fire.", garbled, truth, "order")
    words = [str(day), month, str(year)] if which else [month, str(year)]
    truth = " ".join(words)
    mixed = ["In" if which == 0 else "On", *words]
    whole = " ".join(mixed)
    while " ".join(mixed) == whole:
        rng.shuffle(mixed)
    garbled = " ".join(mixed)
    truth = truth if which else f"in {truth}"
    return Sentence(f"{garbled} the work began again.", garbled, truth, "order")


def spaces(rng: random.Random, names: list[str]) -> Sentence:
    """A space falls anywhere inside a date, an hour or a name."""
    which = rng.randrange(3)
    if which == 0:
        truth, frame = a_date(rng), rng.choice(DATED)
    elif which == 1:
        truth, frame = (
            f"{rng.randint(0, 23)}:{rng.choice(('00', '15', '30', '40'))}",
            "The signal was given at {} by lamp.",
        )
    else:
        truth, frame = rng.choice([name for name in names if len(name) > 5]), rng.choice(NAMED)
    cuts = [at for at in range(1, len(truth)) if " " not in truth[at - 1 : at + 1] and truth[at - 1 : at + 1].isalnum()]
    at = rng.choice(cuts or [truth.index(":") + 1])
    garbled = f"{truth[:at]} {truth[at:]}"
    return Sentence(frame.format(garbled), garbled, truth, "spaces")


def misread(rng: random.Random, names: list[str]) -> Sentence:
    """One or two letters wrong; or a name read in Chinese or translated word for word, as others might do it."""
    which = rng.randrange(3)
    if which == 0:
        name = rng.choice(sorted(TRANSLATED))
        return Sentence(rng.choice(NAMED).format(TRANSLATED[name]), TRANSLATED[name], name, "names")
    if which == 1:
        name = rng.choice(sorted(READ_IN_CHINESE))
        garbled = rng.choice(READ_IN_CHINESE[name])
        garbled = spoilt(rng, garbled) if rng.random() < 0.3 else garbled
        return Sentence(rng.choice(NAMED).format(garbled), garbled, name, "names")
    name = rng.choice([name for name in names if len(name) > 4])
    garbled = spoilt(rng, name)
    garbled = spoilt(rng, garbled) if rng.random() < 0.3 else garbled
    return Sentence(rng.choice(NAMED).format(garbled), garbled, name, "names")


def spoilt(rng: random.Random, name: str) -> str:
    """One letter behind the first lost, doubled, changed or turned round."""
    at = rng.randint(1, len(name) - 2)
    return (
        name[:at] + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[:at] + rng.choice("aeioulnrst") + name[at + 1 :],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    )[rng.randrange(4)]


def sound(rng: random.Random, names: list[str]) -> Sentence:
    """A sentence in which nothing is wrong; one in four looks as if."""
    which = rng.randrange(4)
    if which == 0:
        return Sentence(rng.choice(TRAPS), "", "", "sound")
    if which == 1:
        return Sentence(rng.choice(NAMED).format(rng.choice(names)), "", "", "sound")
    return Sentence(rng.choice(DATED).format(a_date(rng)), "", "", "sound")

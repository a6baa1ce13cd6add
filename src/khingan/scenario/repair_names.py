"""Garbled names: letters lost, spaces strayed, characters read in another language or translated one by one."""

import re
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise, permutations

from khingan.scenario.garbled import Option, Place
from khingan.scenario.gazetteer import folded
from khingan.scenario.glossary import Lexicon, Name, loosely

WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’](?=[^\W\d_]))*")
LONGEST = 6  # words of the longest phrase
SPACE, TRANSLATED, READ, MISREAD = 0.5, 0.8, 0.8, 1.3
SHORTEST = 5  # letters below which a misspelling cannot be told from another word
ALIKE = 0.3  # how far a misread given name must still resemble the right one


class Phrase:
    """Consecutive words of one line."""

    def __init__(self, text: str, words: list[re.Match[str]]) -> None:
        self.start, self.end = words[0].start(), words[-1].end()
        self.text = text[self.start : self.end]
        if self.text.endswith(("'s", "’s")):
            self.end, self.text = self.end - 2, self.text[:-2]
        self.words = [word[0].removesuffix("'s").removesuffix("’s") for word in words]
        self.folded = folded(self.text)
        self.capital = self.words[0][0].isupper()
        self.opens = bool(re.search(r"(?:^|[.!?:]\s+|\n\s*|[\"“]\s*)$", text[max(0, self.start - 4) : self.start]))


class Index:
    """What leads from a garbled form back to a name."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.common = {folded(word) for word in re.findall(r"\b[a-z][a-z'’]+\b", text)} | lexicon.ordinary
        self.by_length: dict[int, list[str]] = defaultdict(list)
        for form in lexicon.forms:
            self.by_length[len(form)].append(form)
        self.seen: dict[tuple[str, int], dict[str, tuple[str, int]]] = {}
        self.readings: dict[str, Name] = {}
        self.given: dict[str, list[tuple[str, frozenset[str], Name]]] = defaultdict(list)
        for name in lexicon.names:
            for reading in name.readings:
                self._learn(name, reading)

    def _learn(self, name: Name, reading: str) -> None:
        self.readings.setdefault(reading.replace(" ", "").replace("|", ""), name)
        if "|" not in reading:
            return
        given, surname = name.name.split()[0], name.name.split()[-1]
        syllables = reading.partition("|")[2].split()
        orders = frozenset("".join(order) for order in permutations(syllables))
        self.given[folded(surname)].append((given, orders, name))

    def near(self, letters: str, most: int) -> dict[str, tuple[str, int]]:
        """Names within `most` edits, each by its nearest form; remembered, since texts repeat their words."""
        if (letters, most) not in self.seen:
            self.seen[letters, most] = self._nearest(letters, most)
        return self.seen[letters, most]

    def _nearest(self, letters: str, most: int) -> dict[str, tuple[str, int]]:
        """The same, found out."""
        found: dict[str, tuple[str, int]] = {}
        lengths = range(len(letters) - most, len(letters) + most + 1)
        for form in (form for length in lengths for form in self.by_length.get(length, ())):
            edits = distance(letters, form, most)
            name, shown = self.lexicon.forms[form]
            if 0 < edits <= min(most, found.get(name.name, ("", most))[1]):
                found.setdefault(name.name, (shown, edits))
                found[name.name] = min(found[name.name], (shown, edits), key=lambda pair: pair[1])
        return found


def garbled_names(text: str, lexicon: Lexicon) -> Iterator[Place]:
    """Every phrase that is no accepted form but leads to one; longer phrases go before shorter."""
    index, taken = Index(text, lexicon), set[int]()
    words = list(WORD.finditer(text))
    for length in range(LONGEST, 0, -1):
        for first in range(len(words) - length + 1):
            run = words[first : first + length]
            if length > 1 and not run[0][0][0].isupper():
                continue
            if not taken.isdisjoint(range(first, first + length)) or not _adjoin(text, run):
                continue
            phrase = Phrase(text, run)
            accepted = loosely(phrase.text) in lexicon.written and not _small(phrase, lexicon)
            place = None if accepted else _place(phrase, index)
            if accepted or place:
                taken.update(range(first, first + length))
            if place:
                yield place


def _adjoin(text: str, words: list[re.Match[str]]) -> bool:
    """Whether the words stand side by side, with one space or hyphen between them."""
    return all(text[one.end() : two.start()] in (" ", "-") for one, two in pairwise(words))


def _small(phrase: Phrase, lexicon: Lexicon) -> bool:
    """Whether a name stands without its capital."""
    found = lexicon.forms.get(phrase.folded)
    return bool(found and found[1][0].isupper() and not phrase.capital and len(phrase.words) == 1)


def _place(phrase: Phrase, index: Index) -> Place | None:
    for rule in (_spaced, _read_aloud, _translated, _misread_given, _misspelt):
        kind, options = rule(phrase, index)
        if options:
            return Place(phrase.start, phrase.end, kind, tuple(options), True)
    return None


Found = tuple[str, list[Option]]


def _spaced(phrase: Phrase, index: Index) -> Found:
    """The right letters with a space too many or too few, or without a capital."""
    found = index.lexicon.forms.get(phrase.folded)
    if found is None or len(phrase.folded) < SHORTEST - 1:
        return "space", []
    name, form = found
    if _small(phrase, index.lexicon):
        return "name", [Option(form, "a name without its capital", SPACE)]
    if not phrase.capital or loosely(form) == loosely(phrase.text):
        return "space", []
    shown = form if form == name.name else f"{form} ({name.name})"
    return "space", [Option(shown, "a space strayed into the name", SPACE)]


def _read_aloud(phrase: Phrase, index: Index) -> Found:
    """The Chinese reading of a name's characters, cut anywhere; a given name also back to front."""
    if not phrase.capital or phrase.folded in index.lexicon.forms:
        return "reading", []
    name = index.readings.get(phrase.folded)
    if name is None and len(phrase.folded) >= SHORTEST + 2:
        near = [other for reading, other in index.readings.items() if distance(phrase.folded, reading, 1) == 1]
        name = near[0] if len(near) == 1 else None
    if name is not None:
        return "reading", [Option(name.name, "the Chinese reading of its characters", READ)]
    if len(phrase.words) > 1:
        parts = ((phrase.words[:-1], phrase.words[-1]), (phrase.words[1:], phrase.words[0]))
        known = (
            (folded("".join(part)), given) for part, surname in parts for given in index.given.get(folded(surname), ())
        )
        for name_given, (_, orders, person) in known:
            if name_given in orders:
                return "reading", [Option(person.name, "the given name is the Chinese reading of its characters", READ)]
    return "reading", []


def _translated(phrase: Phrase, index: Index) -> Found:
    """The characters of a name translated one by one."""
    words = loosely(phrase.text).replace("anti japanese", "anti-japanese").split()
    if not phrase.capital or len(words) < 2:
        return "literal", []
    options = [
        Option(name.name, "its words translated one by one", TRANSLATED)
        for name in index.lexicon.names
        for groups in name.literals
        if len(groups) == len(words) and all(word in group for word, group in zip(words, groups, strict=True))
    ]
    return "literal", options


def _misread_given(phrase: Phrase, index: Index) -> Found:
    """A person's surname behind another given name that resembles his own."""
    if len(phrase.words) != 2 or not phrase.capital or folded(phrase.words[0]) in index.common:
        return "name", []
    people = index.given.get(folded(phrase.words[1]), [])
    options = [
        Option(person.name, "the given name is misread", MISREAD)
        for given, _, person in people
        if folded(given) != folded(phrase.words[0])
        and SequenceMatcher(None, folded(given), folded(phrase.words[0])).ratio() >= ALIKE
    ]
    return "name", options


def _misspelt(phrase: Phrase, index: Index) -> Found:
    """One letter wrong, or two in a long name."""
    letters = phrase.folded
    if not phrase.capital or len(phrase.words) > 3 or len(letters) < SHORTEST:
        return "name", []
    if letters in index.common or (len(phrase.words) > 1 and _plain(phrase, index)):
        return "name", []
    most = 2 if len(letters) >= 9 else 1
    if phrase.opens and len(phrase.words) == 1:
        most = min(most, 1) if len(letters) > SHORTEST else 0
    near = index.near(letters, most)
    least = min((edits for _, edits in near.values()), default=0)
    return "name", [
        Option(shown, "a letter is wrong" if edits == 1 else "two letters are wrong", float(edits))
        for shown, edits in near.values()
        if edits == least
    ]


def _plain(phrase: Phrase, index: Index) -> bool:
    """Whether a phrase begins or ends with a word that belongs to no name."""
    return folded(phrase.words[0]) in index.common or folded(phrase.words[-1]) in index.common


def distance(one: str, two: str, most: int) -> int:
    """Letters to change, add, drop or turn round (Damerau 1964, restricted); `most` + 1 where it is more."""
    if abs(len(one) - len(two)) > most:
        return most + 1
    older: list[int] = []
    last = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(two, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
        older, last = last, row
    return last[-1]

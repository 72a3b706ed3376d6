"""French place names in a sentence: « à Beauvais », « au Havre », « dans l’Oise », « du canton de Creil ».

`article` is INSEE's TNCC: 0 none before a consonant, 1 none before a vowel, 2 le, 3 la, 4 les, 5 l’, 6 aux,
7 las, 8 los.
"""

from django.db.models import Q

from parvis.core.text import fold, typo

ARTICLES = {2: "Le ", 3: "La ", 4: "Les ", 5: "L’", 6: "Aux ", 7: "Las ", 8: "Los "}
CONTRACTED = {"Le ": ("du ", "au "), "Les ": ("des ", "aux "), "Aux ": ("des ", "aux ")}
# Départements and régions one is « à » and not « dans ».
ISLANDS = {"La Réunion", "Mayotte", "Paris"}
# Feminine names one is « dans la » and not « en ».
DANS_LA = {"Creuse", "Drôme", "Loire", "Manche", "Marne", "Meuse", "Nièvre", "Sarthe", "Somme", "Vienne"}
GENERIC = {
    "Communauté d’agglomération": "CA",
    "Communauté de communes": "CC",
    "Communauté urbaine": "CU",
    "Métropole": "Métropole",
}
FRANCE = "France"
# Words that nobody begins to type a name by, unless it begins by them.
LINKS = {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sous", "sur"}
# A very long name is found by its first words.
MOST_WORDS = 8
# What operators call the zones they draw, with « de » and « dans » before them.
PARTS = {
    "quartier": ("du quartier", "dans le quartier"),
    "hameau": ("du hameau", "dans le hameau"),
    "village": ("du village", "dans le village"),
    "lotissement": ("du lotissement", "dans le lotissement"),
    "residence": ("de la résidence", "dans la résidence"),
    "zone-activites": ("de la zone d’activités", "dans la zone d’activités"),
    "secteur": ("du secteur", "dans le secteur"),
}
# An EPCI whose name starts with what it is takes an article; « Toulouse Métropole » takes none.
COMMON_NOUNS = {"Communauté": "la ", "Métropole": "la ", "Agglomération": "l’", "Eurométropole": "l’"}


def typographic(name: str) -> str:
    """A name of the files with our apostrophes, quotes and spaces."""
    return typo(" ".join(name.split()))


def with_article(name: str, article: int) -> str:
    """`name` preceded by its article: « Havre », 2 -> « Le Havre »."""
    return ARTICLES.get(article, "") + name


def short(kind: str, name: str) -> str:
    """A name as lists show it: « CC Thelloise », « Canton de Creil »."""
    if kind == "epci":
        for words, letters in GENERIC.items():
            if name.startswith(words):
                return (letters + name[len(words) :]).strip()
    if kind == "canton":
        return "Canton " + _of(name)
    return name


def of_place(kind: str, name: str, article: int) -> str:
    """« de Beauvais », « du Havre », « de l’Oise », « du canton de Creil », « du 15e arrondissement de Paris »."""
    if kind in PARTS:
        return _part(PARTS[kind][0], name)
    if kind == "arrondissement":
        return "du " + _of_city(name)
    if kind in {"commune", "deleguee"}:
        return _of(name, article)
    if kind == "canton":
        return "du canton " + _of(name, article)
    if kind == "territoire":
        return "de " + name if name == FRANCE else "du territoire " + name
    if kind == "circonscription":
        return "de la " + name
    if kind == "epci":
        common = COMMON_NOUNS.get(name.partition(" ")[0])
        return f"de {common}{name}" if common else _of(name)
    if name in ISLANDS:
        return "de " + name
    contracted = {2: "du ", 3: "de la ", 4: "des ", 5: "de l’"}.get(article)
    return contracted + name if contracted else _of(name, article)


def _of(name: str, article: int | None = None) -> str:
    """« de » before a name that carries its own article or none; without `article` the first letter decides."""
    for start, (contracted, _to) in CONTRACTED.items():
        if name.startswith(start):
            return contracted + name.removeprefix(start)
    elides = article == 1 or (article is None and fold(name)[:1] in tuple("aeiou"))
    return ("d’" if elides else "de ") + name


def _part(before: str, name: str) -> str:
    """« du quartier Argentine »; « du quartier du Marais » and not « du quartier Quartier du Marais »."""
    word = before.partition(" ")[2].removeprefix("le ").removeprefix("la ")
    said = name[len(word) :].strip() if fold(name).startswith(fold(word) + " ") else name
    return f"{before} {said}"


def _of_city(name: str) -> str:
    """« Paris 15e arrondissement » as one says it: « 15e arrondissement de Paris »."""
    city, _, number = name.partition(" ")
    return f"{number} de {city}"


def _to(name: str) -> str:
    """« à » before a name that carries its own article or none."""
    for start, (_of, contracted) in CONTRACTED.items():
        if name.startswith(start):
            return contracted + name.removeprefix(start)
    return "à " + name


def in_place(kind: str, name: str, article: int) -> str:
    """« à Beauvais », « au Havre », « dans l’Oise », « dans le canton de Creil », « dans la CC Thelloise »."""
    if kind in PARTS:
        return _part(PARTS[kind][1], name)
    if kind == "arrondissement":
        return "dans le " + _of_city(name)
    if kind in {"commune", "deleguee"} or name in ISLANDS:
        return _to(name)
    if kind == "canton":
        return "dans le canton " + _of(name, article)
    if kind == "territoire":
        return "en " + name if name == FRANCE else "dans le territoire " + name
    if kind == "circonscription":
        return "dans la " + name
    if kind == "epci":
        return "dans " + COMMON_NOUNS.get(name.partition(" ")[0], "") + name
    if article in {0, 1} or (article == 3 and name not in DANS_LA):
        return "en " + name
    return "dans " + {2: "le ", 3: "la ", 4: "les ", 5: "l’"}.get(article, "") + name


def turns(folded: str) -> set[str]:
    """The ways one may begin to type a folded name: from each of its words, with those before it put behind.

    « le plessis brion », « plessis brion le », « brion le plessis »: what was typed is then the start of a line, and an
    index finds it however many names there are.
    """
    words = folded.split()
    starts = (at for at, word in enumerate(words[:MOST_WORDS]) if not at or word not in LINKS)
    return {" ".join([*words[at:], *words[:at]]) for at in starts}


def searched(folded: str) -> Q:
    """The lines (`text`, one for each turn of a name) of the names that hold words beginning by each of `folded`.

    The longest one chooses the lines, the others are looked for on them; of nothing, nothing is found.
    """
    first, *others = sorted(folded.split()[:MOST_WORDS], key=len, reverse=True) or [""]
    found = Q(text__gte=first) if first else Q(pk=None)
    if above := _after(first):
        found &= Q(text__lt=above)
    for word in others:
        found &= Q(text__contains=f" {word}")
    return found


def _after(start: str) -> str:
    """The least text above all those that begin by `start`: by its letters, which every database orders alike."""
    start = start.rstrip("z")
    return start and start[:-1] + ("a" if start[-1] == "9" else chr(ord(start[-1]) + 1))

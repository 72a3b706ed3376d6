"""French place names in a sentence: « à Beauvais », « au Havre », « dans l’Oise », « du canton de Creil ».

`article` is INSEE's TNCC: 0 none before a consonant, 1 none before a vowel, 2 le, 3 la, 4 les, 5 l’, 6 aux,
7 las, 8 los.
"""

from parvis.core.text import fold

# H is aspirated often enough in place names to take « de ».
VOWELS = tuple("aeiou")
ARTICLES = {2: "Le ", 3: "La ", 4: "Les ", 5: "L’", 6: "Aux ", 7: "Las ", 8: "Los "}
# Départements and régions one is « à » and not « dans ».
ISLANDS = {"La Réunion", "Mayotte", "Paris"}
PREPOSITIONS = {"Corse": "en ", "Bretagne": "en ", "Normandie": "en ", "Île-de-France": "en ", "Guyane": "en "}
PREPOSITIONS |= dict.fromkeys(("Guadeloupe", "Martinique", "Nouvelle-Aquitaine", "Occitanie"), "en ")
FULL = ("Communauté d’agglomération", "Communauté de communes", "Communauté urbaine", "Métropole")


def with_article(name: str, article: int) -> str:
    """`name` preceded by its article: « Havre », 2 -> « Le Havre »."""
    return ARTICLES.get(article, "") + name


def bare(name: str, article: int) -> str:
    """`name` without the article it may begin with."""
    return name.removeprefix(ARTICLES.get(article, ""))


def short(kind: str, name: str) -> str:
    """A name as lists show it: « CC Thelloise », « Canton de Creil »."""
    if kind == "epci":
        for words, letters in zip(FULL, ("CA", "CC", "CU", "Métropole"), strict=True):
            if name.startswith(words):
                return (letters + name[len(words) :]).strip()
    if kind == "canton":
        return "Canton " + _of(name)
    return name


def _of(name: str) -> str:
    """« de » before a name that carries its own article or none."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name[len(article) :]
    if name.startswith(("La ", "L’", "Las ", "Los ")):
        return "de " + name
    return ("d’" if fold(name)[:1] in VOWELS else "de ") + name


def of_place(kind: str, name: str, article: int) -> str:
    """« de Beauvais », « du Havre », « de l’Oise », « du canton de Creil », « de la Métropole de Lyon »."""
    if kind in {"commune", "arrondissement", "deleguee", "territoire"}:
        return _of(name)
    if kind == "canton":
        return "du canton " + _of(name)
    if kind in {"epci", "circonscription"}:
        return ("de l’" if name[0] in "AEIOUÉ" else "de la ") + name
    if name in ISLANDS:
        return "de " + name
    return {2: "du ", 3: "de la ", 4: "des ", 5: "de l’", 1: "d’"}.get(article, "de ") + name


def in_place(kind: str, name: str, article: int) -> str:
    """« à Beauvais », « au Havre », « dans l’Oise », « dans le canton de Creil », « dans la CC Thelloise »."""
    if kind in {"commune", "arrondissement", "deleguee"} or name in ISLANDS:
        for start, contracted in (("Le ", "au "), ("Les ", "aux ")):
            if name.startswith(start):
                return contracted + name[len(start) :]
        return "à " + name
    if kind == "territoire":
        return "dans " + name
    if kind == "canton":
        return "dans le canton " + _of(name)
    if kind in {"epci", "circonscription"}:
        return ("dans l’" if name[0] in "AEIOUÉ" else "dans la ") + name
    if name in PREPOSITIONS:
        return PREPOSITIONS[name] + name
    return "dans " + {2: "le ", 3: "la ", 4: "les ", 5: "l’"}.get(article, "") + name

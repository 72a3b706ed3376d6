"""`parvis agenda import`: a calendar read, and brought in once one says so, with what became of it."""

from pathlib import Path

from rich.console import Console

from parvis.agenda.actions import sources
from parvis.agenda.jobs import read_source
from parvis.agenda.models import Event, Reading
from parvis.core.models import JournalEntry
from parvis.core.text import NBSP
from parvis.people.models import Membership, Voice

COUNTED = {
    "new": "à importer",
    "changed": "à mettre à jour",
    "same": "déjà là",
    "gone": "à retirer",
    "alike": "à vérifier, pour leur ressemblance avec un événement de l’agenda",
    "left": "à corriger",
    "outside": "hors du territoire",
    "past": "dans le passé",
}


def bring(asked: str, number: int, console: Console, *, accept: bool) -> bool:
    """Read the file or address `asked` for a voice, and bring it in to `accept` it; whether it was read.

    Raises `Refused`, and OSError when there is no such file.
    """
    owners = Membership.objects.filter(voice=number, role=Membership.Role.OWNER).select_related("person", "voice__zone")
    owner = owners.order_by("pk").first()
    if owner is None:
        console.print("Personne ne gère cette page" + NBSP + ": vérifiez son numéro.", highlight=False)
        return False
    voice: Voice = owner.voice
    source = sources.add_source(
        voice=voice,
        by=owner.person,
        category=Event.Category.ASSOCIATION,
        commune=voice.zone if voice.zone and voice.zone.joinable else None,
        **({"url": asked} if "://" in asked else {"content": Path(asked).read_bytes(), "name": Path(asked).name}),
    )
    _work("source.read_asked")
    reading = _told(source.latest, console)
    if reading.state == Reading.State.READY and accept:
        sources.accept_source(source, by=owner.person)
        _work("source.accepted")
        reading = _told(source.latest, console)
    elif not accept or reading.state == Reading.State.FAILED:
        sources.drop_source(source, by=owner.person)
    return reading.state in {Reading.State.READY, Reading.State.DONE}


def _work(verb: str) -> None:
    """Do now what the worker would, and no longer has to."""
    entry = JournalEntry.objects.filter(verb=verb).latest("pk")
    entry.jobs.all().delete()
    read_source(entry)


def _told(reading: Reading | None, console: Console) -> Reading:
    """Say what was read, and line by line what was not."""
    assert reading is not None
    said = [f"{reading.counts[name]} {words}" for name, words in COUNTED.items() if reading.counts.get(name)]
    console.print(
        reading.message or ", ".join(said) or "Rien à importer.", highlight=False, soft_wrap=True, markup=False
    )
    for remark in reading.remarks:
        line = f"  ligne {remark['line']} {remark['what']}{NBSP}: {remark['why']}"
        console.print(line, highlight=False, soft_wrap=True, markup=False)
    return reading

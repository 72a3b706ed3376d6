"""Fills the database of a data directory, in a process of its own: `python -m tests.reliability.prepare 50`."""

import json
import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "parvis.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from parvis.core.models import Job, JournalEntry  # noqa: E402
from parvis.people import actions as people_actions  # noqa: E402
from parvis.people.models import Person  # noqa: E402
from parvis.publications import actions  # noqa: E402
from tests.cast import lay_territory, make_person  # noqa: E402
from tests.worker import run_until_idle  # noqa: E402


def people(count: int) -> None:
    """`count` inhabitants who may write at once, and something to answer; their sessions and voices, in JSON."""
    land = lay_territory()
    said = []
    for number in range(count):
        person = make_person(f"client{number}@exemple.fr", f"Client {number}", land.bois)
        Person.objects.filter(pk=person.pk).update(trusted_at=timezone.now())
        client = Client()
        client.force_login(person)
        said.append([client.cookies[settings.SESSION_COOKIE_NAME].value, person.voice.pk])
    author = make_person("autrice@exemple.fr", "L’autrice", land.bois)
    author.trusted_at = timezone.now()
    author.save()
    post = actions.compose(voice=author.voice, by=author, kind="post", place=land.bois, body="?", zones=[land.bois])
    actions.submit(post, by=author)
    sys.stdout.write(json.dumps({"clients": said, "post": post.pk}))


def jobs(count: int) -> None:
    """`count` jobs that leave a trace."""
    entries = JournalEntry.objects.bulk_create(JournalEntry(verb="test") for _ in range(count))
    Job.objects.bulk_create(Job(entry=entry, effect="tests.reliability.effects.note") for entry in entries)


def erase(number: int) -> None:
    """One of them leaves for good, and the worker does what follows."""
    person = Person.objects.get(email=f"client{number}@exemple.fr")
    people_actions.erase_account(person, by=person)
    run_until_idle()


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    {"people": people, "jobs": jobs, "erase": erase}[sys.argv[1]](int(sys.argv[2]))

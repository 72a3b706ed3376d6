"""Who is behind a browser: one row for each, that goes with the person."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from parvis.people.models.persons import Person


class Session(AbstractBaseSession):
    """A browser that came back; `person` is null until someone signs in. Deleted once over (R-LAW-5)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="sessions", null=True)

"""Who is here (persons), who speaks (voices), where people live, and what each is subscribed to."""

from parvis.people.models.audiences import Audience, Reason, Subscription
from parvis.people.models.persons import Person, Place, Role
from parvis.people.models.voices import Mandate, Membership, Voice, VoiceQuerySet

__all__ = [
    "Audience",
    "Mandate",
    "Membership",
    "Person",
    "Place",
    "Reason",
    "Role",
    "Subscription",
    "Voice",
    "VoiceQuerySet",
]

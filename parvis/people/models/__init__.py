"""Who is here (persons), who speaks (voices), where people live, and what each is subscribed to."""

from parvis.people.models.audiences import Audience, Mute, Reason, Subscription
from parvis.people.models.contacts import Block, Contact
from parvis.people.models.persons import Person, Place, Role
from parvis.people.models.sessions import Session
from parvis.people.models.voices import Mandate, Membership, Voice, VoiceName, VoiceQuerySet

__all__ = [
    "Audience",
    "Block",
    "Contact",
    "Mandate",
    "Membership",
    "Mute",
    "Person",
    "Place",
    "Reason",
    "Role",
    "Session",
    "Subscription",
    "Voice",
    "VoiceName",
    "VoiceQuerySet",
]

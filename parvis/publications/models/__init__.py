"""What is said (publications), in answer to what (replies), to whom (targetings, deliveries), and what became of it."""

from parvis.publications.models.attached import Attached
from parvis.publications.models.begun import Begun
from parvis.publications.models.deliveries import Delivery, Listing, Targeting
from parvis.publications.models.outlines import Cut, Draft, Estimate, Outline
from parvis.publications.models.publications import Publication, Purpose, State
from parvis.publications.models.saved import Saved
from parvis.publications.models.threads import Decision, Reply, Revision

__all__ = [
    "Attached",
    "Begun",
    "Cut",
    "Decision",
    "Delivery",
    "Draft",
    "Estimate",
    "Listing",
    "Outline",
    "Publication",
    "Purpose",
    "Reply",
    "Revision",
    "Saved",
    "State",
    "Targeting",
]

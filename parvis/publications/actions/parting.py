"""What becomes of someone’s words when they leave for good (R-LAW-8)."""

from django.db.models import F

from parvis.people.farewell import Farewell
from parvis.publications.actions.composing import withdraw
from parvis.publications.actions.outlining import forget_picture
from parvis.publications.models import Delivery, Publication, Reply, State

LIVING = (State.DRAFT, State.REVIEW, State.PENDING, State.ONLINE)


def part_with_words(left: Farewell) -> None:
    """Erase what they said in their own name, with its pictures; what is online stays, of nobody, if they wanted so."""
    said, replies = Publication.objects.filter(voice=left.voice), Reply.objects.filter(voice=left.voice)
    if left.keeps:
        Delivery.objects.filter(voice=left.voice).update(voice=left.nobody)
        replies.filter(state=State.ONLINE).update(voice=left.nobody, author=None)
        said.filter(state=State.ONLINE).update(voice=left.nobody, author=None, version=F("version") + 1)
    for item in (*replies.filter(state__in=LIVING), *said.filter(state__in=LIVING)):
        withdraw(item, by=left.person)
    pictures = list(said.exclude(image="").values_list("image", flat=True))
    replies.delete()
    said.delete()
    for picture in pictures:
        forget_picture(picture)

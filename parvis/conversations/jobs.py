"""What time erases: requests nobody answered, drafts, conversations that nobody keeps (R-LAW-5, R-LAW-8)."""

from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from parvis.conversations.models import Closing, Conversation, Draft, File, Line, Place, Side
from parvis.people.models import Voice

DECLINED, CONTESTED, DRAFTS, AT_ONCE = timedelta(days=60), timedelta(days=183), timedelta(days=30), 500


def purge() -> int:
    """Delete them with their files, by the clock; how many. What a service was sent stays while either side does."""
    now = timezone.now()
    Closing.objects.filter(until__lt=now - CONTESTED).delete()
    Draft.objects.filter(at__lt=now - DRAFTS).delete()
    here = Side.objects.filter(conversation=OuterRef("pk"), voice__isnull=False)
    nobody = Conversation.objects.filter(~Exists(here)).values_list("pk", flat=True)[:AT_ONCE]
    refused = Side.objects.filter(declined_at__lt=now - DECLINED).values_list("conversation", flat=True)[:AT_ONCE]
    # What someone reported is read first.
    told = Line.objects.filter(reported_at__isnull=False).values_list("conversation", flat=True)
    gone = {*nobody, *refused, *_forgotten_by_both()} - set(told)
    files = [one.file for one in File.objects.filter(line__conversation__in=gone)]
    count = Conversation.objects.filter(pk__in=gone).delete()[1].get("conversations.Conversation", 0)
    for file in files:
        file.delete(save=False)
    return count


def _forgotten_by_both() -> list[int]:
    """Conversations of people that each of them who still has an account deleted for themselves."""
    alive = Side.objects.filter(conversation=OuterRef("conversation"), voice__isnull=False)
    others = alive.exclude(voice__kind=Voice.Kind.HABITANT)
    left = Place.objects.filter(~Exists(others), forgotten__gte=F("conversation__position"), forgotten__gt=0)
    here = Count("conversation__sides", filter=Q(conversation__sides__voice__isnull=False), distinct=True)
    all_did = left.order_by().values("conversation").annotate(people=Count("pk", distinct=True), here=here)
    return list(all_did.filter(people__gte=F("here")).values_list("conversation", flat=True)[:AT_ONCE])

"""What voices said last, from what they have online."""

from django.db import migrations
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce


def note(apps, schema_editor):
    Voice, Publication = apps.get_model("people", "Voice"), apps.get_model("publications", "Publication")
    said = Publication.objects.filter(voice=OuterRef("pk"), state="online").order_by().values("voice")
    # A position is a moment in seconds and a rank of twenty bits.
    last = Subquery(said.annotate(last=Max("position")).values("last"))
    Voice.objects.filter(spoke_at__isnull=False).update(last_word=Coalesce(last, 0) / 2**20)


class Migration(migrations.Migration):
    dependencies = [("publications", "0006_delivery_counts"), ("people", "0006_last_word")]
    operations = [migrations.RunPython(note, migrations.RunPython.noop)]

"""What one chooses to be told, by channel."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.notifications.models import ALWAYS, Choice, Kind, channels_of
from parvis.people.models import Person

CHOSEN = [kind for kind in Kind if kind not in ALWAYS]


class ChannelsForm(forms.Form):
    """Two boxes for each kind: on the site, by mail."""

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = {one.kind: one for one in Choice.objects.filter(person=person)}
        for kind in CHOSEN:
            site, mail = channels_of(kind, chosen.get(kind))
            for channel, label, on in (("site", _("sur le site"), site), ("mail", _("par courriel"), mail)):
                self.fields[f"{kind}_{channel}"] = forms.BooleanField(label=label, required=False, initial=on)

    @property
    def rows(self) -> list[tuple[str, Any, Any]]:
        """Each kind with its two boxes."""
        return [(str(kind.label), self[f"{kind}_site"], self[f"{kind}_mail"]) for kind in CHOSEN]

    @property
    def channels(self) -> dict[str, tuple[bool, bool]]:
        """What was chosen, ready for the action."""
        data = self.cleaned_data
        return {str(kind): (data[f"{kind}_site"], data[f"{kind}_mail"]) for kind in CHOSEN}

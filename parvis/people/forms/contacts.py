"""Keeping someone away."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class BlockForm(forms.Form):
    """Nothing to say, unless one holds a mandate: then why, which is told (R-MOD-9)."""

    reason = forms.CharField(
        label=_("Motif"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Envoyé à la personne tel quel, avec la façon de contester."),
        error_messages={"required": _("Écrivez pourquoi : vous exercez un mandat, la personne doit le savoir.")},
    )

    def __init__(self, *args: Any, stated: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not stated:
            del self.fields["reason"]

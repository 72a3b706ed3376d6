"""Files that go with a message: a picture, documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.publications.documents import MOST_FILES, Kept, picture, receive
from parvis.publications.forms.writing import PictureForm


class DocumentsInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class DocumentsField(forms.FileField):
    """Documents, as we keep them."""

    widget = DocumentsInput

    def clean(self, data: Any, initial: Any = None) -> list[Kept]:
        """Each checked by what it holds; a list, empty when none was sent."""
        sent = data if isinstance(data, list | tuple) else [data]
        uploads = [super(DocumentsField, self).clean(one, initial) for one in sent if one]
        if len(uploads) > MOST_FILES - 1:
            raise forms.ValidationError(_("Joignez quatre documents au plus."))
        return [receive(one) for one in uploads]


class AttachedForm(PictureForm):
    """What may go with a message."""

    documents = DocumentsField(
        label=gettext_lazy("Documents"),
        required=False,
        help_text=gettext_lazy("PDF, OpenDocument ou texte, 10 Mo au plus chacun. Le nom de l’auteur en est retiré."),
        widget=DocumentsInput(attrs={"accept": ".pdf,.odt,.ods,.odp,.txt,.csv"}),
    )

    @property
    def attached(self) -> list[Kept]:
        """The picture and the documents, ready for the action."""
        data = self.cleaned_data
        shown = [picture(data["image"], data["image_alt"])] if data.get("image") else []
        return [*shown, *data.get("documents", [])]

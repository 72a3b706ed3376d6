"""Forms to publish, to correct, to answer, to read as a second person."""

from parvis.publications.forms.aiming import AimForm
from parvis.publications.forms.notices import NoticeForm, RetargetForm, SecondForm, exact, named, zones_named
from parvis.publications.forms.quartiers import QuartierCommuneForm, QuartierForm
from parvis.publications.forms.writing import (
    MARKDOWN,
    CorrectForm,
    PostForm,
    ReplyForm,
    VersionForm,
    VoicedForm,
    voices_for,
)

__all__ = [
    "MARKDOWN",
    "AimForm",
    "CorrectForm",
    "NoticeForm",
    "PostForm",
    "QuartierCommuneForm",
    "QuartierForm",
    "ReplyForm",
    "RetargetForm",
    "SecondForm",
    "VersionForm",
    "VoicedForm",
    "exact",
    "named",
    "voices_for",
    "zones_named",
]

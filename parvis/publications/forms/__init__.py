"""Forms to publish, to correct, to answer, to read as a second person."""

from parvis.publications.forms.notices import NoticeForm, SecondForm, exact, named, zones_named
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
    "CorrectForm",
    "NoticeForm",
    "PostForm",
    "ReplyForm",
    "SecondForm",
    "VersionForm",
    "VoicedForm",
    "exact",
    "named",
    "voices_for",
    "zones_named",
]

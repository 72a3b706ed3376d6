"""Forms of groups, and of their discussions."""

from parvis.groups.forms.discussions import EditForm, MessageForm, MoveForm, TopicForm
from parvis.groups.forms.groups import EnterForm, GroupForm, InviteForm, SettingsForm, WordsForm

__all__ = [
    "EditForm",
    "EnterForm",
    "GroupForm",
    "InviteForm",
    "MessageForm",
    "MoveForm",
    "SettingsForm",
    "TopicForm",
    "WordsForm",
]

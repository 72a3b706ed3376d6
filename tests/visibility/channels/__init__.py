"""Every address of the site has its row here: what it may show, at which addresses it is tried, what it owes.

A new address without a row fails the suite; so does a new mail (see `test_mails.py`).
"""

from tests.visibility.channels.agenda import AGENDA
from tests.visibility.channels.conversations import CONVERSATIONS
from tests.visibility.channels.groups import GROUPS_CHANNELS
from tests.visibility.channels.home import HOME
from tests.visibility.channels.letters import LETTERS
from tests.visibility.channels.moderation import MODERATION
from tests.visibility.channels.notifications import NOTIFICATIONS
from tests.visibility.channels.people import PEOPLE
from tests.visibility.channels.publications import PUBLICATIONS
from tests.visibility.channels.territory import TERRITORY
from tests.visibility.harvest import Channel

CHANNELS: dict[str, Channel] = (
    HOME
    | AGENDA
    | PEOPLE
    | PUBLICATIONS
    | MODERATION
    | GROUPS_CHANNELS
    | CONVERSATIONS
    | NOTIFICATIONS
    | LETTERS
    | TERRITORY
)

"""What is new to someone: theirs alone, and only while they may read what it leads to."""

from collections.abc import Callable, Iterator

from parvis.notifications.models import Notification
from tests.visibility.channels.doors import GROUP, KNOWN, OWN, PRIVATE, PUBLIC, at
from tests.visibility.harvest import Channel, Visit
from tests.visibility.model import Role
from tests.visibility.world import World


def page(world: World) -> Iterator[Visit]:
    """The author is told of the reply to what they wrote; the deputy, of the notice that waits for them."""
    post, notice = world.fact("publication", "post-online"), world.fact("publication", "notice-review")
    told = {"author": [post], "deputy": [notice]}
    yield Visit("/notifications/", must=lambda role: told.get(role.key, []))
    yield Visit("/notifications/?page=2")


def rows(world: World) -> Iterator[Visit]:
    """One of each person's: for them alone."""

    def opener(key: str) -> Callable[[Role], bool]:
        return lambda role: role.key == key

    for key, person in world.persons.items():
        row = Notification.objects.filter(person=person, shown=True).first()
        if row:
            yield Visit(f"/notifications/{row.pk}/", opens=opener(key))
    yield Visit("/notifications/999999/", opens=lambda _role: False)


NOTIFICATIONS = {
    "notifications": Channel((PUBLIC, OWN, GROUP, KNOWN, PRIVATE), page, members_only=True),
    "notification": Channel((), rows, post_only=True),
    "read_all": Channel((), at("/notifications/lu/"), post_only=True),
    "channels": Channel((), at("/reglages/notifications/"), members_only=True),
}

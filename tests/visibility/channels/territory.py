"""What maps and address fields ask for: public facts of a commune, nothing that anyone said."""

from tests.visibility.channels.doors import at
from tests.visibility.harvest import Channel, Visit

TERRITORY = {
    "plan_parcels": Channel((), at("/plan/99001/parcels.json", "/plan/99001/parcels.json?box=2,49.1,2.1,49.2")),
    "plan_outline": Channel((), at("/plan/99001/outline.json")),
    "plan_street": Channel((), lambda _world: [Visit("/plan/99001/rues/999999.json", opens=lambda _role: False)]),
    "addresses": Channel((), at("/adresses/?commune=99001"), post_only=True),
}

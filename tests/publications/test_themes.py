"""Following a theme: what organisations say of it, wherever they are (R-LAW-23)."""

from parvis.people.models import Person, Voice
from tests.cast import Cast
from tests.publications.conftest import Say, html, signed_in


def test_a_theme_is_followed_whoever_speaks_of_it(
    amina: Person, chloe: Person, chorale: Voice, territory: Cast, send: Say
) -> None:
    """Wherever it is said, with its reason; and no longer once one stops (R-LAW-23)."""
    client = signed_in(amina)
    for _ in range(2):
        client.post("/suivre/themes/culture/", {"action": "follow"})
    assert client.post("/suivre/themes/magie/", {"action": "follow"}).status_code == 404
    assert "Culture" in html(client.get("/mes-abonnements/"))
    made = send(chorale, chloe, "Répétition ouverte", territory.remy, kind="post")
    home = html(client.get("/"))
    assert "Répétition ouverte" in home
    assert "vous suivez le thème culture" in home
    assert "Ne plus suivre le thème culture" in html(client.get(f"/fil/{made.pk}/"))
    client.post("/suivre/themes/culture/", {"action": "unfollow"})
    assert "Répétition ouverte" not in html(client.get("/"))

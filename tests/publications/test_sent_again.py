"""« Précédent », another text, « Envoyer »: nothing that was written is lost (R-REL-5)."""

import uuid

from parvis.people.models import Person
from parvis.publications.models import Publication
from tests.publications.conftest import signed_in


def test_another_text_from_the_same_page_is_another_publication(trusted_bruno: Person) -> None:
    client = signed_in(trusted_bruno)
    page = {"key": str(uuid.uuid4()), "voice": trusted_bruno.voice.pk, "title": ""}

    def send(body: str) -> str:
        return client.post("/publier/publication/", page | {"body": body})["Location"]

    first = send("Qui prête un taille-haie ?")

    assert send("Qui prête un taille-haie ?") == first
    assert send("Trouvé, merci à Nora.") != first
    assert set(Publication.objects.values_list("body", flat=True)) == {
        "Qui prête un taille-haie ?",
        "Trouvé, merci à Nora.",
    }

"""The journey of the first landing, from an empty account to a corrected notice, by HTTP alone."""

from datetime import timedelta

from django.utils import timezone

from parvis.people.models import Person, Voice
from parvis.publications.models import Publication
from tests.cast import Cast
from tests.journeys.walker import Walker, code_for, letters_to, plain
from tests.worker import run_until_idle

EVENT = "Concert de la fanfare"
NOTICE = "Route de Clairval fermée lundi"


def sign_up(name: str, email: str, commune: str, **answers: str) -> Walker:
    """Three fields, a box, perhaps a question about the commune, and the code of the mail."""
    walker = Walker().visit("/").click("Créer mon compte")
    walker.submit(name=name, commune=commune, email=email, accepted="on")
    for question, answer in answers.items():
        walker.answer(question, answer)
    return walker.submit(code=code_for(email)).reads(f"Bienvenue, {name}")


def announce(walker: Walker, title: str) -> str:
    """Send an event in two days; its address."""
    walker.visit("/publier/").click("Annoncer un événement")
    walker.submit(
        title=title,
        body="La fanfare joue **deux heures** sur la place.",
        category="concert",
        day=f"{timezone.localdate() + timedelta(days=2):%Y-%m-%d}",
        start="18:30",
        venue="Place de la Mairie",
        commune="Clairval",
    )
    return walker.address


def found(association: str, commune: str, walker: Walker) -> None:
    """Open the page of an association."""
    walker.visit("/associations/creer/").submit(
        name=association, commune=commune, theme="culture", summary="Une fanfare de quartier."
    )
    walker.reads(association, "Une fanfare de quartier.")


def send_notice(agent: Walker, zone: str) -> str:
    """Find a zone by its name, tick it, send; the address of the notice."""
    agent.visit("/publier/avis/").submit(button=("add", "1"), search=zone)
    agent.reads("est cochée")
    agent.submit(title=NOTICE, body="Déviation par Ormoy, de 8 h à 17 h.", purpose="travaux")
    return agent.reads("Votre avis est en ligne").address


def test_the_square_opens(territory: Cast, moderator: Person, agent: Person, routes: Voice) -> None:
    """Sign up; an association's event waits and is approved; a notice reaches a canton; both are on the home page."""
    jeanne = sign_up("Jeanne Moreau", "jeanne@exemple.fr", "99001", canton="")
    found("La Fanfare", "Clairval", jeanne)
    address = announce(jeanne, EVENT)
    jeanne.reads("envoyé à la modération", "En attente de modération")
    visitor = Walker().visit(address, status=404)

    dominique = Walker().sign_in(moderator.email).visit("/").click("Modération").reads(EVENT, "La Fanfare")
    dominique.submit(button=("verdict", "approve")).reads("est en ligne", "Rien n’attend")
    run_until_idle()
    assert EVENT in letters_to("jeanne@exemple.fr")[-1].subject
    visitor.visit(address).reads(EVENT, "La Fanfare", "Association")

    notice = send_notice(Walker().sign_in(agent.email), "Clairval-1")

    amina = sign_up("Amina Diallo", "amina@exemple.fr", "Clairval", canton="9901")
    amina.visit("/").reads(EVENT, "La Fanfare", "vous habitez Clairval")
    amina.reads(NOTICE, "Service des routes", "Service public", "canton de Clairval-1")
    # The commune straddles two cantons: who lives in the other knows that the zone is only a part of theirs.
    paul = sign_up("Paul Roy", "paul@exemple.fr", "Clairval", canton="9902")
    paul.visit("/").reads(EVENT, NOTICE, "une partie de votre commune est concernée")
    # Elsewhere, it is read by whoever looks for it, and comes to nobody.
    rose = sign_up("Rose Valin", "rose@exemple.fr", "Saint-Rémy")
    rose.visit("/?genre=notice").does_not_read(NOTICE)
    rose.visit("/avis/").click(NOTICE)
    assert rose.address == notice


def test_a_refusal_gives_its_reason(territory: Cast, moderator: Person) -> None:
    """R-LAW-19: the author reads the state, the rule and the reason, on the site and by mail."""
    jeanne = sign_up("Jeanne Moreau", "jeanne@exemple.fr", "Ormoy")
    found("La Fanfare", "Ormoy", jeanne)
    address = announce(jeanne, EVENT)
    reason = "Il manque l’heure de fin et le nom de l’organisateur."
    dominique = Walker().sign_in(moderator.email).visit("/moderation/")
    dominique.submit(button=("verdict", "refuse"), rule="incomplet", reason="", status=422)
    dominique.reads("Écrivez le motif").submit(button=("verdict", "refuse"), rule="incomplet", reason=reason)
    run_until_idle()
    jeanne.visit("/mon-espace/").reads(EVENT, "Refusée", reason)
    jeanne.visit(address).reads("Information incomplète", reason)
    letter = letters_to("jeanne@exemple.fr")[-1]
    assert plain(reason) in plain(str(letter.body))
    assert "contester" in str(letter.body)
    Walker().visit(address, status=404)


def test_what_is_reported_is_hidden_and_its_author_told_why(territory: Cast, moderator: Person, amina: Person) -> None:
    """A visitor reports a post; a moderator hides it; its author and the visitor hear of it (R-LAW-18, R-LAW-19)."""
    Person.objects.filter(pk=amina.pk).update(trusted_at=timezone.now())
    author = Walker().sign_in(amina.email).visit("/publier/publication/")
    author.submit(title="À vendre", body="Vends canapé, prix cassés, appelez vite.")
    address = author.reads("est en ligne").address
    visitor = Walker().visit(address).click("Signaler")
    visitor.submit(rule="publicite", explanation="Cette annonce est une publicité.", email="lea@exemple.fr")
    visitor.reads("Signalement reçu")
    reason = "Les annonces commerciales n’ont pas leur place ici."
    dominique = Walker().sign_in(moderator.email).visit("/moderation/").reads("1 signalement", "est une publicité")
    dominique.submit(button=("verdict", "hide"), rule="publicite", reason=reason)
    run_until_idle()
    visitor.visit(address, status=404)
    author.visit(address).reads("masqué par la modération", reason)
    assert plain(reason) in plain(str(letters_to(amina.email)[-1].body))
    received, decided = letters_to("lea@exemple.fr")
    assert "reçu" in received.subject
    assert "masqué" in str(decided.body)
    dominique.visit("/moderation/").reads("Rien n’attend")


def test_a_correction_is_seen(territory: Cast, agent: Person, routes: Voice) -> None:
    """What people could read is kept and shown as it was."""
    gael = Walker().sign_in(agent.email)
    address = send_notice(gael, "Ormoy")
    gael.visit(address).click("Corriger").submit(body="Déviation par Saint-Rémy, de 8 h à 18 h.")
    gael.reads("C’est corrigé")
    Walker().visit(address).reads("Saint-Rémy, de 8 h à 18 h", "Déviation par Ormoy", "Corrigé")


def test_the_same_form_sent_twice_acts_once(territory: Cast, amina: Person) -> None:
    """R-REL-5: a double click, a reload, a lost answer."""
    author = Walker().sign_in(amina.email).visit("/publier/publication/")
    form = author.page
    addresses = set()
    for _time in range(2):
        author.page, author.address = form, "/publier/publication/"
        addresses.add(author.submit(body="Qui a vu mon chat ?").address)
    assert len(addresses) == 1
    assert Publication.objects.filter(author=amina).count() == 1


def test_the_answer_is_the_same_whether_or_not_the_address_is_known(territory: Cast, amina: Person) -> None:
    """R-SEC-16: signing up with someone's address shows nothing of them, and their mailbox says what happened."""
    pages = []
    for email in (amina.email, "inconnue@exemple.fr"):
        walker = Walker().visit("/inscription/")
        walker.submit(name="Zoé", commune="Ormoy", email=email, accepted="on")
        pages.append((walker.address, walker.page.text.replace(email, "-")))
    assert pages[0] == pages[1]
    assert "code" not in letters_to(amina.email)[-1].subject.lower()

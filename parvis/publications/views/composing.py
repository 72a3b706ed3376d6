"""The composer of notices: whom it concerns, why, the words, and who reads it before it goes out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files import File
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from shapely.geometry.base import BaseGeometry

from parvis.core import text
from parvis.core.once import submit_once
from parvis.people.access import member_of, member_required
from parvis.people.models import Person, Voice
from parvis.publications import actions
from parvis.publications.drawing import frame_of, locate, sketch
from parvis.publications.estimates import Answer, estimate
from parvis.publications.forms import AimForm, NoticeForm, exact, voices_for, zones_named
from parvis.publications.models import Draft, Publication
from parvis.publications.rights import answering_for
from parvis.publications.views.reading import zone_asked
from parvis.publications.views.register import contour
from parvis.publications.wording import addressees
from parvis.territory.current import current
from parvis.territory.models import Parcel, Zone

Form = TypeVar("Form", bound=AimForm)
# Parcels drawn around a target, so that one recognises the ground.
AROUND = 1_500


@dataclass(frozen=True)
class Preview:
    """What a notice would be: its shape and the drawing of it, how many it would reach, and its card."""

    shape: BaseGeometry | None
    sketch: SafeString | None
    answer: Answer | None
    is_blind: bool
    card: Publication | None


@member_required
@require_http_methods(["GET", "POST"])
def publish_notice(request: HttpRequest) -> HttpResponse:
    """Write a notice. « Ajouter », « Aperçu » and « Enregistrer le brouillon » keep all that was typed."""
    person = member_of(request)
    if not voices_for(person, "notice").exists():
        return render(request, "publications/no_service.html", status=200)
    draft = draft_asked(request, person)
    if "add" in request.POST:
        form, more = with_zone(request, partial(NoticeForm, person=person))
        return page(request, form, more, draft)
    if "keep" in request.POST:
        return kept_draft(request, person, draft)
    initial = dict(draft.typed) if draft else asked(request)
    keeps = bool(draft and draft.image)
    form = NoticeForm(request.POST or None, request.FILES or None, person=person, initial=initial, keeps_image=keeps)
    if "preview" in request.POST:
        form.is_valid()
        form.forgive()
        return page(request, form, {}, draft, preview_of(form, card_of(form), person))
    if form.is_valid():
        try:
            address = submit_once(person, form.cleaned_data["key"], lambda: noticed(form, person, draft))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, sent(address))
            return redirect(address)
    return page(request, form, {}, draft)


def page(
    request: HttpRequest, form: NoticeForm, more: dict[str, Any], draft: Draft | None, preview: Preview | None = None
) -> HttpResponse:
    """The composer; 422 when something was sent that cannot be."""
    wrong = form.is_bound and preview is None
    context = {"form": form, "draft": draft, "preview": preview, "plan": plan_of(form), "named": named_of(form)} | more
    return render(request, "publications/publish_notice.html", context, status=422 if wrong else 200)


def draft_asked(request: HttpRequest, person: Person) -> Draft | None:
    """The draft that the address or the form names, of a voice `person` speaks in."""
    number = text.number(request.POST.get("draft") or request.GET.get("brouillon") or "")
    if not number:
        return None
    return get_object_or_404(Draft.objects.open_to(person), pk=number)


def asked(request: HttpRequest) -> dict[str, Any]:
    """What the address of the page says already: a zone and a voice."""
    zone = zone_asked(request.GET.get("zone", ""))
    said = {"voice": request.GET["voix"]} if "voix" in request.GET else {}
    return said | {"zones": [zone.pk] if zone else []}


def with_zone(request: HttpRequest, made: Callable[..., Form]) -> tuple[Form, dict[str, Any]]:
    """The form as it was typed, with the zones that were looked for: ticked when there is no doubt."""
    typed = request.POST
    words = typed.get("search", "")[:80]
    initial = {name: typed.getlist("zones") if name == "zones" else typed[name] for name in typed}
    voice = made(initial=initial).speaking
    found = zones_named(voice, words, typed.get("aim", "")) if words.strip() else []
    sure = exact(found, words)
    initial["zones"] = [*typed.getlist("zones"), *(str(zone.pk) for zone in sure)]
    if sure:
        initial["search"] = ""
    return made(initial=initial, found=found), {
        "added": sure[0] if sure else None,
        "to_choose": len(found) if not sure else 0,
        "not_found": not found,
        "words": words.strip(),
        "lost_image": bool(request.FILES),
    }


def kept_draft(request: HttpRequest, person: Person, draft: Draft | None) -> HttpResponse:
    """Keep what was typed, whatever it is worth."""
    form = NoticeForm(request.POST, request.FILES, person=person)
    form.is_valid()
    data = form.cleaned_data
    draft = actions.keep_draft(
        draft, voice=form.chosen_voice, by=person, typed=form.typed(), image=data.get("image"),
        drop_image=data.get("drop_image", False),
    )  # fmt: skip
    for refusal in form.errors.get("image", []):
        messages.error(request, str(refusal))
    messages.success(request, _("Brouillon enregistré : vous le retrouverez dans « Mon espace »."))
    return redirect(f"{reverse('publish_notice')}?brouillon={draft.pk}")


@member_required
@require_POST
def drop_draft(request: HttpRequest, number: int) -> HttpResponse:
    """Throw a draft away."""
    person = member_of(request)
    actions.drop_draft(get_object_or_404(Draft.objects.open_to(person), pk=number), by=person)
    messages.success(request, _("Le brouillon est jeté."))
    return redirect("my_space")


def noticed(form: NoticeForm, person: Person, draft: Draft | None) -> str:
    """Send the notice that the form says; its address."""
    data = form.cleaned_data
    voice: Voice = data["voice"]
    zones: list[Zone] = [] if form.target else list(data["zones"].defer("geometry"))
    places = list(form.target.communes) if form.target else zones
    said = actions.compose(
        voice=voice,
        by=person,
        kind="notice",
        place=answering_for(voice, places),
        title=data["title"],
        body=data["body"],
        zones=zones,
        target=form.target,
        purpose=data["purpose"],
        answerable=data["answerable"],
        is_alert=data["is_alert"],
        expires_at=form.expires_at,
        image=picture_of(data, draft),
        image_alt=data["image_alt"],
    )
    if said.is_fine or draft is not None:
        # What was typed waits with the notice: sent back, it is a draft again.
        actions.keep_draft(draft, voice=voice, by=person, typed=form.typed(), publication=said)
    return actions.submit(said, by=person, second=data["second"]).get_absolute_url()


def picture_of(data: dict[str, Any], draft: Draft | None) -> File[bytes] | None:
    """The picture that was sent; else the one its draft kept, unless one took it away."""
    kept = draft.image if draft and draft.image and not data["drop_image"] else None
    image: File[bytes] | None = data["image"] or kept
    return image


def sent(address: str) -> str:
    """What became of the notice at `address`, in one sentence."""
    number = int(address.rstrip("/").rpartition("-")[2].rpartition("/")[2])
    if Publication.objects.filter(pk=number, state="review").exists():
        return _("Avis envoyé en relecture à votre seconde personne.")
    return _("Votre avis est en ligne.")


def card_of(form: NoticeForm) -> Publication:
    """The notice that the form says so far, but for whom."""
    data = form.cleaned_data
    return Publication(
        kind="notice",
        voice=form.chosen_voice,
        title=data.get("title", ""),
        body_html=text.render(data.get("body", "")),
        is_alert=bool(data.get("is_alert")),
        expires_at=form.expires_at if "expires_on" in data else None,
    )


def preview_of(form: AimForm, card: Publication, person: Person) -> Preview:
    """What becomes of `card`, sent where the form says so far."""
    target, zones = form.target, list(form.cleaned_data.get("zones") or [])
    card.addressed = target.label if target else addressees(zones) if zones else ""
    card.is_fine = form.is_fine
    if target is None:
        return Preview(None, None, None, is_blind=False, card=card)
    answer = None if target.is_blind else estimate(target.shape, voice=form.speaking, by=person)
    seen = drawn(target.shape, target.communes, target.label)
    return Preview(target.shape, seen, answer, is_blind=target.is_blind, card=card)


def drawn(shape: BaseGeometry, communes: Sequence[Zone], label: str) -> SafeString:
    """What was aimed at, among the parcels around it."""
    frame = frame_of([shape])
    near = Parcel.objects.filter(commune__in=[zone.pk for zone in communes]).within_box(*frame.box())
    around: list[BaseGeometry] = [parcel.shape for parcel in near.only("geometry")[:AROUND]]
    return sketch([shape], around=around, said=_("Zone : %(place)s") % {"place": label})


def plan_of(form: AimForm) -> dict[str, Any] | None:
    """The commune on which the plan opens, once it is known."""
    if not form.is_on_plan:
        return None
    commune = form.commune_said()
    return {"commune": commune} if commune else None


def named_of(form: AimForm) -> dict[str, Any] | None:
    """Where the zones ticked lie in the territory, and their names; nothing when one points at the plan."""
    territory = current()
    if territory is None or form.is_on_plan:
        return None
    ticked = form.ticked
    whole = Zone.objects.get(pk=territory.root_id)
    shapes = [shape for zone in ticked if (shape := contour(zone)) is not None]
    outline = contour(whole)
    if outline is None:
        return None
    label = addressees(ticked) if ticked else ""
    said = _("Zone : %(place)s") % {"place": label or whole.name}
    return {"sketch": locate(shapes, [outline], said=said), "label": label}

"""Publishing, notices, posts and their replies."""

from django.urls import path, re_path

from parvis.core.kept import kept
from parvis.publications.views import composing, keeping, quartiers, reading, register, retargeting, second, writing

urlpatterns = [
    path("avis/", kept(reading.notices), name="notices"),
    # The slug decides nothing: « pont-ferme-12 » and « 12 » are the same notice.
    re_path(r"^avis/(?:[-\w]+-)?(?P<number>[0-9]{1,15})/$", kept(reading.notice), name="notice"),
    path("avis/registre/", kept(register.register), name="register"),
    path("avis/registre.csv", register.register_csv, name="register_csv"),
    path("avis.atom", kept(reading.notices_atom), name="notices_atom"),
    path("publications/<number:number>/", kept(reading.post), name="post"),
    path("publications/<number:number>/repondre/", writing.reply, name="reply"),
    path("publications/<number:number>/corriger/", writing.correct, name="correct"),
    path("publications/<number:number>/retirer/", writing.withdraw, name="withdraw"),
    path("publications/<number:number>/zone/", retargeting.retarget, name="retarget"),
    path("publications/<number:number>/relire/", second.second, name="second"),
    path("reponses/<number:number>/retirer/", writing.withdraw_reply, name="withdraw_reply"),
    path("fil/<number:number>/", keeping.manage, name="manage"),
    path("enregistres/", keeping.saved, name="saved"),
    path("enregistres/indisponibles/", keeping.forget_unreadable, name="forget_unreadable"),
    path("enregistres/<number:number>/", keeping.save, name="save"),
    path("publier/", writing.publish, name="publish"),
    path("publier/avis/", composing.publish_notice, name="publish_notice"),
    path("brouillons/<number:number>/jeter/", composing.drop_draft, name="drop_draft"),
    path("publier/publication/", writing.publish_post, name="publish_post"),
    path("administration/quartiers/", quartiers.quartiers, name="quartiers"),
    re_path(
        r"^administration/quartiers/dessiner/(?P<insee>[0-9][0-9AB][0-9]{3})/$", quartiers.draw, name="draw_quartier"
    ),
    path("administration/quartiers/<number:number>/", quartiers.change, name="change_quartier"),
    path("administration/quartiers/<number:number>/supprimer/", quartiers.remove, name="remove_quartier"),
    re_path(r"^media/(?P<name>images/[0-9]{4}/[0-9]{2}/[-\w]{1,60}\.webp)$", reading.picture, name="picture"),
]

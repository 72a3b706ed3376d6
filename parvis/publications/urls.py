"""Publishing, notices, posts and their replies."""

from django.urls import path, re_path

from parvis.publications.views import reading, writing

urlpatterns = [
    path("avis/", reading.notices, name="notices"),
    # The slug decides nothing: « pont-ferme-12 » and « 12 » are the same notice.
    re_path(r"^avis/(?:[-\w]+-)?(?P<number>[0-9]{1,15})/$", reading.notice, name="notice"),
    path("avis.atom", reading.notices_atom, name="notices_atom"),
    path("publications/<int:number>/", reading.post, name="post"),
    path("publications/<int:number>/repondre/", writing.reply, name="reply"),
    path("publications/<int:number>/corriger/", writing.correct, name="correct"),
    path("publications/<int:number>/retirer/", writing.withdraw, name="withdraw"),
    path("reponses/<int:number>/retirer/", writing.withdraw_reply, name="withdraw_reply"),
    path("publier/", writing.publish, name="publish"),
    path("publier/avis/", writing.publish_notice, name="publish_notice"),
    path("publier/publication/", writing.publish_post, name="publish_post"),
    re_path(r"^media/(?P<name>images/[0-9]{4}/[0-9]{2}/[-\w]{1,60}\.webp)$", reading.picture, name="picture"),
]

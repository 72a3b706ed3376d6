"""Groups: their directory, their pages, who is in them. Before the pages of profiles, which name them too."""

from django.urls import path

from parvis.core.kept import kept
from parvis.groups.views import groups, members

urlpatterns = [
    path("groupes/", kept(groups.directory), name="groups"),
    path("groupes/creer/", groups.create, name="create_group"),
    path("groupes/<slug:slug>-<int:number>/", kept(groups.group), name="group"),
    path("groupes/<int:number>/reglages/", groups.settings, name="group_settings"),
    path("groupes/<int:number>/archive/", groups.archive, name="archive_group"),
    path("groupes/<int:number>/entrer/", members.enter, name="enter_group"),
    path("groupes/<int:number>/membres/", members.members, name="group_members"),
    path("groupes/<int:number>/membres/<int:member>/", members.change, name="change_group_member"),
    path("groupes/<int:number>/demandes/<int:asked>/", members.answer, name="answer_request"),
    path("groupes/<int:number>/exclusions/<int:banned>/", members.unban, name="unban"),
]

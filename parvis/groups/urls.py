"""Groups: their directory, their pages, who is in them. Before the pages of profiles, which name them too."""

from django.urls import path

from parvis.core.kept import kept
from parvis.groups.views import files, groups, members, tending, topics

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
    path("groupes/<int:number>/sujets/ouvrir/", topics.open_topic, name="open_topic"),
    path("groupes/sujets/<slug:slug>-<int:number>/", kept(topics.topic), name="topic"),
    path("groupes/sujets/<int:number>/repondre/", topics.reply, name="reply_topic"),
    path("groupes/sujets/<int:number>/lu/", topics.read, name="read_topic"),
    path("groupes/sujets/<int:number>/nouveautes/", topics.news, name="topic_news"),
    path("groupes/sujets/<int:number>/animer/", tending.tend, name="tend_topic"),
    path("groupes/messages/<int:number>/", topics.message, name="message"),
    path("groupes/messages/<int:number>/corriger/", tending.edit, name="edit_message"),
    path("groupes/messages/<int:number>/retirer/", tending.withdraw, name="withdraw_message"),
    path("groupes/messages/<int:number>/reagir/", tending.react, name="react"),
    path("groupes/messages/<int:number>/retenir/", tending.keep_answer, name="keep_answer"),
    path("groupes/messages/<int:number>/deplacer/", tending.move, name="move_message"),
    path("groupes/fichiers/<int:number>/", files.file, name="file"),
    path("groupes/sondages/<int:number>/", files.vote, name="vote"),
    path("groupes/<int:number>/exclusions/<int:banned>/", members.unban, name="unban"),
]

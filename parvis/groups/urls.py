"""Groups: their directory, their pages, who is in them. Before the pages of profiles, which name them too."""

from django.urls import path

from parvis.core.kept import kept
from parvis.groups.views import files, groups, members, tending, topics

urlpatterns = [
    path("groupes/", kept(groups.directory), name="groups"),
    path("groupes/creer/", groups.create, name="create_group"),
    path("groupes/<slug:slug>-<number:number>/", kept(groups.group), name="group"),
    path("groupes/<number:number>/reglages/", groups.settings, name="group_settings"),
    path("groupes/<number:number>/archive/", groups.archive, name="archive_group"),
    path("groupes/<number:number>/entrer/", members.enter, name="enter_group"),
    path("groupes/<number:number>/membres/", members.members, name="group_members"),
    path("groupes/<number:number>/membres/<number:member>/", members.change, name="change_group_member"),
    path("groupes/<number:number>/demandes/<number:asked>/", members.answer, name="answer_request"),
    path("groupes/<number:number>/sujets/ouvrir/", topics.open_topic, name="open_topic"),
    path("groupes/sujets/<slug:slug>-<number:number>/", kept(topics.topic), name="topic"),
    path("groupes/sujets/<number:number>/repondre/", topics.reply, name="reply_topic"),
    path("groupes/sujets/<number:number>/lu/", topics.read, name="read_topic"),
    path("groupes/sujets/<number:number>/nouveautes/", topics.news, name="topic_news"),
    path("groupes/sujets/<number:number>/animer/", tending.tend, name="tend_topic"),
    path("groupes/messages/<number:number>/", topics.message, name="message"),
    path("groupes/messages/<number:number>/corriger/", tending.edit, name="edit_message"),
    path("groupes/messages/<number:number>/retirer/", tending.withdraw, name="withdraw_message"),
    path("groupes/messages/<number:number>/reagir/", tending.react, name="react"),
    path("groupes/messages/<number:number>/retenir/", tending.keep_answer, name="keep_answer"),
    path("groupes/messages/<number:number>/deplacer/", tending.move, name="move_message"),
    path("groupes/fichiers/<number:number>/", files.file, name="file"),
    path("groupes/sondages/<number:number>/", files.vote, name="vote"),
    path("groupes/<number:number>/exclusions/<number:banned>/", members.unban, name="unban"),
]

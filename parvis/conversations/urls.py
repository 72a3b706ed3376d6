"""Private messages."""

from django.urls import path

from parvis.conversations.views import conversations, keeping

urlpatterns = [
    path("messages/", conversations.messages_page, name="messages"),
    path("messages/nouveau/", conversations.begin, name="begin"),
    path("messages/<number:number>/", conversations.conversation, name="conversation"),
    path("messages/<number:number>/repondre/", conversations.answer, name="answer"),
    path("messages/<number:number>/lu/", keeping.read, name="read_conversation"),
    path("messages/<number:number>/nouveautes/", keeping.news, name="conversation_news"),
    path("messages/<number:number>/agir/", keeping.act, name="act_on_conversation"),
    path("messages/<number:number>/fermer/", keeping.close, name="close_conversation"),
    path("messages/lignes/<number:number>/retirer/", keeping.withdraw, name="withdraw_line"),
    path("messages/fichiers/<number:number>/", keeping.file, name="conversation_file"),
    path("reglages/messages/", keeping.writers, name="writers"),
]

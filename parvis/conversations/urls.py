"""Private messages."""

from django.urls import path

from parvis.conversations.views import conversations, keeping

urlpatterns = [
    path("messages/", conversations.messages_page, name="messages"),
    path("messages/nouveau/", conversations.begin, name="begin"),
    path("messages/<int:number>/", conversations.conversation, name="conversation"),
    path("messages/<int:number>/repondre/", conversations.answer, name="answer"),
    path("messages/<int:number>/lu/", keeping.read, name="read_conversation"),
    path("messages/<int:number>/nouveautes/", keeping.news, name="conversation_news"),
    path("messages/<int:number>/agir/", keeping.act, name="act_on_conversation"),
    path("messages/<int:number>/fermer/", keeping.close, name="close_conversation"),
    path("messages/lignes/<int:number>/retirer/", keeping.withdraw, name="withdraw_line"),
    path("messages/fichiers/<int:number>/", keeping.file, name="conversation_file"),
    path("reglages/messages/", keeping.writers, name="writers"),
]

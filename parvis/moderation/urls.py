"""The queue and its decisions, reports from readers."""

from django.urls import path

from parvis.moderation.views import desk, reports

urlpatterns = [
    path("moderation/", desk.desk, name="moderation"),
    path("moderation/publication/<number:number>/", desk.publication, name="moderate_publication"),
    path("moderation/reponse/<number:number>/", desk.reply, name="moderate_reply"),
    path("moderation/profil/<number:number>/", desk.profile, name="moderate_profile"),
    path("moderation/message/<number:number>/", desk.message, name="moderate_message"),
    path("moderation/message-prive/<number:number>/", desk.line, name="moderate_line"),
    path("signaler/publication/<number:number>/", reports.publication, name="report_publication"),
    path("signaler/reponse/<number:number>/", reports.reply, name="report_reply"),
    path("signaler/profil/<number:number>/", reports.profile, name="report_profile"),
    path("signaler/message/<number:number>/", reports.message, name="report_message"),
    path("signaler/message-prive/<number:number>/", reports.line, name="report_line"),
    path("signaler/recu/<str:token>/", reports.receipt, name="report_receipt"),
]

"""The queue and its decisions, reports from readers."""

from django.urls import path

from parvis.moderation.views import desk, reports

urlpatterns = [
    path("moderation/", desk.desk, name="moderation"),
    path("moderation/publication/<int:number>/", desk.publication, name="moderate_publication"),
    path("moderation/reponse/<int:number>/", desk.reply, name="moderate_reply"),
    path("moderation/profil/<int:number>/", desk.profile, name="moderate_profile"),
    path("moderation/message/<int:number>/", desk.message, name="moderate_message"),
    path("moderation/message-prive/<int:number>/", desk.line, name="moderate_line"),
    path("signaler/publication/<int:number>/", reports.publication, name="report_publication"),
    path("signaler/reponse/<int:number>/", reports.reply, name="report_reply"),
    path("signaler/profil/<int:number>/", reports.profile, name="report_profile"),
    path("signaler/message/<int:number>/", reports.message, name="report_message"),
    path("signaler/message-prive/<int:number>/", reports.line, name="report_line"),
    path("signaler/recu/<str:token>/", reports.receipt, name="report_receipt"),
]

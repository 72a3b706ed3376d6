"""Accounts, settings, places, organisations, administration."""

from allauth.account import views as allauth
from django.urls import URLPattern, URLResolver, path

from parvis.people.views import administration, contacts, following, organisations, places, settings, sign_up

urlpatterns: list[URLPattern | URLResolver] = [
    path("inscription/", sign_up.sign_up, name="account_signup"),
    path("inscription/confirmer/", sign_up.confirm_sign_up, name="confirm_sign_up"),
    path("connexion/", allauth.login, name="account_login"),
    path("connexion/recevoir-un-code/", allauth.request_login_code, name="account_request_login_code"),
    path("connexion/code/", allauth.confirm_login_code, name="account_confirm_login_code"),
    path("connexion/compte-ferme/", allauth.account_inactive, name="account_inactive"),
    path("deconnexion/", allauth.logout, name="account_logout"),
    path("reglages/", settings.settings, name="settings"),
    path("reglages/adresse/", settings.change_email, name="change_email"),
    path("reglages/adresse/confirmer/", settings.confirm_email, name="confirm_email"),
    path("reglages/mot-de-passe/", settings.change_password, name="change_password"),
    path("reglages/supprimer/", settings.erase_account, name="erase_account"),
    path("reglages/profil/<number:number>/", settings.edit_profile, name="edit_profile"),
    path("mes-lieux/", places.places, name="places"),
    path("mes-lieux/ajouter/", places.add_place, name="add_place"),
    path("mes-lieux/<number:number>/", places.place, name="place"),
    path("mes-lieux/<number:number>/effacer/", places.remove_place, name="remove_place"),
    path("mes-lieux/abonnements/<number:number>/", following.mute, name="mute"),
    path("mes-abonnements/", following.following, name="following"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/<number:number>/", contacts.contact, name="contact"),
    path("contacts/<number:number>/bloquer/", contacts.block, name="block"),
    path("suivre/<number:number>/", following.follow, name="follow"),
    path("suivre/themes/<slug:theme>/", following.follow_theme, name="follow_theme"),
    path("suivre/communes/<number:number>/", following.follow_commune, name="follow_commune"),
    path("associations/creer/", organisations.create_association, name="create_association"),
    path("organisations/invitation/<str:token>/", organisations.invitation, name="invitation"),
    path("organisations/<number:number>/membres/", organisations.members, name="members"),
    path("organisations/<number:number>/membres/<number:member>/", organisations.change_member, name="change_member"),
    path("administration/", administration.administration, name="administration"),
    path("administration/verifier/<number:number>/", administration.verify, name="verify"),
    path("administration/espaces/", administration.spaces, name="spaces"),
    path("administration/espaces/<number:number>/", administration.open_space, name="open_space"),
    path("administration/roles/", administration.roles, name="roles"),
    path("administration/roles/<number:number>/", administration.end_role, name="end_role"),
    path("administration/services/", administration.services, name="services"),
]

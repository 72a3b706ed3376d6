"""Forms of accounts, settings, organisations and administration."""

from parvis.people.forms.accounts import (
    CodeForm,
    EmailForm,
    EraseForm,
    LoginCodeForm,
    LoginForm,
    PasswordForm,
    SettingsForm,
    SignUpForm,
)
from parvis.people.forms.administration import OpenSpaceForm, ReasonForm, RoleForm, ServiceForm
from parvis.people.forms.communes import CommuneForm
from parvis.people.forms.contacts import BlockForm
from parvis.people.forms.organisations import AssociationForm, MemberForm, MemberRoleForm, ProfileForm
from parvis.people.forms.places import PlaceForm

__all__ = [
    "AssociationForm",
    "BlockForm",
    "CodeForm",
    "CommuneForm",
    "EmailForm",
    "EraseForm",
    "LoginCodeForm",
    "LoginForm",
    "MemberForm",
    "MemberRoleForm",
    "OpenSpaceForm",
    "PasswordForm",
    "PlaceForm",
    "ProfileForm",
    "ReasonForm",
    "RoleForm",
    "ServiceForm",
    "SettingsForm",
    "SignUpForm",
]

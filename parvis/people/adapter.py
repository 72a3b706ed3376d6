"""allauth's hooks, all in one place."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """How accounts behave here."""

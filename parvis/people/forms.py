"""Forms of accounts, settings and organisations."""

from django import forms


class SignUpForm(forms.Form):
    """What a new inhabitant gives, beside an e-mail address."""

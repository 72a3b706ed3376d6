"""The token of forms (R-SEC-1), at a price that a page asked for by many can pay."""

from secrets import token_bytes

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token

LETTERS = CSRF_ALLOWED_CHARS.encode()
RANK = {letter: rank for rank, letter in enumerate(LETTERS)}
# Bytes above are drawn again, so that each letter comes as often as another.
FAIR = 256 - 256 % len(LETTERS)


def token_of(request: HttpRequest) -> bytes:
    """A token that CsrfViewMiddleware takes, masked anew each time as Django does, all letters at once.

    A browser that brought its cookie keeps it as it is; any other page with a form renews it.
    """
    secret = request.META.get("CSRF_COOKIE")
    return masked(secret) if secret else get_token(request).encode()


def masked(secret: str) -> bytes:
    """A new token of this secret, of 32 letters."""
    drawn = [one % len(LETTERS) for one in token_bytes(2 * CSRF_SECRET_LENGTH) if one < FAIR][:CSRF_SECRET_LENGTH]
    if len(drawn) < CSRF_SECRET_LENGTH:
        return masked(secret)
    cipher = [(RANK[letter] + rank) % len(LETTERS) for letter, rank in zip(secret.encode(), drawn, strict=True)]
    return bytes([LETTERS[rank] for rank in (*drawn, *cipher)])

"""The addresses of the product, and a page of 20 KB that costs nothing to make: it goes through every middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from parvis.urls import *  # noqa: F403
from parvis.urls import urlpatterns as ours

BODY = b"<!doctype html><title>Constant</title>" + b"<p>Always the same.</p>\n" * 850


def constant(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """20 KB, as they are."""
    return HttpResponse(BODY)


urlpatterns = [path("constant/", constant), *ours]

"""What no page should have to think of."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

# What stands for a character that cannot be read, as in an address and as itself.
UNREADABLE_IN_ADDRESS, UNREADABLE = "%EF%BF%BD", "\ufffd"


def without_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Take NUL out of the query and of the cookies: nobody types one, and PostgreSQL fails on it (R-SEC-25).

    Forms refuse it by themselves.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", UNREADABLE_IN_ADDRESS)
        request.COOKIES = {name: value.replace("\0", UNREADABLE) for name, value in request.COOKIES.items()}
        return get_response(request)

    return answer


class ContentPolicy(CSPMiddleware):
    """The policy of the settings, built once; a page that changes it has its own built for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say what a browser may do on this page."""
        if hasattr(request, "_csp_nonce") or any(name.startswith("_csp") for name in vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response

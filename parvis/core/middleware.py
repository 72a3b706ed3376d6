"""What no page should have to think of."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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

"""What no page should have to think of."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


def refuse_nul(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to an address or a cookie with a NUL: no person types one, and PostgreSQL fails on it (R-SEC-25)."""

    def answer(request: HttpRequest) -> HttpResponse:
        said = (value for values in request.GET.lists() for value in (values[0], *values[1]))
        if any("\0" in value for value in (*said, *request.COOKIES.values())):
            raise BadRequest("NUL in an address or a cookie")
        return get_response(request)

    return answer

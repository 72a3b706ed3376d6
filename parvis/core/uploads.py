"""How much anyone may send."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

# Several times what the largest form takes: a photograph somewhat too large still gets its sentence.
MOST_BYTES = 40_000_000


class Limit(FileUploadHandler):
    """Refuses what nobody sends in good faith, before it fills the disk on its way to a view (R-SEC-8)."""

    def __init__(self, request: WSGIRequest | None = None) -> None:
        super().__init__(request)
        if request is not None and int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise RequestDataTooBig("body too large")

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes:
        """Leave it to the next handler."""
        return raw_data

    def file_complete(self, _file_size: int) -> UploadedFile[Any] | None:
        """Leave it to the next handler."""
        return None


def refused(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what was too large to be read, or could not be. Nothing is known of the request: it may be anything."""
    status, page = (413, "413.html") if isinstance(exception, RequestDataTooBig) else (400, "400.html")
    return HttpResponse(render_to_string(page), status=status)

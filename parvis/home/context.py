"""What every page knows."""

from typing import Any

from django.http import HttpRequest


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The territory, who is here and what waits for them."""
    return {}

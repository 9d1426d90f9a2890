"""What all pages have in common on the wire, and what keeps pages and API apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers

# No script at all, nothing from other hosts, nobody frames us.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_API = "astria-"  # how the names of the API's routes begin


class Pages:
    """Sends browsers that open an API path to the page about it, and gives every page its Content-Security-Policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.setdefault("Content-Security-Policy", POLICY)
        return response

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """The API never serves pages: whoever asks it for one is sent to the reference (303, so as a GET)."""
        if not _is_api(request) or not _is_browser(request):
            return None
        response = HttpResponseRedirect(reverse("docs-api"))
        response.status_code = 303
        patch_vary_headers(response, ["Accept", "Authorization"])
        return response


def _is_api(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and str(match.url_name).startswith(_API)


def _is_browser(request: HttpRequest) -> bool:
    """A person at an address bar: no program with a key asks for HTML."""
    wants_html = "text/html" in request.headers.get("Accept", "")
    return request.method == "GET" and wants_html and "Authorization" not in request.headers

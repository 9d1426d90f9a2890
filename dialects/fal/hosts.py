"""Under which names this dialect is reached: paths of ours, a `queue.` host as older clients want it, or fal's own
addresses, which the proxy resolves here.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.authentication import origin_of

RUN, QUEUE = "/fal/run", "/fal/queue"
_QUEUE_HOST = "queue."


class QueueHost:
    """`https://queue.<our host>/<id>` is `https://<our host>/fal/queue/<id>`: clients before 0.11 put `queue.` before
    whatever `FAL_RUN_HOST` says, a path behind it included.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.get("HTTP_HOST", "").lower().startswith(_QUEUE_HOST):
            prefix = next((known for known in (RUN, QUEUE) if request.path_info.startswith(f"{known}/")), "")
            request.path_info = request.path = QUEUE + request.path_info.removeprefix(prefix)
            request.fal_queue_base = origin_of(request) + prefix  # type: ignore[attr-defined]  # read by `queue_base`
        return self.get_response(request)


def queue_base(request: HttpRequest) -> str:
    """What status, result and cancel addresses begin with: the base that this caller used."""
    return getattr(request, "fal_queue_base", None) or origin_of(request) + QUEUE


def public_origin(request: HttpRequest) -> str:
    """Scheme and host without the queue's prefix."""
    scheme, _, host = origin_of(request).partition("://")
    return f"{scheme}://{host.removeprefix(_QUEUE_HOST)}"

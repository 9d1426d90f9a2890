"""What is answered where no room has a view: unknown paths, broken requests, defects. JSON, nothing of the inside."""
# ruff: noqa: ARG001  the signatures are Django's

from __future__ import annotations

from django.http import HttpRequest, JsonResponse


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
    return JsonResponse({"status": 400, "error": "Bad Request"}, status=400)


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    return JsonResponse({"status": 404, "error": "Not Found"}, status=404)


def failed(request: HttpRequest) -> JsonResponse:
    """A defect: it has been logged with its traceback."""
    return JsonResponse({"status": 500, "error": "Internal Server Error"}, status=500)

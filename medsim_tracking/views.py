"""What belongs to no app: the OpenAPI document, and the last resorts."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from drf_spectacular.views import SpectacularAPIView

from accounts.access import Access
from medsim_tracking.api import PROBLEM_JSON, problem


class SchemaView(SpectacularAPIView):
    """The OpenAPI document."""

    access = Access.PUBLIC


def api_not_found(request) -> JsonResponse:
    """An address under /api/ that leads nowhere: the same words as for what one may not see."""
    return _problem(request, 404, "not_found", "There is nothing here that you may see.")


api_not_found.access = Access.PUBLIC


def server_error(request) -> HttpResponse:
    """The last resort: an id to report, and nothing else that could leak."""
    if request.path.startswith("/api/"):
        return _problem(request, 500, "server_error", "Something failed here. Quote the requestId when you report it.")
    return render(request, "500.html", {"request_id": getattr(request, "id", "")}, status=500)


def _problem(request, status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse(problem(request, status, code, detail), status=status, content_type=PROBLEM_JSON)

"""What belongs to no app: the OpenAPI document, and the last resorts."""

import sys

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView

from accounts.access import Access
from medsim_tracking.api import PROBLEM_JSON, problem
from medsim_tracking.trouble import DETAIL, RETRY_AFTER_SECONDS, storage_trouble


class SchemaView(SpectacularAPIView):
    """The OpenAPI document."""

    access = Access.PUBLIC


@csrf_exempt
def api_not_found(request) -> JsonResponse:
    """An address under /api/ that leads nowhere: the same words as for what one may not see."""
    return _problem(request, 404, "not_found", "There is nothing here that you may see.")


api_not_found.access = Access.PUBLIC


def bad_request(request, exception=None) -> HttpResponse:
    """What Django refuses before any view: a host that is not ours, a form too large."""
    if request.path.startswith("/api/"):
        return _problem(request, 400, "bad_request", "This request cannot be read.")
    return render(None, "400.html", status=400)


def server_error(request) -> HttpResponse:
    """The last resort: an id to report, and nothing else that could leak. Storage trouble says so."""
    trouble = storage_trouble(sys.exc_info()[1], request.method)
    status, code = (503, trouble) if trouble else (500, "server_error")
    if request.path.startswith("/api/"):
        detail = DETAIL.get(code, "Something failed here. Quote the requestId when you report it.")
        answer = _problem(request, status, code, detail)
    else:
        # Without context processors: whoever asks for the signed-in user would ask the database again.
        answer = render(None, f"{status}.html", {"request_id": getattr(request, "id", ""), "code": code}, status=status)
    if trouble:
        answer["Retry-After"] = RETRY_AFTER_SECONDS[trouble]
    return answer


def _problem(request, status: int, code: str, detail: str) -> JsonResponse:
    return JsonResponse(problem(request, status, code, detail), status=status, content_type=PROBLEM_JSON)

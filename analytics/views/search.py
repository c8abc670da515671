"""The search box of the header."""

from django.shortcuts import redirect

from accounts.access import Access
from accounts.calendar import local_day
from analytics.selectors.search import learners_matching
from analytics.views.page import Page

LONGEST_SEARCH = 200


class SearchPage(Page):
    """Learners by name or id; one alone is opened at once."""

    access = Access.EDUCATOR

    def get(self, request):
        words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
        result = learners_matching(words, viewer=request.user, today=local_day(self.now))
        if result.total == 1:
            return redirect("learner", result.found[0].learner.public_id)
        return self.page("pages/search.html", words=words, result=result)

"""The learner's own choice to take part in peer comparison."""

from django.shortcuts import redirect

from accounts.access import Access
from analytics.views.page import Page
from engagement.peers import set_peer_comparison


class PeerChoice(Page):
    """POST `takes_part` on or off, from the form on one's own page; back to it."""

    access = Access.SIGNED_IN
    http_method_names = ["get", "head", "post"]

    def get(self, request):
        return redirect("me")

    def post(self, request):
        set_peer_comparison(request.user, takes_part=request.POST.get("takes_part") == "on", now=self.now)
        return redirect("me")

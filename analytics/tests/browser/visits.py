"""Who opens which page, and what he is answered with."""

from typing import NamedTuple


class Visit(NamedTuple):
    """answer: a status, or the address to which he is sent."""

    who: str
    path: str
    answer: int | str


# Each page, and how it answers Edda, an educator; Lena, a learner; Ada, an admin.
READERS = ("edda", "lena", "ada")
_PAGES: dict[str, tuple[int | str, int | str, int | str]] = {
    "/": (200, "/me", 200),
    "/cohorts": (200, 403, 200),
    "/cohorts/cardiology": (200, 403, 200),
    "/cohorts/surgery": (404, 403, 200),
    "/cases": (200, 403, 200),
    "/cases/sepsis": (200, 403, 200),
    "/debrief": (200, 403, 200),
    "/debrief/cardiology": (200, 403, 200),
    "/patterns": (200, 403, 200),
    "/learners/ben": (200, 404, 200),
    "/learners/mia": (404, 404, 200),
    "/me": (200, 200, 200),
    # What answers a form leads back to the page that holds it.
    "/me/peers": ("/me", "/me", "/me"),
    "/data-quality": (403, 403, 200),
    "/data-quality/replay": (403, 403, "/data-quality"),
    "/live": (200, 403, 200),
    "/search?q=e": (200, 403, 200),
}
VISITS = [
    Visit(who, path, answer) for path, answers in _PAGES.items() for who, answer in zip(READERS, answers, strict=True)
]
# What else a page may look like.
VISITS += [
    Visit("", "/sign-in", 200),
    Visit("", "/cohorts/cardiology?sort=name", "/sign-in?next=/cohorts/cardiology%3Fsort%3Dname"),
    Visit("sim", "/", 200),
    Visit("otto", "/", 200),
    Visit("edda", "/cohorts/cardiology?q=nobody", 200),
    Visit("edda", "/cohorts/cardiology?attention=1&sort=-name&level=banana", 200),
    Visit("edda", "/learners/cleo?timeRange=90d", 200),
    Visit("edda", "/learners/dov?timeRange=7d", 200),
    Visit("lena", "/me?timeRange=all", 200),
    Visit("edda", "/search?q=nobody", 200),
    Visit("ada", "/live?cohort=surgery", 200),
    Visit("ada", "/cohorts/nowhere", 404),
]

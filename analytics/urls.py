from django.urls import path, register_converter

from analytics.addresses import AnyName, AnyText
from analytics.views.cases import CasePage, CasesPage
from analytics.views.cohort import CohortPage
from analytics.views.cohorts import CohortsPage
from analytics.views.data_quality import DataQualityPage, QuarantineReplay
from analytics.views.debrief import DebriefPage, DebriefsPage
from analytics.views.doors import SignInPage, SignOut
from analytics.views.home import HomePage
from analytics.views.interaction_export import InteractionsAsCsv, InteractionsAsJsonLines
from analytics.views.language import LanguageChoice
from analytics.views.learner import LearnerPage, OwnPage
from analytics.views.live import LivePage
from analytics.views.patterns import PatternsPage
from analytics.views.peers import PeerChoice
from analytics.views.search import SearchPage

register_converter(AnyName, "name")
register_converter(AnyText, "text")

urlpatterns = [
    path("", HomePage.as_view(), name="home"),
    path("sign-in", SignInPage.as_view(), name="sign-in"),
    path("sign-out", SignOut.as_view(), name="sign-out"),
    path("language", LanguageChoice.as_view(), name="language"),
    path("search", SearchPage.as_view(), name="search"),
    path("live", LivePage.as_view(), name="live"),
    path("me", OwnPage.as_view(), name="me"),
    path("export/interactions.csv", InteractionsAsCsv.as_view(), name="interactions-csv"),
    path("export/interactions.jsonl", InteractionsAsJsonLines.as_view(), name="interactions-jsonl"),
    path("data-quality", DataQualityPage.as_view(), name="data-quality"),
    path("data-quality/replay", QuarantineReplay.as_view(), name="quarantine-replay"),
    path("me/peers", PeerChoice.as_view(), name="own-peers"),
    path("patterns", PatternsPage.as_view(), name="patterns"),
    path("cohorts", CohortsPage.as_view(), name="cohorts"),
    path("cohorts/<slug:slug>", CohortPage.as_view(), name="cohort"),
    path("cases", CasesPage.as_view(), name="cases"),
    # A case's id is the simulator's own and may hold anything, slashes and ends of lines too.
    path("cases/<text:case_id>", CasePage.as_view(), name="case"),
    path("debrief", DebriefsPage.as_view(), name="debrief"),
    path("debrief/<slug:slug>", DebriefPage.as_view(), name="debrief-of"),
    # A public id holds anything that can be printed.
    path("learners/<name:public_id>", LearnerPage.as_view(), name="learner"),
]

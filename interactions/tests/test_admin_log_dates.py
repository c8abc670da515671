"""The dates of the interaction log in the admin: from years to a day, by index probes."""

import re
from datetime import UTC, datetime, timedelta

from interactions.tests.log_pages import LIST, fill, shown, text


def choices(client, query: str = "") -> list[str]:
    return [choice["title"] for choice in client.get(LIST + query).context["cl"].drill_down["choices"]]


def test_dates_drill_down_from_years_to_a_day_and_offer_only_what_holds_rows(ada_client, lena, mia):
    for moment in ("2025-11-03T10:00", "2026-01-31T23:59", "2026-02-01T00:00", "2026-02-17T08:00"):
        fill(
            lena, 1, first=int(re.sub(r"\D", "", moment)), step=timedelta(0), start=datetime.fromisoformat(moment + "Z")
        )
    fill(mia, 1, start=datetime(2026, 2, 20, tzinfo=UTC))
    year, month = "occurred_at__year=2026", "occurred_at__month=2"
    assert choices(ada_client) == ["2025", "2026"]
    assert choices(ada_client, f"?{year}") == ["January 2026", "February 2026"]
    assert choices(ada_client, f"?{year}&{month}") == ["February 1", "February 17", "February 20"]
    assert choices(ada_client, f"?{year}&{month}&occurred_at__day=17") == ["February 17"]
    assert choices(ada_client, f"?{year}&{month}&learner=lena") == ["February 1", "February 17"]
    assert shown(ada_client, f"?{year}&{month}&occurred_at__day=1") == ["202602010000"]
    assert shown(ada_client, f"?{year}&occurred_at__month=1") == ["202601312359"]
    assert len(shown(ada_client, "?occurred_at__year=2025")) == 1
    links = ada_client.get(LIST + f"?{year}&engagement_level__exact=low").context["cl"].drill_down
    assert links["back"]["link"] == "?engagement_level__exact=low"
    assert links["choices"][0]["link"] == f"?engagement_level__exact=low&occurred_at__month=1&{year}"


def test_a_stray_date_of_long_ago_does_not_make_a_thousand_years(ada_client, lena):
    fill(lena, 1, start=datetime(1, 1, 1, tzinfo=UTC))
    fill(lena, 1, first=1)
    assert choices(ada_client) == ["1900", *(str(year) for year in range(1996, 2027))]
    assert shown(ada_client) == ["1", "0"]


def test_dates_of_an_empty_log_offer_nothing(ada_client):
    assert ada_client.get(LIST).context["cl"].drill_down["show"] is False
    assert "Nothing to show here." in text(ada_client.get(LIST))


def test_days_are_cut_in_the_institutions_zone(ada_client, lena, settings):
    settings.MEDSIM_TIME_ZONE = settings.TIME_ZONE = "Europe/Berlin"
    fill(lena, 1, start=datetime(2026, 2, 16, 23, 30, tzinfo=UTC))
    day = "?occurred_at__year=2026&occurred_at__month=2&occurred_at__day="
    assert (shown(ada_client, day + "16"), shown(ada_client, day + "17")) == ([], ["0"])
    assert "2026-02-17 00:30:00" in text(ada_client.get(LIST))

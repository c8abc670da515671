from analytics.learner_words import outlook_sentences
from engagement.domain.insufficient import Insufficient, Need
from engagement.forecasts import ENROLLED, Forecast
from medsim_tracking.testing import NOW


def test_where_the_enrolment_ends_before_the_forecast_would_the_page_says_that_and_nothing_of_too_little_data():
    short = Insufficient((Need(ENROLLED, 5, 14),))
    forecast = Forecast(NOW.date(), 14, short, short, short, index=short)
    assert outlook_sentences(forecast, None, "Lena") == ["No forecast: the enrolment is over before these days are."]

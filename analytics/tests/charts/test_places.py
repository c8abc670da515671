"""A place in a group, as far as it may be told."""

from analytics.charts import Figure, NoChart, Place, PlaceChart, place_chart


def chart(others: int, band: int | None = 2, bands: int = 3) -> PlaceChart | NoChart:
    place = Place("Active days", [Figure(3.3, "3.3")], "3.3 a week", band, bands, "upper third")
    headings = ["Measure", "Now"]
    told = dict(key="k", title="Pace", words="", note="", headings=headings, own_words="You", places=[place])
    return place_chart(**told, others=others)


def test_fewer_than_ten_others_show_nothing():
    assert (chart(9).state, chart(9).table) == ("suppressed", None)
    assert chart(10).table.rows == [["Active days", Figure(3.3, "3.3"), "upper third"]]


def test_only_the_own_band_is_filled_and_where_all_are_alike_none():
    assert [segment.is_own for segment in chart(10).rows[0].segments] == [False, False, True]
    assert [segment.is_own for segment in chart(10, None, 1).rows[0].segments] == [False]

"""Every colour that says something can be told from what is behind it, in both themes (WCAG 2.2)."""

import re

import pytest
from django.conf import settings

CSS = (settings.BASE_DIR / "static/css/medsim.css").read_text(encoding="utf-8")
GROUNDS = ("background", "surface")
TEXTS = ("ink", "muted", "accent", "attention", "good")
MARKS = ("edge", "level-low", "level-medium", "level-high", "level-very-high")


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css))


_light, _, _rest = CSS.partition("@media screen and (prefers-color-scheme: dark)")
LIGHT = tokens(_light)
THEMES = {"light": LIGHT, "dark": LIGHT | tokens(_rest.partition("/* Ground */")[0])}


def luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_is_the_standards():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize(("names", "least"), [(TEXTS, 4.5), (MARKS, 3.0)])
def test_what_says_something_stands_out(theme, ground, names, least):
    colours = THEMES[theme]
    measured = {name: round(contrast(colours[name], colours[ground]), 2) for name in names}
    assert {name: ratio for name, ratio in measured.items() if ratio < least} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_a_buttons_words_stand_out(theme):
    assert contrast(THEMES[theme]["on-accent"], THEMES[theme]["accent"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_levels_are_one_ordered_scale(theme):
    """Each level stands out more than the one below it, in either theme."""
    colours = THEMES[theme]
    measured = [contrast(colours[name], colours["background"]) for name in MARKS[1:]]
    assert measured == sorted(measured)


def test_no_colour_is_used_that_is_no_token():
    rules = CSS.partition("/* Ground */")[2].partition("@media print")[0]
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", rules) == []

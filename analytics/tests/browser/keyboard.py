"""A page by keyboard alone: where Tab stops, and whether one sees where one is."""

from playwright.sync_api import Page

# Notes each stop, and whether it shows that it has the focus: by an outline, or in a chart by the figure that appears.
_LISTEN = """() => {
    window.stops = [];
    window.nameOf = e => [e.tagName, e.getAttribute('href') ?? e.id, (e.ariaLabel ?? e.textContent).trim().slice(0, 60)]
        .join(' ').replace(/\\s+/g, ' ');
    const isSeen = e => {
        const style = getComputedStyle(e), tip = e.querySelector(':scope > .tip'), box = e.getBoundingClientRect();
        const shows = tip ? getComputedStyle(tip).visibility === 'visible'
            : style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        return shows && box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0;
    };
    addEventListener('focusin', ({target}) => window.stops.push([nameOf(target), isSeen(target)]));
}"""
_INTERACTIVE = """() => [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
    )].filter(e => !e.disabled && e.checkVisibility({visibilityProperty: true})).map(nameOf)"""


def keyboard_faults(page: Page) -> list[str]:
    """What is wrong with an open page for whoever has no mouse.

    Tab must reach everything interactive, in the order in which it is read, and go round instead of staying; each
    stop must show. The link past the header must lead to the content, and a folded part must open and close.
    """
    if (hold := page.get_by_role("button", name="Hold still")).count():
        # A page that changes by itself has no order to compare with.
        hold.click()
    page.evaluate(_LISTEN)
    expected = page.evaluate(_INTERACTIVE)
    # Between the last and the first the focus stands on the page itself.
    for _ in range(len(expected) + 1):
        page.keyboard.press("Tab")
    stops = page.evaluate("stops")
    reached = [name for name, _ in stops][: len(expected)]
    # A form may have asked for the focus, so that the round begins behind it.
    begin = expected.index(reached[0]) if reached and reached[0] in expected else 0
    found = [f"Tab does not show its stop at {name}" for name, is_seen in stops if not is_seen]
    if reached != expected[begin:] + expected[:begin]:
        found.append(f"Tab stops at {reached}, not at {expected}")
    return found + _skip_faults(page) + _fold_faults(page)


def _skip_faults(page: Page) -> list[str]:
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    return (
        [] if page.evaluate("document.activeElement.id") == "main" else ["the skip link does not lead to the content"]
    )


def _fold_faults(page: Page) -> list[str]:
    summary = page.locator("summary").first
    if not summary.count():
        return []
    was_open, states = summary.evaluate("each => each.parentElement.open"), []
    summary.focus()
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        states.append(summary.evaluate("each => each.parentElement.open"))
    return [] if states == [not was_open, was_open] else [f"a folded part is {states} after Enter and Space"]

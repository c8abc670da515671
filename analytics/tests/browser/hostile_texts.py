"""Forty texts that try to be more than text, and where each of them would succeed if it were written as it stands.

What runs sets `window.__hit`. Each is short, so that several fit one field: whatever of them is not written as text
changes what stands there.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Hostile(NamedTuple):
    """place: of CONTEXTS, where the text bites."""

    text: str
    place: str = "text"


# What a careless template would write around a text.
CONTEXTS = {
    "text": "<p>{}</p>",
    "double": '<input value="{}">',
    "single": "<input value='{}'>",
    "bare": "<input value={}>",
    "link": '<a href="{}">look</a>',
    "title": "<title>{}</title>",
    "textarea": "<textarea>{}</textarea>",
    "script": '<script>var told = "{}";</script>',
    "style": "<style>{}</style>",
    "comment": "<!-- {} -->",
    "drawing": "<svg><title>{}</title></svg>",
}

HOSTILE = [
    Hostile("javascript:__hit=1", "link"),
    Hostile("JaVa&#x09;ScRiPt:__hit=1", "link"),
    Hostile("data:text/html,<script>opener.__hit=1</script>", "link"),
    Hostile("<script>__hit=1</script>"),
    Hostile("<ScRiPt >__hit=1</sCrIpT >"),
    Hostile("<script/x>__hit=1</script>"),
    Hostile("<img src=x onerror=__hit=1>"),
    Hostile('<img/src="x"/onerror="__hit=1"//'),
    Hostile("<svg onload=__hit=1>"),
    Hostile("<svg><script>__hit=1</script></svg>"),
    Hostile("<svg><animate onbegin=__hit=1 attributeName=x dur=1s>"),
    Hostile('<svg><a xlink:href="javascript:__hit=1"><text>x'),
    Hostile('<math href="javascript:__hit=1">x</math>'),
    Hostile("<details open ontoggle=__hit=1>"),
    Hostile("<input autofocus onfocus=__hit=1>"),
    Hostile("<video><source onerror=__hit=1></video>"),
    Hostile('<iframe srcdoc="<script>parent.__hit=1</script>">'),
    Hostile("<iframe src=javascript:parent.__hit=1></iframe>"),
    Hostile("<object data=javascript:__hit=1></object>"),
    Hostile("<base href=//elsewhere.example/>"),
    Hostile('<meta http-equiv=refresh content="0;url=/sign-out">'),
    Hostile("<form action=javascript:__hit=1><button>x</form>"),
    Hostile("<marquee onstart=__hit=1>x</marquee>"),
    Hostile('" onfocus=__hit=1 autofocus x="', "double"),
    Hostile('"><script>__hit=1</script>', "double"),
    Hostile("' onfocus=__hit=1 autofocus x='", "single"),
    Hostile("'><img src=x onerror=__hit=1>", "single"),
    Hostile("x onfocus=__hit=1 autofocus", "bare"),
    Hostile("</title><script>__hit=1</script>", "title"),
    Hostile("</textarea><script>__hit=1</script>", "textarea"),
    Hostile("</script><script>__hit=1</script>", "script"),
    Hostile('";__hit=1;//', "script"),
    Hostile("</style><img src=x onerror=__hit=1>", "style"),
    Hostile("--><img src=x onerror=__hit=1><!--", "comment"),
    Hostile("</title></svg><img src=x onerror=__hit=1>", "drawing"),
    Hostile('<svg></p><style><a id="</style><img src=x onerror=__hit=1>'),
    # Nothing in these runs, but an entity that is read twice is other text, and so is a template's own syntax.
    Hostile("&lt;script&gt;__hit=1&lt;/script&gt; &amp;quot;"),
    Hostile("{{ 7|add:7 }}{% now 'Y' %}${7*7}<%= 7*7 %>\\u003cb\\u003e"),
    Hostile("null\u200bundefined\ttwo\n<b>lines\u202etfel ot thgir\u202c\u2066<i>\u2069"),
    Hostile("<u>" + "W" * 50),
]


def packed(texts: Iterable[str], longest: int) -> list[str]:
    """The texts, as many in one as fit, with a blank between; what is longer by itself is cut."""
    found = [""]
    for text in texts:
        text = text[:longest]
        if len(found[-1]) + 1 + len(text) > longest:
            found.append("")
        found[-1] = f"{found[-1]} {text}".strip(" ")
    return found

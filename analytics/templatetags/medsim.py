"""What the templates say in words (analytics.words), as filters and tags."""

from datetime import datetime
from html import escape

from django import template
from django.utils.safestring import mark_safe

from analytics import dates, words
from analytics.moments import clock_time, moment
from analytics.navigation import links_for
from analytics.numbers import fixed
from engagement.standing import BACK, NEEDING, PAUSED, PLAIN, RISEN, UNMEASURED

register = template.Library()

for function in (
    dates.long_date,
    words.change_words,
    words.difficulty_words,
    words.help_words,
    words.clearing_sentence,
    words.duration,
    words.insufficient_sentence,
    words.level_words,
    words.number,
    words.signed,
    words.points_sentence,
    words.standing_sentence,
    words.type_words,
    words.whole,
):
    register.filter(function.__name__, function)


@register.filter
def figure(value: float, decimals: int) -> str:
    """`{{ score|figure:2 }}`: rounded and written as all other numbers are."""
    return fixed(value, decimals)


@register.filter
def counted(number: int, one: str) -> str:
    """`{{ n|counted:"learner" }}`: 1 learner, 2 learners."""
    return words.count(number, one)


@register.simple_tag(takes_context=True)
def chart(context, it, of: str = "") -> str:
    """`{% chart levels %}`: any chart of analytics.charts, by its own template. of: whose, where a page has several."""
    with context.push(chart=it, of=of):
        return context.template.engine.get_template(it.template).render(context)


@register.simple_tag
def table_rows(table) -> str:
    """The rows of an analytics.charts.Table; a tag, for some have hundreds.

    Where all columns after the first hold figures the table says so itself (`is_figures`), not each cell.
    """
    figures = 0 if table.is_figures else table.figures
    return mark_safe("".join([_table_row(row, figures) for row in table.rows]))


def _table_row(row, figures: int) -> str:
    # Each is escaped here, without Django's look at whether it was before: a cell never was.
    head, *cells = [escape(str(cell)) for cell in row]
    told = [f'<td class="figure">{cell}</td>' for cell in cells[:figures]] + [
        f"<td>{cell}</td>" for cell in cells[figures:]
    ]
    return f'<tr><th scope="row">{head}</th>{"".join(told)}</tr>\n'


register.simple_tag(moment)


@register.simple_tag
def case_result(case, now: datetime) -> str:
    """What became of a case (analytics.selectors.learners.CaseResult)."""
    return words.case_result(case, now)


@register.simple_tag
def share_of(part: int, total: int) -> str:
    """`16%`; an en dash where there is nothing to be a share of."""
    return words.share(part, total)


register.simple_tag(clock_time)


@register.simple_tag(takes_context=True)
def navigation(context) -> list:
    """`{% navigation as links %}`: the header's links for who is signed in (analytics.navigation)."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    return links_for(context["user"], match.url_name if match else "")


@register.simple_tag
def own_standing(overview) -> str:
    """What stands out, to the learner himself (analytics.selectors.learners.LearnerOverview)."""
    return words.own_standing_sentence(overview.standing, has_begun=overview.last_seen is not None)


@register.simple_tag
def overview_sentence(overview) -> str:
    kinds = overview.kinds
    return words.summary_sentences(
        size=overview.size,
        needing=kinds[NEEDING],
        unremarkable=kinds[PLAIN],
        back=kinds[BACK],
        risen=kinds[RISEN],
        paused=kinds[PAUSED],
        unmeasured=kinds[UNMEASURED],
    )

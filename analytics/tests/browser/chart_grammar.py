"""What every chart must say, looked for on a page as it came."""

# A drawing is read by a figure around it, or stands in a table or list that says the same in words.
_FAULTS = """() => {
  const faults = [], said = (element) => (element?.textContent || '').replace(/\\s+/g, ' ').trim();
  const isTold = (note) => /days in \\S+/.test(said(note)) && /complete through .+/.test(said(note));
  const nameOf = (svg) => {
    const by = svg.getAttribute('aria-labelledby');
    if (by) return by.split(/\\s+/).map((id) => said(document.getElementById(id))).filter(Boolean).join(' ');
    return svg.getAttribute('aria-label') || said(svg.querySelector(':scope > title'));
  };
  for (const figure of document.querySelectorAll('figure.chart:not(.no-chart)')) {
    const title = said(figure.querySelector('figcaption'));
    const fault = (what) => faults.push(`${title || '(no title)'}: ${what}`);
    if (!title) fault('no title');
    const note = figure.querySelector(':scope > .note');
    if (!isTold(note)) fault(`no zone or freshness: ${said(note)}`);
    if (said(note).split(' · ').length < 3) fault(`no n or period: ${said(note)}`);
    const twin = figure.querySelector('details.twin table');
    if (!twin?.tBodies[0]?.rows.length) fault('no table twin');
    if (!figure.querySelector('details.twin summary')) fault('nothing the keyboard stops at');
    const apart = 'svg svg, .key, [aria-hidden=true]';
    const drawn = [...figure.querySelectorAll('svg')].filter((svg) => !svg.closest(apart));
    const list = figure.querySelector('[aria-label].funnel');
    if (!drawn.some((svg) => ['img', 'group'].includes(svg.getAttribute('role'))) && !list) fault('nothing described');
    for (const svg of drawn) if (svg.hasAttribute('role') && !nameOf(svg)) fault('a drawing without words');
  }
  for (const svg of document.querySelectorAll('main svg:not(.swatch)')) {
    if (svg.closest('figure.chart, svg svg')) continue;
    const section = svg.closest('section') || document.querySelector('main');
    const words = nameOf(svg) || (svg.getAttribute('aria-hidden') && said(svg.closest('tr, li')));
    if (!words) faults.push(`${said(section).slice(0, 40)}: a drawing beside the text without words`);
    const freshOnTop = /complete through/.test(said(document.querySelector('main .fresh')));
    const notes = [...section.querySelectorAll('.note')];
    const isFresh = svg.classList.contains('spark') ? freshOnTop : notes.some(isTold);
    if (!isFresh) faults.push(`${said(section).slice(0, 40)}: no zone or freshness under its bars`);
  }
  return [...new Set(faults)];
}"""


def chart_faults(page) -> list[str]:
    """What charts of an English page lack: title, description, n, period, zone, freshness, table, a keyboard stop."""
    return page.evaluate(_FAULTS)


def charts_on(page) -> int:
    return page.locator("figure.chart:not(.no-chart)").count()

"""Whether anything on an open page runs that should be text, and what stands there as text."""

from playwright.sync_api import Page

# Elements that our pages never hold; what they do hold, such as a script, comes from this host or holds data.
_TRACES = """() => {
    const found = window.__hit === undefined ? [] : ['a script ran'];
    const never = ['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'MARQUEE', 'VIDEO', 'SOURCE', 'MATH', 'STYLE', 'ANIMATE',
        'B', 'I', 'U'];
    for (const each of document.querySelectorAll('*')) {
        const name = each.tagName.toUpperCase();
        // Select2 draws its arrow with an empty <b>.
        if (never.includes(name) && !each.matches('b[role="presentation"]:empty')) found.push(`<${name}>`);
        if (name === 'SCRIPT' && !each.src && each.type !== 'application/json') found.push('an inline script');
        if (each.matches('img:not([src^="/static/"]), meta[http-equiv]')) found.push(each.outerHTML);
        for (const {name, value} of each.attributes) {
            const scheme = value.replace(/[\\s\\x00-\\x1f]/g, '').toLowerCase();
            if (name.startsWith('on')) found.push(`${name}=${value}`);
            if (/^(.*:)?(href|src|action|formaction|data)$/.test(name) && /^(javascript|data|vbscript):/.test(scheme))
                found.push(`${name}=${value}`);
        }
    }
    return found;
}"""
_TEXTS = """() => [...document.querySelectorAll('*')].flatMap(each => [
    [...each.childNodes].map(node => node.tagName === 'BR' ? '\\n' : node.nodeType === Node.TEXT_NODE ? node.data : '')
        .join(''),
    each.value ?? '', ...[...each.attributes].map(one => one.value),
]).join('\\n')"""


def traces(page: Page) -> list[str]:
    """What came to life: a script that ran, an element or attribute that runs something."""
    return page.evaluate(_TRACES)


def texts(page: Page) -> str:
    """All that stands on the page, shown or in an attribute, each as the browser understood it."""
    return page.evaluate(_TEXTS)

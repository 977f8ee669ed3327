"""The code that puts a map into somebody else's page, and the oEmbed answer for it.

The iframe works wherever HTML may be pasted: it takes the width that it is given, has a title for
screen readers, and a link below it that stays where frames are not let in. Sizes are attributes
and nothing is an inline style, since a strict Content-Security-Policy forbids those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from outposts import dates
from outposts.errors import MapError
from outposts.render.verbatim import plain_json

HEIGHT = 720
"""Pixels: what a page asks for from a width of 900 on; the loader gives narrower ones more."""
WIDE = 900
"""Pixels: the width told to oEmbed's consumers; the frame itself takes what it is given."""
CACHED = 86_400
"""Seconds for which a consumer may keep an oEmbed answer."""
EXAMPLE = "https://example.org/maps/"
"""Stands in for the address of a map's folder, to be replaced by whoever pastes."""
LOADER = "loader.js"
"""The loader's file beside the maps."""
GAP = "<address>"
"""Stands in for an address in code that the page completes: no escaped text can hold it."""

# No allow-same-origin: a map keeps nothing in the browser and reads nothing of the site that serves it.
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads"
IFRAME = (
    '<iframe{marks} src="{address}" title="{title}" width="100%" height="{height}" loading="lazy" '
    'sandbox="{sandbox}" allow="clipboard-write *" frameborder="0"></iframe>\n'
    '<p><a href="{address}">{title}</a></p>'
)
SCRIPT = '{iframe}\n<script async src="{loader}"></script>'
# AMP lets an iframe stand near the top only with a placeholder, and grow only with an overflow.
AMP = (
    '<script async custom-element="amp-iframe" src="https://cdn.ampproject.org/v0/amp-iframe-0.1.js"></script>\n'
    '<amp-iframe src="{address}" title="{title}" layout="fixed-height" height="{height}" '
    'sandbox="{sandbox}" allow="clipboard-write *" frameborder="0" resizable>'
    "<p placeholder>{title}</p>"
    '<div overflow tabindex="0" role="button" aria-label="{title}">&#8942;</div></amp-iframe>\n'
    '<p><a href="{address}">{title}</a></p>'
)
WORDPRESS = "<!-- wp:html -->\n{iframe}\n<!-- /wp:html -->"
DISCOVERY = '<link rel="alternate" type="application/json+oembed" href="{oembed}" title="{title}">'


@dataclass(frozen=True, slots=True)
class Place:
    """Where a map's page is published: an address without query and fragment that ends in ``.html``.

    Examples
    --------
    >>> place("https://example.org/maps", "hanoi").oembed
    'https://example.org/maps/hanoi.oembed.json'
    """

    page: str

    @property
    def folder(self) -> str:
        """The address of the folder, with its last slash."""
        return self.page.rpartition("/")[0] + "/"

    @property
    def origin(self) -> str:
        """Scheme and host: what a parent page's ``frame-src`` has to name."""
        parts = urlsplit(self.page)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def oembed(self) -> str:
        """The address of the oEmbed answer beside the page."""
        return self.page.removesuffix(".html") + ".oembed.json"

    @property
    def loader(self) -> str:
        """The address of the loader beside the page."""
        return self.folder + LOADER

    def showing(self, state: Mapping[str, str]) -> str:
        """Return the address that shows a state, given as texts by the keys of the page's fragment."""
        told = "&".join(f"{key}={quote(text, safe=_PLAIN)}" for key, text in state.items())
        return f"{self.page}#{told}" if told else self.page


_PLAIN = "!'()*,-._~"  # what encodeURIComponent leaves, and the comma, as in the page's own links


def place(home: str, name: str) -> Place:
    """Return where the map ``name`` is published in the folder at the address ``home``.

    Raises `MapError` for an address that is not plain web.
    """
    return Place(f"{folder(home)}{quote(name)}.html")


def folder(home: str) -> str:
    """Return the address of a folder on the web in its plain form: ASCII, with its last slash.

    Raises `MapError` for one that is not http or https, or that has a user, a query or a fragment.
    """
    try:
        parts = urlsplit(home.strip())
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:  # of UnicodeError too
        raise MapError(f"{home!r} is no web address; {_WAY_OUT}") from None
    if parts.scheme not in ("http", "https") or not host or not _HOST.issuperset(host):
        raise MapError(f"{home!r} is no web address; {_WAY_OUT}")
    if parts.username is not None or parts.query or parts.fragment:
        raise MapError(f"{home!r} has more than scheme, host and path; {_WAY_OUT}")
    name = f"[{host}]" if ":" in host else host
    path = quote(parts.path.rstrip("/"), safe="/%:@!$&()*+=~-._")
    return urlunsplit((parts.scheme, name + (f":{port}" if port else ""), path + "/", "", ""))


_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-:")
_WAY_OUT = f"give the folder where the maps are published, such as {EXAMPLE}"


def live(
    on: int | None = None, venue: str | None = None, lang: str | None = None
) -> dict[str, str]:
    """Return the state that follows new evidence; the map's own first day if ``on`` is None."""
    known = {} if on is None else {"date": dates.iso(on), "known": "latest"}
    return known | _chosen(venue, lang)


def frozen(
    on: int, known: int, venue: str | None = None, lang: str | None = None
) -> dict[str, str]:
    """Return the state that stays as it is: a day, by what was known on another."""
    return {"date": dates.iso(on), "known": dates.iso(known)} | _chosen(venue, lang)


def _chosen(venue: str | None, lang: str | None) -> dict[str, str]:
    return {key: text for key, text in (("venue", venue), ("lang", lang)) if text is not None}


def iframe(address: str, title: str) -> str:
    """Return a responsive iframe with its title, and a link for readers whose page lets no frame in."""
    return _filled(IFRAME, address, title, marks="")


def gap(title: str) -> str:
    """Return that code with `GAP` in place of the address, which only the page itself knows."""
    return IFRAME.format(marks="", address=GAP, title=escape(title), height=HEIGHT, sandbox=SANDBOX)


def loader(address: str, title: str, script: str) -> str:
    """Return the iframe with the loader at ``script``, which gives it its height and scroll steps."""
    marked = _filled(IFRAME, address, title, marks=" data-outposts")
    return SCRIPT.format(iframe=marked, loader=escape(script))


def amp(address: str, title: str) -> str:
    """Return an ``amp-iframe``, and the script that belongs into the head of an AMP page.

    AMP takes an address of ``https`` only.
    """
    return _filled(AMP, address, title)


def wordpress(address: str, title: str) -> str:
    """Return a block of WordPress's editor, "Custom HTML", with the iframe."""
    return WORDPRESS.format(iframe=iframe(address, title))


def discovery(where: Place, title: str) -> str:
    """Return the element of a page's head by which consumers find its oEmbed answer."""
    return DISCOVERY.format(oembed=escape(where.oembed), title=escape(title))


def oembed(where: Place, data: Mapping[str, Any], state: Mapping[str, str] | None = None) -> str:
    """Return the oEmbed 1.0 answer of type ``rich`` as JSON, one line.

    ``data`` is that of the map (`outposts.Map.data`). Beside oEmbed's own fields there are
    ``data_version``, ``data_hash`` and ``data_known``, by which a page tells whether there is a newer one.
    A static file cannot heed a consumer's ``maxwidth``: the frame takes any width, ``width`` is a proposal.
    """
    registry = data["registry"]
    answer = {
        "type": "rich",
        "version": "1.0",
        "title": data["title"],
        "author_name": data["credit"] or registry["title"],
        "provider_name": registry["title"],
        "provider_url": where.folder,
        "cache_age": CACHED,
        "html": iframe(where.showing(state or {}), data["title"]),
        "width": WIDE,
        "height": HEIGHT,
        "data_version": registry["version"],
        "data_hash": data["hash"],
        "data_known": dates.iso(data["known"]),
    }
    return plain_json(answer) + "\n"


def _filled(template: str, address: str, title: str, **more: str) -> str:
    return template.format(
        address=escape(address), title=escape(title), height=HEIGHT, sandbox=SANDBOX, **more
    )

"""The HTML page around a map: no template meets data, and it carries its own policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from branca.element import Figure

from outposts.render import assets
from outposts.render.embed import Place, discovery
from outposts.render.seal import BLANK, sealed
from outposts.render.verbatim import packed_block
from outposts.words import words

# Nobody is asked for anything; scripts and styles run only if their hash is named, or if they lie beside the page and
# it was built to share them: a browser checks no hash of a file that it reads from a disk.
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src {pictures}data: blob:{tiles}; "
    "font-src {fonts}; connect-src {asked}; base-uri 'none'; form-action 'none'"
)
BESIDE = "'self' file:"
HEIGHT = 640
"""Pixels: how high a notebook shows a page."""

_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


class Page(Figure):
    """A folium figure that renders one self-contained page in place of branca's.

    ``table`` and ``footer`` are HTML that is already escaped; ``title`` and ``deck`` are text,
    ``fonts`` names of embedded fonts, ``tiles`` and ``archives`` the origins that a
    reader may ask for pictures and for parts of an archive, ``home`` where the page is published, if that
    is known. With ``shared``, it links to the files of `assets.shared` instead of carrying code, styles and fonts;
    ``picture`` is the name of one beside it, shown to cards and to readers without scripts. ``origin`` says by name what
    the page was made from; it and the page's own hash stand in
    ``<meta name="outposts:...">``.
    A page to which other folium elements were added carries no policy, since what they load
    and run is not known here.
    """

    def __init__(
        self,
        title: str,
        deck: str,
        lang: str,
        table: str,
        footer: str,
        own: frozenset[str],
        fonts: tuple[str, ...] = (),
        tiles: Sequence[str] = (),
        archives: Sequence[str] = (),
        origin: Mapping[str, str] | None = None,
        home: Place | None = None,
        shared: bool = False,
        picture: str | None = None,
    ) -> None:
        super().__init__(title=title)
        self._name = "Page"
        self.deck = deck
        self.lang = lang
        self.table = table
        self.footer = footer
        self.fonts = fonts
        self.tiles = tiles
        self.archives = archives
        self.origin = dict(origin or {})
        self.home = home
        self.shared = shared
        self.picture = picture
        self._own = own

    def render(self, **kwargs: Any) -> str:
        """Return the page's HTML; twice gives the same."""
        for part in (self.header, self.html, self.script):
            part._children.clear()
        for child in self._children.values():
            child.render(**kwargs)
        # folium's own header forbids pinch zoom and sets sizes that our style sheet sets.
        head = {name: e.render(**kwargs) for name, e in self.header._children.items() if name not in self._own and name != "meta_http"}  # fmt: skip
        body = {name: e.render(**kwargs) for name, e in self.html._children.items()}
        script = "\n".join(e.render(**kwargs) for e in self.script._children.values())
        stage = body.pop("map", "")
        children = {
            **self._children,
            **{name: e for child in self._children.values() for name, e in child._children.items()},
        }
        added = [name for name, e in children.items() if not getattr(e, "self_contained", False)]
        foreign = any(not self._ours(name) for name in (*head, *body, *added))
        return sealed(
            self._page("\n".join(head.values()), stage, "".join(body.values()), script, foreign)
        )

    def _repr_html_(self, **kwargs: Any) -> str:
        """Return the page in a frame of its own, as a notebook shows it: `HEIGHT` high, as wide as the notebook."""
        title, html = escape(str(self.title)), escape(self.render(**kwargs))
        return (
            f'<iframe title="{title}" srcdoc="{html}" loading="lazy" allowfullscreen '
            f'style="display: block; width: 100%; height: {HEIGHT}px; border: 0"></iframe>'
        )

    def _ours(self, name: str) -> bool:
        return name in self._own or name.startswith("outposts-timeline-")

    def _page(self, head: str, stage: str, blocks: str, script: str, foreign: bool) -> str:
        own = words(self.lang)
        strings = own.table["strings"]
        styles = "".join(f"<style>{text}</style>\n" for text in assets.styles())
        code: tuple[str, ...] = (*assets.scripts(bool(self.tiles or self.archives)), script)
        if self.fonts:
            blocks += packed_block("outposts-fonts", assets.fonts(self.fonts, self.shared))
        scripts = f"<script>{assets.blocks()}</script>\n"
        if self.shared:
            styles = f'<link rel="stylesheet" href="{assets.shared_name(".css")}">\n'
            scripts = (
                f'<script src="{assets.shared_name(".js")}"></script>\n<script>{script}</script>\n'
            )
            code = ()
        elif foreign:  # the others' scripts expect Leaflet and the map at once
            scripts += "".join(f"<script>{text}</script>\n" for text in code)
        else:
            scripts += packed_block("outposts-code", code)
            scripts += '<script>outposts.run("outposts-code")</script>\n'
        direction = own.table["dir"]
        title, deck = escape(str(self.title)), escape(self.deck)
        shown = ""
        if self.picture:
            name = escape(self.picture)
            shown = f'<img src="{name}" alt="{title}" width="1200" height="630">'
            address = escape(self.home.folder) + name if self.home else name
            head += f'\n<meta property="og:image" content="{address}">'
        links = discovery(self.home, str(self.title)) + "\n" if self.home else ""
        asked = [*self.archives, *([self.home.oembed] if self.home else [])]
        policy = (
            ""
            if foreign
            else _policy(
                head + styles + scripts, code, self.tiles, asked, self.shared, bool(self.picture)
            )
        )
        origin = "".join(
            f'<meta name="outposts:{name}" content="{escape(value)}">\n'
            for name, value in self.origin.items()
        )
        return (
            "<!DOCTYPE html>\n"
            f'<html lang="{own.lang}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
            f"{policy}"
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="referrer" content="no-referrer">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f'<meta name="description" content="{deck}">\n{origin}{BLANK}'
            f"<title>{title}</title>\n{links}{head}{styles}</head>\n<body>\n"
            f'<a class="outposts-skip" href="#outposts-table">{escape(strings["skip"])}</a>\n'
            '<main id="outposts" class="outposts" data-outposts="loading">\n'
            '<div class="outposts-stage">'
            f'<header class="outposts-header" lang="{escape(self.lang)}" dir="auto"><h1>{title}</h1>'
            f'<p class="outposts-deck">{deck}</p></header>\n{stage}</div>\n'
            f"<noscript><p>{escape(strings['noScript'])}</p>{shown}</noscript>\n"
            f'<p class="outposts-failed" hidden>{escape(strings["tooOld"])}</p>\n'
            f"{self.table}\n{self.footer}\n"
            f"</main>\n{blocks}{scripts}</body>\n</html>\n"
        )


def _policy(
    html: str,
    packed: Sequence[str],
    tiles: Sequence[str],
    asked: Sequence[str],
    shared: bool,
    picture: bool,
) -> str:
    """Return the Content-Security-Policy that lets just these scripts and styles run, the packed and the shared ones."""
    beside = [BESIDE] if shared else []
    hashes: dict[str, list[str]] = {"script": [*beside], "style": [*beside]}
    for kind, text in (*_INLINE.findall(html), *(("script", text) for text in packed)):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        hashes[kind].append(f"'sha256-{digest}'")
    content = POLICY.format(
        scripts=" ".join(hashes["script"]),
        styles=" ".join(hashes["style"]),
        fonts=BESIDE if shared else "data:",
        pictures=f"{BESIDE} " if picture else "",
        tiles="".join(f" {escape(origin)}" for origin in tiles),
        asked=" ".join(escape(origin) for origin in asked) or "'none'",
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{content}">\n'

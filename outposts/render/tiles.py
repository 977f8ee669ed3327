"""Street tiles that a reader may ask for: where they come from, and who is to be thanked."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from outposts.errors import MapError, UnknownName
from outposts.nearest import did_you_mean

OWN = "natural-earth"
"""The name of the outlines that every page carries: no tiles."""


def tiles(basemap: Any) -> dict[str, Any] | None:
    """Return what a page needs to show a provider's tiles, or None where it offers none.

    Parameters
    ----------
    basemap
        ``natural-earth``, the name of a provider of xyzservices such as ``OpenStreetMap.Mapnik``,
        an ``xyzservices.TileProvider``, or ``{"pmtiles": URL}``.

    Returns
    -------
    dict
        ``url`` with ``{s}``, ``{z}``, ``{x}``, ``{y}``, ``{r}`` as Leaflet takes them, ``subdomains``,
        ``host`` and ``origins`` that are asked, ``attribution`` as text, ``name`` and ``maxZoom``.
        Of an archive ``pmtiles``, ``host``, ``origins`` and ``name``: the rest stands in the archive.

    Raises
    ------
    UnknownName
        If no provider is called so.
    MapError
        If the provider needs a key that it does not have, or is not asked over https.
    """
    if basemap == OWN:
        return None
    if isinstance(basemap, dict) and set(basemap) == {"pmtiles"}:
        url = str(basemap["pmtiles"])
        origin = _origin(url, "the archive")
        return {"name": url, "pmtiles": url, "host": urlsplit(url).netloc, "origins": [origin]}
    import xyzservices

    if isinstance(basemap, str):
        known = xyzservices.providers.flatten()
        if basemap not in known:
            near = did_you_mean(basemap, [OWN, *known])
            raise UnknownName(f"there is no provider of tiles {basemap!r}{near}")
        basemap = known[basemap]
    if not isinstance(basemap, xyzservices.TileProvider):
        raise MapError(
            f"{OWN!r}, a provider of xyzservices or {{pmtiles: URL}} is needed, not {basemap!r}"
        )
    if basemap.requires_token():
        raise MapError(
            f"{basemap.name} needs a key; pass xyzservices.providers...(apiKey=...) in Python, "
            "or choose a provider without one"
        )
    url = basemap.build_url(x="{x}", y="{y}", z="{z}", scale_factor="{r}", fill_subdomain=False)
    subdomains = str(basemap.get("subdomains", "abc")) if "{s}" in url else ""
    origins = [_origin(url.replace("{s}", one), basemap.name) for one in subdomains or [""]]
    return {
        "name": basemap.name,
        "url": url,
        "subdomains": subdomains,
        "host": urlsplit(origins[0]).netloc if len(origins) == 1 else _common(url),
        "origins": origins,
        "attribution": str(basemap.get("attribution", "")),
        "maxZoom": int(basemap.get("max_zoom", 18)),
    }


def _origin(url: str, name: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"):
        return f"http://{parts.netloc}"  # one's own machine
    if parts.scheme != "https" or not re.fullmatch(r"[A-Za-z0-9.-]+(:\d+)?", parts.netloc):
        raise MapError(f"{name} is not asked over https: {url}")
    return f"https://{parts.netloc}"


def _common(url: str) -> str:
    """Return the host without the part that varies: ``{s}.tile.example`` is told as ``tile.example``."""
    return urlsplit(url).netloc.replace("{s}.", "").replace("{s}", "")

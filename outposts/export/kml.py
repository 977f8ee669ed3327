"""KML 2.2 for Google Earth and its time slider: a placemark per venue and run of status."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape as escape_xml
from xml.sax.saxutils import quoteattr

from shapely.geometry.base import BaseGeometry

from outposts.basemap import country_names
from outposts.circles import extents
from outposts.filters import NEVER_THERE
from outposts.vocabulary import vocabulary

if TYPE_CHECKING:
    from outposts.export.extract import Extract

Row = Mapping[str, Any]
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" '
    'xmlns:atom="http://www.w3.org/2005/Atom">\n<Document>\n'
)
PINNED = ("building", "street")  # any other venue is drawn as the area in which it lies
NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FILL, LINE = "40", "c0"  # opacity
SMOOTH = 0.01  # of a circle's width: how far its drawn edge may be off
PLACES = 4  # decimals of its degrees: 11 metres


def write(extract: Extract, path: Path) -> None:
    """Write a folder a country, in it a folder a venue, in it a placemark a run of its status.

    A run's time span has both ends included. Only a venue known to its building or street is a point; one
    known to its district or town is the area within its radius, one known only by country has no geometry.
    Runs before there is evidence are there, but not shown until they are ticked.
    """
    areas = extents(extract.on)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(HEAD + _document(extract.about))
        # Ids begin with the country's code, so venues sorted by id are sorted by country too.
        for country, inside in groupby(extract.nested(), key=lambda pair: pair[0]["country"]):
            file.write(f"<Folder>{_text('name', country_names().get(country, country))}\n")
            for row, lists in inside:
                file.write(_venue(row, lists, _geometry(row, areas[row["venue"]])))
            file.write("</Folder>\n")
        file.write("</Document>\n</kml>\n")


def _text(tag: str, text: object) -> str:
    """Return an element with a text; what XML cannot hold becomes U+FFFD."""
    kept = str(text)
    if not kept.isprintable():
        kept = NOT_XML.sub("\ufffd", kept)
    return f"<{tag}>{escape_xml(kept)}</{tag}>"


def _document(about: Mapping[str, str | int]) -> str:
    told = [_text("name", about["title"])]
    if "attribution" in about:
        told.append(f"<atom:author>{_text('atom:name', about['attribution'])}</atom:author>")
    if "licence_url" in about:
        told.append(f'<atom:link href={quoteattr(str(about["licence_url"]))} rel="license"/>')
    lines = [f"{key}: {value}" for key, value in about.items() if key != "title"]
    told.append(_text("description", "<br>".join(map(escape, lines))))
    told += [_style(status, look["color"]) for status, look in vocabulary()["statuses"].items()]
    return "\n".join([*told, _data(about), ""])


def _style(status: str, color: str) -> str:
    red, green, blue = color[1:3], color[3:5], color[5:7]
    kinds = "".join(
        f"<{kind}>{_text('color', opacity + blue + green + red)}</{kind}>"
        for kind, opacity in (("IconStyle", "ff"), ("LineStyle", LINE), ("PolyStyle", FILL))
    )
    return f'<Style id="{status}">{kinds}</Style>'


def _data(values: Row) -> str:
    texts = {
        key: " ".join(value) if isinstance(value, list) else value for key, value in values.items()
    }
    told = (
        f'<Data name="{key}">{_text("value", value)}</Data>'
        for key, value in texts.items()
        if value not in (None, "")
    )
    return f"<ExtendedData>{''.join(told)}</ExtendedData>"


def _venue(row: Row, lists: Mapping[str, list[dict[str, Any]]], geometry: str) -> str:
    place = {key: row[key] for key in ("venue", "kind", "country", "place", "precision", "radius_m")}  # fmt: skip
    known = {key: place[key] for key in ("venue", "precision", "radius_m")}
    names = ", ".join(name["name"] for name in lists["names"])
    # What a claim says stands once, with its venue: a run names its claims, or the file is three times as large.
    items = [_item(claim) for claim in lists["claims"]]
    brief = {claim["claim"]: f"<li>{_told(claim)}</li>" for claim in lists["claims"]}
    where, name, data = _place(row), _text("name", row["name"]), _data({**place, "names": names})
    told = [name, _text("description", where + _listed("Claims", items)), data]
    for run in lists["runs"]:
        for_, against = ([brief[id] for id in run[side]] for side in ("for", "against"))
        said = f"{_answer(run)}{where}{_listed('For', for_)}{_listed('Against', against)}"
        placemark = [
            name,
            _text("visibility", int(run["status"] not in NEVER_THERE)),
            _text("description", said),
            _span(run),
            _text("styleUrl", f"#{run['status']}"),
            _data({**known, **run}),
            geometry,
        ]
        told.append(f"<Placemark>{''.join(placemark)}</Placemark>")
    return f"<Folder>{''.join(told)}</Folder>\n"


def _answer(run: Row) -> str:
    words = vocabulary()["en"]
    status, reason = words["statuses"][run["status"]]["label"], words["reasons"][run["reason"]]
    return f"<p><b>{escape(status)}</b>: {escape(reason)}</p>"


def _place(row: Row) -> str:
    told = [row["place"], country_names().get(row["country"], row["country"])]
    radius = f", within {row['radius_m'] / 1000:g} km" if row["radius_m"] else ""
    exact = vocabulary()["en"]["precisions"][row["precision"]]
    return f"<p>{escape(', '.join(part for part in told if part))} ({escape(exact)}{radius})</p>"


def _told(claim: Row) -> str:
    """Return a claim in a line of HTML; all texts are escaped, and only addresses http or https are links."""
    label, url = escape(claim["source_label"]), claim["url"] or ""
    if url.startswith(("http://", "https://")):
        label = f'<a href="{escape(url)}">{label}</a>'
    return f"{escape(claim['says'])} {escape(claim['when'])}, {escape(claim['claim'])}, {label}"


def _item(claim: Row) -> str:
    """Return all that a claim says as HTML."""
    bounds = f" ({claim['first_day'] or ''}/{claim['last_day'] or ''})"
    quote = f": “{escape(claim['quote'])}”" if claim["quote"] else ""
    return f"<li>{_told(claim)}{bounds}{quote}</li>"


def _listed(heading: str, items: Iterable[str]) -> str:
    found = "".join(items)
    return f"<p>{heading}</p><ul>{found}</ul>" if found else ""


def _span(run: Row) -> str:
    """Return the days of a run, the last included; an open end is left out."""
    end = run["end"] and dt.date.fromisoformat(run["end"]) - dt.timedelta(days=1)
    days = (("begin", run["start"]), ("end", end))
    return f"<TimeSpan>{''.join(_text(tag, day) for tag, day in days if day)}</TimeSpan>"


def _geometry(row: Row, area: BaseGeometry | None) -> str:
    if row["lon"] is None:
        return ""
    if row["precision"] in PINNED:
        point = _text("coordinates", f"{row['lon']},{row['lat']}")
        return f"<Point>{point}</Point>"
    if area is None:  # no radius is known: a point would say too much
        return ""
    west, _, east, _ = area.bounds
    rough = area.simplify(SMOOTH * (east - west))
    rings = (polygon.exterior.coords for polygon in getattr(rough, "geoms", [rough]))
    return f"<MultiGeometry>{''.join(map(_polygon, rings))}</MultiGeometry>"


def _polygon(corners: Iterable[tuple[float, ...]]) -> str:
    ring = _text(
        "coordinates", " ".join(f"{lon:.{PLACES}f},{lat:.{PLACES}f}" for lon, lat in corners)
    )
    edge = f"<outerBoundaryIs><LinearRing>{ring}</LinearRing></outerBoundaryIs>"
    return f"<Polygon><tessellate>1</tessellate>{edge}</Polygon>"

"""Statuses over time on any folium map, from any GeoDataFrame: `outposts.StatusTimeline`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from branca.element import Element
from numpy.typing import NDArray

from outposts import dates
from outposts.errors import MapError
from outposts.render import assets, pack
from outposts.render.columns import NEVER, column, days, labels, lonlat, texts
from outposts.render.page import Page
from outposts.render.verbatim import Verbatim
from outposts.rules import STATUSES
from outposts.vocabulary import closest, vocabulary

MOST = 24  # statuses that shapes and colours can still tell apart
LISTED = 200  # venues without a place whose names the page lists
CHUNK = 1000  # venues whose texts are unpacked together
OPEN = 2**32 - 1  # length of a run without an end
GRID = 2**26  # the world's side in units of 0.6 m at the equator
STEEPEST = 85.0511287798066  # latitude where the square of web Mercator ends
SHAPES = ("disc", "half", "target", "pause", "cross", "dashes")
COLORS = (  # light and dark scheme
    ("#0f7f6b", "#38c7a5"), ("#c4630a", "#f2a04c"), ("#6a4fb8", "#b6a1f6"), ("#0a57a5", "#86bdff"),
    ("#a3265a", "#f08ab3"), ("#566072", "#a3adbd"), ("#75650a", "#d9c550"), ("#1b6f8a", "#6fc3de"),
)  # fmt: skip
STRINGS = (
    "count", "date", "goToDate", "historyAlways", "historyFrom", "historyRun", "historyUntil", "noVenues", "noneShown",
    "notKnownYet", "peak", "pause", "play", "playOff", "showMore", "statuses", "statusOn", "summaryOn", "timeline",
    "unplaced", "venueCount", "venues",
)  # fmt: skip


class StatusTimeline(Element):
    """A timeline and a layer of marks that show each row's status on a day, for any folium map.

    The reader drags a day along a histogram; marks that would overlap share a donut that
    counts them by status; a click tells a venue's history and details. Nothing is asked of
    the network, and no value of the data passes through a template: a name such as
    ``{{7*7}}`` or ``<script>`` is text. Add as many as you like to a page.

    Parameters
    ----------
    gdf : geopandas.GeoDataFrame
        One row per run of a status. Points in any CRS are turned into EPSG:4326 (without a
        CRS, x is longitude and y latitude, in degrees); of another geometry a point on it is
        taken. Rows without geometry are left out of the map, counted and listed below it,
        and named in `unplaced`.
    start, end : str
        Columns with the first day of a run (included) and the day on which it is over
        (excluded). Datetimes, dates, periods, ISO strings, and whole numbers, which are years;
        a month or a year alone stands for its first day; an aware time for its date on its own
        clock. None, NaN, NaT and "" are open: from ever, until further notice.
    status : str
        Column with the status. Those of `outposts.status.STATUSES` ("open", "closed", ...)
        have their own words, shapes and colours; any others get some. A missing one is
        "unknown". At most 24 different ones.
    venue : str, optional
        Column or index level that says which rows belong together, such as "venue" for
        ``registry.runs()``. If left out, every row is a venue of its own. Place, name and
        details are those of a venue's first row. A run is over, at the latest, when the next
        one of its venue starts.
    name : str, optional
        Column with the venue's name; "name" where there is one, else the index.
    details : sequence of str
        Columns that the card of a venue shows, in this order. Texts that are http(s)
        addresses become links.
    colors : mapping, optional
        Colour by status, as ``#rrggbb``.
    span : tuple, optional
        First and last day of the slider, both included; by default from the first to the last
        day in the data, or until today where a run is still open.
    on : optional
        The day first shown; by default the last of the span.
    lang : str
        BCP 47 code of the interface's words.

    Attributes
    ----------
    unplaced : list
        Index labels (or venues) that have no place.

    Raises
    ------
    UnknownName
        For a column that is not there, with the nearest names.
    MapError
        For a value that is no date, a run that ends before it starts, coordinates that
        are not degrees, too many statuses; names column, row and value.

    Examples
    --------
    >>> import folium, geopandas, outposts
    >>> from shapely import Point
    >>> cafes = geopandas.GeoDataFrame(
    ...     {"name": ["Lotus", "Mekong"], "opened": [2011, "2015-06"], "closed": ["2020-03-20", None],
    ...      "status": "open"},
    ...     geometry=[Point(102.6, 17.97), Point(102.61, 17.96)], crs="EPSG:4326",
    ... )
    >>> m = folium.Map([17.965, 102.605], zoom_start=14)
    >>> layer = outposts.StatusTimeline(cafes, start="opened", end="closed", status="status").add_to(m)
    >>> m.save("/tmp/cafes.html")  # doctest: +SKIP
    """

    self_contained = True  # a page of ours keeps its policy with it

    def __init__(
        self,
        gdf: gpd.GeoDataFrame,
        start: str = "start",
        end: str = "end",
        status: str = "status",
        *,
        venue: str | None = None,
        name: str | None = None,
        details: Sequence[str] = (),
        colors: Mapping[str, str] | None = None,
        span: tuple[Any, Any] | None = None,
        on: Any = None,
        lang: str = "en",
    ) -> None:
        super().__init__()
        self._name = "StatusTimeline"
        if not isinstance(gdf, gpd.GeoDataFrame):
            raise MapError(f"a GeoDataFrame is needed, not {type(gdf).__name__}")
        first, last = days(column(gdf, start), start), days(column(gdf, end), end)
        wrong = (first != NEVER) & (last != NEVER) & (last < first)
        if wrong.any():
            at = int(np.argmax(wrong))
            raise MapError(
                f"row {gdf.index[at]!r}: {end!r} {dates.iso(last[at])} lies before {start!r} {dates.iso(first[at])}"
            )
        kinds, codes = _statuses(column(gdf, status), status, colors or {})
        keys = gdf.index if venue is None else column(gdf, venue)
        of = np.arange(len(gdf)) if venue is None else pd.factorize(keys, use_na_sentinel=False)[0]
        firsts = np.flatnonzero(~pd.Series(of).duplicated().to_numpy())
        frame = gdf.iloc[firsts] if venue is not None else gdf
        lon, lat = lonlat(frame)
        placed = ~np.isnan(lon)
        title = name if name is not None else ("name" if "name" in gdf.columns else None)
        names = texts(column(frame, title)) if title else labels(frame.index.tolist())
        own = np.asarray(keys, dtype=object)[firsts]
        self.unplaced: list[Any] = own[~placed].tolist()
        self._box = _box(lon[placed], lat[placed])

        new = np.cumsum(placed) - 1
        kept = placed[of] & ((first == NEVER) | (last == NEVER) | (last > first))
        runs = _Runs(new[of[kept]], first[kept], last[kept], codes[kept], int(placed.sum()))
        self._span = _span(first, last, span)
        day = self._span[1] if on is None else dates.day(on)
        gone = [text for text, there in zip(names, placed, strict=True) if not there]
        if gone:
            names = [text for text, there in zip(names, placed, strict=True) if there]
        self._header = {
            "statuses": kinds,
            "span": list(self._span),
            "on": min(max(day, self._span[0]), self._span[1]),
            "venues": runs.venues,
            "runs": len(runs.start),
            "base": runs.base,
            "details": list(details),
            "chunk": CHUNK,
            "unplaced": {"count": len(gone), "names": gone[:LISTED]},
            "lang": closest(lang),
            "vocabulary": _words(lang),
        }
        self._columns = [*_grid(lon[placed], lat[placed]), *runs.columns()]
        self._names = names
        self._details = [texts(column(frame[placed], name)) for name in details]

    def get_bounds(self) -> list[list[float | None]]:
        """Return ``[[south, west], [north, east]]`` in degrees, for ``fit_bounds``; None where nothing is placed."""
        return self._box

    def render(self, **kwargs: Any) -> str:
        """Put data, scripts and the call into the page that the map is on; twice gives the same."""
        root: Any = self.get_root()
        parent: Any = self._parent
        while parent is not None and not isinstance(parent, folium.Map):
            parent = parent._parent
        if parent is None:
            raise MapError("a StatusTimeline has to be added to a folium.Map before it is rendered")
        id = f"outposts-timeline-{_timelines(root).index(self) + 1}"
        library, style = assets.timeline(whole=not isinstance(root, Page))
        root.header.add_child(Verbatim(f"<style>{style}</style>\n"), name="outposts-timeline-style")
        root.html.add_child(Verbatim(self._scripts(id)), name=id)
        root.script.add_child(Verbatim(library), name="outposts-timeline-library")
        call = f'outposts.statusTimeline({parent.get_name()}, "{id}");'
        root.script.add_child(Verbatim(call), name=id)
        return ""

    def _scripts(self, id: str) -> str:
        """Return the data as script elements: marks, names, and the details in chunks."""
        marks = pack.packed(self._header, self._columns)
        count = len(self._names) if self._details else 0
        chunks = [
            (
                f"{id}-{at // CHUNK}",
                pack.joined([values[at : at + CHUNK] for values in self._details]),
            )
            for at in range(0, count, CHUNK)
        ]
        small = [(id, marks), (f"{id}-names", pack.joined([self._names]))]
        return "".join((*pack.scripts(small, 9), *pack.scripts(chunks, 4)))


class _Runs:
    """Runs sorted by venue and first day, as whole numbers that deflate well."""

    def __init__(
        self,
        venue: NDArray[np.int64],
        start: NDArray[np.int64],
        end: NDArray[np.int64],
        status: NDArray[np.uint8],
        venues: int,
    ) -> None:
        order = np.lexsort((start, venue))
        self.venues = venues
        self.venue, self.start, self.end = venue[order], start[order], end[order]
        self.status = status[order]
        known = self.start[self.start != NEVER]
        self.base = int(known.min()) - 1 if len(known) else -1  # stands for: from ever
        self.start = np.where(self.start == NEVER, self.base, self.start)

    def columns(self) -> list[bytes]:
        """Return runs a venue, days since the start before, days until the end, statuses.

        The first start of a venue counts from `base`. A length of 0 means: until the next run
        of the venue begins; the highest number: open.
        """
        counts = np.bincount(self.venue, minlength=self.venues)
        start = self.start
        same = np.zeros(len(start), dtype=bool)
        same[1:] = self.venue[1:] == self.venue[:-1]
        before = np.where(same, np.roll(start, 1), self.base)
        length = np.where(self.end == NEVER, OPEN, self.end - start)
        until_next = np.full(len(start), OPEN + 1)
        until_next[:-1] = np.where(same[1:], start[1:] - start[:-1], OPEN + 1)
        return [
            pack.planes(counts),
            pack.planes(start - before),
            pack.planes(np.where(length >= until_next, 0, length)),
            self.status.tobytes(),
        ]


def _statuses(
    values: pd.Series[Any], name: str, colors: Mapping[str, str]
) -> tuple[list[dict[str, Any]], NDArray[np.uint8]]:
    """Return the statuses that occur, with label, shape and colours, and each row's index among them."""
    codes, uniques = pd.factorize(values, use_na_sentinel=True)
    if len(uniques) > MOST:
        some = ", ".join(repr(str(value)) for value in uniques[:3])
        raise MapError(
            f"column {name!r} has {len(uniques):,} different values, such as {some}; at most {MOST} statuses can be told apart"
        )
    plain = [str(value).strip() or "unknown" for value in uniques] + ["unknown"]
    keys = [_known(text) or text for text in plain]
    there = set(keys[:-1]) | ({"unknown"} if (codes == -1).any() or not len(codes) else set())
    table = vocabulary()["statuses"]
    order = [code for code in STATUSES if code in there] + sorted(there - set(STATUSES))
    kinds: list[dict[str, Any]] = []
    for i, key in enumerate(order):
        kind = {"code": key, "known": True, "label": key, **table.get(key, {})}
        if key not in table:
            light, dark = COLORS[i % len(COLORS)]
            kind |= {
                "known": False,
                "shape": SHAPES[i % len(SHAPES)],
                "color": light,
                "dark": dark,
            }
        kinds.append(kind)
    for status, color in colors.items():
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
            raise MapError(f"colors[{status!r}]: {color!r} is not a colour such as #0f7f6b")
        for kind in kinds:
            if kind["code"] == (_known(status) or status):
                kind |= {"color": color, "dark": color}
    index = np.array([order.index(key) if key in order else 0 for key in keys], dtype=np.uint8)
    return kinds, index[codes]


def _known(text: str) -> str | None:
    code = re.sub(r"[\s_]+", "-", text.strip().lower())
    return code if code in STATUSES else None


def _span(
    first: NDArray[np.int64], last: NDArray[np.int64], span: tuple[Any, Any] | None
) -> tuple[int, int]:
    if span is not None:
        begin, finish = (dates.day(end) for end in span)
        if begin > finish:
            raise MapError(f"span: {span[0]} is after {span[1]}")
        return begin, finish
    known = np.concatenate([first[first != NEVER], last[last != NEVER]])
    today = dates.today()
    if not len(known):
        return today, today
    begin, finish = int(known.min()), int(known.max())
    return begin, max(finish, today) if (last == NEVER).any() else finish


def _grid(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[bytes]:
    """Return places as whole numbers from 0 to 2**26, east and south from web Mercator's north-west."""
    x = (lon + 180) / 360
    sine = np.sin(np.radians(np.clip(lat, -STEEPEST, STEEPEST)))
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    return [pack.planes(np.clip(np.rint(part * GRID), 0, GRID - 1)) for part in (x, y)]


def _box(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[list[float | None]]:
    if not len(lon):
        return [[None, None], [None, None]]
    return [[float(lat.min()), float(lon.min())], [float(lat.max()), float(lon.max())]]


def _words(lang: str) -> dict[str, Any]:
    """Return the part of the vocabulary that the plugin uses, in one language."""
    code = closest(lang)
    found = vocabulary()[code]
    kept = {
        key: found[key] for key in ("months", "monthsShort", "statuses", "dates", "lists", "dir")
    }
    strings = {key: found["strings"][key] for key in STRINGS}
    return {"statuses": {}, code: {**kept, "strings": strings}}


def _timelines(element: Any) -> list[StatusTimeline]:
    """Return all timelines of a page, in the order in which they were added."""
    own = [element] if isinstance(element, StatusTimeline) else []
    return own + [found for child in element._children.values() for found in _timelines(child)]

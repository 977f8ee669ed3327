"""The months of a map as an animation: GIF, WebP or MP4, with the histogram under the map.

It plays once and rests on its last day: what moves without end distracts from the words beside it.
"""

from __future__ import annotations

import io
import tempfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outposts import dates
from outposts.errors import MapError
from outposts.files import write
from outposts.render import marks
from outposts.render.ground import Frame
from outposts.render.groups import groups, sites
from outposts.render.image import Picture, Size, counted, form_of, frame_of, size_of, theme_of
from outposts.render.look import THEMES
from outposts.render.typeset import MISSING, typeset
from outposts.rules import STATUSES
from outposts.status import history
from outposts.words import words

if TYPE_CHECKING:
    from PIL.Image import Image

FORMS = ("gif", "webp", "mp4")
STANDING = ("open", "presumed-open", "disputed", "suspended")  # from the axis up
REST = ("closed", "unknown")  # drawn where nothing stands
CHART = 84.0  # units under the map
BARS = 44.0  # units: the highest bar
EDGE = 20.0  # units beside and above the bars
YEARS_APART = 34.0  # units
FIRST_MS, EACH_MS, LAST_MS = 1000, 100, 4000  # how long a frame stands
MOST = 600  # frames
COLORS = 255  # of a GIF; the one after them stands for what stays as it was
SHADES = 4  # between two colours that meet, for the edges of letters and marks
NO_VIDEO = "an .mp4 needs PyAV: pip install 'outposts[video]'; a .gif or .webp does without"


def months(first: int, last: int, step: int = 1) -> list[int]:
    """Return the days of an animation: the first, the first of each month after it, the last.

    Parameters
    ----------
    first, last
        Days since 1970-01-01, both included.
    step
        Months from one day to the next.

    Raises
    ------
    MapError
        If the first day is after the last, the step is no month, or the days are too many.
    """
    if first > last:
        raise MapError(f"the first day, {dates.iso(first)}, is after the last, {dates.iso(last)}")
    if step < 1:
        raise MapError(f"a step has one month at least, not {step}")
    year, month, _ = map(int, dates.iso(first).split("-"))
    found = [first]
    while True:
        month += step
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
        day = dates.day(f"{year:04}-{month:02}-01") if year <= 9999 else last
        if day >= last:
            break
        found.append(day)
        if len(found) > MOST:
            raise MapError(
                f"from {dates.iso(first)} to {dates.iso(last)} there are more than {MOST} days to show; "
                "take a longer --step or fewer years"
            )
    return [*found, last] if last > first else found


def save(
    picture: Picture,
    path: Path,
    first: int,
    last: int,
    step: int = 1,
    size: str = "small",
    theme: str = "light",
) -> None:
    """Write a map's months as an animation, in the form that the path's suffix names, whole or not at all.

    Parameters
    ----------
    picture
        The map, see `outposts.render.image.picture`; its own day is not shown, its ``known`` holds for all.
    path
        ``.gif``, ``.webp`` or ``.mp4``.
    first, last, step
        As for `months`.
    size, theme
        As for `Picture.render`.

    Raises
    ------
    MapError
        For what cannot be shown, or without the extras ``images`` (an MP4: ``video``).
    """
    form = form_of(path, FORMS)
    if form == "mp4":
        _video_library()
    days = months(first, last, step)
    frames = list(drawn(picture, days, size_of(size), theme_of(theme)))
    write(path, {"gif": _gif, "webp": _webp, "mp4": _mp4}[form](frames, theme))


def drawn(picture: Picture, days: Sequence[int], size: Size, theme: str) -> Iterator[Image]:
    """Yield the map on each day as an RGB image of Pillow's."""
    try:
        from PIL import Image
    except ImportError:
        raise MapError(MISSING) from None
    base, *over = typeset(scene(picture, days, size, theme), "png", size.ppi)
    ground = Image.open(io.BytesIO(base)).convert("RGBA")
    for data in over:
        yield Image.alpha_composite(ground, Image.open(io.BytesIO(data))).convert("RGB")


def scene(picture: Picture, days: Sequence[int], size: Size, theme: str) -> dict[str, Any]:
    """Return what Typst is told: what stays, then a page a day with what changes (see `Picture.scene`)."""
    found = picture.scene(size, theme, CHART)
    box = found["map"]
    frame = Frame.fit(picture.bounds, box["width"], box["height"])
    shown = groups(sites(picture.venues, frame.project))
    told = statuses_on(picture, days)
    chart = _chart(picture, days, told, box, theme)
    width = chart["width"] / max(1, len(days) - 1)
    frames = [
        frame_of(replace(picture, on=day), statuses, shown, frame, theme, cursor=index * width)
        for index, (day, statuses) in enumerate(zip(days, told, strict=True))
    ]
    return {**found, "histogram": chart, "layers": True, "frames": frames}


def statuses_on(picture: Picture, days: Sequence[int]) -> list[list[str]]:
    """Return the status of each venue on each day, ascending: what `Picture.statuses` says, many days at once."""
    columns = []
    for venue in picture.venues:
        runs = history(venue.claims, picture.known, picture.rules)
        starts = [float("-inf") if run.start is None else run.start for run in runs]
        columns.append([runs[bisect_right(starts, day) - 1].status for day in days])
    return [list(row) for row in zip(*columns, strict=True)]


def _chart(
    picture: Picture,
    days: Sequence[int],
    told: Sequence[list[str]],
    box: dict[str, float],
    theme: str,
) -> dict[str, Any]:
    """Return the histogram: bars of the standing statuses, day by day, with the years under them."""
    counts = [counted(statuses) for statuses in told]
    stack = STANDING if any(row[s] for row in counts for s in STANDING) else REST
    peak = max(sum(row[status] for status in stack) for row in counts)
    left = box["x"] + EDGE
    wide = box["width"] - 2 * EDGE
    step = wide / max(1, len(days) - 1)
    bars: dict[str, list[list[tuple[float, float]]]] = {status: [] for status in stack}
    for index, row in enumerate(counts[:-1] or counts):
        x, bottom = index * step, BARS
        thick = max(step - min(1.0, step / 4), 0.5)
        for status in stack:
            tall = row[status] / peak * (BARS - 2) if peak else 0.0
            if tall:
                corners = [
                    (x, bottom),
                    (x + thick, bottom),
                    (x + thick, bottom - tall),
                    (x, bottom - tall),
                ]
                bars[status].append(corners)
            bottom -= tall
    return {
        "x": left,
        "y": box["y"] + box["height"] + EDGE - 4,
        "width": wide,
        "height": BARS,
        "bars": [{"lines": b, "fill": marks.color(s, theme)} for s, b in bars.items() if b],
        "years": list(_years(days, step)),
        "peak": words(picture.lang).text("peak", n=peak),
    }


def _years(days: Sequence[int], step: float) -> Iterator[dict[str, Any]]:
    """Yield the years to write under the histogram, at the first day shown of each."""
    first: dict[int, int] = {}
    for index, day in enumerate(days):
        first.setdefault(int(dates.iso(day)[:4]), index)
    apart = step * (len(days) - 1) / max(1, len(first) - 1)
    every = next((n for n in (1, 2, 5, 10, 20, 50) if n * apart >= YEARS_APART), 100)
    for year, index in first.items():
        if year % every == 0 or len(first) == 1:
            yield {"text": str(year), "x": index * step}


def _durations(count: int) -> list[int]:
    return [FIRST_MS, *[EACH_MS] * (count - 2), LAST_MS] if count > 1 else [LAST_MS]


def _gif(frames: Sequence[Image], theme: str) -> bytes:
    """Return a GIF with one palette for all frames, so that what stays the same costs nothing."""
    palette = _palette(theme)
    flat = [part for color in palette for part in color]
    return _saved(
        list(_indexed(frames, palette, flat)),
        format="GIF",
        duration=_durations(len(frames)),
        transparency=COLORS,
        optimize=True,  # what stays as it was is left out
        disposal=1,
    )


def _indexed(
    frames: Sequence[Image], palette: Sequence[tuple[int, int, int]], flat: list[int]
) -> Iterator[Image]:
    """Yield frames in the nearest colours of a palette: Pillow's own way takes white for the colour of land."""
    import numpy as np
    from PIL import Image

    colors = np.array(palette[:COLORS], dtype=np.int32)
    nearest = np.full(1 << 24, COLORS, dtype=np.uint8)  # by colour; those not met yet are COLORS
    for frame in frames:
        red, green, blue = np.moveaxis(np.asarray(frame, dtype=np.int32), 2, 0)
        codes = red << 16 | green << 8 | blue
        new = np.unique(codes[nearest[codes] == COLORS])
        for code in new:
            off = colors - np.array([code >> 16, code >> 8 & 255, code & 255])
            nearest[code] = int((off * off).sum(axis=1).argmin())
        found = Image.fromarray(nearest[codes])
        found.putpalette(flat)
        yield found


def _palette(theme: str) -> list[tuple[int, int, int]]:
    """Return the colours of a picture, each exactly, and shades between those that meet; `COLORS` of them.

    Colours found by counting pixels would lose those of few venues.
    """
    look = THEMES[theme]
    grounds = [_rgb(look[name]) for name in ("plate", "land", "sea", "land-dim")]
    inks = [marks.color(status, theme) for status in STATUSES]
    inks += [look[name] for name in ("ink", "muted", "label", "coast", "border", "river", "line")]
    found = dict.fromkeys([*grounds, *map(_rgb, inks), *map(_rgb, look.values())])
    for shade in range(1, SHADES + 1):
        for ground in grounds:
            for ink in map(_rgb, inks):
                mixed = (
                    a + (b - a) * shade // (SHADES + 1) for a, b in zip(ground, ink, strict=True)
                )
                found.setdefault(tuple(mixed))  # type: ignore[arg-type]
    colors = list(found)[:COLORS]
    return colors + [colors[0]] * (COLORS + 1 - len(colors))


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _webp(frames: Sequence[Image], theme: str) -> bytes:
    return _saved(
        frames, format="WEBP", duration=_durations(len(frames)), loop=1, quality=80, method=3
    )


def _saved(frames: Sequence[Image], **how: Any) -> bytes:
    stream = io.BytesIO()
    frames[0].save(stream, save_all=True, append_images=frames[1:], **how)
    return stream.getvalue()


def _mp4(frames: Sequence[Image], theme: str) -> bytes:
    """Return H.264 in MP4 that every browser plays; its sides are even, as that asks."""
    av = _video_library()
    width, height = (side - side % 2 for side in frames[0].size)
    with tempfile.TemporaryDirectory(prefix="outposts-film-") as folder:
        path = Path(folder) / "film.mp4"
        _film(av, path, frames, width, height)
        return path.read_bytes()


def _film(av: Any, path: Path, frames: Sequence[Image], width: int, height: int) -> None:
    # From its beginning a film plays at once; for that its file has to be read again when it is whole.
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as film:
        track = film.add_stream("libx264", rate=Fraction(1000, EACH_MS))
        track.width, track.height, track.pix_fmt = width, height, "yuv420p"
        track.options = {"crf": "20", "preset": "medium", "tune": "animation", "threads": "1"}
        for frame, stands in zip(frames, _durations(len(frames)), strict=True):
            image = av.VideoFrame.from_image(frame.crop((0, 0, width, height)))
            for _ in range(stands // EACH_MS):
                film.mux(track.encode(image))
        film.mux(track.encode())


def _video_library() -> Any:
    try:
        import av
    except ImportError:
        raise MapError(NO_VIDEO) from None
    return av

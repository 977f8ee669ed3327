"""Published counts beside the registry's own: how much of each the evidence accounts for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from outposts import questions
from outposts.basemap import country_names
from outposts.plots.marks import COLOURS, GREY, INK
from outposts.plots.roster import Entry, Roster, each, more
from outposts.plots.sheet import Sheet, notes, plural, style
from outposts.questions.table import day_or_today
from outposts.rules import RULES, Rules

if TYPE_CHECKING:
    from outposts.registry import Registry


def coverage(
    registry: Registry, known: Any = None, rules: Rules = RULES, narrow: bool = False
) -> Sheet:
    """Draw `outposts.questions.coverage`: a ring for the count that was published, a disc for the registry's own."""
    found = questions.coverage(registry, known, rules)
    clock = day_or_today(known)
    names = country_names()
    reached = int((found["missing"] <= 0).sum())
    by_id = {count.id: count for count in registry.counts}
    found = found.assign(land=[names.get(code, code) for code in found["country"]])
    found = found.sort_values("land", kind="stable")
    entries = [
        Entry(
            row.land,
            _counted(row),
            f"{by_id[row.id].when.words}; {row.publisher}",
            _remark(row),
        )
        for row in each(found)
    ]
    with style():
        roster = Roster(entries, narrow, 2.0)
        sheet = Sheet(
            f"Of {plural(len(found), 'published count')} of venues, the registry accounts for {reached} in full",
            "Ring: the count that was published. Disc: venues of that country, town and kind in the registry with such a status "
            "then. Tick: all such venues that it holds, whatever their status.",
            max(roster.height, 0.2),
            notes(
                registry, clock, rules, *more(len(found)),
                "Beside counts of open venues stand those that were open, presumed open or disputed. A count never changes a status.",
            ),
            narrow,
        )  # fmt: skip
        axes, middles = roster.draw(sheet)
        most = max([1, *found["count"], *found["held"]])
        axes.set_xlim(-0.3, most + 0.3)
        axes.xaxis.set_major_locator(
            MaxNLocator(nbins=6 if narrow else 8, integer=True, min_n_ticks=1)
        )
        roster.rule(axes, [tick for tick in axes.get_xticks() if 0 <= tick <= most])
        for row, y in zip(each(found), middles, strict=True):
            colour = COLOURS["suspended" if row.says == "suspended" else "closed" if row.says == "closed" else "open"]  # fmt: skip
            axes.plot(
                [row.alike, row.count],
                [y, y],
                color=colour,
                linewidth=2.5,
                alpha=1,
                zorder=2,
                solid_capstyle="butt",
            )
            axes.plot(
                [row.held], [y], "|", color=GREY, markersize=11, markeredgewidth=1.4, zorder=3
            )
            axes.plot(
                [row.count],
                [y],
                "o",
                markersize=9,
                markerfacecolor="white",
                color=INK,
                markeredgewidth=1.6,
                zorder=4,
            )
            axes.plot(
                [row.alike],
                [y],
                "o",
                markersize=6,
                color=colour,
                markeredgecolor="white",
                markeredgewidth=0.6,
                zorder=5,
            )
        return sheet


def _counted(row: Any) -> str:
    kind = row.kind if isinstance(row.kind, str) else "venue"
    place = f" in {row.place}" if isinstance(row.place, str) else ""
    return f"{plural(row.count, kind)}{place} {row.says}".replace("companys", "companies")


def _remark(row: Any) -> str:
    if row.missing <= 0:
        return f"{row.alike} of {row.count}, all"
    return f"{row.alike} of {row.count}; {row.missing} not accounted for"

"""An answer, a venue or a registry as a card of HTML, for a notebook.

A card is whole in itself and asks nobody for anything; all text in it is escaped. Where a notebook
strips styles, headings, lists and tables remain. Colours follow the theme of the notebook.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from outposts import dates
from outposts.basemap import country_names
from outposts.rules import STATUSES, VERSION
from outposts.vocabulary import FOLDER, vocabulary
from outposts.words import words

if TYPE_CHECKING:
    from outposts.models import Claim
    from outposts.registry import Registry
    from outposts.status import Answer, Run
    from outposts.venue import Venue

MOST_COUNTRIES = 15
"""Rows of a registry's table; the others are summed."""


def of_answer(answer: Answer) -> str:
    """Return the card of a status on a day: the status, why, since when and for how long."""
    own = words()
    facts = [("Reason", own.table["reasons"].get(answer.reason, answer.reason))]
    facts += [
        (own.text(key), own.date(day))
        for key, day in (("since", answer.since), ("lastSeenOpen", answer.last_seen_open))
        if day is not None
    ]
    if answer.changes_on is not None:
        facts.append((own.text("changesOn"), f"{own.date(answer.changes_on)}, if nothing new is learned"))  # fmt: skip
    if answer.single_source:
        facts.append((own.text("singleSource"), own.text("singleSourceWhy")))
    disputed = answer.status == "disputed"
    named = ("Say open", "Say closed") if disputed else ("For", "Against")
    told = list(zip(named, (answer.for_, answer.against), strict=True))
    rows = "".join(f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in facts)
    rows += "".join(f"<dt>{name}</dt><dd>{_codes(ids)}</dd>" for name, ids in told if ids)
    return _card(f"{_headline(answer)}<p>{_text(answer.explanation)}</p><dl>{rows}</dl>")


def of_venue(venue: Venue) -> str:
    """Return the card of a venue: its names and place, its status today, its history and its claims."""
    own = words()
    today = dates.today()
    answer = venue.status(dates.iso(today))
    country = country_names().get(venue.country, venue.country)
    others = "".join(f" · {_foreign(name.name, name.lang)}" for name in venue.names[1:])
    where = ", ".join(part for part in (venue.place, country) if part)
    exactly = own.text("locationIs", precision=own.table["precisions"][venue.precision])
    if venue.radius_m is not None:
        exactly += f", within {_distance(venue.radius_m)}"
    lines = [
        f"<h3>{_text(venue.name)}</h3>",
        f"<p>{_text(own.table['kinds'][venue.kind])} · {_text(where)} · {_text(exactly)}{others} · {_codes([venue.id])}</p>",
        _headline(answer),
        f"<p>{_text(answer.explanation)}</p>",
        _strip(venue.history(), venue.claims, today),
        _claims(venue.claims),
    ]
    return _card("".join(lines))


def of_registry(registry: Registry, statuses: Mapping[str, str]) -> str:
    """Return the card of a registry: what it holds, and how many venues have which status today.

    ``statuses`` maps the venues' ids to today's status.
    """
    own = words()
    today = dates.today()
    card = registry.card
    venues = list(registry.values())
    claims = {claim.id: claim for venue in venues for claim in venue.claims}
    held = f"{len(venues):,}" if registry.whole is None else f"{len(venues):,} of {len(registry.whole):,}"  # fmt: skip
    numbers = f"{held} venues, {len(claims):,} claims, {len(registry.sources):,} sources"
    credit = ", ".join(
        part
        for part in (
            card.version and f"version {card.version}",
            card.attribution,
            card.licence,
            f"status rules, version {VERSION}",
        )
        if part
    )
    lines = [
        f"<h3>{_text(card.title)}</h3>",
        f"<p>{_text(card.description)}</p>" if card.description else "",
        f"<p><b>{numbers}</b>{_told_from(claims.values())}</p>",
    ]
    if venues:
        counts: dict[str, Counter[str]] = {}
        for venue in venues:
            counts.setdefault(venue.country, Counter())[statuses[venue.id]] += 1
        day = own.date(today)
        caption = own.text("tableCaption", date=day, known=day)
        lines.append(_countries(counts, caption))
    lines.append(f"<p class='outposts-card-quiet'>{_text(credit)}</p>")
    return _card("".join(lines))


def _countries(counts: Mapping[str, Counter[str]], caption: str) -> str:
    """Return the table of countries and statuses, those with the most venues first."""
    own = words()
    total: Counter[str] = sum(counts.values(), Counter())
    used = [status for status in STATUSES if total[status]]
    names = country_names()
    ordered = sorted(counts, key=lambda code: (-counts[code].total(), names.get(code, code)))
    rows = [(names.get(code, code), counts[code]) for code in ordered[:MOST_COUNTRIES]]
    rest = ordered[MOST_COUNTRIES:]
    if rest:
        rows.append((f"{len(rest)} more", sum((counts[code] for code in rest), Counter())))
    if len(rows) > 1:
        rows.append(("All", total))
    heads = "".join(
        f'<th scope="col">{_mark(status)}{_text(own.table["statuses"][status]["label"])}</th>'
        for status in used
    )
    lines = "".join(
        f'<tr><th scope="row">{_text(name)}</th>'
        + "".join(f"<td>{row[status] or ''}</td>" for status in used)
        + f"<td>{row.total()}</td></tr>"
        for name, row in rows
    )
    return (
        f"<table><caption>{_text(caption)}</caption><thead><tr><td></td>{heads}"
        f'<th scope="col">Venues</th></tr></thead><tbody>{lines}</tbody></table>'
    )


def _headline(answer: Answer) -> str:
    own = words()
    status = own.table["statuses"][answer.status]["label"]
    when = own.text("summaryOn", date=own.date(answer.on))
    when += own.text("summaryKnown", known=own.date(answer.known))
    return f"<p>{_mark(answer.status)}<b>{_text(status)}</b>{_text(when)}</p>"


def _strip(runs: Sequence[Run], claims: Iterable[Claim], today: int) -> str:
    """Return the history from the first claim to today as a bar, and in words."""
    ends = [int(end) for claim in claims for end in claim.window if abs(end) != float("inf")]
    first = min([*ends, today - 365])
    own = words()
    parts, told = [], []
    for status, same in groupby(runs, key=lambda run: run.status):  # the reasons are left out here
        stretch = list(same)
        begun, over = stretch[0].start, stretch[-1].end
        start = first if begun is None else max(begun, first)
        end = today if over is None else min(over, today)
        key = ("historyRun", "historyUntil", "historyFrom", "historyAlways")[
            (begun is None) + 2 * (over is None)
        ]
        sentence = _text(
            own.text(
                key,
                status=own.table["statuses"][status]["label"],
                start="" if begun is None else own.date(begun),
                end="" if over is None else own.date(over - 1),
            )
        )
        told.append(f"<li>{_mark(status)}{sentence}</li>")
        if end > start:
            x, width = (1000 * n / (today - first) for n in (start - first, end - start))
            parts.append(
                f'<rect x="{x:.1f}" width="{width:.1f}" height="14" class="outposts-card-{status}">'
                f"<title>{sentence}</title></rect>"
            )
    label = f"{own.text('history')}, {dates.iso(first)[:4]} to {dates.iso(today)[:4]}"
    return (
        f'<svg viewBox="0 0 1000 14" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
        f"<p class='outposts-card-ends'><span>{dates.iso(first)[:4]}</span><span>{dates.iso(today)[:4]}</span></p>"
        f"<details><summary>{own.text('history')}</summary><ul>{''.join(told)}</ul></details>"
    )


def _claims(claims: Sequence[Claim]) -> str:
    own = words()
    rows = []
    for claim in claims:
        marks = [
            own.text(key)
            for key, is_so in (("weak", claim.weak), ("group", claim.group))
            if is_so
        ]  # fmt: skip
        marks += ["retracted"] if claim.retracted else []
        quote = f"<q>{_foreign(claim.quote, claim.lang)}</q>" if claim.quote else ""
        quote += f" [{_text(claim.translation)}]" if claim.translation else ""
        source = _text(claim.source.label)
        if claim.source.url:
            href = escape(claim.source.url)
            source = f'<a href="{href}" rel="noopener noreferrer" target="_blank">{source}</a>'
        says = ", ".join([own.table["says"][claim.says], *marks])
        rows.append(
            f"<tr><td>{_text(claim.when.words)}</td><td>{_text(says)}</td>"
            f"<td>{source}</td><td>{quote}</td><td>{_codes([claim.id])}</td></tr>"
        )
    if not rows:
        return ""
    count = "1 claim" if len(rows) == 1 else f"{len(rows)} claims"
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("When", "Says", "Source", "Quote", "Claim"))  # fmt: skip
    return (
        f"<details><summary>{count}</summary><table class='outposts-card-claims'><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></details>"
    )


def _told_from(claims: Iterable[Claim]) -> str:
    """Return from when to when the claims tell, in years."""
    ends = [end for claim in claims for end in claim.window if abs(end) != float("inf")]
    if not ends:
        return ""
    first, last = dates.iso(min(ends))[:4], dates.iso(max(ends))[:4]
    return f", which tell of {first}" if first == last else f", which tell of {first} to {last}"


def _distance(metres: float) -> str:
    return f"{metres / 1000:.0f} km" if metres >= 1000 else f"{metres:.0f} m"


def _mark(status: str) -> str:
    return f'<i class="outposts-card-mark outposts-card-{escape(status)}"></i>'


def _codes(ids: Iterable[str]) -> str:
    return " ".join(f"<code>{escape(id)}</code>" for id in ids)


def _text(text: object) -> str:
    """Return text as HTML shows it, kept from turning the direction of what follows."""
    return f"<bdi>{escape(str(text))}</bdi>"


def _foreign(text: str, lang: str | None) -> str:
    code = f' lang="{escape(lang)}"' if lang else ""
    return f"<bdi{code}>{escape(text)}</bdi>"


def _card(inner: str) -> str:
    return f'<div class="outposts-card"><style>{_style()}</style>{inner}</div>'


@lru_cache(maxsize=1)
def _style() -> str:
    """Return the style of a card, with the statuses' colours."""
    colours = "".join(
        f".outposts-card-{status} {{ --outposts-own: light-dark({look['color']}, {look['dark']}); }}\n"
        for status, look in vocabulary()["statuses"].items()
    )
    return (FOLDER / "card.css").read_text(encoding="utf-8") + colours

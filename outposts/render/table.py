"""The table that is on the page without JavaScript: the venues on the map's first day."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from outposts.gazetteer import country_names_in, town_names
from outposts.models import Source
from outposts.rules import Rules
from outposts.sentences import explain
from outposts.status import Answer
from outposts.venue import Venue
from outposts.words import Words
from outposts.words import words as in_language


def table(
    rows: Sequence[tuple[Venue, Answer]],
    countries: dict[str, str],
    on: int,
    known: int,
    rules: Rules,
    lang: str = "en",
) -> str:
    """Return the section with the table, a row a venue, and the sources as footnotes.

    It is in the map's own language where there are words for it, else in English.
    """
    spoken = in_language(lang)
    words = spoken.table
    strings = words["strings"]
    day, clock = spoken.date(on), spoken.date(known)
    countries = countries | country_names_in(spoken.lang, countries)
    caption = escape(strings["tableCaption"].format(date=day, known=clock))
    if not rows:
        body = f"<p>{escape(strings['emptyMap'])}</p>"
        return _section(strings["table"], body, spoken.lang)
    notes: dict[str, int] = {}
    lines: list[str] = []
    ordered = sorted(
        rows, key=lambda row: (countries[row[0].country], row[0].place or "", row[0].name)
    )
    for venue, answer in ordered:
        told = {claim.id: claim for claim in venue.claims}
        cited = [told[id].source_id for id in (*answer.for_, *answer.against)]
        marks = "".join(_mark(source, notes) for source in dict.fromkeys(cited))
        place = venue.place and town_names(venue.place, venue.country).get(spoken.lang, venue.place)
        where = ", ".join(part for part in (place, countries[venue.country]) if part)
        cells = (
            f'<th scope="row">{escape(venue.name)}</th>',
            f"<td>{escape(words['kinds'][venue.kind])}</td>",
            f"<td>{escape(where)}</td>",
            f"<td>{escape(words['precisions'][venue.precision])}</td>",
            f"<td>{escape(words['statuses'][answer.status]['label'])}</td>",
            f"<td>{escape(_why(venue, answer, rules, spoken.lang))} {marks}</td>",
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    heads = "".join(f'<th scope="col">{escape(strings[key])}</th>' for key in COLUMNS)
    sources = {c.source_id: c.source for venue, _ in rows for c in venue.claims}
    items = "".join(
        f'<li id="outposts-note-{number}">{_note(sources[id], spoken)}</li>'
        for id, number in notes.items()
    )
    body = (
        f'<div class="outposts-table-scroll" tabindex="0" role="region" '
        f'aria-label="{caption}"><table><caption>{caption}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
        f'<h3>{escape(strings["sources"])}</h3><ol class="outposts-notes">{items}</ol>'
    )
    return _section(strings["table"], body, spoken.lang)


COLUMNS = ("tableVenue", "kind", "tableWhere", "tablePrecision", "tableStatus", "tableWhy")


def _section(title: str, body: str, lang: str) -> str:
    return (
        f'<section id="outposts-table" class="outposts-table" lang="{lang}" '
        'aria-labelledby="outposts-table-title">'
        f'<h2 id="outposts-table-title">{escape(title)}</h2>{body}</section>'
    )


def _mark(source: str, notes: dict[str, int]) -> str:
    number = notes.setdefault(source, len(notes) + 1)
    return f'<sup><a href="#outposts-note-{number}">{number}</a></sup> '


def _why(venue: Venue, answer: Answer, rules: Rules, lang: str) -> str:
    told = {claim.id: claim for claim in venue.claims}
    for_, against = ([told[id] for id in ids] for ids in (answer.for_, answer.against))
    return explain(answer.reason, for_, against, rules, lang)


def _note(source: Source, words: Words) -> str:
    published = words.when(source.published.form) if source.published else words.text("undated")
    title = f"“{source.title}”" if source.publisher else ""
    text = escape(", ".join(part for part in (source.label, title, published) if part))
    if not source.url:
        return text
    return f'<a href="{escape(source.url)}" rel="noopener noreferrer">{text}</a>'

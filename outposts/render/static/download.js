/**
 * What is shown, to take away: rows as CSV or GeoJSON, made in the page.
 */
(function (outposts) {
  "use strict";

  const {day, element, words} = outposts;
  const FIELDS = ["venue", "name", "kind", "country", "place", "lon", "lat", "precision", "radius_m", "on", "known", "status", "reason", "since",
    "last_seen_open", "changes_on", "single_source", "explanation"];

  /** One record for each shown venue, with the same fields as `outposts status`, and the other status where days are compared. */
  function records(data, answers, shown, values, pair) {
    const other = pair && (pair.compare <= values.date ? pair.before : pair.now);
    const iso = (value) => (value === null ? null : day.iso(value));
    return data.venues.flatMap((venue, v) => {
      if (!shown[v]) return [];
      const answer = answers.of(v, values.date);
      return [{
        venue: venue.id, name: venue.name, kind: venue.kind, country: venue.country,
        place: venue.place === null ? null : data.places[venue.place].original,
        lon: venue.lon, lat: venue.lat, precision: venue.precision, radius_m: venue.radius_m,
        on: day.iso(values.date), known: day.iso(values.known), status: answer.status, reason: data.reasons[answer.reason] || "no-evidence",
        since: iso(answer.since), last_seen_open: iso(answer.lastSeenOpen), changes_on: iso(answer.changes),
        single_source: answer.singleSource, explanation: answer.sentence,
        ...(pair ? {compared_with: day.iso(pair.compare), status_then: data.statuses[other[v]]} : {}),
      }];
    });
  }

  /** A cell of CSV; a leading sign that spreadsheets would run as a formula is set off by an apostrophe. */
  function cell(value) {
    if (value === null || value === undefined) return "";
    const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  function csv(rows) {
    const fields = rows.length ? Object.keys(rows[0]) : FIELDS;
    return [fields, ...rows.map((row) => fields.map((field) => row[field]))].map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
  }

  function geojson(rows) {
    const features = rows.map(({lon, lat, ...properties}) => ({
      type: "Feature", id: properties.venue, properties,
      geometry: lon === null || lat === null ? null : {type: "Point", coordinates: [lon, lat]},
    }));
    return JSON.stringify({type: "FeatureCollection", features}, null, 1);
  }

  /**
   * The buttons.
   * @param {function(): {rows: object[], name: string}} current what is shown now
   * @returns {HTMLElement}
   */
  function download(current) {
    const button = (label, type, suffix, write) => element("button", {
      type: "button", class: "outposts-link",
      onclick() {
        const {rows, name} = current();
        const address = URL.createObjectURL(new Blob([write(rows)], {type}));
        element("a", {href: address, download: `${name}.${suffix}`}).click();
        setTimeout(() => URL.revokeObjectURL(address), 10000);
      },
    }, label);
    return element("span", {class: "outposts-download"},
      button(words.text("downloadCsv"), "text/csv;charset=utf-8", "csv", csv),
      button(words.text("downloadGeojson"), "application/geo+json", "geojson", geojson));
  }

  outposts.download = download;
  outposts.download.records = records;
})(window.outposts = window.outposts || {});

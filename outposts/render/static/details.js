/**
 * One venue's card: its status on the shown day, why, who says so, and what else is known of it.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;
  const quiet = (...children) => element("p", {class: "outposts-quiet"}, ...children);

  class Details {
    /**
     * @param {object} data the block `outposts-data`
     * @param {outposts.Answers} answers
     * @param {{choose: function(string): void, close: function(): void, link: function(string, object=): string,
     *   later: function(number): string | null}} on
     *   told of a related venue's id and of closing; gives the address that shows a venue, with further keys if given, and
     *   the status by what was learned after the known day, where it is another
     */
    constructor(data, answers, on) {
      this.data = data;
      this.answers = answers;
      this.on = on;
      this.key = null;
      this.element = element("section", {class: "outposts-details", hidden: true});
      this.element.addEventListener("keydown", (event) => {
        if (event.key === "Escape") on.close();
      });
      this.grip = outposts.grip(this.element, () => on.close());
    }

    hide() {
      if (this.element.hidden) return;
      this.key = null;
      this.element.hidden = true;
      this.element.replaceChildren();
    }

    /**
     * Shows several venues that stand at one point.
     * @param {string} name of the point
     * @param {number[]} venues
     * @param {Uint8Array} statuses
     */
    showPlace(name, venues, statuses) {
      this.key = null;
      const {data} = this;
      this.open(name, [
        element("header", null, this.title(name), this.closeButton(), quiet(words.text("venueCount", {n: venues.length}))),
        element("ul", {class: "outposts-members"}, venues.map((v) => {
          const code = data.statuses[statuses[v]];
          return element("li", null, outposts.marks.icon(code),
            element("button", {type: "button", class: "outposts-link", onclick: () => this.on.choose(data.venues[v].id)}, data.venues[v].name),
            element("span", {class: "outposts-quiet"}, words.status(code)));
        })),
      ]);
    }

    /**
     * Shows a venue on a day. While the answer stays the same, only its dates are written anew.
     * @param {number} v index
     * @param {number} date
     * @param {number} known
     * @param {boolean} hidden whether the filters hide it
     */
    show(v, date, known, hidden) {
      const venue = this.data.venues[v];
      const answer = this.answers.of(v, date);
      const key = `${v}/${answer.index}/${known}/${hidden}`;
      if (key === this.key && date === this.date) return;
      this.date = date;
      const dated = [this.header(venue, answer, date, hidden), this.facts(venue, answer, date, known, this.on.later(v))];
      if (key === this.key) {
        this.keepFocus(() => dated.forEach((node, i) => this.dated[i].replaceWith(node)));
        this.dated = dated;
        this.cite.follow();
        return;
      }
      this.dated = dated;
      const same = this.key && this.key.startsWith(`${v}/`);
      const open = same ? [...this.element.querySelectorAll("details")].map((part) => part.open) : [];
      const scrolled = same ? this.element.scrollTop : 0;
      this.key = key;
      this.open(venue.name, [
        dated[0],
        element("p", {class: "outposts-sentence"}, answer.sentence || words.text("noEvidence")),
        answer.singleSource && quiet(element("b", {class: "outposts-tag"}, words.text("singleSource")), " ", words.text("singleSourceWhy")),
        dated[1],
        this.claims(venue, answer, known),
        this.history(v),
        this.about(venue),
        this.foot(venue, v),
      ]);
      this.element.querySelectorAll("details").forEach((part, i) => (part.open = Boolean(open[i])));
      this.element.scrollTop = scrolled;
    }

    open(name, children) {
      this.element.hidden = false;
      this.element.setAttribute("aria-label", name);
      this.keepFocus(() => this.element.replaceChildren(this.grip, ...children.filter(Boolean)));
    }

    /** Does something to the card's elements and puts the keyboard back on the part where it was. */
    keepFocus(change) {
      const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.part : null;
      change();
      if (focused) this.element.querySelector(`[data-part="${focused}"]`)?.focus({preventScroll: true});
    }

    title(name) {
      return element("h2", {tabindex: -1, "data-part": "title"}, name);
    }

    closeButton() {
      return element.closeButton(words.text("close"), () => this.on.close());
    }

    where(venue) {
      const {data} = this;
      const place = venue.place === null || venue.place === undefined ? null : data.places[venue.place].name;
      return [place, data.countries[venue.country] || venue.country].filter(Boolean).join(", ");
    }

    header(venue, answer, date, hidden) {
      const precision = words.text("locationIs", {precision: words.name("precisions", venue.precision)})
        + (venue.radius_m ? ` (${words.text("withinRadius", {distance: distance(venue.radius_m)})})` : "");
      const text = words.text("statusOn", {status: words.name("statuses", answer.status), date: words.date(date)});
      return element("header", null,
        element("p", {class: `outposts-badge outposts-is-${answer.status}`}, outposts.marks.icon(answer.status), element("span", null, text)),
        this.closeButton(),
        this.title(venue.name),
        quiet([words.name("kinds", venue.kind), this.where(venue), precision].join(" · ")),
        hidden && quiet(words.text("hiddenByFilters")));
    }

    facts(venue, answer, date, known, later) {
      const rows = [];
      if (answer.since !== null) rows.push([words.text("since"), words.date(answer.since)]);
      if (answer.lastSeenOpen !== null) {
        const ago = date - answer.lastSeenOpen;
        const told = ago ? `, ${words.text("before", {span: words.duration(ago)})}` : `: ${this.seenThatDay(venue, answer, date, known)}`;
        rows.push([words.text("lastSeenOpen"), words.date(answer.lastSeenOpen) + told]);
      }
      if (answer.changes !== null) {
        rows.push([words.text("changesOn"), words.text(answer.changes > known ? "changesTo" : "changesToKnown", {date: words.date(answer.changes), status: words.status(answer.next)})]);
      }
      if (later !== null) rows.push([words.text("learnedLater"), words.text("laterSentence", {known: words.date(this.data.known), status: words.status(later)})]);
      return terms(rows);
    }

    /** Who says that it was open on the very day that is shown; a span that began before a closing does not outweigh it. */
    seenThatDay(venue, answer, date, known) {
      const {claims, sources} = this.data;
      const covers = ({says, first, last, known: told, retracted}) => says.startsWith("open") && told <= known && !(retracted && retracted.on <= known)
        && first !== null && first <= date && (last === null || last >= date);
      const sure = ({extent, first, last}) => extent || first === last;
      const found = venue.claims.filter((index) => covers(claims[index]));
      const i = found.find((index) => sure(claims[index])) ?? found[0];
      if (i === undefined) return words.text("thisVeryDay");
      const source = sources[claims[i].source] || {};
      const said = words.text(sure(claims[i]) ? "thisVeryDaySays" : "aroundThisDay", {source: source.publisher || source.title, when: words.when(claims[i].when)});
      const aside = ["closed", "disputed"].includes(answer.status) && ![...answer.for, ...answer.against].includes(i);
      return aside ? `${said}. ${words.text("beganBefore")}` : said;
    }

    claims(venue, answer, known) {
      const {claims} = this.data;
      const learned = (i) => claims[i].known <= known;
      const used = new Set([...answer.for, ...answer.against]);
      const aside = venue.claims.filter((i) => !used.has(i) && learned(i));
      const later = venue.claims.filter((i) => !used.has(i) && !learned(i));
      const list = (indices) => element("ul", {class: "outposts-claims"}, indices.map((i) => this.claim(claims[i], known)));
      const heading = (key, indices) => {
        const says = [...new Set(indices.map((i) => claims[i].says))].map((code) => words.name("says", code).toLowerCase());
        return words.text(key, {says: says.join(words.text("orList"))});
      };
      return [
        answer.for.length > 0 && part(heading("claimsFor", answer.for), list(answer.for)),
        answer.against.length > 0 && part(heading("claimsAgainst", answer.against), list(answer.against)),
        !used.size && quiet(words.text("noClaims")),
        aside.length > 0 && fold(words.text("claimsAside", {n: aside.length}), list(aside)),
        later.length > 0 && fold(words.text("claimsLater", {n: later.length, known: words.date(known)}), list(later)),
      ].reduce((fragment, node) => (node && fragment.append(node), fragment), document.createDocumentFragment());
    }

    claim(claim, known) {
      const source = this.data.sources[claim.source] || {};
      const marks = [
        claim.weak && element("abbr", {class: "outposts-tag", title: words.text("weakWhy")}, words.text("weak")),
        claim.group && element("abbr", {class: "outposts-tag", title: words.text("groupWhy")}, words.text("group")),
        claim.known > known && element("span", {class: "outposts-tag"}, words.text("learned", {date: words.date(claim.known)})),
        claim.retracted && claim.retracted.on <= known && element("span", {class: "outposts-tag"}, words.text("retracted", {date: words.date(claim.retracted.on), why: claim.retracted.why})),
      ].filter(Boolean);
      const credit = [
        element("span", {lang: source.lang || null, dir: "auto"}, element.link(source.url, source.title || claim.id)), source.publisher, source.on && words.when(source.on),
        source.archived && element.link(source.archived, words.text("archived")),
        source.reliability && words.text("admiralty", {grade: source.reliability}),
      ].filter(Boolean).flatMap((piece, i) => (i ? [" · ", piece] : [piece]));
      return element("li", {class: `outposts-claim outposts-is-${claim.says === "opened" ? "open" : claim.says}`},
        element("p", null, element("b", null, words.name("says", claim.says)), " · ", claim.when ? words.when(claim.when) : words.text("undated"), marks.flatMap((mark) => [" ", mark])),
        claim.quote && element("blockquote", null, element("p", {lang: claim.lang || null, dir: "auto"}, `“${claim.quote}”`)),
        claim.translation && element("p", null, outposts.language.quoted("translation", claim.translation, "en")),
        claim.stated && quiet(outposts.language.quoted("stated", claim.stated, claim.lang || null)),
        claim.note && quiet(outposts.language.prose(claim.note)),
        quiet(credit));
    }

    history(v) {
      const {data} = this;
      const runs = outposts.strip.joined(this.answers.history(v), (run) => run.status);
      const sentences = runs.map((run) => {
        const key = run.start === null ? (run.end === null ? "historyAlways" : "historyUntil") : run.end === null ? "historyFrom" : "historyRun";
        return words.text(key, {
          status: words.name("statuses", run.status),
          start: run.start === null ? "" : words.date(run.start),
          end: run.end === null ? "" : words.date(run.end - 1),
        });
      });
      return part(words.text("history"),
        element("div", {class: "outposts-strip"}, outposts.strip(this.answers.history(v), data.span, data.reasons)),
        element("p", {class: "outposts-ends outposts-quiet", "aria-hidden": "true"},
          element("span", null, String(outposts.day.fields(data.span[0]).year)), element("span", null, String(outposts.day.fields(data.span[1]).year))),
        fold(words.text("historyWords", {n: runs.length}), element("ol", {class: "outposts-runs"}, sentences.map((sentence) => element("li", null, sentence)))));
    }

    about(venue) {
      const rows = [];
      const names = venue.names.filter((entry) => entry.name !== venue.name);
      if (names.length) {
        rows.push([words.text("alsoCalled"), names.flatMap((entry, i) => [i ? " · " : "", element("span", {lang: entry.lang || null, dir: "auto"}, entry.name)])]);
      }
      if (venue.address.length) rows.push([words.text("address"), venue.address.join(" · ")]);
      if (venue.operators.length) rows.push([words.text("operators"), venue.operators.join(" · ")]);
      for (const relation of venue.relations) {
        const known = this.data.venues.some((other) => other.id === relation.venue);
        rows.push([words.name("relations", relation.kind), known
          ? element("button", {type: "button", class: "outposts-link", onclick: () => this.on.choose(relation.venue)}, relation.name || relation.venue)
          : relation.name || relation.venue]);
      }
      if (venue.notes) rows.push([words.text("notes"), outposts.language.prose(venue.notes)]);
      return rows.length ? terms(rows) : null;
    }

    foot(venue, v) {
      this.cite = outposts.cite(this.data, () => this.citation(venue, v));
      return element("footer", null, outposts.copy(words.text("copyLink"), () => this.on.link(venue.id), {part: "copy"}), this.cite.element);
    }

    /** What there is to cite of a venue on the shown day. @returns {import("./cite.js").Citation} */
    citation(venue, v) {
      const {date} = this;
      const {known, status, sentence, ...answer} = {...this.answers.of(v, date), known: this.answers.known};
      const sources = [...new Set([...answer.for, ...answer.against].map((i) => this.data.claims[i].source))].map((i) => this.data.sources[i]);
      return {
        id: venue.id, date, known, sources, sentence: sentence || words.text("noEvidence"),
        title: words.text("citeVenue", {name: venue.name, where: this.where(venue), status: words.status(status), date: words.date(date), known: words.date(known)}),
        link: this.on.link(venue.id, {date: outposts.day.iso(date), known: outposts.day.iso(known)}),
      };
    }

    /** Puts the keyboard on the card's title. */
    focus() {
      this.element.querySelector("h2")?.focus({preventScroll: true});
    }
  }

  const part = (title, ...children) => element("section", null, element("h3", null, title), ...children);
  const fold = (title, ...children) => element("details", null, element("summary", null, title), ...children);
  const terms = (rows) => element("dl", null, rows.map(([term, value]) => element("div", null, element("dt", null, term), element("dd", null, value))));
  const distance = (metres) => (metres < 1000 ? `${metres} m` : `${Math.round(metres / 100) / 10} km`);

  outposts.Details = Details;
})(window.outposts = window.outposts || {});

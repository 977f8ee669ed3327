/**
 * What is shown, to take elsewhere: the sentence with its counts, and the code that embeds the page.
 */
(function (outposts) {
  "use strict";

  const {element, words} = outposts;

  /**
   * The box with the codes: one that shows what is known when it is read, one that stays as it is.
   * @param {object} data the block `outposts-data`
   * @param {outposts.State} state
   * @returns {HTMLDetailsElement}
   */
  function takeaway(data, state) {
    const here = window.location.href.split(/[?#]/)[0];
    const web = /^https?:/.test(here);
    const address = web ? here : `https://example.org/${here.split("/").pop() || "map.html"}`;
    const {known: clock} = state.context;
    const choice = (label, more) => {
      const field = element("textarea", {readonly: true, rows: 3, spellcheck: "false", class: "outposts-copied"});
      field.setAttribute("aria-label", label);
      const text = () => data.embed.replaceAll("<address>", (address + state.fragment(more())).replaceAll("&", "&amp;"));
      return {field, text, label, element: element("li", null, element("p", null, label), field, outposts.copy(words.text("copy"), text, {field}))};
    };
    const known = () => state.values.known;
    const date = () => outposts.day.iso(state.values.date);
    const live = choice(words.text("embedLive"), () => ({
      date: state.values.date === data.span[1] ? "latest" : date(),
      ...(known() === clock ? {known: "latest"} : {}),
    }));
    const frozen = choice(words.text("embedFrozen"), () => ({date: date(), known: outposts.day.iso(known())}));
    const box = element("ul", {class: "outposts-codes"}, live.element, frozen.element,
      !web && element("li", {class: "outposts-quiet"}, words.text("embedFromDisk")));
    const part = outposts.popover(words.text("embed"), box);
    const fill = () => {
      for (const each of [live, frozen]) each.field.value = each.text();
    };
    part.firstChild.addEventListener("click", fill);
    state.on(() => part.open && fill());
    return part;
  }

  outposts.takeaway = takeaway;
})(window.outposts = window.outposts || {});

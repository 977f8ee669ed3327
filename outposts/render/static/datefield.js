/**
 * A labelled input for a day, typed or picked.
 */
(function (outposts) {
  "use strict";

  const {day, element} = outposts;

  /**
   * @param {string} label
   * @param {[number, number] | null} span the days that may be chosen, both ends included
   * @param {function(number | null): void} chosen told of a day; of null where the field may be emptied and was
   * @param {boolean} [optional] whether it may be empty
   * @returns {{field: HTMLElement, input: HTMLInputElement, show: function(number | null): void}}
   */
  function dateField(label, span, chosen, optional) {
    const id = element.id();
    const input = element("input", {
      type: "date", id, min: span && day.iso(span[0]), max: span && day.iso(span[1]), required: !optional,
      onchange() {
        const value = day.read(input.value);
        if (input.validity.valid && (value !== null || optional)) chosen(value);
      },
    });
    let shown = null;
    input.addEventListener("blur", () => show(shown));
    function show(value) {
      shown = value;
      const text = value === null ? "" : day.iso(value);
      if (input.value !== text) input.value = text;
    }
    return {field: element("div", {class: "outposts-field"}, element("label", {for: id}, label), input), input, show};
  }

  outposts.dateField = dateField;
})(window.outposts = window.outposts || {});

/**
 * Elements built without markup: text is always a text node, so that no data can become HTML.
 */
(function (outposts) {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";

  function fill(node, attributes, children) {
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else node.setAttribute(key, value === true ? "" : String(value));
    }
    node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
    return node;
  }

  /**
   * An HTML element.
   * @param {string} tag
   * @param {object} [attributes] `onclick` and its like are listeners; null and false leave an attribute out
   * @param {...(Node | string | null | false | Array)} children
   * @returns {HTMLElement}
   */
  function element(tag, attributes, ...children) {
    return fill(document.createElement(tag), attributes, children);
  }

  /** An SVG element; arguments as for `element`. */
  element.svg = function (tag, attributes, ...children) {
    return fill(document.createElementNS(SVG, tag), attributes, children);
  };

  /**
   * A link to another site, or only its text where the address is not plain web.
   * @param {string | null} url
   * @param {string} text
   * @returns {HTMLElement | string}
   */
  element.link = function (url, text) {
    if (!/^https?:\/\//i.test(url || "")) return text;
    return element("a", {href: url, rel: "noopener noreferrer", target: "_blank"}, text);
  };

  /** A button that closes a card. */
  element.closeButton = function (label, onclick) {
    return element("button", {type: "button", class: "outposts-close", "data-part": "close", "aria-label": label, onclick},
      element.svg("svg", {viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false"},
        element.svg("path", {d: "M5 5l10 10M15 5L5 15", stroke: "currentColor", "stroke-width": 1.8, "stroke-linecap": "round"})));
  };

  let serial = 0;
  /** An id that no other element of the page has. */
  element.id = function () {
    serial += 1;
    return `outposts-id-${serial}`;
  };

  outposts.element = element;
})(window.outposts = window.outposts || {});

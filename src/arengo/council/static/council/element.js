// @ts-check
/** Building pages from data: always text, never markup. */

/**
 * An element with its attributes and children. `on…` are listeners, `class` and `data-…` as in
 * HTML; null and false children are left out.
 * @param {string} tag @param {Record<string, any>} [attributes]
 * @param {...(Node|string|number|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((one) => one != null && one !== false).map((one) => (one instanceof Node ? one : String(one))));
  return made;
}

/**
 * Put new content in a place; the element that had the focus gives it to its successor with the
 * same `data-focus`.
 * @param {HTMLElement} place @param {...(Node|null|false)} content
 */
export function fill(place, ...content) {
  const held = document.activeElement instanceof HTMLElement && place.contains(document.activeElement) ? document.activeElement.dataset.focus : "";
  place.replaceChildren(...content.filter((one) => one instanceof Node).map((one) => /** @type {Node} */ (one)));
  if (held) /** @type {HTMLElement|null} */ (place.querySelector(`[data-focus="${CSS.escape(held)}"]`))?.focus();
}

/** A key of its own for what is asked, so that asking twice writes once. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID needs https, a hall may not have it
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

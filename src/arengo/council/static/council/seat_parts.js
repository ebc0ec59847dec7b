// @ts-check
/** The pieces of a seat's page, and how they change without losing what has the focus. */

import { say } from "../live/wording.js";

export const root = /** @type {HTMLElement} */ (document.getElementById("seat"));

/** @param {string} name @returns {HTMLElement} */
export function part(name) {
  return /** @type {HTMLElement} */ (root.querySelector(`[data-part="${name}"]`));
}

/** Write only what changed: a live region says again what is written again. @param {HTMLElement} where @param {string} text */
export function write(where, text) {
  if (where.textContent !== text) where.textContent = text;
}

/**
 * Show or hide; what had the focus inside hands it to `heir`, never to nobody.
 * @param {HTMLElement} where @param {boolean} isShown @param {HTMLElement} [heir]
 */
export function show(where, isShown, heir) {
  if (where.hidden === !isShown) return;
  const hadFocus = !isShown && where.contains(document.activeElement);
  where.hidden = !isShown;
  if (hadFocus) heir?.focus();
}

/** Whether a button may be pressed; it keeps the focus either way. @param {HTMLElement} button @param {boolean} isOn */
export function enable(button, isOn) {
  button.setAttribute("aria-disabled", String(!isOn));
}

/** @param {HTMLElement} button */
export function isOn(button) {
  return button.getAttribute("aria-disabled") !== "true";
}

/**
 * Draw a list again only when its facts changed.
 * @param {HTMLElement} where @param {any} facts @param {() => Node[]} draw
 */
export function redraw(where, facts, draw) {
  const known = JSON.stringify(facts);
  if (where.dataset.known === known) return;
  where.dataset.known = known;
  const held = where.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.focus : "";
  where.replaceChildren(...draw());
  if (held) /** @type {HTMLElement|null} */ (where.querySelector(`[data-focus="${CSS.escape(held)}"]`))?.focus();
}

/** "21:04:07" in Italy. @param {string|number|Date} at @param {boolean} [withSeconds] */
export function hour(at, withSeconds = true) {
  const seconds = withSeconds ? { second: /** @type {const} */ ("2-digit") } : {};
  return new Date(at).toLocaleTimeString("it", { timeZone: "Europe/Rome", hour: "2-digit", minute: "2-digit", ...seconds });
}

/** A choice as its voter says it: a sentence's word, or the name of a person. @param {string} choice */
export function choiceWords(choice) {
  const said = say(`vote.${choice}`);
  return said === `vote.${choice}` ? choice : said;
}

/** @param {string} choice */
export function buttonWords(choice) {
  const said = say(`button.${choice}`);
  return said === `button.${choice}` ? choice : said;
}

/** @param {string} kind of speech */
export function speechWords(kind) {
  return say(`speech.${kind}`);
}

/** @param {string} words */
export function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

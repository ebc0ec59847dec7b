// @ts-check
/** The last captions as they are heard, on a screen that everyone in the hall reads. */

import { textOf } from "./cues.js";

/**
 * The rows for the newest captions, the words that may still change last and set apart.
 * @param {import("./cues.js").CueList} list @param {string} partial @param {number} kept captions
 * @returns {HTMLElement[]}
 */
export function rollingRows(list, partial, kept) {
  const recent = list.cues.slice(-kept);
  const rows = recent.map((one, at) => rollingRow(textOf(one), at < recent.length - 2 ? "old" : "new"));
  if (partial) rows.push(rollingRow(partial, "new", true));
  return rows;
}

/** @param {string} text @param {"old"|"new"} age @param {boolean} [isPartial] */
export function rollingRow(text, age, isPartial = false) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  paragraph.dataset.age = age;
  if (isPartial) paragraph.dataset.partial = "true";
  return paragraph;
}

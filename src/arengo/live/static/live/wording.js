// @ts-check
/** Times, sizes and counts as people read them, and the sentences the server wrote for us. */

/** @type {Record<string, string>|null} */
let sentences = null;

/**
 * The sentence of that name in the page's language, with its `{gaps}` filled in.
 * @param {string} name @param {Record<string, string|number>} [gaps]
 */
export function say(name, gaps = {}) {
  sentences ??= JSON.parse(document.getElementById("sentences")?.textContent ?? "{}");
  const sentence = sentences?.[name] ?? name;
  return sentence.replace(/\{(\w+)\}/g, (whole, gap) => String(gaps[gap] ?? whole));
}

/** `1:02:03` or `2:03`. @param {number} seconds */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/**
 * The two largest units of a stretch of time, as [number, unit] pairs.
 * @param {number} seconds @returns {[number, "day"|"hour"|"minute"|"second"][]}
 */
export function units(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  /** @type {[number, "day"|"hour"|"minute"|"second"][]} */
  const all = [
    [Math.floor(whole / 86400), "day"],
    [Math.floor((whole % 86400) / 3600), "hour"],
    [Math.floor((whole % 3600) / 60), "minute"],
    [whole % 60, "second"],
  ];
  const first = all.findIndex(([count]) => count > 0);
  return first < 0 ? [[0, "second"]] : all.slice(first, first + 2).filter(([count]) => count > 0);
}

/** "2 ore e 5 minuti" in the page's language. @param {number} seconds */
export function stretch(seconds) {
  const language = document.documentElement.lang || "it";
  const parts = units(seconds).map(([count, unit]) => span(count, unit));
  return new Intl.ListFormat(language, { type: "conjunction" }).format(parts);
}

/** "41 ore" in the page's language. @param {number} count cut to a whole @param {string} unit */
export function span(count, unit) {
  const language = globalThis.document?.documentElement.lang || "it";
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(Math.floor(count));
}

/** "1,2 GB" (decimal units, as on the disk's label). @param {number} bytes @param {string} [language] */
export function size(bytes, language = "it") {
  const names = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(names.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const digits = power > 1 ? 1 : 0;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(bytes / 1000 ** power);
  return `${number}\u00a0${names[power]}`;
}

/** A number with a comma, as Italians write it. @param {number} value @param {number} [digits] */
export function number(value, digits = 1) {
  const language = globalThis.document?.documentElement.lang || "it";
  return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

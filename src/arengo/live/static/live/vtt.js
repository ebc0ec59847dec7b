// @ts-check
/** Reads the WebVTT that the studio writes: cues with an id, a time line and text. */

/** @typedef {import("./cues.js").Cue} Cue */

const TIMES = /^(\S+)\s+-->\s+(\S+)/;

/**
 * @param {string} text a whole WebVTT file
 * @returns {Cue[]} a cue without an id takes its start in milliseconds
 */
export function parse(text) {
  const blocks = text.replace(/\r\n?/g, "\n").split(/\n{2,}/);
  return blocks.map(cueOf).filter((cue) => cue !== null);
}

/** @param {string} block @returns {Cue|null} */
function cueOf(block) {
  const lines = block.split("\n").filter((line) => line.trim());
  const at = lines.findIndex((line) => TIMES.test(line));
  if (at < 0 || at > 1) return null;
  const [, from, to] = /** @type {RegExpExecArray} */ (TIMES.exec(lines[at]));
  const start = seconds(from);
  const id = at === 1 ? lines[0].trim() : `t${Math.round(start * 1000)}`;
  return { id, rev: 0, start, end: seconds(to), lines: lines.slice(at + 1).map(words), final: true };
}

/** `HH:MM:SS.mmm` or `MM:SS.mmm`. @param {string} clock */
function seconds(clock) {
  return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** Text without tags, entities read. @param {string} line */
function words(line) {
  return line
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&nbsp;/g, " ").replace(/&amp;/g, "&");
}

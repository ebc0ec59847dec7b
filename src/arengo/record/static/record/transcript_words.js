// @ts-check
/** The words of a sitting as the page holds them: pure. A word is [id, second, text, confidence, state, by]. */

/** @typedef {[string, number, string, number, string, string]} Word */
/** @typedef {{id: string, speaker: string, words: Word[]}} Segment */

export const UNSURE = 0.6; // less sure than this, and nobody answered for it yet: to be heard again

/** @param {Word} word */
export const isUnsure = (word) => word[4] === "machine" && word[3] < UNSURE && word[2] !== "";

/** The word being said at a second: the last that has begun. @param {Word[]} words in order @param {number} at */
export function wordAt(words, at) {
  let low = 0, high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle][1] <= at) low = middle + 1; else high = middle;
  }
  return low - 1;
}

/** The next unsure word after a place, round to the beginning; -1 for none. @param {Word[]} words @param {number} from */
export function nextUnsure(words, from) {
  for (let k = 1; k <= words.length; k += 1) {
    const n = (from + k) % words.length;
    if (isUnsure(words[n])) return n;
  }
  return -1;
}

/** What a page asks the server: the edit, and what its author saw. @param {string} what @param {Segment[]} segments @param {string} id the word @param {string} [text] */
export function edit(what, segments, id, text = "") {
  const n = segments.findIndex((one) => one.words.some((word) => word[0] === id));
  if (n < 0) return null;
  const segment = segments[n];
  const seen = segment.words.find((word) => word[0] === id)?.[2] ?? "";
  const words = { words: [id], seen: [seen] };
  switch (what) {
    case "fix": return { kind: "text_fixed", facts: { ...words, text } };
    case "confirm": return { kind: "words_confirmed", facts: words };
    case "strike": return { kind: "words_struck", facts: words };
    case "split": return { kind: "segment_split", facts: { before: id } };
    case "speaker": return { kind: "speaker_set", facts: { segment: segment.id, speaker: text, seen: segment.speaker } };
    case "merge": {
      const first = segments[n - 1];
      return first ? { kind: "segments_merged", facts: { first: first.id, second: segment.id, seen: [first.speaker, segment.speaker] } } : null;
    }
    default: return null;
  }
}

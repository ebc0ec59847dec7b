// @ts-check
/**
 * How long a caption stays on the large screen before the next one takes its place.
 *
 * Speech comes in bursts; a reader does not. Captions wait in a queue and each stays
 * for the time its text needs at the reader's speed; when more than a few are waiting
 * the stay is cut down to half, so that the screen never falls far behind the hall.
 */

/** Characters a second, by the reader's choice. */
export const SPEEDS = { slow: 10, middle: 14, fast: 18 };

const SHORTEST_S = 1;
const CROWDED = 3; // captions waiting

/**
 * @param {string} text the caption on the screen
 * @param {keyof typeof SPEEDS} speed
 * @param {number} waiting captions in the queue
 * @returns {number} seconds
 */
export function stay(text, speed, waiting) {
  const wanted = Math.max(SHORTEST_S, text.length / SPEEDS[speed]);
  return waiting >= CROWDED ? Math.max(SHORTEST_S, wanted / 2) : wanted;
}

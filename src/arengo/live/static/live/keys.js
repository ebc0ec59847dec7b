// @ts-check
/**
 * The player's keys, the ones people know from elsewhere.
 *
 * @typedef {{name: "toggle"|"skip"|"captions"|"mute"|"louder"|"softer"|"full"|"jump"|"live"|"help", by?: number}} Command
 */

/** @type {Record<string, Command>} by `event.key`, lower case */
const COMMANDS = {
  " ": { name: "toggle" }, k: { name: "toggle" },
  arrowleft: { name: "skip", by: -5 }, arrowright: { name: "skip", by: 5 },
  j: { name: "skip", by: -10 }, l: { name: "skip", by: 10 },
  arrowup: { name: "louder" }, arrowdown: { name: "softer" },
  m: { name: "mute" }, c: { name: "captions" }, f: { name: "full" },
  d: { name: "live" }, "?": { name: "help" },
};

/** Where a key belongs to what it is typed into. */
const TYPED = "input, textarea, select, [contenteditable=true], dialog[open]";
const PRESSED = "button, a, summary";

/**
 * @param {{key: string, ctrlKey: boolean, altKey: boolean, metaKey: boolean, target: EventTarget|null}} event
 * @returns {Command|null} null when the key is not ours
 */
export function commandOf(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  const key = event.key.toLowerCase();
  const target = /** @type {Element|null} */ (event.target);
  if (target?.closest?.(TYPED)) return null;
  if (key === " " && target?.closest?.(PRESSED)) return null;
  if (/^[0-9]$/.test(key)) return { name: "jump", by: Number(key) / 10 };
  return COMMANDS[key] ?? null;
}

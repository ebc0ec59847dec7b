// @ts-check
/** The words of the sitting beside the picture: they grow, follow it and lead to it. */

import { textOf } from "./cues.js";
import { SpeakerList } from "./speakers.js";
import { clock, say } from "./wording.js";

/** @typedef {import("./cues.js").Cue} Cue */

export class Transcript {
  /**
   * @param {HTMLElement} root @param {import("./cues.js").CueList} list
   * @param {(time: number) => void} onSeek called with a sitting time
   */
  constructor(root, list, onSeek) {
    this.list = list;
    this.speakers = new SpeakerList();
    this.onSeek = onSeek;
    this.scroller = part(root, "scroller");
    this.rows = part(root, "lines");
    this.partial = part(root, "partial");
    this.empty = part(root, "empty");
    this.search = /** @type {HTMLInputElement} */ (part(root, "search"));
    this.found = part(root, "found");
    this.followBox = /** @type {HTMLInputElement} */ (part(root, "follow"));
    this.speakBox = /** @type {HTMLInputElement} */ (part(root, "speak"));
    this.spoken = part(root, "spoken");
    /** @type {Map<string, HTMLElement>} */
    this.byId = new Map();
    /** @type {string|null} */
    this.currentId = null;
    this.movedAt = 0; // when we last scrolled, so as not to take it for the reader's scrolling
    this.#listen();
  }

  #listen() {
    this.rows.addEventListener("click", (event) => this.#choose(event));
    this.rows.addEventListener("keydown", (event) => this.#walk(event));
    this.search.addEventListener("input", () => this.filter());
    this.search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.rows.querySelector("li:not([hidden]) button")?.dispatchEvent(new Event("click", { bubbles: true }));
    });
    this.followBox.addEventListener("change", () => this.followBox.checked && this.#reveal());
    for (const name of ["wheel", "touchmove"]) {
      this.scroller.addEventListener(name, () => { this.followBox.checked = false; }, { passive: true });
    }
  }

  /** Writes a cue's line, in its place or over its older revision. @param {Cue} cue */
  put(cue) {
    if (!textOf(cue)) return this.#withdraw(cue.id);
    this.empty.hidden = true;
    const row = this.byId.get(cue.id) ?? this.#newRow(cue);
    row.dataset.final = String(cue.final);
    const button = /** @type {HTMLElement} */ (row.querySelector("button"));
    button.dataset.time = String(cue.start);
    /** @type {HTMLElement} */ (button.children[0]).textContent = clock(cue.start);
    /** @type {HTMLElement} */ (button.children[1]).textContent = textOf(cue);
    this.#place(row, cue);
    if (this.search.value) this.filter();
    else this.#name(this.list.cues.indexOf(cue), 2);
    if (this.speakBox.checked && cue.final) this.spoken.textContent = textOf(cue);
  }

  /** @param {string} id */
  #withdraw(id) {
    const next = /** @type {HTMLElement|null} */ (this.byId.get(id)?.nextElementSibling ?? null);
    this.byId.get(id)?.remove();
    this.byId.delete(id);
    if (this.currentId === id) this.currentId = null;
    if (next) this.#name(this.list.cues.findIndex((cue) => this.byId.get(cue.id) === next), 1);
  }

  /** Takes news of who speaks. @param {import("./speakers.js").News} news */
  tellSpeakers(news) {
    const from = this.speakers.put(news);
    this.#name(this.list.cues.findIndex((cue) => cue.end > from), Infinity);
  }

  /**
   * Writes the speaker above each line that another one than the line before it speaks.
   * @param {number} first place of a cue, -1 for none @param {number} count of cues to look at
   */
  #name(first, count) {
    if (first < 0) return;
    const cues = this.list.cues;
    const rowOf = (/** @type {number} */ at) => this.byId.get(cues[at].id);
    let at = first - 1;
    while (at >= 0 && rowOf(at)?.hidden) at -= 1;
    let last = at < 0 ? "" : this.#whose(cues[at]);
    for (at = first; at < Math.min(cues.length, first + count); at += 1) {
      const row = rowOf(at);
      if (!row || row.hidden) continue;
      const whose = this.#whose(cues[at]);
      head(row, whose === last ? "" : whose);
      last = whose;
    }
  }

  /** Who speaks a cue, in words; empty where this sitting does not tell. @param {Cue} cue */
  #whose(cue) {
    const speaker = this.speakers.of(cue.start, cue.end);
    if (!speaker) return "";
    if (!speaker.member) return say("speaker.unknown");
    return speaker.isSure ? speaker.name : say("speaker.likely", { name: speaker.name });
  }

  /** @param {Cue} cue */
  #newRow(cue) {
    const row = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = this.byId.size ? -1 : 0;
    button.append(document.createElement("time"), document.createElement("span"));
    row.append(button);
    this.byId.set(cue.id, row);
    return row;
  }

  /** @param {HTMLElement} row @param {Cue} cue */
  #place(row, cue) {
    const next = this.list.cues[this.list.cues.indexOf(cue) + 1];
    const before = next ? this.byId.get(next.id) ?? null : null;
    if (row.parentElement !== this.rows || row.nextElementSibling !== before) this.rows.insertBefore(row, before);
  }

  /** @param {string} text what is being heard and may still change */
  setPartial(text) {
    this.partial.textContent = text;
    this.partial.hidden = !text;
  }

  /** Marks the line spoken at a sitting time, and follows it. @param {number} time */
  mark(time) {
    const cue = Number.isFinite(time) ? this.list.at(time) : null;
    if ((cue?.id ?? null) === this.currentId) return;
    this.#button(this.currentId)?.removeAttribute("aria-current");
    this.currentId = cue?.id ?? null;
    if (!cue) return;
    const button = this.#button(cue.id);
    button?.setAttribute("aria-current", "true");
    if (!this.rows.contains(document.activeElement)) this.#makeStop(button);
    if (this.followBox.checked) this.#reveal();
  }

  /** @param {string|null} id @returns {HTMLElement|null} */
  #button(id) {
    return /** @type {HTMLElement|null} */ (this.byId.get(id ?? "")?.querySelector("button") ?? null);
  }

  /** Scrolls the panel, never the page. */
  #reveal() {
    const row = this.byId.get(this.currentId ?? "");
    if (!row || row.hidden) return;
    const top = row.offsetTop - this.scroller.clientHeight / 2 + row.clientHeight / 2;
    this.scroller.scrollTo({ top: Math.max(0, top) });
  }

  /** Shows only the lines that hold the words searched for. */
  filter() {
    const query = this.search.value.trim();
    const hits = new Set(this.list.search(query).map(({ id }) => id));
    for (const [id, row] of this.byId) row.hidden = Boolean(query) && !hits.has(id);
    this.#name(0, Infinity);
    this.found.textContent = query ? say(hits.size === 1 ? "foundOne" : "found", { count: hits.size }) : "";
    if (!query) this.#reveal();
  }

  /** @param {Event} event */
  #choose(event) {
    const button = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest("button"));
    if (!button) return;
    this.#makeStop(button);
    this.followBox.checked = true;
    this.onSeek(Number(button.dataset.time));
  }

  /** Up and down among the lines: one tab stop for all of them. @param {KeyboardEvent} event */
  #walk(event) {
    const rows = /** @type {HTMLElement[]} */ ([...this.rows.querySelectorAll("li:not([hidden]) button")]);
    const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const places = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 };
    const to = rows[places[/** @type {keyof typeof places} */ (event.key)]];
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    this.followBox.checked = false;
    this.#makeStop(to);
    to.focus();
  }

  /** @param {HTMLElement|null} button */
  #makeStop(button) {
    if (!button) return;
    for (const other of this.rows.querySelectorAll('button[tabindex="0"]')) /** @type {HTMLElement} */ (other).tabIndex = -1;
    button.tabIndex = 0;
  }
}

/** @param {HTMLElement} row @param {string} whose who speaks from this line on, empty for none */
function head(row, whose) {
  const known = row.querySelector("p");
  if (!whose) return known?.remove();
  const place = known ?? document.createElement("p");
  if (place.textContent !== whose) place.textContent = whose;
  place.dataset.known = String(whose !== say("speaker.unknown"));
  if (!known) row.prepend(place);
}

/** @param {HTMLElement} root @param {string} name */
function part(root, name) {
  return /** @type {HTMLElement} */ (root.querySelector(`[data-part="${name}"]`));
}

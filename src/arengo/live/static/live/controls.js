// @ts-check
/** The bar under the picture, and its keys. */

import { recall, remember } from "./choices.js";
import { commandOf } from "./keys.js";
import { clock, say } from "./wording.js";

/** @typedef {import("./player.js").Player} Player */
/** @typedef {import("./captions.js").Captions} Captions */

export class Controls {
  /** @param {HTMLElement} root @param {Player} player @param {Captions} captions */
  constructor(root, player, captions) {
    this.root = root;
    this.player = player;
    this.captions = captions;
    this.video = player.video;
    this.slider = /** @type {HTMLInputElement} */ (this.#part("seek"));
    this.volume = /** @type {HTMLInputElement} */ (this.#part("volume"));
    this.keysBox = /** @type {HTMLInputElement} */ (document.querySelector('[data-part="keys"]'));
    this.help = /** @type {HTMLDialogElement} */ (document.querySelector("dialog"));
    this.isSliding = false;
    this.#listen();
    this.#recallChoices();
    this.refresh();
  }

  /** @param {string} name @returns {HTMLElement} */
  #part(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(`[data-part="${name}"]`));
  }

  #listen() {
    const press = /** @type {const} */ ({
      toggle: () => this.player.toggle(), back: () => this.skip(-10), forward: () => this.skip(10),
      mute: () => this.mute(), unmute: () => this.mute(), captions: () => this.toggleCaptions(),
      full: () => this.full(), live: () => this.player.goLive(), help: () => this.help.showModal(),
      start: () => void this.player.play(),
    });
    for (const [name, act] of Object.entries(press)) this.#part(name)?.addEventListener("click", act);
    this.video.addEventListener("click", () => this.player.toggle());
    for (const name of ["play", "pause", "volumechange", "timeupdate", "durationchange", "ended", "waiting", "playing"]) {
      this.video.addEventListener(name, () => this.refresh());
    }
    this.slider.addEventListener("input", () => { this.isSliding = true; this.#tell(Number(this.slider.value)); });
    this.slider.addEventListener("change", () => { this.isSliding = false; this.player.seek(Number(this.slider.value)); });
    this.volume.addEventListener("input", () => { this.video.muted = false; this.video.volume = Number(this.volume.value); });
    document.addEventListener("fullscreenchange", () => this.refresh());
    document.addEventListener("keydown", (event) => this.#onKey(event));
    this.keysBox.addEventListener("change", () => remember("keys", String(this.keysBox.checked)));
  }

  #recallChoices() {
    this.keysBox.checked = recall("keys", "true") === "true";
    this.captions.set({ isOn: recall("captions", "true") === "true" });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const isOff = !this.keysBox.checked || this.root.hidden || this.help.open;
    const command = isOff ? null : commandOf(event);
    if (!command) return;
    event.preventDefault();
    this.run(command);
  }

  /** @param {import("./keys.js").Command} command */
  run({ name, by = 0 }) {
    const { start, end } = this.player.range;
    const acts = {
      toggle: () => this.player.toggle(), skip: () => this.skip(by), captions: () => this.toggleCaptions(),
      mute: () => this.mute(), louder: () => this.louder(0.1), softer: () => this.louder(-0.1),
      full: () => this.full(), jump: () => this.player.seek(start + (end - start) * by),
      live: () => this.player.goLive(), help: () => this.help.showModal(),
    };
    acts[name]();
  }

  /** @param {number} seconds */
  skip(seconds) {
    const time = this.player.time;
    if (Number.isFinite(time)) this.player.seek(time + seconds);
  }

  /** @param {number} step */
  louder(step) {
    this.video.muted = false;
    this.video.volume = Math.min(1, Math.max(0, this.video.volume + step));
  }

  mute() {
    this.video.muted = !this.video.muted;
  }

  toggleCaptions() {
    this.captions.set({ isOn: !this.captions.isOn });
    remember("captions", String(this.captions.isOn));
    this.refresh();
  }

  full() {
    if (document.fullscreenElement) void document.exitFullscreen();
    else if (this.root.requestFullscreen) void this.root.requestFullscreen();
    else /** @type {any} */ (this.video).webkitEnterFullscreen?.(); // iPhone
  }

  /** Shows what is. */
  refresh() {
    const { video, player } = this;
    this.#state("toggle", video.paused ? "play" : "pause", say(video.paused ? "play" : "pause"));
    this.#state("mute", video.muted ? "muted" : "sound", say(video.muted ? "unmute" : "mute"));
    this.#state("full", document.fullscreenElement ? "small" : "full", say(document.fullscreenElement ? "exitFull" : "full"));
    this.#part("captions").setAttribute("aria-pressed", String(this.captions.isOn));
    this.#part("unmute").hidden = !video.muted || video.paused;
    this.#part("start").hidden = !video.paused || !player.source;
    this.volume.value = String(video.muted ? 0 : video.volume);
    this.#refreshLive();
    if (!this.isSliding) this.#refreshTime();
  }

  #refreshLive() {
    const button = this.#part("live");
    const { isLive, isFollowing } = this.player;
    button.hidden = this.root.dataset.live !== "true";
    const isAtEdge = isLive && isFollowing && !this.video.paused;
    const edge = this.player.isSignalLost ? "edgeLost" : "atEdge";
    button.dataset.edge = isAtEdge ? edge : "behind";
    const words = /** @type {HTMLElement} */ (button.lastElementChild);
    const wanted = say(isAtEdge ? edge : "goLive");
    if (words.textContent !== wanted) words.textContent = wanted;
  }

  #refreshTime() {
    const { start, end } = this.player.range;
    const time = this.player.time;
    if (![start, end, time].every(Number.isFinite)) return;
    this.slider.min = String(Math.floor(start));
    this.slider.max = String(Math.ceil(end));
    this.slider.value = String(time);
    this.#tell(time);
  }

  /** @param {number} time */
  #tell(time) {
    const end = this.player.range.end;
    const span = Number(this.slider.max) - Number(this.slider.min);
    this.slider.style.setProperty("--done", `${span ? (100 * (time - Number(this.slider.min))) / span : 0}%`);
    this.slider.setAttribute("aria-valuetext", say("position", { time: clock(time), end: clock(end) }));
    this.#part("time").textContent = this.root.dataset.live === "true" ? clock(time) : `${clock(time)} / ${clock(end)}`;
  }

  /** @param {string} name @param {string} icon @param {string} label */
  #state(name, icon, label) {
    const button = this.#part(name);
    const use = button.querySelector("use");
    const href = use?.getAttribute("href") ?? "";
    const wanted = href.replace(/#.*/, `#${icon}`);
    if (href !== wanted) use?.setAttribute("href", wanted);
    if (button.getAttribute("aria-label") !== label) {
      button.setAttribute("aria-label", label);
      button.title = label;
    }
  }
}

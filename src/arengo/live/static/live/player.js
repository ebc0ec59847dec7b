// @ts-check
/**
 * The picture: hls.js where it runs, the browser's own HLS elsewhere (iPhone).
 *
 * Two sources of one sitting: `live` (a window at the live edge) and `recording` (all
 * of it, from the beginning). Callers speak sitting time only; `Timeline` translates.
 */

import { decide, isStanding, target } from "./latency.js";
import { Timeline } from "./timeline.js";

/** @typedef {"live"|"recording"} Source */

const RETRIES_S = [1, 2, 4, 8, 10];
const FRESH_S = 8; // after the first picture
const BACK_S = 120; // played picture kept for going back

export class Player extends EventTarget {
  /**
   * @param {HTMLVideoElement} video
   * @param {{base: string, worker: string}} options `base`: `/media/<uid>/`
   */
  constructor(video, { base, worker }) {
    super();
    this.video = video;
    this.base = base;
    this.worker = worker;
    this.timeline = new Timeline();
    /** @type {Source|null} */
    this.source = null;
    /** @type {"sync"|"low"} */
    this.mode = "sync";
    this.holdBack = 5.5;
    this.isFollowing = true;
    this.isSignalLost = false;
    this.isWanted = true; // the viewer wants it to play
    this.chosenRate = 1; // of a recording
    /** @type {any} */
    this.hls = null;
    this.failures = 0;
    this.generation = 0;
    this.playingAt = NaN; // when the first picture of this source was shown, ms
    video.addEventListener("playing", () => { if (Number.isNaN(this.playingAt)) this.playingAt = performance.now(); });
    setInterval(() => this.#correct(), 250);
  }

  /** Without hls.js, the browser shows the captions of the playlist by itself. */
  get isNative() {
    return this.source !== null && this.hls === null;
  }

  get isLive() {
    return this.source === "live";
  }

  /** Sitting time of the picture on the screen, NaN when unknown. */
  get time() {
    return this.timeline.toSitting(this.video.currentTime);
  }

  /** Sitting times one can go to. @returns {{start: number, end: number}} */
  get range() {
    const details = this.hls?.latestLevelDetails;
    const end = this.isLive && details ? details.edge : this.video.duration;
    const start = this.isLive && details ? details.fragmentStart : 0;
    return { start: this.timeline.toSitting(start), end: this.timeline.toSitting(Number.isFinite(end) ? end : 0) };
  }

  /** Seconds behind the live edge, null when unknown. @returns {number|null} */
  get latency() {
    return this.isLive && this.hls?.latestLevelDetails ? this.hls.latency : null;
  }

  get target() {
    return target(this.mode, this.holdBack);
  }

  /** Plays at the live edge, behind by the target of the mode. */
  openLive() {
    this.isFollowing = true;
    this.#open("live", -1);
  }

  /** Plays all that was recorded so far. @param {number} at sitting time */
  openRecording(at) {
    this.isFollowing = false;
    this.#open("recording", at);
  }

  close() {
    this.generation += 1;
    this.hls?.destroy();
    this.hls = null;
    this.source = null;
    this.playingAt = NaN;
    this.timeline.clear();
    this.video.removeAttribute("src");
    this.video.load();
  }

  /** @param {"sync"|"low"} mode */
  setMode(mode) {
    this.mode = mode;
    this.#aim();
    if (this.isLive && this.isFollowing) this.#jumpToTarget();
  }

  /** @param {number} seconds the studio's hold-back */
  setHoldBack(seconds) {
    if (seconds > 0) this.holdBack = seconds;
    this.#aim();
  }

  /** Goes to a sitting time; before the live window, into the recording. @param {number} sittingTime */
  seek(sittingTime) {
    if (this.isLive && sittingTime < this.range.start) {
      this.openRecording(sittingTime);
      return;
    }
    const at = this.timeline.toPlayer(Math.max(0, Math.min(sittingTime, this.range.end)));
    if (!Number.isFinite(at)) return;
    this.video.currentTime = at;
    if (this.isLive) this.isFollowing = this.range.end - sittingTime < this.target + 2;
  }

  /** Back to the live edge, from wherever one is. */
  goLive() {
    this.isWanted = true;
    if (!this.isLive) return this.openLive();
    this.isFollowing = true;
    this.#jumpToTarget();
    void this.play();
  }

  async play() {
    this.isWanted = true;
    try {
      await this.video.play();
    } catch (reason) {
      if (/** @type {Error} */ (reason).name !== "NotAllowedError") return;
      this.video.muted = true; // browsers let a silent picture start; the page offers the sound
      await this.video.play().catch(() => { this.isWanted = false; });
    }
  }

  pause() {
    this.isWanted = false;
    if (this.isLive) this.isFollowing = false;
    this.video.pause();
  }

  toggle() {
    if (this.video.paused) void this.play();
    else this.pause();
  }

  /** @param {Source} source @param {number} at player time, -1 for the live edge */
  #open(source, at) {
    this.close();
    this.source = source;
    this.failures = 0;
    const url = `${this.base}${source === "live" ? "master" : "recording"}.m3u8`;
    const Hls = /** @type {any} */ (window).Hls;
    if (Hls?.isSupported()) this.#openHls(Hls, url, at);
    else this.#openNative(url, at);
    this.dispatchEvent(new Event("source"));
    if (this.isWanted) void this.play();
  }

  /** @param {string} url @param {number} at */
  #openNative(url, at) {
    if (!this.isLive) this.timeline.anchor(0, 0); // a live window begins at a time we are not told
    this.video.src = url;
    if (at > 0) this.video.addEventListener("loadedmetadata", () => { this.video.currentTime = at; }, { once: true });
    this.dispatchEvent(new Event("timeline"));
  }

  /** @param {any} Hls @param {string} url @param {number} at */
  #openHls(Hls, url, at) {
    const hls = new Hls({
      workerPath: this.worker,
      lowLatencyMode: true,
      startPosition: at,
      liveSyncDuration: this.target,
      liveMaxLatencyDuration: 24 * 3600, // who goes back stays there; `#correct` brings the others home
      liveSyncOnStallIncrease: 0,
      backBufferLength: BACK_S,
      maxBufferLength: 30,
      renderTextTracksNatively: false, // captions come with the events and the transcript
      subtitleDisplay: false,
    });
    this.hls = hls;
    hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => { hls.subtitleTrack = -1; });
    hls.on(Hls.Events.INIT_PTS_FOUND, (/** @type {any} */ _, /** @type {any} */ found) => this.#anchor(found));
    hls.on(Hls.Events.FRAG_BUFFERED, () => { this.failures = 0; });
    hls.on(Hls.Events.ERROR, (/** @type {any} */ _, /** @type {any} */ error) => error.fatal && this.#recover(Hls, error));
    hls.loadSource(url);
    hls.attachMedia(this.video);
  }

  /** @param {{frag: {start: number, cc: number}, initPTS: number, timescale: number}} found */
  #anchor({ frag, initPTS, timescale }) {
    const isFirst = !this.timeline.isKnown;
    this.timeline.anchor(isFirst ? 0 : frag.start, initPTS / timescale);
    this.dispatchEvent(new Event("timeline"));
  }

  /** Never gives up: the sitting goes on, so must the page. @param {any} Hls @param {any} error */
  #recover(Hls, error) {
    const hls = this.hls;
    const generation = this.generation;
    const pause = RETRIES_S[Math.min(this.failures, RETRIES_S.length - 1)];
    this.failures += 1;
    setTimeout(() => {
      if (generation !== this.generation) return;
      if (error.type === Hls.ErrorTypes.MEDIA_ERROR && this.failures < 3) hls.recoverMediaError();
      else this.#reopen();
    }, pause * 1000);
  }

  #reopen() {
    const failures = this.failures;
    const at = this.time;
    if (this.isLive) this.#open("live", -1);
    else this.#open("recording", Number.isFinite(at) ? at : 0);
    this.failures = failures;
  }

  #aim() {
    if (this.hls && this.isLive) this.hls.targetLatency = this.target;
  }

  #jumpToTarget() {
    const position = this.hls?.liveSyncPosition;
    if (Number.isFinite(position)) this.video.currentTime = position;
    else if (!this.hls && this.video.seekable.length) this.video.currentTime = this.video.seekable.end(0);
  }

  /** Keeps the distance to the hall. */
  #correct() {
    if (!this.isLive) return this.#setRate(this.source ? this.chosenRate : 1);
    const { seek, rate } = decide({
      latency: this.latency,
      target: this.target,
      mode: this.mode,
      isFollowing: this.isFollowing && !this.video.paused,
      isFresh: performance.now() - this.playingAt < FRESH_S * 1000,
      isStarved: this.isSignalLost || isStanding(this.hls?.latestLevelDetails ?? null),
      rate: this.video.playbackRate,
    });
    if (seek) this.#jumpToTarget();
    this.#setRate(rate);
  }

  /** @param {number} rate */
  #setRate(rate) {
    if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
  }
}

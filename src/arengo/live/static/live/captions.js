// @ts-check
/**
 * Captions over the picture, timed to the frame, in a text track of our own; and, in
 * low latency, rolling under the picture as they are heard.
 */

/** @typedef {import("./cues.js").Cue} Cue */
/** @typedef {import("./player.js").Player} Player */

export class Captions {
  /**
   * @param {Player} player @param {import("./cues.js").CueList} list
   * @param {HTMLElement} rolling where captions roll in low latency
   */
  constructor(player, list, rolling) {
    this.player = player;
    this.list = list;
    this.rolling = rolling;
    this.track = player.video.addTextTrack("captions", "Italiano", "it");
    /** @type {Map<string, VTTCue>} */
    this.shown = new Map();
    this.isOn = true;
    this.isRolling = false;
    player.addEventListener("timeline", () => this.rebuild());
    player.addEventListener("source", () => this.apply());
    player.video.textTracks.addEventListener("addtrack", () => this.apply());
    this.apply();
  }

  /** @param {{isOn?: boolean, isRolling?: boolean}} change */
  set(change) {
    Object.assign(this, change);
    this.apply();
  }

  apply() {
    const { isNative, video } = this.player;
    for (const track of video.textTracks) {
      const isOurs = track === this.track;
      const isShown = this.isOn && !this.isRolling && isOurs !== isNative;
      track.mode = isShown ? "showing" : "hidden";
    }
    this.rolling.hidden = !(this.isOn && this.isRolling);
  }

  /** Puts a cue on the picture at its time. @param {Cue} cue */
  put(cue) {
    const known = this.shown.get(cue.id);
    if (known) this.track.removeCue(known);
    this.shown.delete(cue.id);
    const start = this.player.timeline.toPlayer(cue.start);
    const end = this.player.timeline.toPlayer(cue.end);
    if (!cue.lines.length || !Number.isFinite(start) || end <= Math.max(0, start)) return;
    const shown = new VTTCue(Math.max(0, start), end, cue.lines.join("\n"));
    shown.id = cue.id;
    this.track.addCue(shown);
    this.shown.set(cue.id, shown);
  }

  /** The player's clock has moved: times all captions again. */
  rebuild() {
    for (const cue of this.shown.values()) this.track.removeCue(cue);
    this.shown.clear();
    for (const cue of this.list.cues) this.put(cue);
  }

  /** Shows what is being heard now, under the picture. @param {string} partial not yet a cue */
  roll(partial) {
    const last = this.list.cues.at(-1);
    const lines = [...(last?.lines ?? []), ...(partial ? [partial] : [])];
    this.rolling.replaceChildren(...lines.slice(-3).map((line) => {
      const row = document.createElement("span");
      row.textContent = line;
      return row;
    }));
  }
}

// @ts-check
/**
 * From the studio's `status` to what the regia says: a word, a detail and a level
 * for each tile. Pure, but for the words.
 */

import { clock, number, say, size, span, stretch } from "./wording.js";

/** @typedef {{value: string, more: string, level: "good"|"warn"|"bad"|"idle"}} Tile */
/** @typedef {any} Status as in the studio's contract; parts may be null before the first signal */

const LOW_DB = -45; // speech this faint is neither understood nor transcribed
const HOT_DB = -1; // above this it distorts
const SILENT_S = 10;
const KEYFRAME_MAX_S = 2.6; // what the studio warns from
const LATE_S = 6; // the published goal for p95

/** @param {Status} status @returns {Record<string, Tile>} */
export function tiles(status) {
  const viewers = status.viewers ?? 0;
  return {
    signal: signalTile(status),
    audio: audioTile(status),
    recording: recordingTile(status),
    captions: captionsTile(status.captions),
    disk: diskTile(status.recording),
    viewers: { value: number(viewers, 0), more: say(viewers === 1 ? "viewersOne" : "viewers"), level: "idle" },
  };
}

/** @param {Status} status @returns {Tile} */
function signalTile(status) {
  const levels = /** @type {const} */ ({ live: "good", lost: "bad", waiting: "idle", closed: "idle" });
  const more = status.source ? say(`source.${status.source}`) : "";
  return { value: say(`signal.${status.signal}`), more, level: levels[/** @type {keyof typeof levels} */ (status.signal)] ?? "idle" };
}

/** @param {Status} status @returns {Tile} */
function audioTile({ signal, audio, video }) {
  if (!audio?.codec) return { value: say(video && signal === "live" ? "audio.absent" : "none"), more: "", level: video && signal === "live" ? "bad" : "idle" };
  if ((audio.silent_s ?? 0) >= SILENT_S) return { value: say("audio.silent"), more: say("audio.silentFor", { time: stretch(audio.silent_s) }), level: "bad" };
  const more = say("level", { level: number(audio.level_db ?? -100, 0) });
  const level = audio.peak_db > HOT_DB ? "audio.clipping" : audio.level_db < LOW_DB ? "audio.low" : "audio.good";
  return { value: say(level), more, level: level === "audio.good" ? "good" : "warn" };
}

/** @param {Status} status @returns {Tile} */
function recordingTile({ signal, recording }) {
  if (!recording) return { value: say("none"), more: "", level: "idle" };
  const time = clock(recording.duration_s ?? 0);
  if (!recording.is_writing) return { value: time, more: say("recording.stopped"), level: "bad" };
  if (signal === "live") return { value: time, more: say("recording.on"), level: "good" };
  return { value: time, more: say("recording.off"), level: "idle" };
}

/** @param {Status} captions @returns {Tile} */
function captionsTile(captions) {
  if (!captions?.alive) return { value: say("captions.off"), more: "", level: "warn" };
  const mean = captions.delay_mean_s;
  if (typeof mean !== "number") return { value: say("captions.on"), more: "", level: "good" };
  const more = say("captions.delay", { p95: number(captions.delay_p95_s ?? mean) });
  return { value: `${number(mean)} s`, more, level: (captions.delay_p95_s ?? mean) > LATE_S ? "warn" : "good" };
}

/** @param {Status} recording @returns {Tile} */
function diskTile(recording) {
  if (!recording) return { value: say("none"), more: "", level: "idle" };
  const left = recording.disk_left_s;
  const free = say("disk.free", { size: size(recording.disk_free_bytes ?? 0) });
  if (typeof left !== "number") return { value: size(recording.disk_free_bytes ?? 0), more: "", level: "idle" };
  const level = left < 1800 ? "bad" : left < 7200 ? "warn" : "good";
  return { value: room(left), more: `${say("disk.left")}; ${free}`, level };
}

/** "41 ore": hours up to four days, since a sitting is counted in hours. @param {number} seconds */
function room(seconds) {
  if (seconds >= 96 * 3600) return span(seconds / 86400, "day");
  return seconds >= 3600 ? span(seconds / 3600, "hour") : span(seconds / 60, "minute");
}

/** The table of what arrives. @param {Status} status @returns {Record<string, {text: string, level?: string}>} */
export function facts({ source, video, audio, recording, captions }) {
  const none = say("none");
  const gap = video?.keyframe_interval_s;
  const isRare = typeof gap === "number" && gap > KEYFRAME_MAX_S;
  const every = typeof gap === "number" ? say("keyframe", { seconds: number(gap) }) : none;
  return {
    source: { text: source ? say(`source.${source}`) : none },
    video: { text: video ? `${video.width}×${video.height}, ${video.codec}` : none },
    fps: { text: video ? say("fps", { count: number(video.fps ?? 0) }) : none },
    bitrate: { text: video ? say("bitrate", { count: number(video.bitrate_kbps ?? 0, 0) }) : none },
    keyframe: { text: isRare ? `${every}: ${say("keyframe.remedy")}` : every, level: isRare ? "bad" : "good" },
    audio: { text: audio?.codec ?? none },
    level: { text: audio?.codec && typeof audio.level_db === "number" ? `${say("level", { level: number(audio.level_db, 0) })}, ${say("level", { level: number(audio.peak_db ?? 0, 0) })}` : none },
    bytes: { text: recording ? size(recording.bytes ?? 0) : none },
    model: { text: captions?.model || none },
  };
}

/** Where a level falls on a meter from -60 dB to 0 dB, 0 to 1. @param {number|null|undefined} db */
export function meter(db) {
  return typeof db === "number" ? Math.min(1, Math.max(0, (db + 60) / 60)) : 0;
}

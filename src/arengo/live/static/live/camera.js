// @ts-check
/** This computer's camera and microphone as the source of a sitting. */

import { say } from "./wording.js";

const TYPES = ['video/mp4;codecs="avc1.42E01F,opus"', 'video/mp4;codecs="avc1.42E01F,mp4a.40.2"'];
const SLICE_MS = 250;
const KEYFRAME_MS = 1000; // viewers join and captions align at key frames
const BUFFER_MAX = 8 << 20; // bytes waiting in the socket: beyond, the line is too slow

export class Camera {
  /**
   * @param {{socket: string, key: () => Promise<string>, onState: (text: string, isOn: boolean) => void}} options
   */
  constructor({ socket, key, onState }) {
    this.address = socket;
    this.key = key;
    this.onState = onState;
    /** @type {MediaStream|null} */
    this.stream = null;
    /** @type {MediaRecorder|null} */
    this.recorder = null;
    /** @type {WebSocket|null} */
    this.socket = null;
    this.failures = 0;
    this.secret = "";
  }

  get isOn() {
    return this.stream !== null;
  }

  async start() {
    const mime = typeof MediaRecorder === "undefined" ? undefined : TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    if (!mime) return this.onState(say("camera.unsupported"), false);
    this.onState(say("camera.starting"), true);
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25 } },
        audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: true },
      });
      this.secret = await this.key();
    } catch (reason) {
      this.stop();
      return this.onState(explain(/** @type {Error} */ (reason)), false);
    }
    this.#connect(mime);
  }

  stop() {
    this.recorder?.state === "recording" && this.recorder.stop();
    this.socket?.close(1000);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.recorder = this.socket = this.stream = null;
    this.onState(say("camera.off"), false);
  }

  /** A new socket is a new take: the recorder starts again with its header. @param {string} mime */
  #connect(mime) {
    const socket = new WebSocket(this.address);
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    let refusal = "";
    socket.addEventListener("open", () => socket.send(JSON.stringify({ key: this.secret, mime })));
    socket.addEventListener("message", ({ data }) => {
      const answer = JSON.parse(data);
      if (answer.type === "accepted") this.#record(mime, socket);
      else refusal = answer.message ?? "";
    });
    socket.addEventListener("close", () => this.#closed(mime, socket, refusal));
  }

  /** @param {string} mime @param {WebSocket} socket */
  #record(mime, socket) {
    if (!this.stream) return;
    const options = { mimeType: mime, videoBitsPerSecond: 2_500_000, audioBitsPerSecond: 96_000, videoKeyFrameIntervalDuration: KEYFRAME_MS };
    const recorder = new MediaRecorder(this.stream, options);
    this.recorder = recorder;
    recorder.addEventListener("dataavailable", async ({ data }) => {
      if (data.size && socket.readyState === WebSocket.OPEN) socket.send(await data.arrayBuffer());
      if (socket.bufferedAmount > BUFFER_MAX) socket.close(4000, "slow");
    });
    recorder.start(SLICE_MS);
    this.failures = 0;
    this.onState(say("camera.on"), true);
  }

  /** @param {string} mime @param {WebSocket} socket @param {string} refusal */
  #closed(mime, socket, refusal) {
    if (socket !== this.socket || !this.stream) return;
    this.recorder?.state === "recording" && this.recorder.stop();
    this.failures += 1;
    this.onState(refusal || say("camera.again"), true);
    setTimeout(() => this.stream && this.#connect(mime), Math.min(8, 2 ** this.failures) * 500);
  }
}

/** @param {Error} reason */
function explain({ name }) {
  if (name === "NotAllowedError") return say("camera.refused");
  if (name === "NotFoundError" || name === "NotReadableError") return say("camera.missing");
  return say("camera.key");
}

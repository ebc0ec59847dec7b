// @ts-check
/**
 * The studio's events, for as long as the page is open.
 *
 * A browser gives up an EventSource at the first answer that is not 200 (a studio
 * that restarts behind the door); this one comes back by itself, always.
 */

const PAUSES_S = [0.5, 1, 2, 4, 8];

export class Stream {
  /**
   * @param {() => string|Promise<string>} address asked again at each connection
   * @param {Record<string, (data: any) => void>} handlers by event name
   * @param {() => void} [onOpen] each time the line is there again
   */
  constructor(address, handlers, onOpen = () => {}) {
    this.address = address;
    this.handlers = handlers;
    this.onOpen = onOpen;
    this.failures = 0;
    /** @type {EventSource|null} */
    this.source = null;
    this.brokenAt = performance.now();
    this.isClosed = false;
  }

  /** Seconds since the line broke, 0 while it is there. */
  get silence() {
    return this.source?.readyState === EventSource.OPEN ? 0 : (performance.now() - this.brokenAt) / 1000;
  }

  async open() {
    try {
      const address = await this.address();
      if (!this.isClosed) this.#connect(new EventSource(address));
    } catch {
      this.#again();
    }
  }

  close() {
    this.isClosed = true;
    this.source?.close();
  }

  /** @param {EventSource} source */
  #connect(source) {
    this.source = source;
    for (const [name, handle] of Object.entries(this.handlers)) {
      source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
    }
    source.addEventListener("open", () => {
      this.failures = 0;
      this.onOpen();
    });
    source.addEventListener("error", () => {
      if (this.failures === 0) this.brokenAt = performance.now();
      source.close();
      this.#again();
    });
  }

  #again() {
    if (this.isClosed) return;
    const pause = PAUSES_S[Math.min(this.failures, PAUSES_S.length - 1)];
    this.failures += 1;
    setTimeout(() => this.open(), pause * 1000);
  }
}

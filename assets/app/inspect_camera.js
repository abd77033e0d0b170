// The inspector's camera: a stream with its lens and lamp, looked at again and again, one text at a
// time. What ends it has a word. Not here: who reads codes (`inspect_reader`), what a text means.
import { reader } from './inspect_reader.js';

/** Between two looks at the picture, in ms. */
const LOOK_MS = 120;

/** A code that stays in view counts once; after this time without it, in ms, anew. */
const GONE_MS = 1500;

/** Below this width small codes are not read. */
const WIDTH_IDEAL = 1920;

/** What browsers call it: the word that says it. */
const WHY = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'absent',
  OverconstrainedError: 'absent',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** Why no camera can be had on this page; null where one may be. */
function missing() {
  if (!window.isSecureContext) return 'insecure';
  return navigator.mediaDevices?.getUserMedia ? null : 'none';
}

export class Camera {
  /**
   * @param {HTMLVideoElement} video
   * @param {(text: string) => void} found
   * @param {() => void} changed told when what follows is another: stream, why, lenses, lamp
   */
  constructor(video, found, changed) {
    Object.assign(this, { video, found, changed, stream: null, paused: false, read: null });
    /** A word; null while nothing is wrong. */
    this.why = missing();
    /** What the browser lists, and which of it is open. */
    Object.assign(this, { lenses: [], lens: '' });
    /** Whether it is lit; null where there is none. Kept from one stream to the next. */
    Object.assign(this, { lamp: null, lit: false });
    Object.assign(this, { wanted: false, turn: 0, timer: 0, last: { text: '', at: 0 } });
    // A camera that slept is often black: it is closed, and opened anew when the page is seen.
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) this.stop();
      else if (this.wanted && !this.stream) this.open();
    });
    navigator.mediaDevices?.addEventListener?.('devicechange', () => this.list());
  }

  /** Opens the lens that was open last, or another; what hinders it is told by `why`. */
  async open(lens = this.lens) {
    this.stop();
    Object.assign(this, { wanted: true, why: missing() });
    if (this.why === null) {
      const turn = (this.turn += 1);
      await this.start(lens, turn).catch((error) => {
        if (turn === this.turn) this.fail(WHY[error.name] ?? 'failed');
      });
    }
    this.changed();
  }

  /** @param {string} lens @param {number} turn */
  async start(lens, turn) {
    const reading = this.read ?? reader();
    // Whoever fails first is told; the other is not left alone with its fault.
    reading.catch?.(() => null);
    const stream = await streamOf(lens);
    if (turn !== this.turn || document.hidden) {
      release(stream);
      return;
    }
    this.stream = stream;
    const [track] = stream.getVideoTracks();
    track.addEventListener('ended', () => {
      if (this.stream === stream) this.fail('unplugged');
    });
    this.lens = track.getSettings().deviceId ?? '';
    this.video.srcObject = stream;
    await this.video.play();
    this.lamp = track.getCapabilities?.().torch ? false : null;
    if (this.lit) await this.light(true);
    await this.list();
    this.read = await reading;
    if (this.stream === stream) this.look();
  }

  /** Closes it because of something that has a word. @param {string} why */
  fail(why) {
    this.close();
    this.why = why;
    this.changed();
  }

  close() {
    this.wanted = false;
    this.stop();
    this.changed();
  }

  stop() {
    window.clearTimeout(this.timer);
    this.turn += 1;
    if (this.stream) release(this.stream);
    this.stream = null;
    this.video.srcObject = null;
  }

  async list() {
    const all = (await navigator.mediaDevices.enumerateDevices().catch(() => [])) ?? [];
    this.lenses = all.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '');
    this.changed();
  }

  /** @param {boolean} lit */
  async light(lit) {
    const [track] = this.stream?.getVideoTracks() ?? [];
    if (!track || this.lamp === null) return;
    const done = track.applyConstraints({ advanced: [{ torch: lit }] });
    if (await done.then(() => true).catch(() => false)) this.lamp = this.lit = lit;
    this.changed();
  }

  async look() {
    const { stream } = this;
    if (!stream) return;
    const text = this.paused ? '' : await this.read(this.video);
    if (this.stream !== stream) return;
    const now = Date.now();
    const anew = text !== this.last.text || now - this.last.at > GONE_MS;
    if (text !== '') this.last = { text, at: now };
    if (text !== '' && anew && !this.paused) this.found(text);
    this.timer = window.setTimeout(() => this.look(), LOOK_MS);
  }
}

async function streamOf(lens) {
  const width = { ideal: WIDTH_IDEAL };
  const asked = (video) => navigator.mediaDevices.getUserMedia({ video, audio: false });
  const any = { facingMode: 'environment', width };
  if (lens === '') return asked(any);
  return asked({ deviceId: { exact: lens }, width }).catch((error) => {
    // A lens that is no longer there: any other.
    if (error.name !== 'OverconstrainedError') throw error;
    return asked(any);
  });
}

function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}

// The inspector's camera: a stream, the browser's own reader of codes, one text at a time.
// Not here: what a text means. A browser without a reader says so; the photo is then the way.

/** Between two looks at the picture, in ms. */
const LOOK_MS = 150;

/** A code that stays in view counts once; after this time without it, in ms, anew. */
const GONE_MS = 1500;

/** Below this width small codes are not read. */
const WIDTH_IDEAL = 1920;

/** Whether this browser reads QR codes through a camera. */
export async function canRead() {
  const can = 'BarcodeDetector' in window && navigator.mediaDevices?.getUserMedia;
  if (!can) return false;
  try {
    const formats = await window.BarcodeDetector.getSupportedFormats();
    return formats.includes('qr_code');
  } catch {
    return false;
  }
}

export class Camera {
  /**
   * @param {HTMLVideoElement} video
   * @param {(text: string) => void} found
   * @param {() => void} stopped told when the stream ends by itself
   */
  constructor(video, found, stopped) {
    Object.assign(this, { video, found, stopped, stream: null, timer: 0, paused: false });
    this.last = { text: '', at: 0 };
    // A camera that slept is often black: it is closed, and opened anew by hand.
    document.addEventListener('visibilitychange', () => {
      if (document.hidden && this.stream) this.close(true);
    });
  }

  /** Throws where there is none, it is taken, or the reader says no. */
  async open() {
    this.close(false);
    const video = { facingMode: 'environment', width: { ideal: WIDTH_IDEAL } };
    this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    this.reader = new window.BarcodeDetector({ formats: ['qr_code'] });
    for (const track of this.stream.getTracks())
      track.addEventListener('ended', () => this.close(true));
    this.video.srcObject = this.stream;
    await this.video.play();
    this.look();
  }

  /** @param {boolean} told */
  close(told) {
    window.clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    const was = this.stream;
    this.stream = null;
    this.video.srcObject = null;
    if (was && told) this.stopped();
  }

  async look() {
    if (!this.stream) return;
    try {
      const codes = this.paused ? [] : await this.reader.detect(this.video);
      const text = codes[0]?.rawValue ?? '';
      const now = Date.now();
      const anew = text !== this.last.text || now - this.last.at > GONE_MS;
      if (text !== '') this.last = { text, at: now };
      if (text !== '' && anew && !this.paused) this.found(text);
    } catch {
      // A picture that is not there yet: the next one is.
    }
    if (this.stream) this.timer = window.setTimeout(() => this.look(), LOOK_MS);
  }
}

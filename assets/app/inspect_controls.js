// What the inspector sees of the camera and presses: open and close, lens, lamp, and in words what
// hinders it. Not here: the stream (`inspect_camera`), any word, which the page brings.
import { Camera } from './inspect_camera.js';

const at = (id) => document.getElementById(id);

/** The camera of the desk, which tells `found` the texts of codes. */
export function cameraOfDesk(found) {
  const camera = new Camera(at('view'), found, draw);
  const [open, close, lamp, lens] = ['open-camera', 'close-camera', 'lamp', 'lens'].map(at);
  let opened = false;

  function draw() {
    const { stream, why, lenses } = camera;
    opened ||= stream !== null;
    at('view').hidden = close.hidden = stream === null;
    open.hidden = stream !== null || why === 'insecure' || why === 'none';
    if (opened) open.textContent = open.dataset.again;
    for (const told of document.querySelectorAll('#camera-told [data-why]'))
      told.hidden = told.dataset.why !== why;
    lamp.hidden = stream === null || camera.lamp === null;
    lamp.setAttribute('aria-pressed', String(camera.lamp === true));
    lens.parentElement.hidden = stream === null || lenses.length < 2;
    lens.replaceChildren(
      ...lenses.map(({ label, deviceId }, place) => {
        const option = new Option(label || String(place + 1), deviceId);
        option.selected = deviceId === camera.lens;
        return option;
      }),
    );
  }

  open.addEventListener('click', () => camera.open());
  close.addEventListener('click', () => camera.close());
  lamp.addEventListener('click', () => camera.light(!camera.lamp));
  lens.addEventListener('change', () => camera.open(lens.value));
  at('camera').hidden = false;
  draw();
  return camera;
}

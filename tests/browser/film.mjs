// A film of a label for Chromium's camera: a code of a given width, turned, on grey, blurred as a
// lens does; Y4M. Not a test.
import { closeSync, openSync, writeSync } from 'node:fs';

import encodeQR from '../../assets/vendor/qr-0.7.0/index.js';

const [WIDTH, HEIGHT, FRAMES, QUIET] = [1280, 720, 10, 4];
/** Looks at the code for each side of a pixel. */
const LOOKS = 4;

/** Modules of a code, dark ones true; alphanumeric and level M, as labels are printed. */
export const modulesOf = (text) => {
  const framed = encodeQR(text, 'raw', { ecc: 'medium', border: 1 });
  return framed.slice(1, -1).map((row) => row.slice(1, -1));
};

/** One picture: luma of each pixel. `width`: px of the code without its quiet zone. */
function picture(modules, width, degrees) {
  const count = modules.length;
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const scale = count / width;
  const at = (x, y) => {
    const [dx, dy] = [x - WIDTH / 2, y - HEIGHT / 2];
    const column = Math.floor((dx * cos + dy * sin) * scale + count / 2);
    const row = Math.floor((dy * cos - dx * sin) * scale + count / 2);
    const label = Math.min(column, row) >= -QUIET && Math.max(column, row) < count + QUIET;
    if (!label) return 120;
    return modules[row]?.[column] ? 40 : 215;
  };
  const luma = Buffer.alloc(WIDTH * HEIGHT, 120);
  const reach = (width / count) * (count + 2 * QUIET) * 0.75;
  let noise = 12345;
  for (let y = Math.floor(HEIGHT / 2 - reach); y < HEIGHT / 2 + reach; y += 1) {
    for (let x = Math.floor(WIDTH / 2 - reach); x < WIDTH / 2 + reach; x += 1) {
      if (x < 0 || y < 0 || x >= WIDTH || y >= HEIGHT) continue;
      let sum = 0;
      for (let look = 0; look < LOOKS * LOOKS; look += 1) {
        // One and a half pixels wide: a lens is never sharper.
        const [dx, dy] = [look % LOOKS, Math.floor(look / LOOKS)].map(
          (step) => ((step + 0.5) / LOOKS - 0.5) * 1.5,
        );
        sum += at(x + 0.5 + dx, y + 0.5 + dy);
      }
      noise = (noise * 1103515245 + 12345) % 2147483648;
      luma[y * WIDTH + x] = sum / LOOKS ** 2 + (noise % 17) - 8;
    }
  }
  return luma;
}

/** Writes a film that shows a text as a code. */
export function film(path, text, width, degrees) {
  const file = openSync(path, 'w');
  writeSync(file, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F30:1 Ip A1:1 C420jpeg\n`);
  const luma = picture(modulesOf(text), width, degrees);
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  for (let frame = 0; frame < FRAMES; frame += 1) {
    writeSync(file, 'FRAME\n');
    writeSync(file, luma);
    writeSync(file, chroma);
  }
  closeSync(file);
}

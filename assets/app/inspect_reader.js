// Who reads codes out of a picture: the browser where it can, else a reader that lies beside this
// file (`assets/vendor`) and is only then asked for. Not here: the camera, what a text means.

const WANTED = { formats: ['qr_code'] };

async function ownReader() {
  const Own = window.BarcodeDetector;
  const formats = Own ? await Own.getSupportedFormats().catch(() => []) : [];
  return formats.includes('qr_code') ? new Own(WANTED) : null;
}

async function broughtReader() {
  const { BarcodeDetector } = await import('./decode.js');
  return new BarcodeDetector(WANTED);
}

/** A function that gives the text of a code in a picture, or an empty one. Throws without any. */
export async function reader() {
  const own = await ownReader();
  let current = own ?? (await broughtReader());
  return async (picture) => {
    try {
      return (await current.detect(picture))[0]?.rawValue ?? '';
    } catch (error) {
      // Some browsers have a reader in name alone: it says so when it is asked.
      if (current === own && error.name === 'NotSupportedError') current = await broughtReader();
      return '';
    }
  };
}

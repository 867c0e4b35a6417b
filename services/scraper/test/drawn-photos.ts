import sharp, { type Sharp } from 'sharp';

/** A JPEG of one colour with a lighter stripe; each `seed` gives other bytes. */
export function drawJpeg(seed: number, widthPx = 64, heightPx = 96): Promise<Buffer> {
  return drawn(seed, widthPx, heightPx).jpeg({ quality: 80 }).toBuffer();
}

export function drawn(seed: number, widthPx = 64, heightPx = 96): Sharp {
  const color = { r: (seed * 53) % 256, g: (seed * 97) % 256, b: (seed * 193) % 256 };
  const stripe = {
    create: { width: widthPx, height: 4, channels: 3 as const, background: '#ffffff' },
  };
  return sharp({
    create: { width: widthPx, height: heightPx, channels: 3, background: color },
  }).composite([{ input: stripe, top: seed % (heightPx - 4), left: 0 }]);
}

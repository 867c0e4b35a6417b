/**
 * Our side of bench/detector-small: answers each line on stdin with the seconds of one pass over all images (wall, CPU), from
 * bytes to detections, and `memory` with the peak memory in MB, as peer/infer.py does.
 * usage: ours.ts IMAGES THREADS BATCH pixels|jpegs [MODEL]
 */
import { createInterface } from 'node:readline';
import { createInference } from '../../services/detector/src/model/inference.ts';
import { networkImage } from '../../services/detector/src/network-image.ts';
import {
  INFERENCE_PROPOSALS,
  POSTPROCESS,
} from '../../services/detector/src/training/hyperparameters.ts';
import { drawImages, modelOf } from './model.ts';

const [count, threads, batch, from, file] = process.argv.slice(2);
const model = modelOf(file);
const { image: size } = model.architecture;
const { jpegs, pixels } = await drawImages(Number(count));
const inference = await createInference(model, {
  ...{ proposals: INFERENCE_PROPOSALS, postprocess: POSTPROCESS, batchSize: Number(batch) },
  engine: { threads: Number(threads) },
});

async function pass(): Promise<void> {
  if (from === 'pixels') {
    await inference.detect(pixels.map((image) => ({ image, photo: size })));
    return;
  }
  await inference.detect(await Promise.all(jpegs.map((jpeg) => networkImage(jpeg, size))));
}

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === 'memory') {
    console.log(process.resourceUsage().maxRSS / 1024);
    continue;
  }
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  await pass();
  const { user, system } = process.cpuUsage(cpu);
  console.log((performance.now() - wall) / 1e3, (user + system) / 1e6);
}
await inference.dispose();

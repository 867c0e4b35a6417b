/**
 * Our side of bench/engine: answers each line on stdin with the seconds of one DCGAN step (wall, CPU), and
 * `memory` with the peak memory in MB, as peer/dcgan.py does. usage: ours.ts THREADS BATCH
 */
import { createInterface } from 'node:readline';
import { compileStep, createRandom } from '@deepstyle/engine';
import { batchSpec, drawBatch, initialState, step } from '../../packages/engine/test/dcgan.ts';

const [threads = 2, batch = 64] = process.argv.slice(2).map(Number);
const size = { latent: 100, width: 64, batch };
const compiled = await compileStep(
  step as never,
  { state: initialState(size), batch: batchSpec(size) },
  { threads },
);
const random = createRandom(2);
const { images } = drawBatch(random, size);
console.log('ready');

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === 'memory') {
    console.log(process.resourceUsage().maxRSS / 1024);
    continue;
  }
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  await compiled.run({ images, latent: random.normal(batch * size.latent) });
  const { user, system } = process.cpuUsage(cpu);
  console.log((performance.now() - wall) / 1e3, (user + system) / 1e6);
}
await compiled.dispose();

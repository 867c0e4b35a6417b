/** One conversion in a process of its own: `ours.ts FOLDER OUTPUT [--attributes]` prints `{seconds, cpuSeconds, peakMb, images}`. */
import { DEFAULT_OPEN_OPTIONS, exportFolder } from '@deepstyle/dataset/files';

const [folder = '', output = '', ...flags] = process.argv.slice(2);
const attributes = flags.includes('--attributes');
const begin = performance.now();
const cpuBegin = process.cpuUsage();
const options = { ...DEFAULT_OPEN_OPTIONS, attributes, strict: false, name: 'Drawn' };
const { images } = await exportFolder(folder, options, { output, split: null });
const seconds = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(cpuBegin);
const cpuSeconds = (user + system) / 1e6;
const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(JSON.stringify({ seconds, cpuSeconds, peakMb, images }));

// Preloaded into a process whose clock the campaign sets: its time of day is off by as many ms as a file says. Timers, and
// whatever measures by monotonic time, go on as they are.
import { readFileSync } from 'node:fs';

const POLL_MS = 100;
const file = process.env.CAMPAIGN_CLOCK_FILE;
const RealDate = Date;
const realNow = Date.now;
let shiftMs = 0;

function readShift() {
  try {
    shiftMs = Number(readFileSync(file, 'utf8'));
  } catch {
    shiftMs = 0;
  }
}

readShift();
setInterval(readShift, POLL_MS).unref();
RealDate.now = () => realNow() + shiftMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [target.now()] : args, newTarget),
  apply: (target) => new target(target.now()).toString(),
});

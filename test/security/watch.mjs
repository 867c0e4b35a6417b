// Loaded by node before a process that is watched: how long its event loop is held, how much memory it takes, and whom it
// connects to. A line of JSON each time, appended to SECURITY_WATCH_FILE.
import { appendFileSync, readFileSync } from 'node:fs';
import { isIP, Socket } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const { SECURITY_WATCH_FILE: file } = process.env;
const EVERY_MS = 200;
const TICK_MS = 10;
/** Where the stores and the site are. */
const OWN = new Set(['127.0.0.1', '::1']);

const write = (line) => appendFileSync(file, `${JSON.stringify(line)}\n`);

/** Time for which this thread has computed, ms; what waits for a processor does not count. Linux only, else 0. */
function computedMs() {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ', 1)[0]) / 1e6;
  } catch {
    return 0;
  }
}

// Node loads this into each thread, and only the main one has to answer at any time.
if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  delay.enable();
  let [computed, holdCpuMs] = [computedMs(), 0];
  setInterval(() => {
    const now = computedMs();
    holdCpuMs = Math.max(holdCpuMs, now - computed);
    computed = now;
  }, TICK_MS).unref();
  setInterval(() => {
    write({ holdMs: delay.max / 1e6, holdCpuMs, mb: process.resourceUsage().maxRSS / 1024 });
    delay.reset();
    holdCpuMs = 0;
  }, EVERY_MS).unref();
}

/** What leads elsewhere is noted and cut before a byte is sent. */
function watch(socket, address) {
  if (isIP(address) === 0 || OWN.has(address)) return;
  write({ connection: address });
  socket.destroy(new Error(`${address} is not to be connected to`));
}

const { connect } = Socket.prototype;
Socket.prototype.connect = function watched(...given) {
  const [options] = Array.isArray(given[0]) ? given[0] : given;
  this.on('lookup', (_error, address) => watch(this, address));
  connect.apply(this, given);
  if (typeof options?.host === 'string') watch(this, options.host);
  return this;
};

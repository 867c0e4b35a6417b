// Everything that can be said about the house without running it: one line per step, and what failed in full.
//
//   node scripts/check.mjs            all steps
//   node scripts/check.mjs STEP...    these steps
import { availableParallelism } from 'node:os';
import { STEPS } from './check/steps.mjs';

const seconds = (ms) => `${(ms / 1000).toFixed(1).padStart(6)} s`;

/** Runs one step: {name, ms, failure: its output, note: a remark for the line}. */
async function runStep({ name, run }) {
  const startedAt = performance.now();
  const done = (outcome) => {
    const ms = performance.now() - startedAt;
    const mark = outcome.failure === undefined ? 'ok    ' : 'FAILED';
    console.log(`${mark} ${name.padEnd(22)} ${seconds(ms)}  ${outcome.note ?? ''}`.trimEnd());
    return { name, ...outcome };
  };
  try {
    return done((await run()) ?? {});
  } catch (error) {
    return done({ failure: error instanceof Error ? (error.stack ?? error.message) : `${error}` });
  }
}

/** A first step that writes files stands alone; the others read, and share the cores. */
async function runSteps(steps) {
  const outcomes = [];
  for (const step of steps.filter(({ writes }) => writes)) outcomes.push(await runStep(step));
  const waiting = steps.filter(({ writes }) => !writes);
  const worker = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift())
      outcomes.push(await runStep(step));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return outcomes;
}

const names = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `No such step: ${unknown.join(', ')}. There are: ${STEPS.map((s) => s.name).join(', ')}`,
  );
  process.exit(2);
}
const startedAt = performance.now();
const chosen = STEPS.filter(({ name }) => names.length === 0 || names.includes(name));
const outcomes = await runSteps(chosen);
const failed = outcomes.filter(({ failure }) => failure !== undefined);
for (const { name, failure } of failed) console.log(`\n--- ${name} ---\n${failure.trim()}`);
console.log(
  `\n${outcomes.length - failed.length} of ${outcomes.length} steps ok in${seconds(performance.now() - startedAt)}`,
);
process.exitCode = failed.length > 0 ? 1 : 0;

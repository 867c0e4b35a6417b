import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../build/places.mjs';
import { PROTO_CODE, readTree, replaceTree } from './generated-files.mjs';

const BIN = join(ROOT, 'node_modules', '.bin');
const run = promisify(execFile);

async function runOrExplain(what, command, args) {
  const env = { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH}` };
  try {
    await run(command, args, { cwd: ROOT, env, maxBuffer: 1 << 26 });
  } catch (error) {
    throw new Error(`${what} failed:\n${error.stderr || error.stdout || error.message}`.trimEnd());
  }
}

/** Runs a TypeScript program of the house from its sources, where it exists. */
async function runSource(path) {
  if (!existsSync(join(ROOT, path))) return;
  const flags = ['--conditions=deepstyle:source', '--import', 'tsx', '--no-warnings'];
  await runOrExplain(path, process.execPath, [...flags, path]);
}

/** TypeScript from proto/, by buf.gen.yaml. */
export async function generateProtos() {
  if (!existsSync(join(ROOT, 'proto'))) return;
  const folder = mkdtempSync(join(tmpdir(), 'deepstyle-gen-'));
  try {
    await runOrExplain('buf generate', join(BIN, 'buf'), ['generate', '-o', folder]);
    replaceTree(join(ROOT, PROTO_CODE), readTree(join(folder, PROTO_CODE)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** JSON Schemas and asyncapi.yaml, by the event catalogue itself. */
export function generateEvents() {
  return runSource('packages/contracts/scripts/generate-events.ts');
}

/** The types of the services' tables, from their migrations. */
export function generateTables() {
  return runSource('packages/storage/scripts/generate-tables.ts');
}

/** The supergraph that the gateway serves, composed from the schemas of the services. */
export function generateSupergraph() {
  return runSource('gateway/scripts/generate-supergraph.ts');
}

/** The services that an instance runs, and the command line's dependencies on them. */
export function generateServiceList() {
  return runSource('packages/cli/scripts/generate-services.ts');
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { textProblem } from '@deepstyle/contracts/request-rules';
import { asked } from './gateway-request.ts';
import type { DatasetInput } from './input.ts';
import type { SecuritySystem } from './system.ts';

interface FoundImport {
  readonly progress: { readonly state: string; readonly detail: string | null };
  readonly dataset: { readonly images: number; readonly annotationsUrl: string } | null;
  readonly irregularities: readonly {
    readonly code: string;
    readonly examples: readonly { readonly file: string; readonly detail: string }[];
  }[];
}

const MAX_IMPORT_MS = 240_000;
const POLL_MS = 500;
const START = `mutation ($input: ImportDatasetInput!) {
  importDataset(input: $input) { import { id } userErrors { code } } }`;
const IMPORT = `query ($id: ID!) { datasetImport(id: $id) {
  progress { state detail } dataset { images annotationsUrl } irregularities { code examples { file detail } } } }`;

/** Imports it. What is wrong; null where nothing is. */
export async function takeDataset(
  system: SecuritySystem,
  input: DatasetInput,
): Promise<string | null> {
  const found = await importDataset(system, input.path);
  if (typeof found === 'string')
    return found === input.state ? null : `${found} and not ${input.state}`;
  const { state, detail } = found.progress;
  const codes = found.irregularities.map(({ code }) => code).sort();
  const images = found.dataset?.images ?? 0;
  const is = JSON.stringify([state, codes, images]);
  const right = JSON.stringify([input.state, [...input.codes].sort(), input.images]);
  const { reason = '' } = input;
  if (is !== right || !(detail ?? '').includes(reason)) {
    return `${is} and not ${right} ${reason} (${detail})`;
  }
  return textFault(found);
}

/** What became of an import; a code where it was refused, or does not end. */
export async function importDataset(
  system: SecuritySystem,
  folder: string,
): Promise<FoundImport | string> {
  const { importDataset: payload } = await asked<{
    importDataset: { import: { id: string } | null; userErrors: { code: string }[] };
  }>(system, START, { input: { idempotencyKey: randomUUID(), name: 'security', folder } });
  if (payload.import === null) return payload.userErrors[0]?.code ?? 'refused without a code';
  const started = performance.now();
  while (performance.now() - started < MAX_IMPORT_MS) {
    const { datasetImport } = await asked<{ datasetImport: FoundImport }>(system, IMPORT, {
      id: payload.import.id,
    });
    const { state } = datasetImport.progress;
    if (state === 'DONE' || state === 'FAILED') return datasetImport;
    await sleep(POLL_MS);
  }
  return 'it does not end';
}

/** What is told of a dataset is text, line by line. */
function textFault({ progress, irregularities }: FoundImport): string | null {
  const told = irregularities.flatMap(({ examples }) =>
    examples.flatMap(({ file, detail }) => [file, detail]),
  );
  for (const said of [progress.detail ?? '', ...told]) {
    const problem = textProblem(said.replaceAll(/[\n\t]/g, ' '));
    if (problem !== null) return `what is told ${problem}: ${JSON.stringify(said)}`;
  }
  return null;
}

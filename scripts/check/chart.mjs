// The chart, as far as it can be judged without a cluster: lint, its renders against those checked in, and every object
// against Kubernetes' own schemas.
//
//   node scripts/check/chart.mjs --write     renders charts/deepstyle/golden anew
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../build/places.mjs';

const CACHE = process.env.DEEPSTYLE_CACHE ?? join(homedir(), '.cache/deepstyle');
const CHART = 'charts/deepstyle';
const GOLDEN = `${CHART}/golden`;
const KUBERNETES = '1.34.4';
// Kinds of operators, which Kubernetes has no schema of; the cluster test installs their definitions.
const FOREIGN_KINDS = 'ScaledObject,ServiceMonitor';

const schemas = join(CACHE, `kubernetes-schemas-v${KUBERNETES}`);
const program = (name) => join(CACHE, 'bin', name);

function run(name, args, input) {
  return execFileSync(program(name), args, { cwd: ROOT, input, encoding: 'utf8', stdio: 'pipe' });
}

const SUFFIX = '.values.yaml';

/** Names of the cases: golden/<case>.values.yaml, or values-dev.yaml, is rendered to golden/<case>.yaml. */
function cases() {
  const files = readdirSync(join(ROOT, GOLDEN)).filter((name) => name.endsWith(SUFFIX));
  return ['dev', ...files.map((name) => name.slice(0, -SUFFIX.length))].sort();
}

const valuesOf = (name) => [
  '--values',
  name === 'dev' ? `${CHART}/values-dev.yaml` : `${GOLDEN}/${name}${SUFFIX}`,
];
const goldenOf = (name) => join(ROOT, GOLDEN, `${name}.yaml`);

function render(name) {
  const release = ['deepstyle', CHART, '--namespace', 'deepstyle', '--kube-version', KUBERNETES];
  return run('helm', ['template', ...release, ...valuesOf(name)]);
}

/** The first line that differs, as a person would show it; undefined where all are alike. */
function difference(name, rendered) {
  const golden = existsSync(goldenOf(name)) ? readFileSync(goldenOf(name), 'utf8') : '';
  if (golden === rendered) return undefined;
  const [was, is] = [golden.split('\n'), rendered.split('\n')];
  const at = is.findIndex((line, index) => line !== was[index]);
  const line = at < 0 ? is.length : at;
  return [
    `${GOLDEN}/${name}.yaml is not what the chart renders, from line ${line + 1}:`,
    `  - ${was[line] ?? '(end)'}`,
    `  + ${is[line] ?? '(end)'}`,
    'Read the whole difference after: node scripts/check/chart.mjs --write',
  ].join('\n');
}

function validate(rendered) {
  const place = join(schemas, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
  const args = ['-strict', '-skip', FOREIGN_KINDS, '-schema-location', place, '-output', 'json'];
  const report = run('kubeconform', [...args, '-summary', '-'], rendered);
  return JSON.parse(report).summary.valid;
}

function checkCase(name) {
  run('helm', ['lint', '--strict', '--quiet', CHART, ...valuesOf(name)]);
  const rendered = render(name);
  const problem = difference(name, rendered);
  if (problem !== undefined) throw new Error(problem);
  return validate(rendered);
}

function missing() {
  const needed = [program('helm'), program('kubeconform'), schemas];
  return needed.filter((path) => !existsSync(path));
}

/** Fails as the tool failed, with what it wrote. */
export function checkChart() {
  const absent = missing();
  if (absent.length > 0) {
    const reason = `${absent.join(', ')} missing: scripts/cluster/build-tools.sh chart`;
    return process.env.DEEPSTYLE_REQUIRE_ALL === '1'
      ? { failure: reason }
      : { note: `SKIPPED, ${reason}` };
  }
  try {
    const objects = cases().map(checkCase);
    const total = objects.reduce((sum, count) => sum + count, 0);
    return { note: `${objects.length} renders, ${total} objects` };
  } catch (error) {
    return { failure: [error.message, error.stdout, error.stderr].filter(Boolean).join('\n') };
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--write')) {
    for (const name of cases()) writeFileSync(goldenOf(name), render(name));
  }
  const { note, failure } = checkChart();
  console.log(failure ?? note);
  process.exitCode = failure === undefined ? 0 : 1;
}

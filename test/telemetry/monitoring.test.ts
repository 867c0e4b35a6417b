import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assetPath, METRICS } from '@deepstyle/platform';
import { expect, test } from '@jest/globals';

const MONITORING = assetPath('k8s/monitoring');
const FILES = readdirSync(MONITORING);

const read = (name: string): string => readFileSync(join(MONITORING, name), 'utf8');

/** Names as Prometheus has them: a histogram is several series. */
const SERIES = new Set(
  Object.values(METRICS).flatMap(({ name, kind }) =>
    kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name],
  ),
);

/** Metrics with the labels that an expression asks of them: `name{label="x"}`. */
function metricsIn(text: string): { name: string; labels: string[] }[] {
  const found = text.matchAll(/\b((?:deepstyle|nodejs|process)_[a-z_]+)(?:\{([^}]*)\})?/g);
  return [...found].map(([, name = '', selector = '']) => ({
    name,
    labels: [...selector.matchAll(/([a-z_]+)(?:=|!=|=~|!~)"/g)].map(([, label = '']) => label),
  }));
}

// A dashboard keeps its expressions in JSON strings.
const askedIn = (file: string) => metricsIn(read(file).replaceAll('\\"', '"'));

// Prometheus adds them to whatever it reads.
const ADDED_LABELS = ['namespace', 'pod', 'job'];

function labelsOf(series: string): readonly string[] {
  const metric = Object.values(METRICS).find(({ name }) => series.startsWith(name));
  return [...(metric?.labels ?? []), ...ADDED_LABELS];
}

test.each(FILES)('%s asks for metrics that are exposed, by labels that they have', (file) => {
  const asked = askedIn(file);
  const unknown = asked.filter(({ name }) => !SERIES.has(name));
  expect(unknown).toEqual([]);
  const strange = asked.flatMap(({ name, labels }) =>
    labels.filter((label) => !labelsOf(name).includes(label)).map((label) => `${name} ${label}`),
  );
  expect(strange).toEqual([]);
});

test.each(['dashboard.json', 'alerts.yaml'])('%s asks for more than a few', (file) => {
  expect(askedIn(file).length).toBeGreaterThan(8);
});

test('every alert has a section of its name in the runbook, and the other way round', () => {
  const alerts = [...read('alerts.yaml').matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  const sections = [...read('runbook.md').matchAll(/^## (\w+)/gm)].map(([, name]) => name);
  expect(alerts.length).toBeGreaterThan(5);
  expect(sections.sort()).toEqual(alerts.sort());
});

test('every metric of work is on the dashboard', () => {
  const shown = read('dashboard.json');
  const missing = Object.values(METRICS)
    .map(({ name }) => name)
    .filter((name) => !shown.includes(name));
  expect(missing).toEqual(['deepstyle_outbox_messages']);
});

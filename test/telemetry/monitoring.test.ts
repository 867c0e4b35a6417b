import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assetPath, METRICS, type MetricDefinition } from '@deepstyle/platform';
import { expect, test } from '@jest/globals';

const MONITORING = assetPath('k8s/monitoring');
const METRIC = /\b(?:deepstyle|process|nodejs)_[a-z_]+_[a-z]+\b/g;

/** All names under which a metric is exposed. */
function exposedNames({ name, kind }: MetricDefinition): string[] {
  return kind === 'histogram'
    ? ['bucket', 'count', 'sum'].map((each) => `${name}_${each}`)
    : [name];
}

test('the dashboard, the alerts and their runbook ask for metrics that there are', () => {
  const exposed = new Set(Object.values(METRICS).flatMap(exposedNames));
  const asked = readdirSync(MONITORING).flatMap((file) => {
    const text = readFileSync(join(MONITORING, file), 'utf8');
    return [...text.matchAll(METRIC)].map(([name]) => name);
  });
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter((name) => !exposed.has(name))).toEqual([]);
});

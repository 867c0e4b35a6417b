import { existsSync } from 'node:fs';
import { SERVICE_NAMES } from '@deepstyle/contracts';
import { assetPath } from '@deepstyle/platform';
import { describe, expect, test } from '@jest/globals';
import { ROOMS, roomOf } from './service-rooms.ts';

/** Who knows one service knows all: the same files, the same exported names, the same signatures. */
describe.each(SERVICE_NAMES)('%s', (service) => {
  test.each(['README.md', 'schema.graphql', 'migrations', 'src/gen/tables.ts', 'src/gen/graph.ts'])(
    'has %s',
    (path) => {
      expect(existsSync(assetPath(`services/${service}/${path}`))).toBe(true);
    },
  );

  test.each(Object.keys(ROOMS))('has the room %s', (room) => {
    expect(roomOf(service, room)).not.toBeNull();
  });

  const doors = Object.entries(ROOMS).flatMap(([room, names]) =>
    Object.entries(names).map(([name, kind]) => ({ room, name, kind })),
  );
  test.each(doors)('$room exports $name: $kind', ({ room, name, kind }) => {
    const found = roomOf(service, room)?.[name];
    expect(found).toBeDefined();
    expect(withoutUnused(found ?? '', kind)).toBe(kind);
  });
});

/** A function may leave out last parameters that it does not use, and names its own record. */
function withoutUnused(found: string, kind: string): string {
  const [, parameters = '', result] = /^\((.*)\) => (.*)$/.exec(found) ?? [];
  const [, wanted = '', wantedResult] = /^\((.*)\) => (.*)$/.exec(kind) ?? [];
  if (result === undefined || result !== wantedResult) return found;
  const general = parameters.replace(/^\w+ \| null$/, 'record | null');
  const isPrefix = wanted === general || general === '' || wanted.startsWith(`${general}, `);
  return isPrefix ? kind : found;
}

import { readFileSync } from 'node:fs';
import { assetPath, createLogger } from '@deepstyle/platform';
import { GLOBAL_ID_PREFIXES } from '@deepstyle/service';
import { expect, test } from '@jest/globals';
import { assertInterfaceType, buildSchema, isObjectType } from 'graphql';
import { composeSupergraph } from '../src/compose.ts';
import { createNodeSubgraph } from '../src/node-subgraph.ts';

const committed = readFileSync(assetPath('gateway/supergraph.graphql'), 'utf8');

test('the committed supergraph is what the subgraphs compose to', () => {
  expect(committed).toBe(composeSupergraph());
});

test('every type with a global id can be asked for by node(id:)', () => {
  const schema = buildSchema(committed, { assumeValidSDL: true });
  const nodes = Object.values(schema.getTypeMap())
    .filter(
      (type) => isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node'),
    )
    .map(({ name }) => name);
  expect(nodes.sort()).toEqual(Object.keys(GLOBAL_ID_PREFIXES).sort());
});

test('node(id:) knows the type of every global id', () => {
  const { schema } = createNodeSubgraph(createLogger({ level: 'silent', name: 'test' }));
  const known = schema.getPossibleTypes(assertInterfaceType(schema.getType('Node')));
  expect(known.map(({ name }) => name).sort()).toEqual(Object.keys(GLOBAL_ID_PREFIXES).sort());
});

test('every type, field and argument is described', () => {
  const schema = buildSchema(committed, { assumeValidSDL: true });
  const bare: string[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.description === null || field.description === undefined)
        bare.push(`${type.name}.${field.name}`);
    }
  }
  expect(bare).toEqual([]);
});

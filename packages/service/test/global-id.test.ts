import { expect, test } from '@jest/globals';
import {
  GLOBAL_ID_PREFIXES,
  globalId,
  localId,
  type NodeType,
  nodeTypeOf,
} from '../src/graph/global-id.ts';

const TYPES = Object.keys(GLOBAL_ID_PREFIXES) as NodeType[];

test.each(TYPES)('the id of a %s tells its type and gives the local id back', (type) => {
  const id = globalId(type, 'a_b-c');
  expect(nodeTypeOf(id)).toBe(type);
  expect(localId(type, id)).toBe('a_b-c');
});

test('an id of another type is refused', () => {
  expect(() => localId('Photo', globalId('Garment', 'x'))).toThrow('not the id of a Photo');
});

test.each(['', 'photo', '_x', 'unknown_x', '__proto___x'])('"%s" is the id of nothing', (id) => {
  expect(nodeTypeOf(id)).toBeNull();
});

test('prefixes, once published, never change', () => {
  expect(GLOBAL_ID_PREFIXES).toEqual({
    Run: 'run',
    Photo: 'photo',
    Dataset: 'dataset',
    DetectorModel: 'detector',
    DetectorTraining: 'training',
    Garment: 'garment',
    GanModel: 'gan',
    Design: 'design',
    Collection: 'collection',
    TrendBatch: 'trend',
  });
});

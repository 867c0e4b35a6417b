import { expect, test } from '@jest/globals';
import { GLOBAL_ID_PREFIXES, globalId, type NodeType, parseGlobalId } from '../src/index.ts';

test.each(Object.keys(GLOBAL_ID_PREFIXES) as NodeType[])(
  'a global id of a %s is read back',
  (type) => {
    expect(parseGlobalId(globalId(type, 'a_b-c'))).toEqual({ type, localId: 'a_b-c' });
  },
);

test.each(['', 'photo', '_x', 'unknown_x', 'Photo_x', '__proto___x'])(
  '"%s" is the global id of nothing',
  (id) => {
    expect(parseGlobalId(id)).toBeNull();
  },
);

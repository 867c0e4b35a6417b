import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest runs each test file in a realm of its own, whose typed arrays are not those that native addons
 * (onnxruntime, sharp) and Node's own modules create: `instanceof Float32Array` fails between them. This
 * environment hands the outer realm's binary types to the sandbox.
 */
const SHARED_TYPES = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'BigInt64Array',
  'BigUint64Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Uint16Array',
  'Uint32Array',
  'Error',
];

export default class OuterRealmEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of SHARED_TYPES) this.global[name] = globalThis[name];
  }
}

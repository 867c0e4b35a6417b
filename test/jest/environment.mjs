import { types } from 'node:util';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest runs each test file in a realm of its own, whose built-in types are not those that native addons (onnxruntime,
 * sharp), worker messages and Node's own modules create: `instanceof Float32Array` fails between them. These types
 * exist only by their constructors, so the sandbox gets those of the outer realm.
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
  'Date',
  'Map',
  'Set',
];

/** Errors are also thrown by the language itself, in either realm, so neither set can replace the other. */
const ERROR_TYPES = [
  'Error',
  'AggregateError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
];

function hasErrorNamed(value, name) {
  if (!types.isNativeError(value)) return false;
  for (let link = value; link !== null; link = Object.getPrototypeOf(link)) {
    if (link.constructor?.name === name) return true;
  }
  return false;
}

/** Makes `instanceof` a built-in error type true for that type's errors of any realm; subclasses stay as they are. */
function acceptErrorsOfAnyRealm(realm) {
  const isInstance = Function.prototype[Symbol.hasInstance];
  for (const name of ERROR_TYPES) {
    const type = realm[name];
    Object.defineProperty(type, Symbol.hasInstance, {
      configurable: true,
      value(value) {
        return isInstance.call(this, value) || (this === type && hasErrorNamed(value, name));
      },
    });
  }
}

export default class OuterRealmEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    for (const name of SHARED_TYPES) this.global[name] = globalThis[name];
    acceptErrorsOfAnyRealm(globalThis);
    acceptErrorsOfAnyRealm(this.global);
  }
}

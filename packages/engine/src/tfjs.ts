/**
 * The one place where tfjs-core comes in, so that clients share one copy of it:
 * `import { tf } from '@deepstyle/engine'`.
 */
export * as tf from '@tensorflow/tfjs-core';

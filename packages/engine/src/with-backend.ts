import * as tf from '@tensorflow/tfjs-core';

/** What tfjs keeps of its current backend; the second is private there. */
interface CurrentBackend {
  backendName: string | undefined;
  backendInstance: tf.KernelBackend | undefined;
}

/**
 * Makes a backend the current one of tfjs, of which there is one per process, for the duration of `body`, which must be
 * synchronous. Where there was none before, there is none again: tfjs chooses one when it next needs it.
 */
export function withBackend<T>(name: string, body: () => T): T {
  const engine = tf.engine();
  const current = engine as unknown as CurrentBackend;
  const before = current.backendName;
  // Synchronous for a backend whose factory is: the promise is already settled in effect.
  void engine.setBackend(name);
  try {
    return body();
  } finally {
    if (before) {
      void engine.setBackend(before);
    } else {
      current.backendName = undefined;
      current.backendInstance = undefined;
    }
  }
}

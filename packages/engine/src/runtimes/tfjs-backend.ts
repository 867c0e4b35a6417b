/** Brings in the tfjs backends that compute operation by operation. */
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { ProviderMissingError } from '../errors.ts';
import { registerGradients } from '../gradients/index.ts';
import { acceptExplicitPadding } from './explicit-padding.ts';

export type EagerDevice = 'tfjs' | 'tfjs-node' | 'tfjs-node-gpu';

/** tfjs's name for the backend of both TensorFlow packages. */
const TENSORFLOW = 'tensorflow';

const install = (device: EagerDevice, folder: string): string =>
  `Install the package '@tensorflow/${device}' 4.22 beside the engine, or build it against a TensorFlow wheel: ` +
  `scripts/tfjs-node/build.sh${device === 'tfjs-node-gpu' ? ' --gpu' : ''} --into ${folder}. It needs Node 20 to 22.`;

/** Where scripts/tfjs-node/build.sh puts the package. */
const builtFolder = (device: EagerDevice): string =>
  path.join(homedir(), '.cache', 'deepstyle', device);

/** The package as the engine's own dependency, or in the folder in which it was built. */
function findPackage(device: EagerDevice, folder: string): { load(): unknown } {
  let last: unknown;
  for (const place of [import.meta.url, path.join(folder, 'package.json')]) {
    try {
      const require = createRequire(place);
      const file = require.resolve(`@tensorflow/${device}`);
      return { load: () => require(file) };
    } catch (error) {
      last = error;
    }
  }
  throw new ProviderMissingError(device, install(device, folder), { cause: last });
}

/**
 * The package brings a tfjs of its own, which shares the process-wide registries with ours: it warns about each kernel
 * that is there twice, makes itself the current backend and puts tfjs's gradients in place of the engine's.
 */
function loadTensorflow(device: EagerDevice, folder: string): void {
  const found = findPackage(device, folder);
  const before = tf.engine().backendName;
  const quiet = tf.env().getBool('PROD');
  tf.env().set('PROD', true);
  try {
    found.load();
  } catch (cause) {
    throw new ProviderMissingError(device, install(device, folder), { cause });
  } finally {
    tf.env().set('PROD', quiet);
    if (before) void tf.engine().setBackend(before);
    registerGradients();
  }
  acceptExplicitPadding(TENSORFLOW);
}

/**
 * Loads the backend and returns tfjs's name for it.
 * @param folder where the TensorFlow packages were built, if not where the script puts them
 * @throws ProviderMissingError saying what to install
 */
export async function loadBackend(device: EagerDevice, folder?: string): Promise<string> {
  registerGradients();
  if (device === 'tfjs') {
    await import('@tensorflow/tfjs-backend-cpu');
    return 'cpu';
  }
  if (!(TENSORFLOW in tf.engine().registryFactory)) {
    loadTensorflow(device, folder ?? builtFolder(device));
  }
  return TENSORFLOW;
}

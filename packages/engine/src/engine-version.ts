import { ProviderMissingError } from './errors.ts';

/**
 * The version of onnxruntime that steps run on.
 * @throws ProviderMissingError if the package or its library cannot be loaded
 */
export async function engineVersion(): Promise<string> {
  try {
    const { env } = await import('onnxruntime-node');
    return env.versions.node ?? env.versions.common;
  } catch (cause) {
    throw new ProviderMissingError('cpu', 'Install onnxruntime-node 1.30.0.', { cause });
  }
}

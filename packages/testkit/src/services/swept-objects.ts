import type { ObjectStore } from '@deepstyle/storage';
import type { RunningService } from './running-service.ts';

/**
 * Stores objects that no record names, lets days pass, and returns what is gone of all that was there, in order: those
 * objects and no other, where all is right.
 */
export async function sweptFrom(
  { objects, sweep }: Pick<RunningService, 'objects' | 'sweep'>,
  orphans: readonly string[],
): Promise<readonly string[]> {
  for (const key of orphans) await objects.put(key, Buffer.from('nobody’s'), 'text/plain');
  const before = await keysOf(objects);
  await sweep();
  const left = new Set(await keysOf(objects));
  return before.filter((key) => !left.has(key));
}

async function keysOf(objects: ObjectStore): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list('')) keys.push(key);
  return keys;
}

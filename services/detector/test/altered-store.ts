import type { ObjectStore } from '@deepstyle/storage';

/** The same store with some of its methods changed. */
export function alteredStore(objects: ObjectStore, changes: Partial<ObjectStore>): ObjectStore {
  return {
    put: (...given) => objects.put(...given),
    get: (key) => objects.get(key),
    stream: (...given) => objects.stream(...given),
    head: (key) => objects.head(key),
    list: (prefix, after) => objects.list(prefix, after),
    delete: (key) => objects.delete(key),
    signedUrl: (...given) => objects.signedUrl(...given),
    check: () => objects.check(),
    close: () => objects.close(),
    ...changes,
  };
}

/** A store under which a process is told to stop once the checkpoint of a step is being stored. */
export function stoppingAt(step: number, objects: ObjectStore) {
  const stopping = new AbortController();
  const put: ObjectStore['put'] = (key, ...rest) => {
    if (key.endsWith(`-${step}.safetensors`)) stopping.abort();
    return objects.put(key, ...rest);
  };
  return { signal: stopping.signal, objects: alteredStore(objects, { put }) };
}

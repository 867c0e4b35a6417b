import { fdatasyncSync, fsyncSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type InitOptions = Parameters<NodeFS['init']>[1];

/** What this file uses of Emscripten, on which PGlite runs. */
interface FileSystems {
  readonly FS: {
    isDir(mode: number): boolean;
    readonly filesystems: {
      readonly NODEFS: {
        readonly stream_ops: { fsync?: (file: OpenFile) => number };
        tryFSOperation(operation: () => void): void;
      };
    };
  };
}
interface OpenFile {
  readonly node: { readonly mode: number };
  /** The descriptor of the system. */
  readonly nfd: number;
}

/**
 * PostgreSQL's arguments as PGlite gives them, but with fsync. Of the ways to sync the log only `fsync` reaches the
 * file system: Emscripten answers `fdatasync`, the default, without doing anything.
 */
export const DURABLE_START_PARAMS: string[] = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  ...['-c', 'fsync=on', '-c', 'wal_sync_method=fsync'],
];

/** PGlite's folder on the disk. Files are synced where PostgreSQL asks for it; PGlite by itself syncs none. */
export class DurableNodeFs extends NodeFS {
  override async init(database: PGlite, options: InitOptions) {
    const { emscriptenOpts } = await super.init(database, options);
    const preRun = [...(emscriptenOpts.preRun ?? []), syncFiles];
    return { emscriptenOpts: { ...emscriptenOpts, preRun } };
  }
}

function syncFiles({ FS }: FileSystems): void {
  const { NODEFS } = FS.filesystems;
  NODEFS.stream_ops.fsync = ({ node, nfd }) => {
    // A failure reaches PostgreSQL, which ends rather than believe in what may not be on the disk.
    NODEFS.tryFSOperation(() => (FS.isDir(node.mode) ? fsyncSync(nfd) : fdatasyncSync(nfd)));
    return 0;
  };
}

export { isArchiveName, restoreBackup, writeBackup } from './backup/backup.ts';
export type { BackupContent, OnProgress } from './backup/checksums.ts';
export * from './backup/errors.ts';
export {
  removeAbandonedSnapshots,
  takeSnapshot,
  takeSnapshotOfIdle,
} from './backup/snapshot.ts';
export type {
  Bus,
  DeadLetter,
  DeadLetterCount,
  Delivery,
  Message,
  Outcome,
  StoredMessage,
  StreamName,
  SubscribeOptions,
  Subscription,
} from './bus/bus.ts';
export { createEmbeddedBus, type EmbeddedBusOptions } from './bus/embedded/embedded-bus.ts';
export * from './bus/jetstream/errors.ts';
export { createJetStreamBus, type JetStreamBusOptions } from './bus/jetstream/jetstream-bus.ts';
export { checkMessage, MESSAGE_LIMIT_BYTES, STREAM_SUBJECTS, streamOf } from './bus/message.ts';
export type { EventsUsage, Retention } from './bus/retention.ts';
export { checkDatabaseWrite } from './database/check-write.ts';
export type {
  Database,
  DatabaseServer,
  SqlValue,
  Transaction,
  TransactionOptions,
} from './database/database.ts';
export { applyMigrations, type MigrationReport, migrate } from './database/migrate.ts';
export type { Migration } from './database/migration.ts';
export { openPgliteServer, type PgliteServerOptions } from './database/pglite-server.ts';
export { openPostgresServer, type PostgresServerOptions } from './database/postgres-server.ts';
export {
  anyOf,
  createQueryBuilder,
  type Generated,
  type Insertable,
  json,
  jsonBuildObject,
  type QueryBuilder,
  type Selectable,
  sql,
  type Updateable,
} from './database/query-builder.ts';
export type { TablesWith } from './database/tables-with.ts';
export * from './errors.ts';
export { otherInstallations, readInstallationId } from './installation.ts';
export {
  createFilesystemObjectStore,
  type FilesystemObjectStoreOptions,
} from './objects/filesystem-store.ts';
export { checkObjectKey, contentKey } from './objects/object-key.ts';
export type {
  ByteRange,
  ListedObject,
  ObjectReference,
  ObjectStore,
} from './objects/object-store.ts';
export * from './objects/object-sweeps.ts';
export { createS3ObjectStore, type S3ObjectStoreOptions } from './objects/s3-store.ts';
export { OBJECTS_PATH, verifySignedUrl } from './objects/signed-url.ts';
export {
  type BusSettings,
  type DatabaseSettings,
  type ObjectsSettings,
  type OpenedObjects,
  openBus,
  openDatabaseServer,
  openObjects,
  type S3Settings,
} from './open.ts';
export { createOutbox, type Outbox, type OutboxOptions } from './outbox.ts';

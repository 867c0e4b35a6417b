export { SERVICE_NAMES, type ServiceName } from '@deepstyle/contracts';
export { describeAccess, refuseClosedReads } from './access.ts';
export { isAuthorized } from './authorization.ts';
export { type ComposeOptions, type Composition, compose } from './compose.ts';
export { DataFolderUnusableError, freeBytesOf } from './data-folder.ts';
export { type Consumer, consumer } from './events/consumer.ts';
export { isLastTry, type JobDelivery, type JobHandler, jobHandler } from './events/job.ts';
export type { ServiceOutbox } from './events/outbox.ts';
export { clientMistake } from './graph/client-mistake.ts';
export {
  type Connection,
  MAX_PAGE,
  type Page,
  type PageArguments,
  parsePage,
  toConnection,
} from './graph/connection.ts';
export {
  DOCUMENT_LIMITS,
  documentOf,
  refuseLargeDocument,
  refuseOver,
} from './graph/document-limits.ts';
export { enumValue } from './graph/enum-value.ts';
export {
  GLOBAL_ID_PREFIXES,
  globalId,
  localId,
  type NodeType,
  nodeTypeOf,
} from './graph/global-id.ts';
export { IMAGE_WIDTHS, type ImageField, type ImageFormat, imageField } from './graph/image.ts';
export { manyByKey, oneByKey } from './graph/loader.ts';
export { mutate, requireToken, UnauthenticatedError, type UserError } from './graph/mutation.ts';
export { readGraphBody } from './graph/request-body.ts';
export type { CompleteResolvers, EntityReference } from './graph/resolver-types.ts';
export { type StageFields, type StageState, stage } from './graph/stage.ts';
export {
  createSubgraph,
  type GraphContext,
  type GraphResolvers,
  guardResolvers,
  readTypeDefs,
  type Subgraph,
} from './graph/subgraph.ts';
export { groupCommit } from './group-commit.ts';
export { createCalls } from './grpc/calls.ts';
export { type CallInfo, required, serverStream, unary } from './grpc/handlers.ts';
export { SERVICE_TOKEN_HEADER } from './grpc/service-token.ts';
export { RemoteError } from './grpc/status.ts';
export {
  openBusFromSettings,
  openDatabaseFromSettings,
  openObjectsFromSettings,
} from './open-stores.ts';
export { pagesById } from './pages-by-id.ts';
export { PEER_SETTINGS, PeerAddressMissingError } from './peers.ts';
export {
  POSE_FOLDER_SETTING,
  POSE_MODEL,
  POSE_MODEL_ID,
  PoseFilesError,
  readPoseNetwork,
} from './pose-networks.ts';
export { PROCESS_SETTINGS, type ProcessSettings } from './process-settings.ts';
export { againId, sentAgain } from './reconcile/again-id.ts';
export {
  type AnnouncedRun,
  contentObjects,
  type ReconciledEvents,
  type ReconciledJobs,
  type Reconciler,
  type SweptObjects,
} from './reconcile/reconciler.ts';
export { missedChanges } from './runs/missed-changes.ts';
export {
  holdRunChange,
  idInRetry,
  isRunCanceled,
  newestReferences,
  noteRetries,
  noteRunChange,
  RUN_IS_CANCELED,
  type RunChange,
  referencesAhead,
  retriesOf,
  runChanges,
} from './runs/run-changes.ts';
export { canceledDetail, failedDetail } from './runs/ways-on.ts';
export { serve, startService } from './serve.ts';
export {
  defineService,
  type GrpcService,
  ROLES,
  type Role,
  type Service,
  type ServicePorts,
} from './service.ts';

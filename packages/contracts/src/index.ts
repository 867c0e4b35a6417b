export { categoryName, categoryTypeOf } from './category-types.ts';
export {
  DATASET_FORMAT,
  type DatasetAnnotation,
  type DatasetHeaderLine,
  type DatasetImageLine,
  datasetAnnotation,
  datasetHeaderLine,
  datasetImageLine,
} from './dataset-file.ts';
export {
  EVENTS,
  type EventData,
  type EventType,
  type PhotoReference,
  type RunReference,
} from './events/catalogue.ts';
export { asyncApiDocument, eventSchema } from './events/documents.ts';
export {
  type AnyEvent,
  type DomainEvent,
  decodeEvent,
  type EventMessage,
  encodeEvent,
  InvalidEventError,
  isEventType,
} from './events/envelope.ts';
export type { CategoryType } from './events/fields.ts';
export * as cropperV1 from './gen/deepstyle/cropper/v1/cropper.ts';
export * as datasetV1 from './gen/deepstyle/dataset/v1/dataset.ts';
export * as detectorV1 from './gen/deepstyle/detector/v1/detector.ts';
export * as ganTrainerV1 from './gen/deepstyle/gan_trainer/v1/gan_trainer.ts';
export * as scraperV1 from './gen/deepstyle/scraper/v1/scraper.ts';
export {
  GLOBAL_ID_PREFIXES,
  globalId,
  type NodeType,
  nodeTypeOf,
  parseGlobalId,
} from './global-id.ts';
export { nameKey, pathKey } from './names.ts';
export {
  type CallContract,
  SERVICE_CONTRACTS,
  SERVICE_NAMES,
  type ServiceCalls,
  type ServiceName,
} from './services.ts';

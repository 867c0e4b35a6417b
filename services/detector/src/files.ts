/** Photographs and models as files: what needs no running service. */
export { DETECTOR_SETTINGS } from './config.ts';
export { type DetectedFiles, type DetectRequest, detectFiles } from './files/detect-files.ts';
export { listPhotos } from './files/list-photos.ts';

export const SERVICE_NAMES = [
  'scraper',
  'dataset',
  'detector',
  'cropper',
  'gan-trainer',
  'gallery',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

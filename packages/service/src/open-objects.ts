import { type OpenedObjects, openObjects } from '@deepstyle/storage';
import type { ProcessSettings } from './process-settings.ts';

/** The object store that the settings name: an S3 server, or files in the data folder. */
export function openObjectsFromSettings(settings: ProcessSettings): Promise<OpenedObjects> {
  const { dataFolder, s3Endpoint, s3Region, s3Bucket, s3AccessKey, s3SecretKey } = settings;
  return openObjects({
    dataFolder,
    publicUrl: settings.publicUrl ?? `http://${settings.httpHost}:${settings.httpPort}`,
    s3:
      s3Endpoint === undefined
        ? undefined
        : {
            endpoint: s3Endpoint,
            region: s3Region,
            bucket: s3Bucket,
            accessKey: s3AccessKey ?? '',
            secretKey: s3SecretKey ?? '',
          },
  });
}

import { datasetV1 } from '@deepstyle/contracts';
import type { Logger } from '@deepstyle/platform';
import { type GrpcService, required, unary } from '@deepstyle/service';
import type { Database } from '@deepstyle/storage';
import { getDataset } from './dataset.ts';
import type { DatasetRecord } from './records/datasets.ts';

export function createGrpc(database: Database, logger: Logger): GrpcService {
  return {
    definition: datasetV1.DatasetServiceService,
    implementation: {
      getDataset: unary(logger, async (request: datasetV1.GetDatasetRequest) =>
        datasetMessage(await getDataset(database, required('dataset_id', request.datasetId))),
      ),
    },
  };
}

function datasetMessage(dataset: DatasetRecord): datasetV1.GetDatasetResponse {
  const { id, name, images, annotations, categories, annotationsObject, splits } = dataset;
  return {
    datasetId: id,
    name,
    images,
    annotations,
    categories: [...categories],
    annotationsObject,
    splits: { train: splits.train, val: splits.val, test: splits.test, none: splits.none },
    storedImages: dataset.storedImages,
    boxConvention: dataset.boxConvention,
  };
}

import { datasetV1 } from '@deepstyle/contracts';
import { type GrpcService, required, unary } from '@deepstyle/service';
import type { Dataset } from './dataset.ts';
import type { Ports } from './ports.ts';
import type { DatasetRecord } from './records.ts';

export function createGrpc({ logger }: Ports, dataset: Dataset): readonly GrpcService[] {
  return [
    {
      definition: datasetV1.DatasetServiceService,
      implementation: {
        getDataset: unary(logger, async (request: datasetV1.GetDatasetRequest) =>
          datasetMessage(await dataset.getDataset(required('dataset_id', request.datasetId))),
        ),
      },
    },
  ];
}

function datasetMessage(dataset: DatasetRecord): datasetV1.GetDatasetResponse {
  const { id, name, images, annotations, storedImages, categories, splits } = dataset;
  const { boxConvention, annotationsObject } = dataset;
  return {
    datasetId: id,
    name,
    images,
    annotations,
    categories: [...categories],
    annotationsObject,
    splits: { ...splits },
    storedImages,
    boxConvention,
  };
}

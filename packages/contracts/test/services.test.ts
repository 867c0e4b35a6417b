import { expect, test } from '@jest/globals';
import {
  type cropperV1,
  type detectorV1,
  SERVICE_CONTRACTS,
  type ServiceCalls,
} from '../src/index.ts';

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

test('the types of the calls follow from the generated methods', () => {
  const unary: Same<
    ServiceCalls['getActiveDetectorModel'],
    (request?: detectorV1.GetActiveModelRequest) => Promise<detectorV1.GetActiveModelResponse>
  > = true;
  const stream: Same<
    ServiceCalls['listGarments'],
    (request: cropperV1.ListGarmentsRequest) => AsyncIterable<cropperV1.ListGarmentsResponse>
  > = true;
  expect([unary, stream]).toEqual([true, true]);
});

test('no two services answer a call of the same name', () => {
  const names = Object.values(SERVICE_CONTRACTS).flatMap(({ calls }) => Object.keys(calls));
  expect(names).toEqual([...new Set(names)]);
});

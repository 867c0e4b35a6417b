import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CocoFormatError, readCoco, readCocoDetections } from '../src/index.ts';

const image = { id: 1, width: 64, height: 48, file_name: 'a.jpg' };
const category = { id: 7, name: 'dress' };
const annotation = { id: 1, image_id: 1, category_id: 7, bbox: [1, 2, 3, 4], area: 12, iscrowd: 0 };
const good = { images: [image], categories: [category], annotations: [annotation] };

function problemsOf(json: unknown): readonly string[] {
  try {
    readCoco(json);
  } catch (error) {
    if (error instanceof CocoFormatError) return error.problems;
    throw error;
  }
  return [];
}

describe('readCoco', () => {
  test('takes a sound file as it is', () => {
    expect(readCoco(good)).toEqual(good);
  });

  test('names everything that is wrong, each by its place', () => {
    const bad = {
      images: [image, image],
      categories: [{ id: 7 }],
      annotations: [
        { ...annotation, bbox: [1, 2, 3] },
        { ...annotation, id: 2, image_id: 9, category_id: 8, iscrowd: 2 },
      ],
    };
    expect(problemsOf(bad)).toEqual([
      'categories[0].name is missing',
      'annotations[0].bbox is [1,2,3]',
      'annotations[1].iscrowd is 2',
      'image id 1 occurs twice',
      'annotations[1].image_id is 9',
      'annotations[1].category_id is 8',
    ]);
  });

  test('any document is read or refused with a CocoFormatError, nothing else', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (whole, part) => {
        for (const json of [whole, { ...good, annotations: [part] }, { ...good, images: whole }]) {
          problemsOf(json);
        }
      }),
    );
  });
});

test('detections on unknown images are refused, of unknown categories are let through', () => {
  const dataset = readCoco(good);
  const detection = { image_id: 1, category_id: 99, bbox: [0, 0, 5, 5], score: 0.5 };
  expect(readCocoDetections([detection], dataset)).toEqual([detection]);
  const bad = [{ ...detection, image_id: 2, score: 'high' }];
  expect(() => readCocoDetections(bad, dataset)).toThrow('detections[0].image_id is 2');
  expect(() => readCocoDetections({}, dataset)).toThrow("'detections' is no list");
});

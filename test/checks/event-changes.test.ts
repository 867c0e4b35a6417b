import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { eventChanges } from '../../scripts/check/event-changes.mjs';

interface Schema {
  type?: string;
  enum?: string[];
  maxLength?: number;
  description?: string;
  required?: string[];
  additionalProperties?: boolean;
  anyOf?: Schema[];
  items?: Schema;
  properties: Record<string, Schema>;
}

const TYPE = 'deepstyle.photo.detected.v1';
const url = new URL(`../../packages/contracts/gen/events/${TYPE}.schema.json`, import.meta.url);
const text = readFileSync(url, 'utf8');
const published = JSON.parse(text) as Schema;

/** What the rule says where the published schema becomes what `change` makes of it. */
function changesBy(change: (schema: Schema) => void): string[] {
  const after = JSON.parse(text) as Schema;
  change(after);
  return eventChanges(new Map([[TYPE, published]]), new Map([[TYPE, after]]));
}

const run = (schema: Schema): Schema => schema.properties.run!;
const detection = (schema: Schema): Schema => schema.properties.detections!.items!;

test('nothing changed breaks nothing', () => {
  expect(changesBy(() => undefined)).toEqual([]);
});

test('optional fields, on any level, and types may be added; descriptions and order may change', () => {
  const added = changesBy((schema) => {
    schema.properties.note = { type: 'string', properties: {} };
    detection(schema).properties.mask = { type: 'string', properties: {} };
    run(schema).description = 'Put better';
    run(schema).required!.reverse();
    detection(schema).properties.categoryType!.enum!.reverse();
  });
  expect(added).toEqual([]);
  expect(eventChanges(new Map(), new Map([[TYPE, published]]))).toEqual([]);
});

test('a type that is gone is named', () => {
  expect(eventChanges(new Map([[TYPE, published]]), new Map())).toEqual([`${TYPE} is gone`]);
});

test('fields that are gone are named with their place', () => {
  const removed = changesBy((schema) => {
    delete schema.properties.photo;
    schema.required = ['run', 'detections'];
    delete run(schema).properties.season;
    delete detection(schema).properties.score;
  });
  expect(removed).toEqual([
    `${TYPE}.run.season is gone`,
    `${TYPE}.photo is gone`,
    `${TYPE}.detections[].score is gone`,
  ]);
});

test('a renamed field is gone, and its successor must not be required', () => {
  const renamed = changesBy((schema) => {
    const { brand, ...others } = run(schema).properties;
    run(schema).properties = { ...others, label: brand! };
    run(schema).required = ['id', 'season', 'label', 'detector', 'gan'];
  });
  expect(renamed).toEqual([
    `${TYPE}.run.brand is gone`,
    `${TYPE}.run.label is new and required; a new field must be optional`,
  ]);
});

test.each([
  [
    'another type',
    (schema: Schema) => {
      detection(schema).properties.score!.type = 'string';
    },
    '.detections[].score: type was "number", is "string"',
  ],
  [
    'null where there was none',
    (schema: Schema) => {
      const { type } = detection(schema).properties.category!;
      detection(schema).properties.category = {
        anyOf: [
          { type: type!, maxLength: 100, properties: {} },
          { type: 'null', properties: {} },
        ],
        properties: {},
      };
    },
    '.detections[].category: type was "string", is absent',
  ],
  [
    'an enum value less',
    (schema: Schema) => {
      detection(schema).properties.categoryType!.enum!.pop();
    },
    '.detections[].categoryType: enum was ["full","lower","other","upper"], is ["full","lower","upper"]',
  ],
  [
    'an enum value more',
    (schema: Schema) => {
      detection(schema).properties.categoryType!.enum!.push('shoes');
    },
    '.detections[].categoryType: enum was ["full","lower","other","upper"], is ["full","lower","other","shoes","upper"]',
  ],
  [
    'a tighter bound inside an alternative',
    (schema: Schema) => {
      run(schema).properties.brand!.anyOf![0]!.maxLength = 20;
    },
    '.run.brand(0: string): maxLength was 200, is 20',
  ],
  [
    'required no longer',
    (schema: Schema) => {
      run(schema).required = ['id', 'season', 'brand', 'detector'];
    },
    '.run.gan is no longer required',
  ],
  [
    'required from now on',
    (schema: Schema) => {
      run(schema).required!.push('globalId');
    },
    '.run.globalId is now required',
  ],
  [
    'closed to further fields',
    (schema: Schema) => {
      run(schema).additionalProperties = false;
    },
    '.run no longer takes fields that it does not name',
  ],
])('%s is a break', (_what, change, message) => {
  expect(changesBy(change)).toContain(`${TYPE}${message}`);
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { garmentsById, garmentsOfPhotos, garmentsOfRun } from '../src/records.ts';
import { garmentRecord, type OpenedLedger, openLedger, runOf } from './opened-ledger.ts';

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const settled = { failure: null };

let opened: OpenedLedger;
beforeAll(async () => {
  opened = await openLedger();
});
afterAll(() => opened.close());

describe('records', () => {
  test('a garment comes back as it was written', async () => {
    const garment = { ...garmentRecord(hash('a'), hash('p')), score: 0.75, brand: 'Aster "&" Co' };
    await opened.ledger.settle({
      run: runOf('r1'),
      photoId: hash('p'),
      ...settled,
      garments: [garment],
    });
    const found = await opened.database.transaction('test', (tx) => garmentsById(tx, [garment.id]));
    expect(found).toEqual([garment]);
  });

  test('a run keeps its own word on a garment, whose newest word stands outside of runs', async () => {
    const photoId = hash('q');
    const garments = (category: string) => [garmentRecord(hash('b'), photoId, category)];
    await opened.ledger.settle({
      run: runOf('r2'),
      photoId,
      ...settled,
      garments: garments('hat'),
    });
    await opened.ledger.settle({
      run: runOf('r3'),
      photoId,
      ...settled,
      garments: garments('cap'),
    });
    await opened.database.transaction('test', async (tx) => {
      expect(await garmentsOfRun(tx, 'r2', '', 10)).toMatchObject([{ category: 'hat' }]);
      expect(await garmentsOfRun(tx, 'r3', '', 10)).toMatchObject([{ category: 'cap' }]);
      expect(await garmentsById(tx, [hash('b')])).toMatchObject([{ category: 'cap' }]);
    });
  });

  test('pages of a run follow each other by id without gap or repetition', async () => {
    const ids = Array.from({ length: 7 }, (_, index) => hash(`page ${index}`));
    for (const id of ids) {
      const garments = [garmentRecord(id, hash(`photo of ${id}`))];
      const photoId = hash(`photo of ${id}`);
      await opened.ledger.settle({ run: runOf('r4'), photoId, ...settled, garments });
    }
    const seen: string[] = [];
    for (;;) {
      const page = await opened.database.transaction('test', (tx) =>
        garmentsOfRun(tx, 'r4', seen.at(-1) ?? '', 3),
      );
      seen.push(...page.map(({ id }) => id));
      if (page.length < 3) break;
    }
    expect(seen).toEqual(ids.toSorted());
  });

  test('the garments of several photographs are bounded for each', async () => {
    const many = ['x', 'y'].map((name) => ({
      photoId: hash(name),
      garments: [0, 1, 2].map((index) => garmentRecord(hash(`${name}${index}`), hash(name))),
    }));
    for (const one of many) await opened.ledger.settle({ run: runOf('r5'), ...one, ...settled });
    const found = await opened.database.transaction('test', (tx) =>
      garmentsOfPhotos(tx, [hash('x'), hash('y'), hash('unknown')], 2),
    );
    expect(found.map(({ photoId }) => photoId).toSorted()).toEqual(
      [hash('x'), hash('x'), hash('y'), hash('y')].toSorted(),
    );
  });
});

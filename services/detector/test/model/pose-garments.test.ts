import { describe, expect, test } from '@jest/globals';
import { letterboxOf } from '../../src/model/letterbox.ts';
import { garmentsOf, POSE_CATEGORIES } from '../../src/model/pose-garments.ts';
import { type Joint, type Person, peopleOf } from '../../src/model/pose-people.ts';

const photo = { width: 400, height: 800 };

const joint = (x: number, y: number, score = 0.8): Joint => ({ x, y, score });
const pair = (y: number, half: number, score?: number): [Joint, Joint] => [
  joint(200 + half, y, score),
  joint(200 - half, y, score),
];

/** Stands in the middle of the photo, 100 px of torso and 250 of legs. */
const standing: Person = {
  shoulders: pair(200, 40),
  hips: pair(300, 30),
  knees: pair(420, 30),
  ankles: pair(550, 30),
  box: [140, 120, 260, 580],
  score: 0.7,
};

const found = (people: Person[], minScore = 0) =>
  garmentsOf(people, photo, minScore).map(({ box, category, score }) => ({
    name: POSE_CATEGORIES[category]?.name,
    box: box.map((edge) => Math.round(edge)),
    score: Math.round(score * 100) / 100,
  }));
const boxOf = (person: Person, name: string) =>
  found([person]).find((one) => one.name === name)?.box;
const names = (person: Person) =>
  found([person])
    .map(({ name }) => name)
    .sort();

describe('garments by the joints of a person', () => {
  test('who stands: above the hips, below them, and at the feet', () => {
    expect(found([standing])).toEqual([
      { name: 'upper', box: [140, 188, 260, 308], score: 0.8 },
      { name: 'lower', box: [156, 292, 244, 550], score: 0.8 },
      { name: 'shoes', box: [156, 535, 244, 580], score: 0.8 },
    ]);
  });

  test('have the certainty of the joints that carry them, the better of both sides', () => {
    const turned: Person = {
      ...standing,
      shoulders: [joint(240, 200, 0.9), joint(160, 200, 0.1)],
      hips: pair(300, 30, 0.6),
      knees: [joint(230, 420, 0.1), joint(170, 420, 0.4)],
      ankles: pair(550, 30, 0.3),
    };
    expect(found([turned]).map(({ name, score }) => [name, score])).toEqual([
      ['upper', 0.9],
      ['lower', 0.5],
      ['shoes', 0.3],
    ]);
    expect(found([turned], 0.4).map(({ name }) => name)).toEqual(['upper', 'lower']);
  });

  test('whom the photo cuts off at the chest: the upper one, down to the edge', () => {
    const none = pair(780, 30, 0.05);
    const portrait: Person = {
      ...standing,
      shoulders: pair(600, 80),
      hips: none,
      knees: none,
      ankles: none,
      box: [60, 300, 340, 800],
    };
    expect(names(portrait)).toEqual(['upper']);
    expect(boxOf(portrait, 'upper')?.[3]).toBe(800);
  });

  test('whom the photo cuts off at the thighs: the lower one goes to the edge', () => {
    const none = pair(790, 30, 0.05);
    const cut: Person = {
      ...standing,
      shoulders: pair(300, 60),
      hips: pair(600, 50),
      knees: none,
      ankles: none,
      box: [100, 100, 300, 798],
    };
    expect(names(cut)).toEqual(['lower', 'upper']);
    expect(boxOf(cut, 'lower')?.[3]).toBe(798);
  });

  test('who sits behind a table: no legs, nothing below', () => {
    const none = pair(350, 30, 0.05);
    const behind: Person = { ...standing, knees: none, ankles: none, box: [140, 120, 260, 320] };
    expect(names(behind)).toEqual(['upper']);
  });

  test('whose legs are hidden by what is worn: one over the whole body', () => {
    const none = pair(500, 30, 0.1);
    const gown: Person = { ...standing, knees: none, ankles: none };
    expect(found([gown])).toEqual([{ name: 'full', box: [140, 188, 260, 580], score: 0.8 }]);
  });

  test('whose feet stand beyond the edge are cut there', () => {
    const low: Person = { ...standing, ankles: pair(795, 30), box: [140, 120, 260, 800] };
    expect(boxOf(low, 'shoes')?.[3]).toBe(800);
  });

  test('of nobody, or of somebody of whom no joint is certain: none', () => {
    const unsure: Person = {
      ...standing,
      shoulders: pair(200, 40, 0.1),
      hips: pair(300, 30, 0.1),
      knees: pair(420, 30, 0.1),
      ankles: pair(550, 30, 0.1),
    };
    expect(found([])).toEqual([]);
    expect(found([unsure])).toEqual([]);
  });

  test('lie inside of the photo and have an extent, whatever the joints say', () => {
    const wild: Person = {
      shoulders: [joint(-50, -40), joint(900, 900)],
      hips: [joint(-500, 2000), joint(3, -3)],
      knees: [joint(0, 0), joint(0, 0)],
      ankles: [joint(400, 800), joint(4000, 8000)],
      box: [0, 0, 400, 800],
      score: 1,
    };
    for (const { box } of garmentsOf([wild, standing], photo, 0)) {
      const [left, top, right, bottom] = box;
      expect(
        Math.min(left, top, photo.width - right, photo.height - bottom),
      ).toBeGreaterThanOrEqual(0);
      expect(Math.min(right - left, bottom - top)).toBeGreaterThanOrEqual(1);
    }
  });
});

describe('people as the network says', () => {
  const network = { width: 256, height: 256 };

  /** Six rows, all joints of each at one place, and boxes around it. */
  function output(
    people: readonly (readonly [x: number, y: number, score: number])[],
  ): Float32Array {
    const rows = new Float32Array(6 * 56);
    for (const [i, [x, y, score]] of people.entries()) {
      const joints = Array.from({ length: 17 }, () => [y, x, score]).flat();
      rows.set([...joints, y - 0.1, x - 0.1, y + 0.1, x + 0.1, score], i * 56);
    }
    return rows;
  }

  test('come back in pixels of the photo as it is shown, cut at its edge', () => {
    // 400 x 800 px lie in 128 x 256 of the network's image.
    const [person] = peopleOf(
      output([[0.25, 0.5, 0.9]]),
      photo,
      network,
      letterboxOf(photo, network),
      0.2,
    );
    expect(person?.shoulders[0].x).toBeCloseTo(200, 3);
    expect(person?.ankles[1].y).toBeCloseTo(400, 3);
    expect(person?.ankles[1].score).toBeCloseTo(0.9, 6);
    expect(person?.box.map((edge) => Math.round(edge))).toEqual([120, 320, 280, 480]);
    const [beside] = peopleOf(
      output([[0.45, 0.05, 0.9]]),
      photo,
      network,
      letterboxOf(photo, network),
      0.2,
    );
    expect(beside?.box.map((edge) => Math.round(edge))).toEqual([280, 0, 400, 120]);
  });

  test('are left out where the network is not certain of them, or says nothing that is a number', () => {
    const rows = output([
      [0.2, 0.5, 0.9],
      [0.2, 0.5, 0.19],
      [0.2, 0.5, Number.NaN],
      [0.3, 0.5, 0.2],
    ]);
    const people = peopleOf(rows, photo, network, letterboxOf(photo, network), 0.2);
    expect(people.map(({ score }) => Math.round(score * 10) / 10)).toEqual([0.9, 0.2]);
  });
});

import '@tensorflow/tfjs-backend-cpu';
import { tf } from '@deepstyle/engine';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { discriminatorLoss, generatorLoss } from '../src/model/losses.ts';

beforeAll(async () => {
  // Its advice to install another backend is of no use here.
  tf.env().set('IS_TEST', true);
  await tf.setBackend('cpu');
});

const logits = (...values: number[]) => tf.tensor1d(values);
const numberOf = (scalar: tf.Scalar) => scalar.dataSync()[0];
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('the discriminator loss', () => {
  test('of one that cannot tell is 2 log 2', () => {
    expect(numberOf(discriminatorLoss(logits(0, 0), logits(0)))).toBeCloseTo(2 * Math.LN2, 6);
  });

  test('is -mean log sigma(real) - mean log(1 - sigma(fake))', () => {
    const expected =
      -(Math.log(sigmoid(1.5)) + Math.log(sigmoid(-0.5))) / 2 - Math.log(1 - sigmoid(0.7));
    expect(numberOf(discriminatorLoss(logits(1.5, -0.5), logits(0.7)))).toBeCloseTo(expected, 6);
  });

  test('with a real label of 0.9 is the cross entropy with that label', () => {
    const expected = -0.9 * Math.log(sigmoid(2)) - 0.1 * Math.log(1 - sigmoid(2)) + Math.LN2;
    expect(numberOf(discriminatorLoss(logits(2), logits(0), 0.9))).toBeCloseTo(expected, 6);
  });

  test('stays finite where sigma would be exactly 0 or 1', () => {
    expect(numberOf(discriminatorLoss(logits(-200), logits(200)))).toBeCloseTo(400, 3);
  });
});

test('the generator loss is -mean log sigma(fake), not log(1 - sigma)', () => {
  const expected = -(Math.log(sigmoid(-3)) + Math.log(sigmoid(0.2))) / 2;
  expect(numberOf(generatorLoss(logits(-3, 0.2)))).toBeCloseTo(expected, 6);
});

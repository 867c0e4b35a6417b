import { expect, test } from '@jest/globals';
import type { CompleteResolvers, EntityReference } from '../src/index.ts';

/** As the generator writes them for `type Garment { id, area(unit), category }`, an entity. */
interface Resolvers {
  Garment: {
    __resolveReference: (reference: { __typename: 'Garment'; id: string }) => unknown;
    id: (garment: never, args: Record<never, never>) => string | Promise<string>;
    area: (garment: never, args: { unit: string }) => number | Promise<number>;
    category: (garment: never, args: Record<never, never>) => 'DRESS' | 'COAT';
    __isTypeOf?: () => boolean;
  };
  Query: { garment: (root: never, args: { id: string }) => unknown };
}
type Of<Garment> = CompleteResolvers<
  Resolvers,
  { Garment: Garment; Query: Record<PropertyKey, never> }
>;
interface Whole {
  readonly id: string;
  readonly area: (args: { unit: string }) => number;
  readonly category: 'DRESS';
}
const Query = { garment: () => null };
const __resolveReference = () => null;

test('a node that holds every field needs no resolver but for its reference', () => {
  const complete: Of<Whole> = { Query, Garment: { __resolveReference } };
  // @ts-expect-error a reference is not the whole node
  const withoutReference: Of<Whole> = { Query };
  // @ts-expect-error nothing answers Query.garment
  const withoutRoot: Of<Whole> = { Garment: { __resolveReference } };
  expect([complete, withoutReference, withoutRoot]).toHaveLength(3);
});

test('a field that a node lacks, or holds in another type, needs a resolver', () => {
  const category = () => 'COAT' as const;
  const retyped: Of<Omit<Whole, 'category'> & { category: string }> = {
    Query,
    Garment: { __resolveReference, category },
  };
  // @ts-expect-error a string is no value of the enum
  const unread: Of<Omit<Whole, 'category'> & { category: string }> = {
    ...{ Query, Garment: { __resolveReference } },
  };
  const stub: Of<EntityReference> = { Query, Garment: { area: () => 1, category } };
  // @ts-expect-error no area
  const stubWithoutArea: Of<EntityReference> = { Query, Garment: { category } };
  expect([retyped, unread, stub, stubWithoutArea]).toHaveLength(4);
});

test('a resolver of a field that the schema lacks is refused', () => {
  // @ts-expect-error there is no field of this name
  const unknown: Of<Whole> = { Query, Garment: { __resolveReference, size: () => 1 } };
  expect(unknown).toBeDefined();
});

import { ask } from './scenario.ts';
import type { System } from './systems.ts';

/** From a trend batch to the photographs behind one of its designs, in one query over all six subgraphs' entities. */
const PROVENANCE = `query ($season: String!) {
  trendBatches(first: 1, season: $season) { edges { node {
    id
    collection { designs(first: 1) { edges { node {
      id
      model { id garments(first: 5) { edges { node {
        id
        photo { id attribution { source } }
      } } } }
      nearestGarments { garment { id photo { id } } }
    } } } }
  } } }
}`;

interface Edges<T> {
  readonly edges: readonly { readonly node: T }[];
}
interface GarmentView {
  readonly id: string;
  readonly photo: { readonly id: string; readonly attribution?: { readonly source: string } };
}
interface Answer {
  readonly trendBatches: Edges<{
    readonly id: string;
    readonly collection: {
      readonly designs: Edges<{
        readonly id: string;
        readonly model: { readonly id: string; readonly garments: Edges<GarmentView> };
        readonly nearestGarments: readonly { readonly garment: GarmentView }[];
      }>;
    };
  }>;
}

export interface Provenance {
  readonly trendBatch: string;
  readonly design: string;
  readonly model: string;
  readonly garments: readonly GarmentView[];
  readonly nearest: readonly GarmentView[];
}

/** The way back from the season's newest trend batch. */
export async function provenanceOf(system: System, season: string): Promise<Provenance> {
  const { trendBatches } = await ask<Answer>(system, PROVENANCE, { season });
  const batch = only(trendBatches);
  const design = only(batch.collection.designs);
  return {
    trendBatch: batch.id,
    design: design.id,
    model: design.model.id,
    garments: design.model.garments.edges.map(({ node }) => node),
    nearest: design.nearestGarments.map(({ garment }) => garment),
  };
}

function only<T>({ edges }: Edges<T>): T {
  const [edge, ...more] = edges;
  if (edge === undefined || more.length > 0) throw new Error(`${edges.length} instead of one`);
  return edge.node;
}

import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  GraphQLError,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** Bounds of one query. A page of designs down to its photographs has depth 12 and costs about 30,000 nodes. */
export const QUERY_LIMITS = { depth: 18, nodes: 200_000, aliases: 50 } as const;

interface Cost {
  depth: number;
  nodes: number;
  aliases: number;
}

type Variables = Readonly<Record<string, unknown>>;

/**
 * Counts an operation before it runs: nesting depth, aliases, and the nodes it may return, each connection multiplied
 * by its `first`, given as a literal or as a variable.
 */
export function measureQuery(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Cost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  const cost: Cost = { depth: 0, nodes: 0, aliases: 0 };
  walk(operation.selectionSet, 1, 1);
  return cost;

  function walk(selections: SelectionSetNode, depth: number, multiplier: number): void {
    cost.depth = Math.max(cost.depth, depth);
    // Checked on the way: fragments can make a small document exponentially large.
    if (cost.nodes > QUERY_LIMITS.nodes || depth > QUERY_LIMITS.depth) return;
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) field(selection, depth, multiplier);
      else walk(fragmentBody(selection, fragments), depth, multiplier);
    }
  }

  function field(node: FieldNode, depth: number, multiplier: number): void {
    if (node.alias !== undefined) cost.aliases += 1;
    if (node.selectionSet === undefined) return;
    const inner = multiplier * pageSize(node, variables);
    cost.nodes += inner;
    walk(node.selectionSet, depth + 1, inner);
  }
}

const NOTHING: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [] };

function fragmentBody(
  spread: InlineFragmentNode | FragmentSpreadNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): SelectionSetNode {
  if (spread.kind === Kind.INLINE_FRAGMENT) return spread.selectionSet;
  return fragments.get(spread.name.value)?.selectionSet ?? NOTHING;
}

function pageSize(node: FieldNode, variables: Variables): number {
  const first = node.arguments?.find(({ name }) => name.value === 'first')?.value;
  const given =
    first?.kind === Kind.INT
      ? Number(first.value)
      : first?.kind === Kind.VARIABLE
        ? variables[first.name.value]
        : 1;
  return typeof given === 'number' && given > 1 ? given : 1;
}

/** Refuses an operation over the limits, and tells its cost in `extensions.cost` otherwise. */
export function queryLimits(): ApolloServerPlugin {
  return {
    requestDidStart: async () => {
      let cost: Cost | null = null;
      return {
        didResolveOperation: async ({ document, operation, request }) => {
          if (operation === undefined) return;
          cost = measureQuery(document, operation, request.variables ?? {});
          for (const [name, limit] of Object.entries(QUERY_LIMITS) as [keyof Cost, number][]) {
            if (cost[name] > limit) throw tooLarge(name, cost[name], limit);
          }
        },
        willSendResponse: async ({ response }) => {
          if (cost === null || response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          singleResult.extensions = {
            ...singleResult.extensions,
            cost: { nodes: cost.nodes, limit: QUERY_LIMITS.nodes },
          };
        },
      };
    },
  };
}

function tooLarge(what: string, is: number, limit: number): GraphQLError {
  return new GraphQLError(
    `The query is too large: ${what} ${is}, at most ${limit}. Ask for smaller pages.`,
    {
      extensions: { code: 'QUERY_TOO_LARGE', http: { status: 400 } },
    },
  );
}

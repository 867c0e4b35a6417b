import {
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { clientMistake } from './client-mistake.ts';

/** What a definition asks for, with every fragment that it spreads counted at each place. */
interface QueryCost {
  /** Levels of fields. */
  readonly depth: number;
  /** Fields, inline fragments and spreads. */
  readonly selections: number;
  readonly aliases: number;
  readonly directives: number;
}

export interface DocumentLimits extends QueryCost {
  readonly tokens: number;
  readonly fragments: number;
}

/** The nodes are counted by the gateway, which knows the whole graph. */
type Measures = DocumentLimits & { readonly nodes: number };

/** Of what people ask. The page's largest document has 55 selections, the command line's 83, an introspection 239. */
export const DOCUMENT_LIMITS: DocumentLimits = {
  tokens: 4_000,
  fragments: 100,
  depth: 18,
  selections: 1_000,
  aliases: 50,
  directives: 50,
};

/** Of what the gateway asks a subgraph: it writes fragments out, and adds keys, type names and aliases of its own. */
export const SUBGRAPH_DOCUMENT_LIMITS: DocumentLimits = {
  tokens: 40_000,
  fragments: 1_000,
  depth: 20,
  selections: 4_000,
  aliases: 1_000,
  directives: 1_000,
};

const NOTHING: QueryCost = { depth: 0, selections: 0, aliases: 0, directives: 0 };

/**
 * Measures definitions of a document. Each fragment is walked once however often it is spread, so that a small document
 * which is exponentially large when it is written out takes no longer than another.
 */
export function createMeasure(document: DocumentNode): (definition: DefinitionNode) => QueryCost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, QueryCost>();
  return (definition) =>
    'selectionSet' in definition
      ? plus(ofSelections(definition.selectionSet), {
          directives: definition.directives?.length ?? 0,
        })
      : NOTHING;

  function ofSelections({ selections }: SelectionSetNode): QueryCost {
    return selections.reduce((sum, selection) => plus(sum, ofSelection(selection)), NOTHING);
  }

  function ofSelection(selection: SelectionNode): QueryCost {
    const own = { selections: 1, directives: selection.directives?.length ?? 0 };
    if (selection.kind === Kind.FRAGMENT_SPREAD) return plus(ofFragment(selection.name.value), own);
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return plus(ofSelections(selection.selectionSet), own);
    return plus(ofField(selection), own);
  }

  function ofFragment(name: string): QueryCost {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // A fragment that spreads itself counts once; the validation refuses it.
    measured.set(name, NOTHING);
    const fragment = fragments.get(name);
    const cost = fragment === undefined ? NOTHING : ofSelections(fragment.selectionSet);
    measured.set(name, cost);
    return cost;
  }

  function ofField(field: FieldNode): QueryCost {
    const aliases = field.alias === undefined ? 0 : 1;
    if (field.selectionSet === undefined) return { ...NOTHING, depth: 1, aliases };
    const inner = ofSelections(field.selectionSet);
    return {
      ...inner,
      depth: inner.depth + 1,
      aliases: inner.aliases + aliases,
    };
  }
}

function plus(one: QueryCost, other: Partial<QueryCost>): QueryCost {
  return {
    depth: Math.max(one.depth, other.depth ?? 0),
    selections: one.selections + (other.selections ?? 0),
    aliases: one.aliases + (other.aliases ?? 0),
    directives: one.directives + (other.directives ?? 0),
  };
}

/** The document of a request as Apollo takes it: that of a GET stands in its address, whatever its body holds. */
export function documentOf(request: {
  readonly method: string;
  readonly url: string;
  readonly body?: { readonly query?: unknown } | undefined;
}): unknown {
  const { method, url, body } = request;
  if (method !== 'GET') return body?.query;
  const [address = ''] = url.split('#', 1);
  return new URLSearchParams(address.slice(address.indexOf('?') + 1)).get('query');
}

/**
 * Refuses a document over the limits before anything else looks at it: validation and planning take longer than its
 * size says. What is no document is left to the parser that answers.
 *
 * @throws GraphQLError QUERY_TOO_LARGE
 */
export function refuseLargeDocument(source: unknown, limits: DocumentLimits): void {
  const document = typeof source === 'string' ? parsed(source, limits.tokens) : null;
  if (document === null) return;
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  refuseOver({ fragments: fragments.length }, limits);
  const measure = createMeasure(document);
  for (const definition of document.definitions) refuseOver(measure(definition), limits);
}

function parsed(source: string, maxTokens: number): DocumentNode | null {
  try {
    return parse(source, { maxTokens, noLocation: true });
  } catch {
    return null;
  }
}

/** @throws GraphQLError QUERY_TOO_LARGE, naming the first measure that is over its limit */
export function refuseOver(
  cost: Readonly<Partial<Measures>>,
  limits: Readonly<Partial<Measures>>,
): void {
  const measures = Object.entries(limits) as [keyof Measures, number][];
  for (const [name, limit] of measures) {
    const is = cost[name] ?? 0;
    if (is <= limit) continue;
    const message = `The query is too large: ${name} ${is}, at most ${limit}. Ask for less at a time.`;
    throw clientMistake(message, 'QUERY_TOO_LARGE');
  }
}

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;
type Parent = GraphQLNamedType | null | undefined;

/**
 * Nodes that an operation may return: each field with fields of its own, times how many its list holds. Each fragment
 * is walked once however often it is spread.
 *
 * @param supergraph with the directives of its fields
 */
export function countNodes(
  supergraph: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Variables,
): number {
  const variables = { ...defaultsOf(operation), ...given };
  const fragments = fragmentsOf(document);
  const counted = new Map<string, number>();
  return ofSelections(operation.selectionSet, supergraph.getRootType(operation.operation));

  function ofSelections({ selections }: SelectionSetNode, parent: Parent): number {
    return selections.reduce((sum, selection) => sum + ofSelection(selection, parent), 0);
  }

  function ofSelection(selection: SelectionNode, parent: Parent): number {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    if (selection.kind === Kind.FIELD) return ofField(selection, parent);
    const { typeCondition, selectionSet } = selection;
    const type = typeCondition && supergraph.getType(typeCondition.name.value);
    return ofSelections(selectionSet, type ?? parent);
  }

  function ofFragment(name: string): number {
    const known = counted.get(name);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const nodes =
      fragment === undefined
        ? 0
        : ofSelections(
            fragment.selectionSet,
            supergraph.getType(fragment.typeCondition.name.value),
          );
    counted.set(name, nodes);
    return nodes;
  }

  function ofField(field: FieldNode, parent: Parent): number {
    if (field.selectionSet === undefined) return 0;
    const definition = definitionOf(field, parent);
    const type = definition && getNamedType(definition.type);
    const size = givenSize(field, variables) ?? assumedSize(supergraph, definition) ?? 1;
    return Math.max(size, 1) * (ofSelections(field.selectionSet, type) + 1);
  }
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
}

/** What is left to its default counts as much as what is given. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Variables {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
    ),
  );
}

/** Fields of an introspection have none. */
function definitionOf({ name }: FieldNode, parent: Parent): GraphQLField<unknown, unknown> | null {
  const hasFields = isObjectType(parent) || isInterfaceType(parent);
  return hasFields ? (parent.getFields()[name.value] ?? null) : null;
}

/** How many are asked for: the size of a page, or the number of ids. */
function givenSize(field: FieldNode, variables: Variables): number | null {
  for (const { name, value } of field.arguments ?? []) {
    if (name.value !== 'first' && name.value !== 'ids') continue;
    const given = valueFromASTUntyped(value, variables);
    if (typeof given === 'number') return given;
    if (Array.isArray(given)) return given.length;
  }
  return null;
}

/** What `@listSize` of Apollo Federation says of a list that has no pages. */
function assumedSize(
  supergraph: GraphQLSchema,
  definition: GraphQLField<unknown, unknown> | null,
): number | null {
  const directive = supergraph.getDirective('listSize');
  if (!directive || !definition?.astNode) return null;
  const size = getDirectiveValues(directive, definition.astNode)?.assumedSize;
  return typeof size === 'number' ? size : null;
}

import { buildASTSchema, findBreakingChanges, parse, visit } from 'graphql';

/** What composition adds to the graph that clients see. */
const COMPOSITION = /^(join|link|core)(__|$)/;

/** What breaks a client between two states of the supergraph (as text), one line each. */
export function graphChanges(before, after) {
  return findBreakingChanges(clientSchema(before), clientSchema(after)).map(
    ({ description }) => description,
  );
}

function clientSchema(supergraph) {
  const withoutComposition = (node) =>
    node.name !== undefined && COMPOSITION.test(node.name.value) ? null : undefined;
  const document = visit(parse(supergraph, { noLocation: true }), {
    Directive: () => null,
    DirectiveDefinition: withoutComposition,
    EnumTypeDefinition: withoutComposition,
    InputObjectTypeDefinition: withoutComposition,
    ScalarTypeDefinition: withoutComposition,
  });
  return buildASTSchema(document);
}

/** What stands for an entity whose fields are resolved one by one. */
export interface EntityReference {
  readonly id: string;
}

/**
 * Generated resolver types, with what may be left out: a field needs no resolver where its node holds a value of the
 * schema's type, or a method that gives one. `Nodes` are the resolvers' parents.
 */
export type CompleteResolvers<Resolvers, Nodes extends Record<keyof Resolvers, unknown>> = {
  readonly [T in Incomplete<Resolvers, Nodes>]: Partial<Resolvers[T]> &
    Pick<Resolvers[T], Missing<Resolvers[T], Nodes[T]>>;
} & {
  readonly [T in Exclude<keyof Resolvers, Incomplete<Resolvers, Nodes>>]?: Partial<Resolvers[T]>;
};

/** Types with a field that their node does not give by itself. */
type Incomplete<Resolvers, Nodes extends Record<keyof Resolvers, unknown>> = {
  [T in keyof Resolvers]: [Missing<Resolvers[T], Nodes[T]>] extends [never] ? never : T;
}[keyof Resolvers];

/** Fields that a node does not give by itself. */
type Missing<Fields, Node> = {
  [F in keyof Fields]-?: IsGiven<F, Fields[F], Node> extends true ? never : F;
}[keyof Fields];

type IsGiven<Field, Resolve, Node> = Field extends '__isTypeOf' | '__resolveType'
  ? true
  : Field extends '__resolveReference'
    ? // Where nothing resolves a reference, it is taken for the node.
      Resolve extends (reference: infer Reference, ...rest: never) => unknown
      ? IsAssignable<Reference, Node>
      : false
    : Resolve extends (parent: never, args: infer Args, ...rest: never) => infer Result
      ? Field extends keyof Node
        ? IsAssignable<Node[Field], Result | ((args: Args) => Result)>
        : false
      : false;

// A root type's node has no value in any field: each is of type never.
type IsAssignable<Value, Wanted> = [Value] extends [never]
  ? false
  : [Value] extends [Wanted]
    ? true
    : false;

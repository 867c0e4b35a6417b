import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { EntityReference, ImageField, GraphContext } from '@deepstyle/service';
import type { GanModelNode } from '../graph-nodes.ts';
import type { CompleteResolvers } from '@deepstyle/service';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  DateTime: { input: string; output: string; }
};

export type Node = {
  readonly id: Scalars['ID']['output'];
};

export type PageInfo = {
  readonly hasNextPage: Scalars['Boolean']['output'];
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  readonly startCursor: Maybe<Scalars['String']['output']>;
  readonly endCursor: Maybe<Scalars['String']['output']>;
};

export type UserError = {
  readonly code: Scalars['String']['output'];
  readonly field: Maybe<Scalars['String']['output']>;
  readonly message: Scalars['String']['output'];
};

export type Image = {
  readonly url: Scalars['String']['output'];
  readonly width: Scalars['Int']['output'];
  readonly height: Scalars['Int']['output'];
  readonly blurhash: Maybe<Scalars['String']['output']>;
  readonly dominantColor: Maybe<Scalars['String']['output']>;
};


export type ImageUrlArgs = {
  width?: InputMaybe<Scalars['Int']['input']>;
  format?: InputMaybe<ImageFormat>;
};

export type ImageFormat =
  | 'WEBP'
  | 'JPEG'
  | 'PNG';

export type Stage = {
  readonly state: StageState;
  readonly done: Scalars['Int']['output'];
  readonly failed: Scalars['Int']['output'];
  readonly expected: Maybe<Scalars['Int']['output']>;
  readonly detail: Maybe<Scalars['String']['output']>;
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  readonly stalled: Scalars['Boolean']['output'];
};

export type StageState =
  | 'WAITING'
  | 'RUNNING'
  | 'DONE'
  | 'SKIPPED'
  | 'HELD'
  | 'CANCELED'
  | 'FAILED';

export type Garment = {
  readonly id: Scalars['ID']['output'];
};

export type Run = {
  readonly id: Scalars['ID']['output'];
  readonly training: Maybe<Stage>;
  readonly ganModel: Maybe<GanModel>;
};

export type GanModel = Node & {
  readonly id: Scalars['ID']['output'];
  readonly season: Scalars['String']['output'];
  readonly sizePx: Scalars['Int']['output'];
  readonly latentSize: Scalars['Int']['output'];
  readonly parameters: Scalars['Int']['output'];
  readonly steps: Scalars['Int']['output'];
  readonly bestStep: Scalars['Int']['output'];
  readonly firstKid: Maybe<Scalars['Float']['output']>;
  readonly bestKid: Maybe<Scalars['Float']['output']>;
  readonly featureSpace: Scalars['String']['output'];
  readonly metrics: ReadonlyArray<GanMetric>;
  readonly samples: ReadonlyArray<GanSample>;
  readonly garments: GanModelGarmentConnection;
  readonly garmentCount: Scalars['Int']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
};


export type GanModelGarmentsArgs = {
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type GanMetric = {
  readonly step: Scalars['Int']['output'];
  readonly discriminatorLoss: Maybe<Scalars['Float']['output']>;
  readonly generatorLoss: Maybe<Scalars['Float']['output']>;
  readonly kid: Maybe<Scalars['Float']['output']>;
  readonly stepsPerSecond: Maybe<Scalars['Float']['output']>;
};

export type GanSample = {
  readonly step: Scalars['Int']['output'];
  readonly image: Image;
};

export type GanModelGarmentConnection = {
  readonly edges: ReadonlyArray<GanModelGarmentEdge>;
  readonly pageInfo: PageInfo;
};

export type GanModelGarmentEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Garment;
};

export type Query = {
  readonly ganModel: Maybe<GanModel>;
};


export type QueryGanModelArgs = {
  id: Scalars['ID']['input'];
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Run: Run;
  GanModel: GanModel;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Run:
    ( { __typename: 'Run' }
    & GraphQLRecursivePick<FederationTypes['Run'], {"id":true}> );
  GanModel:
    ( { __typename: 'GanModel' }
    & GraphQLRecursivePick<FederationTypes['GanModel'], {"id":true}> );
};


/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node: ( GanModelNode );
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  UserError: ResolverTypeWrapper<UserError>;
  Image: ResolverTypeWrapper<ImageField>;
  ImageFormat: ImageFormat;
  Stage: ResolverTypeWrapper<Stage>;
  StageState: StageState;
  Garment: ResolverTypeWrapper<EntityReference>;
  Run: ResolverTypeWrapper<EntityReference>;
  GanModel: ResolverTypeWrapper<GanModelNode>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  GanMetric: ResolverTypeWrapper<GanMetric>;
  GanSample: ResolverTypeWrapper<Omit<GanSample, 'image'> & { image: ResolversTypes['Image'] }>;
  GanModelGarmentConnection: ResolverTypeWrapper<Omit<GanModelGarmentConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['GanModelGarmentEdge']> }>;
  GanModelGarmentEdge: ResolverTypeWrapper<Omit<GanModelGarmentEdge, 'node'> & { node: ResolversTypes['Garment'] }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node'];
  ID: Scalars['ID']['output'];
  PageInfo: PageInfo;
  UserError: UserError;
  Image: ImageField;
  Stage: Stage;
  Garment: EntityReference;
  Run: EntityReference;
  GanModel: GanModelNode;
  Float: Scalars['Float']['output'];
  GanMetric: GanMetric;
  GanSample: Omit<GanSample, 'image'> & { image: ResolversParentTypes['Image'] };
  GanModelGarmentConnection: Omit<GanModelGarmentConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['GanModelGarmentEdge']> };
  GanModelGarmentEdge: Omit<GanModelGarmentEdge, 'node'> & { node: ResolversParentTypes['Garment'] };
  Query: Record<PropertyKey, never>;
  String: Scalars['String']['output'];
  Boolean: Scalars['Boolean']['output'];
  Int: Scalars['Int']['output'];
};

export type LinkDirectiveArgs = {
  url: Scalars['String']['input'];
  import: ReadonlyArray<Scalars['String']['input']>;
};

export type LinkDirectiveResolver<Result, Parent, ContextType = GraphContext, Args = LinkDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ListSizeDirectiveArgs = {
  assumedSize?: Maybe<Scalars['Int']['input']>;
};

export type ListSizeDirectiveResolver<Result, Parent, ContextType = GraphContext, Args = ListSizeDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ShareableDirectiveArgs = { };

export type ShareableDirectiveResolver<Result, Parent, ContextType = GraphContext, Args = ShareableDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type NodeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'GanModel', ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type UserErrorResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  message: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ImageResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Image'] = ResolversParentTypes['Image']> = {
  url: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<ImageUrlArgs, 'format'>>;
  width: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  height: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  blurhash: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  dominantColor: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type StageResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Stage'] = ResolversParentTypes['Stage']> = {
  state: Resolver<ResolversTypes['StageState'], ParentType, ContextType>;
  done: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  failed: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  expected: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  detail: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  stalled: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type GarmentResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Garment'] = ResolversParentTypes['Garment']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type RunResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Run'] = ResolversParentTypes['Run'], FederationReferenceType extends FederationReferenceTypes['Run'] = FederationReferenceTypes['Run']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['Run']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  training: Resolver<Maybe<ResolversTypes['Stage']>, ParentType, ContextType>;
  ganModel: Resolver<Maybe<ResolversTypes['GanModel']>, ParentType, ContextType>;
};

export type GanModelResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['GanModel'] = ResolversParentTypes['GanModel'], FederationReferenceType extends FederationReferenceTypes['GanModel'] = FederationReferenceTypes['GanModel']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['GanModel']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  season: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sizePx: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  latentSize: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  parameters: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  steps: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  bestStep: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  firstKid: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  bestKid: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  featureSpace: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  metrics: Resolver<ReadonlyArray<ResolversTypes['GanMetric']>, ParentType, ContextType>;
  samples: Resolver<ReadonlyArray<ResolversTypes['GanSample']>, ParentType, ContextType>;
  garments: Resolver<ResolversTypes['GanModelGarmentConnection'], ParentType, ContextType, RequireFields<GanModelGarmentsArgs, 'first'>>;
  garmentCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type GanMetricResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['GanMetric'] = ResolversParentTypes['GanMetric']> = {
  step: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  discriminatorLoss: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  generatorLoss: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  kid: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  stepsPerSecond: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type GanSampleResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['GanSample'] = ResolversParentTypes['GanSample']> = {
  step: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  image: Resolver<ResolversTypes['Image'], ParentType, ContextType>;
};

export type GanModelGarmentConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['GanModelGarmentConnection'] = ResolversParentTypes['GanModelGarmentConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['GanModelGarmentEdge']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type GanModelGarmentEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['GanModelGarmentEdge'] = ResolversParentTypes['GanModelGarmentEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Garment'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  ganModel: Resolver<Maybe<ResolversTypes['GanModel']>, ParentType, ContextType, RequireFields<QueryGanModelArgs, 'id'>>;
};

export type Resolvers<ContextType = GraphContext> = {
  DateTime: GraphQLScalarType;
  Node: NodeResolvers<ContextType>;
  PageInfo: PageInfoResolvers<ContextType>;
  UserError: UserErrorResolvers<ContextType>;
  Image: ImageResolvers<ContextType>;
  Stage: StageResolvers<ContextType>;
  Garment: GarmentResolvers<ContextType>;
  Run: RunResolvers<ContextType>;
  GanModel: GanModelResolvers<ContextType>;
  GanMetric: GanMetricResolvers<ContextType>;
  GanSample: GanSampleResolvers<ContextType>;
  GanModelGarmentConnection: GanModelGarmentConnectionResolvers<ContextType>;
  GanModelGarmentEdge: GanModelGarmentEdgeResolvers<ContextType>;
  Query: QueryResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = GraphContext> = {
  link: LinkDirectiveResolver<any, any, ContextType>;
  listSize: ListSizeDirectiveResolver<any, any, ContextType>;
  shareable: ShareableDirectiveResolver<any, any, ContextType>;
};


/** The resolvers of the subgraph: one for each field that its node does not hold as the schema has it. */
export type SubgraphResolvers<Loaders extends object = object> = CompleteResolvers<
  Omit<Resolvers<GraphContext<Loaders>>, 'DateTime'>,
  ResolversParentTypes
>;

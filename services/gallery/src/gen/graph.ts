import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { EntityReference, ImageField, GraphContext } from '@deepstyle/service';
import type { DesignNode, CollectionNode, TrendBatchNode } from '../graph-nodes.ts';
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

export type Run = {
  readonly id: Scalars['ID']['output'];
  readonly publishing: Maybe<Stage>;
  readonly incomplete: Maybe<Scalars['String']['output']>;
  readonly collection: Maybe<Collection>;
  readonly trendBatches: Maybe<ReadonlyArray<TrendBatch>>;
};

export type Garment = {
  readonly id: Scalars['ID']['output'];
};

export type GanModel = {
  readonly id: Scalars['ID']['output'];
};

export type Design = Node & {
  readonly id: Scalars['ID']['output'];
  readonly image: Image;
  readonly model: GanModel;
  readonly realism: Scalars['Float']['output'];
  readonly nearestGarments: ReadonlyArray<NearestGarment>;
};

export type NearestGarment = {
  readonly garment: Maybe<Garment>;
  readonly distance: Scalars['Float']['output'];
};

export type Collection = Node & {
  readonly id: Scalars['ID']['output'];
  readonly season: Scalars['String']['output'];
  readonly brand: Maybe<Scalars['String']['output']>;
  readonly model: GanModel;
  readonly designCount: Scalars['Int']['output'];
  readonly incomplete: Maybe<Scalars['String']['output']>;
  readonly designs: DesignConnection;
  readonly createdAt: Scalars['DateTime']['output'];
};


export type CollectionDesignsArgs = {
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type TrendBatch = Node & {
  readonly id: Scalars['ID']['output'];
  readonly season: Scalars['String']['output'];
  readonly brand: Maybe<Scalars['String']['output']>;
  readonly revision: Scalars['Int']['output'];
  readonly supersedes: Maybe<TrendBatch>;
  readonly current: Scalars['Boolean']['output'];
  readonly incomplete: Maybe<Scalars['String']['output']>;
  readonly photoCount: Scalars['Int']['output'];
  readonly garmentCount: Scalars['Int']['output'];
  readonly previousSeason: Maybe<Scalars['String']['output']>;
  readonly momentumReason: Maybe<Scalars['String']['output']>;
  readonly categories: ReadonlyArray<TrendShare>;
  readonly palette: ReadonlyArray<TrendShare>;
  readonly collection: Maybe<Collection>;
  readonly run: Run;
  readonly publishedAt: Scalars['DateTime']['output'];
};

export type TrendShare = {
  readonly name: Scalars['String']['output'];
  readonly type: Maybe<Scalars['String']['output']>;
  readonly hex: Maybe<Scalars['String']['output']>;
  readonly count: Scalars['Float']['output'];
  readonly share: Scalars['Float']['output'];
  readonly interval: Interval;
  readonly momentum: Maybe<Momentum>;
};

export type Interval = {
  readonly low: Scalars['Float']['output'];
  readonly high: Scalars['Float']['output'];
};

export type Momentum = {
  readonly change: Scalars['Float']['output'];
  readonly interval: Interval;
  readonly adjustedP: Scalars['Float']['output'];
  readonly direction: Direction;
};

export type Direction =
  | 'RISING'
  | 'FALLING'
  | 'UNCHANGED';

export type DesignConnection = {
  readonly edges: ReadonlyArray<DesignEdge>;
  readonly pageInfo: PageInfo;
};

export type DesignEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Design;
};

export type CollectionConnection = {
  readonly edges: ReadonlyArray<CollectionEdge>;
  readonly pageInfo: PageInfo;
};

export type CollectionEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Collection;
};

export type TrendBatchConnection = {
  readonly edges: ReadonlyArray<TrendBatchEdge>;
  readonly pageInfo: PageInfo;
};

export type TrendBatchEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: TrendBatch;
};

export type PublishRunInput = {
  readonly run: Scalars['ID']['input'];
};

export type PublishRunPayload = {
  readonly run: Maybe<Run>;
  readonly userErrors: ReadonlyArray<UserError>;
};

export type Mutation = {
  readonly publishIncompleteRun: PublishRunPayload;
};


export type MutationPublishIncompleteRunArgs = {
  input: PublishRunInput;
};

export type Query = {
  readonly design: Maybe<Design>;
  readonly collection: Maybe<Collection>;
  readonly collections: CollectionConnection;
  readonly trendBatch: Maybe<TrendBatch>;
  readonly trendBatches: TrendBatchConnection;
};


export type QueryDesignArgs = {
  id: Scalars['ID']['input'];
};


export type QueryCollectionArgs = {
  id: Scalars['ID']['input'];
};


export type QueryCollectionsArgs = {
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  season?: InputMaybe<Scalars['String']['input']>;
};


export type QueryTrendBatchArgs = {
  id: Scalars['ID']['input'];
};


export type QueryTrendBatchesArgs = {
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  season?: InputMaybe<Scalars['String']['input']>;
  brand?: InputMaybe<Scalars['String']['input']>;
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
  Design: Design;
  Collection: Collection;
  TrendBatch: TrendBatch;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Run:
    ( { __typename: 'Run' }
    & GraphQLRecursivePick<FederationTypes['Run'], {"id":true}> );
  Design:
    ( { __typename: 'Design' }
    & GraphQLRecursivePick<FederationTypes['Design'], {"id":true}> );
  Collection:
    ( { __typename: 'Collection' }
    & GraphQLRecursivePick<FederationTypes['Collection'], {"id":true}> );
  TrendBatch:
    ( { __typename: 'TrendBatch' }
    & GraphQLRecursivePick<FederationTypes['TrendBatch'], {"id":true}> );
};


/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( DesignNode )
    | ( CollectionNode )
    | ( TrendBatchNode )
  ;
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
  Run: ResolverTypeWrapper<EntityReference>;
  Garment: ResolverTypeWrapper<EntityReference>;
  GanModel: ResolverTypeWrapper<EntityReference>;
  Design: ResolverTypeWrapper<DesignNode>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  NearestGarment: ResolverTypeWrapper<Omit<NearestGarment, 'garment'> & { garment: Maybe<ResolversTypes['Garment']> }>;
  Collection: ResolverTypeWrapper<CollectionNode>;
  TrendBatch: ResolverTypeWrapper<TrendBatchNode>;
  TrendShare: ResolverTypeWrapper<TrendShare>;
  Interval: ResolverTypeWrapper<Interval>;
  Momentum: ResolverTypeWrapper<Momentum>;
  Direction: Direction;
  DesignConnection: ResolverTypeWrapper<Omit<DesignConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['DesignEdge']> }>;
  DesignEdge: ResolverTypeWrapper<Omit<DesignEdge, 'node'> & { node: ResolversTypes['Design'] }>;
  CollectionConnection: ResolverTypeWrapper<Omit<CollectionConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['CollectionEdge']> }>;
  CollectionEdge: ResolverTypeWrapper<Omit<CollectionEdge, 'node'> & { node: ResolversTypes['Collection'] }>;
  TrendBatchConnection: ResolverTypeWrapper<Omit<TrendBatchConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['TrendBatchEdge']> }>;
  TrendBatchEdge: ResolverTypeWrapper<Omit<TrendBatchEdge, 'node'> & { node: ResolversTypes['TrendBatch'] }>;
  PublishRunInput: PublishRunInput;
  PublishRunPayload: ResolverTypeWrapper<Omit<PublishRunPayload, 'run'> & { run: Maybe<ResolversTypes['Run']> }>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
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
  Run: EntityReference;
  Garment: EntityReference;
  GanModel: EntityReference;
  Design: DesignNode;
  Float: Scalars['Float']['output'];
  NearestGarment: Omit<NearestGarment, 'garment'> & { garment: Maybe<ResolversParentTypes['Garment']> };
  Collection: CollectionNode;
  TrendBatch: TrendBatchNode;
  TrendShare: TrendShare;
  Interval: Interval;
  Momentum: Momentum;
  DesignConnection: Omit<DesignConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['DesignEdge']> };
  DesignEdge: Omit<DesignEdge, 'node'> & { node: ResolversParentTypes['Design'] };
  CollectionConnection: Omit<CollectionConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['CollectionEdge']> };
  CollectionEdge: Omit<CollectionEdge, 'node'> & { node: ResolversParentTypes['Collection'] };
  TrendBatchConnection: Omit<TrendBatchConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['TrendBatchEdge']> };
  TrendBatchEdge: Omit<TrendBatchEdge, 'node'> & { node: ResolversParentTypes['TrendBatch'] };
  PublishRunInput: PublishRunInput;
  PublishRunPayload: Omit<PublishRunPayload, 'run'> & { run: Maybe<ResolversParentTypes['Run']> };
  Mutation: Record<PropertyKey, never>;
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
  __resolveType: TypeResolveFn<'Design' | 'Collection' | 'TrendBatch', ParentType, ContextType>;
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

export type RunResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Run'] = ResolversParentTypes['Run'], FederationReferenceType extends FederationReferenceTypes['Run'] = FederationReferenceTypes['Run']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['Run']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  publishing: Resolver<Maybe<ResolversTypes['Stage']>, ParentType, ContextType>;
  incomplete: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  collection: Resolver<Maybe<ResolversTypes['Collection']>, ParentType, ContextType>;
  trendBatches: Resolver<Maybe<ReadonlyArray<ResolversTypes['TrendBatch']>>, ParentType, ContextType>;
};

export type GarmentResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Garment'] = ResolversParentTypes['Garment']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type GanModelResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['GanModel'] = ResolversParentTypes['GanModel']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type DesignResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Design'] = ResolversParentTypes['Design'], FederationReferenceType extends FederationReferenceTypes['Design'] = FederationReferenceTypes['Design']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['Design']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  image: Resolver<ResolversTypes['Image'], ParentType, ContextType>;
  model: Resolver<ResolversTypes['GanModel'], ParentType, ContextType>;
  realism: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  nearestGarments: Resolver<ReadonlyArray<ResolversTypes['NearestGarment']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type NearestGarmentResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['NearestGarment'] = ResolversParentTypes['NearestGarment']> = {
  garment: Resolver<Maybe<ResolversTypes['Garment']>, ParentType, ContextType>;
  distance: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type CollectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Collection'] = ResolversParentTypes['Collection'], FederationReferenceType extends FederationReferenceTypes['Collection'] = FederationReferenceTypes['Collection']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['Collection']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  season: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  brand: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  model: Resolver<ResolversTypes['GanModel'], ParentType, ContextType>;
  designCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  incomplete: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  designs: Resolver<ResolversTypes['DesignConnection'], ParentType, ContextType, RequireFields<CollectionDesignsArgs, 'first'>>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TrendBatchResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['TrendBatch'] = ResolversParentTypes['TrendBatch'], FederationReferenceType extends FederationReferenceTypes['TrendBatch'] = FederationReferenceTypes['TrendBatch']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['TrendBatch']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  season: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  brand: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  revision: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  supersedes: Resolver<Maybe<ResolversTypes['TrendBatch']>, ParentType, ContextType>;
  current: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  incomplete: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  photoCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  garmentCount: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  previousSeason: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  momentumReason: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  categories: Resolver<ReadonlyArray<ResolversTypes['TrendShare']>, ParentType, ContextType>;
  palette: Resolver<ReadonlyArray<ResolversTypes['TrendShare']>, ParentType, ContextType>;
  collection: Resolver<Maybe<ResolversTypes['Collection']>, ParentType, ContextType>;
  run: Resolver<ResolversTypes['Run'], ParentType, ContextType>;
  publishedAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type TrendShareResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['TrendShare'] = ResolversParentTypes['TrendShare']> = {
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hex: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  count: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  share: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  interval: Resolver<ResolversTypes['Interval'], ParentType, ContextType>;
  momentum: Resolver<Maybe<ResolversTypes['Momentum']>, ParentType, ContextType>;
};

export type IntervalResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Interval'] = ResolversParentTypes['Interval']> = {
  low: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  high: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type MomentumResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Momentum'] = ResolversParentTypes['Momentum']> = {
  change: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  interval: Resolver<ResolversTypes['Interval'], ParentType, ContextType>;
  adjustedP: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  direction: Resolver<ResolversTypes['Direction'], ParentType, ContextType>;
};

export type DesignConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DesignConnection'] = ResolversParentTypes['DesignConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['DesignEdge']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DesignEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DesignEdge'] = ResolversParentTypes['DesignEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Design'], ParentType, ContextType>;
};

export type CollectionConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CollectionConnection'] = ResolversParentTypes['CollectionConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['CollectionEdge']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type CollectionEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['CollectionEdge'] = ResolversParentTypes['CollectionEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Collection'], ParentType, ContextType>;
};

export type TrendBatchConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['TrendBatchConnection'] = ResolversParentTypes['TrendBatchConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['TrendBatchEdge']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type TrendBatchEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['TrendBatchEdge'] = ResolversParentTypes['TrendBatchEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['TrendBatch'], ParentType, ContextType>;
};

export type PublishRunPayloadResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PublishRunPayload'] = ResolversParentTypes['PublishRunPayload']> = {
  run: Resolver<Maybe<ResolversTypes['Run']>, ParentType, ContextType>;
  userErrors: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type MutationResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  publishIncompleteRun: Resolver<ResolversTypes['PublishRunPayload'], ParentType, ContextType, RequireFields<MutationPublishIncompleteRunArgs, 'input'>>;
};

export type QueryResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  design: Resolver<Maybe<ResolversTypes['Design']>, ParentType, ContextType, RequireFields<QueryDesignArgs, 'id'>>;
  collection: Resolver<Maybe<ResolversTypes['Collection']>, ParentType, ContextType, RequireFields<QueryCollectionArgs, 'id'>>;
  collections: Resolver<ResolversTypes['CollectionConnection'], ParentType, ContextType, RequireFields<QueryCollectionsArgs, 'first'>>;
  trendBatch: Resolver<Maybe<ResolversTypes['TrendBatch']>, ParentType, ContextType, RequireFields<QueryTrendBatchArgs, 'id'>>;
  trendBatches: Resolver<ResolversTypes['TrendBatchConnection'], ParentType, ContextType, RequireFields<QueryTrendBatchesArgs, 'first'>>;
};

export type Resolvers<ContextType = GraphContext> = {
  DateTime: GraphQLScalarType;
  Node: NodeResolvers<ContextType>;
  PageInfo: PageInfoResolvers<ContextType>;
  UserError: UserErrorResolvers<ContextType>;
  Image: ImageResolvers<ContextType>;
  Stage: StageResolvers<ContextType>;
  Run: RunResolvers<ContextType>;
  Garment: GarmentResolvers<ContextType>;
  GanModel: GanModelResolvers<ContextType>;
  Design: DesignResolvers<ContextType>;
  NearestGarment: NearestGarmentResolvers<ContextType>;
  Collection: CollectionResolvers<ContextType>;
  TrendBatch: TrendBatchResolvers<ContextType>;
  TrendShare: TrendShareResolvers<ContextType>;
  Interval: IntervalResolvers<ContextType>;
  Momentum: MomentumResolvers<ContextType>;
  DesignConnection: DesignConnectionResolvers<ContextType>;
  DesignEdge: DesignEdgeResolvers<ContextType>;
  CollectionConnection: CollectionConnectionResolvers<ContextType>;
  CollectionEdge: CollectionEdgeResolvers<ContextType>;
  TrendBatchConnection: TrendBatchConnectionResolvers<ContextType>;
  TrendBatchEdge: TrendBatchEdgeResolvers<ContextType>;
  PublishRunPayload: PublishRunPayloadResolvers<ContextType>;
  Mutation: MutationResolvers<ContextType>;
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

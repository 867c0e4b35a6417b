import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { RunNode, PhotoNode } from '../graph-nodes.ts';
import type { ImageField, GraphContext } from '@deepstyle/service';
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

export type Run = Node & {
  readonly id: Scalars['ID']['output'];
  readonly season: Scalars['String']['output'];
  readonly brand: Maybe<Scalars['String']['output']>;
  readonly detector: Scalars['String']['output'];
  readonly createdAt: Scalars['DateTime']['output'];
  readonly canceledAt: Maybe<Scalars['DateTime']['output']>;
  readonly scraping: Stage;
  readonly photoCounts: PhotoCounts;
  readonly photos: PhotoConnection;
  readonly rejections: ReadonlyArray<Rejection>;
};


export type RunPhotosArgs = {
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

export type PhotoCounts = {
  readonly stored: Scalars['Int']['output'];
  readonly duplicates: Scalars['Int']['output'];
  readonly rejected: Scalars['Int']['output'];
};

export type Rejection = {
  readonly source: Scalars['String']['output'];
  readonly code: Scalars['String']['output'];
  readonly reason: Scalars['String']['output'];
};

export type Photo = Node & {
  readonly id: Scalars['ID']['output'];
  readonly image: Image;
  readonly brand: Maybe<Scalars['String']['output']>;
  readonly category: Maybe<Scalars['String']['output']>;
  readonly attribution: Attribution;
  readonly createdAt: Scalars['DateTime']['output'];
};

export type Attribution = {
  readonly source: Scalars['String']['output'];
  readonly title: Maybe<Scalars['String']['output']>;
  readonly author: Maybe<Scalars['String']['output']>;
  readonly license: Maybe<Scalars['String']['output']>;
};

export type PhotoConnection = {
  readonly edges: ReadonlyArray<PhotoEdge>;
  readonly pageInfo: PageInfo;
};

export type PhotoEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Photo;
};

export type RunConnection = {
  readonly edges: ReadonlyArray<RunEdge>;
  readonly pageInfo: PageInfo;
};

export type RunEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Run;
};

export type SourceInput = {
  readonly folder?: InputMaybe<Scalars['String']['input']>;
  readonly url?: InputMaybe<Scalars['String']['input']>;
  readonly manifest?: InputMaybe<Scalars['String']['input']>;
};

export type StartRunInput = {
  readonly idempotencyKey: Scalars['String']['input'];
  readonly season: Scalars['String']['input'];
  readonly brand?: InputMaybe<Scalars['String']['input']>;
  readonly sources: ReadonlyArray<SourceInput>;
  readonly detector?: InputMaybe<Scalars['String']['input']>;
  readonly gan?: InputMaybe<GanPolicyInput>;
};

export type GanPolicyInput = {
  readonly steps?: InputMaybe<Scalars['Int']['input']>;
  readonly skip?: InputMaybe<Scalars['Boolean']['input']>;
};

export type StartRunPayload = {
  readonly run: Maybe<Run>;
  readonly userErrors: ReadonlyArray<UserError>;
};

export type ChangeRunInput = {
  readonly run: Scalars['ID']['input'];
};

export type ChangeRunPayload = {
  readonly run: Maybe<Run>;
  readonly userErrors: ReadonlyArray<UserError>;
};

export type Query = {
  readonly run: Maybe<Run>;
  readonly runs: RunConnection;
  readonly photo: Maybe<Photo>;
};


export type QueryRunArgs = {
  id: Scalars['ID']['input'];
};


export type QueryRunsArgs = {
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryPhotoArgs = {
  id: Scalars['ID']['input'];
};

export type Mutation = {
  readonly startRun: StartRunPayload;
  readonly cancelRun: ChangeRunPayload;
  readonly resumeRun: ChangeRunPayload;
  readonly retryRun: ChangeRunPayload;
};


export type MutationStartRunArgs = {
  input: StartRunInput;
};


export type MutationCancelRunArgs = {
  input: ChangeRunInput;
};


export type MutationResumeRunArgs = {
  input: ChangeRunInput;
};


export type MutationRetryRunArgs = {
  input: ChangeRunInput;
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
  Photo: Photo;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Run:
    ( { __typename: 'Run' }
    & GraphQLRecursivePick<FederationTypes['Run'], {"id":true}> );
  Photo:
    ( { __typename: 'Photo' }
    & GraphQLRecursivePick<FederationTypes['Photo'], {"id":true}> );
};


/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( RunNode )
    | ( PhotoNode )
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
  Run: ResolverTypeWrapper<RunNode>;
  PhotoCounts: ResolverTypeWrapper<PhotoCounts>;
  Rejection: ResolverTypeWrapper<Rejection>;
  Photo: ResolverTypeWrapper<PhotoNode>;
  Attribution: ResolverTypeWrapper<Attribution>;
  PhotoConnection: ResolverTypeWrapper<Omit<PhotoConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['PhotoEdge']> }>;
  PhotoEdge: ResolverTypeWrapper<Omit<PhotoEdge, 'node'> & { node: ResolversTypes['Photo'] }>;
  RunConnection: ResolverTypeWrapper<Omit<RunConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['RunEdge']> }>;
  RunEdge: ResolverTypeWrapper<Omit<RunEdge, 'node'> & { node: ResolversTypes['Run'] }>;
  SourceInput: SourceInput;
  StartRunInput: StartRunInput;
  GanPolicyInput: GanPolicyInput;
  StartRunPayload: ResolverTypeWrapper<Omit<StartRunPayload, 'run'> & { run: Maybe<ResolversTypes['Run']> }>;
  ChangeRunInput: ChangeRunInput;
  ChangeRunPayload: ResolverTypeWrapper<Omit<ChangeRunPayload, 'run'> & { run: Maybe<ResolversTypes['Run']> }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
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
  Run: RunNode;
  PhotoCounts: PhotoCounts;
  Rejection: Rejection;
  Photo: PhotoNode;
  Attribution: Attribution;
  PhotoConnection: Omit<PhotoConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['PhotoEdge']> };
  PhotoEdge: Omit<PhotoEdge, 'node'> & { node: ResolversParentTypes['Photo'] };
  RunConnection: Omit<RunConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['RunEdge']> };
  RunEdge: Omit<RunEdge, 'node'> & { node: ResolversParentTypes['Run'] };
  SourceInput: SourceInput;
  StartRunInput: StartRunInput;
  GanPolicyInput: GanPolicyInput;
  StartRunPayload: Omit<StartRunPayload, 'run'> & { run: Maybe<ResolversParentTypes['Run']> };
  ChangeRunInput: ChangeRunInput;
  ChangeRunPayload: Omit<ChangeRunPayload, 'run'> & { run: Maybe<ResolversParentTypes['Run']> };
  Query: Record<PropertyKey, never>;
  Mutation: Record<PropertyKey, never>;
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
  __resolveType: TypeResolveFn<'Run' | 'Photo', ParentType, ContextType>;
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
  season: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  brand: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  detector: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  canceledAt: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  scraping: Resolver<ResolversTypes['Stage'], ParentType, ContextType>;
  photoCounts: Resolver<ResolversTypes['PhotoCounts'], ParentType, ContextType>;
  photos: Resolver<ResolversTypes['PhotoConnection'], ParentType, ContextType, RequireFields<RunPhotosArgs, 'first'>>;
  rejections: Resolver<ReadonlyArray<ResolversTypes['Rejection']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PhotoCountsResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PhotoCounts'] = ResolversParentTypes['PhotoCounts']> = {
  stored: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  duplicates: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rejected: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type RejectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Rejection'] = ResolversParentTypes['Rejection']> = {
  source: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reason: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type PhotoResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Photo'] = ResolversParentTypes['Photo'], FederationReferenceType extends FederationReferenceTypes['Photo'] = FederationReferenceTypes['Photo']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['Photo']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  image: Resolver<ResolversTypes['Image'], ParentType, ContextType>;
  brand: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  category: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  attribution: Resolver<ResolversTypes['Attribution'], ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AttributionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Attribution'] = ResolversParentTypes['Attribution']> = {
  source: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  author: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  license: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PhotoConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PhotoConnection'] = ResolversParentTypes['PhotoConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['PhotoEdge']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type PhotoEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['PhotoEdge'] = ResolversParentTypes['PhotoEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Photo'], ParentType, ContextType>;
};

export type RunConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['RunConnection'] = ResolversParentTypes['RunConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['RunEdge']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type RunEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['RunEdge'] = ResolversParentTypes['RunEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Run'], ParentType, ContextType>;
};

export type StartRunPayloadResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['StartRunPayload'] = ResolversParentTypes['StartRunPayload']> = {
  run: Resolver<Maybe<ResolversTypes['Run']>, ParentType, ContextType>;
  userErrors: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ChangeRunPayloadResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ChangeRunPayload'] = ResolversParentTypes['ChangeRunPayload']> = {
  run: Resolver<Maybe<ResolversTypes['Run']>, ParentType, ContextType>;
  userErrors: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  run: Resolver<Maybe<ResolversTypes['Run']>, ParentType, ContextType, RequireFields<QueryRunArgs, 'id'>>;
  runs: Resolver<ResolversTypes['RunConnection'], ParentType, ContextType, RequireFields<QueryRunsArgs, 'first'>>;
  photo: Resolver<Maybe<ResolversTypes['Photo']>, ParentType, ContextType, RequireFields<QueryPhotoArgs, 'id'>>;
};

export type MutationResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  startRun: Resolver<ResolversTypes['StartRunPayload'], ParentType, ContextType, RequireFields<MutationStartRunArgs, 'input'>>;
  cancelRun: Resolver<ResolversTypes['ChangeRunPayload'], ParentType, ContextType, RequireFields<MutationCancelRunArgs, 'input'>>;
  resumeRun: Resolver<ResolversTypes['ChangeRunPayload'], ParentType, ContextType, RequireFields<MutationResumeRunArgs, 'input'>>;
  retryRun: Resolver<ResolversTypes['ChangeRunPayload'], ParentType, ContextType, RequireFields<MutationRetryRunArgs, 'input'>>;
};

export type Resolvers<ContextType = GraphContext> = {
  DateTime: GraphQLScalarType;
  Node: NodeResolvers<ContextType>;
  PageInfo: PageInfoResolvers<ContextType>;
  UserError: UserErrorResolvers<ContextType>;
  Image: ImageResolvers<ContextType>;
  Stage: StageResolvers<ContextType>;
  Run: RunResolvers<ContextType>;
  PhotoCounts: PhotoCountsResolvers<ContextType>;
  Rejection: RejectionResolvers<ContextType>;
  Photo: PhotoResolvers<ContextType>;
  Attribution: AttributionResolvers<ContextType>;
  PhotoConnection: PhotoConnectionResolvers<ContextType>;
  PhotoEdge: PhotoEdgeResolvers<ContextType>;
  RunConnection: RunConnectionResolvers<ContextType>;
  RunEdge: RunEdgeResolvers<ContextType>;
  StartRunPayload: StartRunPayloadResolvers<ContextType>;
  ChangeRunPayload: ChangeRunPayloadResolvers<ContextType>;
  Query: QueryResolvers<ContextType>;
  Mutation: MutationResolvers<ContextType>;
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

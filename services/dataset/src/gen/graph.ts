import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { DatasetNode, DatasetImportNode } from '../graph-nodes.ts';
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

export type Dataset = Node & {
  readonly id: Scalars['ID']['output'];
  readonly name: Scalars['String']['output'];
  readonly images: Scalars['Int']['output'];
  readonly annotations: Scalars['Int']['output'];
  readonly categories: ReadonlyArray<DatasetCategory>;
  readonly createdAt: Scalars['DateTime']['output'];
  readonly source: DatasetSource;
  readonly boxConvention: BoxConvention;
  readonly splits: DatasetSplits;
  readonly storedImages: Scalars['Int']['output'];
  readonly annotationsUrl: Scalars['String']['output'];
};

export type DatasetSource =
  | 'DEEPFASHION'
  | 'COCO';

export type BoxConvention =
  | 'EXCLUSIVE'
  | 'INCLUSIVE';

export type AnnotationSet =
  | 'COARSE'
  | 'FINE';

export type PixelFrame =
  | 'SHOWN'
  | 'STORED';

export type DatasetSplits = {
  readonly train: Scalars['Int']['output'];
  readonly val: Scalars['Int']['output'];
  readonly test: Scalars['Int']['output'];
  readonly none: Scalars['Int']['output'];
};

export type DatasetImport = {
  readonly id: Scalars['ID']['output'];
  readonly name: Scalars['String']['output'];
  readonly folder: Scalars['String']['output'];
  readonly progress: Stage;
  readonly dataset: Maybe<Dataset>;
  readonly irregularities: ReadonlyArray<DatasetIrregularity>;
  readonly createdAt: Scalars['DateTime']['output'];
};

export type DatasetIrregularity = {
  readonly code: Scalars['String']['output'];
  readonly effect: IrregularityEffect;
  readonly meaning: Scalars['String']['output'];
  readonly count: Scalars['Int']['output'];
  readonly examples: ReadonlyArray<IrregularityExample>;
};

export type IrregularityEffect =
  | 'NOTED'
  | 'REPAIRED'
  | 'DROPPED';

export type IrregularityExample = {
  readonly file: Scalars['String']['output'];
  readonly line: Maybe<Scalars['Int']['output']>;
  readonly detail: Scalars['String']['output'];
};

export type DatasetCategory = {
  readonly number: Scalars['Int']['output'];
  readonly name: Scalars['String']['output'];
  readonly type: Scalars['String']['output'];
};

export type DatasetConnection = {
  readonly edges: ReadonlyArray<DatasetEdge>;
  readonly pageInfo: PageInfo;
};

export type DatasetEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Dataset;
};

export type ImportDatasetInput = {
  readonly idempotencyKey: Scalars['String']['input'];
  readonly name: Scalars['String']['input'];
  readonly folder: Scalars['String']['input'];
  readonly format?: InputMaybe<DatasetSource>;
  readonly strict?: InputMaybe<Scalars['Boolean']['input']>;
  readonly boxConvention?: InputMaybe<BoxConvention>;
  readonly annotationSet?: InputMaybe<AnnotationSet>;
  readonly attributes?: InputMaybe<Scalars['Boolean']['input']>;
  readonly storeImages?: InputMaybe<Scalars['Boolean']['input']>;
  readonly sizes?: InputMaybe<Scalars['String']['input']>;
  readonly images?: InputMaybe<Scalars['String']['input']>;
  readonly pixels?: InputMaybe<PixelFrame>;
};

export type ImportDatasetPayload = {
  readonly import: Maybe<DatasetImport>;
  readonly dataset: Maybe<Dataset>;
  readonly userErrors: ReadonlyArray<UserError>;
};

export type Query = {
  readonly dataset: Maybe<Dataset>;
  readonly datasets: DatasetConnection;
  readonly datasetImport: Maybe<DatasetImport>;
};


export type QueryDatasetArgs = {
  id: Scalars['ID']['input'];
};


export type QueryDatasetsArgs = {
  first: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};


export type QueryDatasetImportArgs = {
  id: Scalars['ID']['input'];
};

export type Mutation = {
  readonly importDataset: ImportDatasetPayload;
};


export type MutationImportDatasetArgs = {
  input: ImportDatasetInput;
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
  Dataset: Dataset;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Dataset:
    ( { __typename: 'Dataset' }
    & GraphQLRecursivePick<FederationTypes['Dataset'], {"id":true}> );
};


/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node: ( DatasetNode );
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
  Dataset: ResolverTypeWrapper<DatasetNode>;
  DatasetSource: DatasetSource;
  BoxConvention: BoxConvention;
  AnnotationSet: AnnotationSet;
  PixelFrame: PixelFrame;
  DatasetSplits: ResolverTypeWrapper<DatasetSplits>;
  DatasetImport: ResolverTypeWrapper<DatasetImportNode>;
  DatasetIrregularity: ResolverTypeWrapper<DatasetIrregularity>;
  IrregularityEffect: IrregularityEffect;
  IrregularityExample: ResolverTypeWrapper<IrregularityExample>;
  DatasetCategory: ResolverTypeWrapper<DatasetCategory>;
  DatasetConnection: ResolverTypeWrapper<Omit<DatasetConnection, 'edges'> & { edges: ReadonlyArray<ResolversTypes['DatasetEdge']> }>;
  DatasetEdge: ResolverTypeWrapper<Omit<DatasetEdge, 'node'> & { node: ResolversTypes['Dataset'] }>;
  ImportDatasetInput: ImportDatasetInput;
  ImportDatasetPayload: ResolverTypeWrapper<Omit<ImportDatasetPayload, 'import' | 'dataset'> & { import: Maybe<ResolversTypes['DatasetImport']>, dataset: Maybe<ResolversTypes['Dataset']> }>;
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
  Dataset: DatasetNode;
  DatasetSplits: DatasetSplits;
  DatasetImport: DatasetImportNode;
  DatasetIrregularity: DatasetIrregularity;
  IrregularityExample: IrregularityExample;
  DatasetCategory: DatasetCategory;
  DatasetConnection: Omit<DatasetConnection, 'edges'> & { edges: ReadonlyArray<ResolversParentTypes['DatasetEdge']> };
  DatasetEdge: Omit<DatasetEdge, 'node'> & { node: ResolversParentTypes['Dataset'] };
  ImportDatasetInput: ImportDatasetInput;
  ImportDatasetPayload: Omit<ImportDatasetPayload, 'import' | 'dataset'> & { import: Maybe<ResolversParentTypes['DatasetImport']>, dataset: Maybe<ResolversParentTypes['Dataset']> };
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
  __resolveType: TypeResolveFn<'Dataset', ParentType, ContextType>;
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

export type DatasetResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Dataset'] = ResolversParentTypes['Dataset'], FederationReferenceType extends FederationReferenceTypes['Dataset'] = FederationReferenceTypes['Dataset']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['Dataset']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  images: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  annotations: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  categories: Resolver<ReadonlyArray<ResolversTypes['DatasetCategory']>, ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  source: Resolver<ResolversTypes['DatasetSource'], ParentType, ContextType>;
  boxConvention: Resolver<ResolversTypes['BoxConvention'], ParentType, ContextType>;
  splits: Resolver<ResolversTypes['DatasetSplits'], ParentType, ContextType>;
  storedImages: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  annotationsUrl: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DatasetSplitsResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DatasetSplits'] = ResolversParentTypes['DatasetSplits']> = {
  train: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  val: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  test: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  none: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DatasetImportResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DatasetImport'] = ResolversParentTypes['DatasetImport']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  folder: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  progress: Resolver<ResolversTypes['Stage'], ParentType, ContextType>;
  dataset: Resolver<Maybe<ResolversTypes['Dataset']>, ParentType, ContextType>;
  irregularities: Resolver<ReadonlyArray<ResolversTypes['DatasetIrregularity']>, ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type DatasetIrregularityResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DatasetIrregularity'] = ResolversParentTypes['DatasetIrregularity']> = {
  code: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  effect: Resolver<ResolversTypes['IrregularityEffect'], ParentType, ContextType>;
  meaning: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  count: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  examples: Resolver<ReadonlyArray<ResolversTypes['IrregularityExample']>, ParentType, ContextType>;
};

export type IrregularityExampleResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['IrregularityExample'] = ResolversParentTypes['IrregularityExample']> = {
  file: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  line: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  detail: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DatasetCategoryResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DatasetCategory'] = ResolversParentTypes['DatasetCategory']> = {
  number: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  type: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DatasetConnectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DatasetConnection'] = ResolversParentTypes['DatasetConnection']> = {
  edges: Resolver<ReadonlyArray<ResolversTypes['DatasetEdge']>, ParentType, ContextType>;
  pageInfo: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DatasetEdgeResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DatasetEdge'] = ResolversParentTypes['DatasetEdge']> = {
  cursor: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node: Resolver<ResolversTypes['Dataset'], ParentType, ContextType>;
};

export type ImportDatasetPayloadResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['ImportDatasetPayload'] = ResolversParentTypes['ImportDatasetPayload']> = {
  import: Resolver<Maybe<ResolversTypes['DatasetImport']>, ParentType, ContextType>;
  dataset: Resolver<Maybe<ResolversTypes['Dataset']>, ParentType, ContextType>;
  userErrors: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  dataset: Resolver<Maybe<ResolversTypes['Dataset']>, ParentType, ContextType, RequireFields<QueryDatasetArgs, 'id'>>;
  datasets: Resolver<ResolversTypes['DatasetConnection'], ParentType, ContextType, RequireFields<QueryDatasetsArgs, 'first'>>;
  datasetImport: Resolver<Maybe<ResolversTypes['DatasetImport']>, ParentType, ContextType, RequireFields<QueryDatasetImportArgs, 'id'>>;
};

export type MutationResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  importDataset: Resolver<ResolversTypes['ImportDatasetPayload'], ParentType, ContextType, RequireFields<MutationImportDatasetArgs, 'input'>>;
};

export type Resolvers<ContextType = GraphContext> = {
  DateTime: GraphQLScalarType;
  Node: NodeResolvers<ContextType>;
  PageInfo: PageInfoResolvers<ContextType>;
  UserError: UserErrorResolvers<ContextType>;
  Image: ImageResolvers<ContextType>;
  Stage: StageResolvers<ContextType>;
  Dataset: DatasetResolvers<ContextType>;
  DatasetSplits: DatasetSplitsResolvers<ContextType>;
  DatasetImport: DatasetImportResolvers<ContextType>;
  DatasetIrregularity: DatasetIrregularityResolvers<ContextType>;
  IrregularityExample: IrregularityExampleResolvers<ContextType>;
  DatasetCategory: DatasetCategoryResolvers<ContextType>;
  DatasetConnection: DatasetConnectionResolvers<ContextType>;
  DatasetEdge: DatasetEdgeResolvers<ContextType>;
  ImportDatasetPayload: ImportDatasetPayloadResolvers<ContextType>;
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

import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { EntityReference, ImageField, GraphContext } from '@deepstyle/service';
import type { DetectorTrainingNode, DetectorModelNode, DetectorEvaluationNode, DetectionNode } from '../graph-nodes.ts';
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

export type Dataset = {
  readonly id: Scalars['ID']['output'];
};

export type Photo = {
  readonly id: Scalars['ID']['output'];
  readonly detections: Maybe<ReadonlyArray<Detection>>;
};


export type PhotoDetectionsArgs = {
  model?: InputMaybe<Scalars['ID']['input']>;
};

export type Detection = {
  readonly model: DetectorModel;
  readonly box: ReadonlyArray<Scalars['Int']['output']>;
  readonly category: Scalars['String']['output'];
  readonly categoryType: Scalars['String']['output'];
  readonly score: Scalars['Float']['output'];
};

export type Run = {
  readonly id: Scalars['ID']['output'];
  readonly detection: Maybe<Stage>;
};

export type DetectorLabels =
  | 'CATEGORIES'
  | 'TYPES';

export type DetectorTraining = Node & {
  readonly id: Scalars['ID']['output'];
  readonly dataset: Maybe<Dataset>;
  readonly labels: DetectorLabels;
  readonly progress: Stage;
  readonly model: Maybe<DetectorModel>;
  readonly createdAt: Scalars['DateTime']['output'];
};

export type DetectorModel = Node & {
  readonly id: Scalars['ID']['output'];
  readonly dataset: Maybe<Dataset>;
  readonly network: Scalars['String']['output'];
  readonly labels: DetectorLabels;
  readonly ap: Maybe<Scalars['Float']['output']>;
  readonly ap50: Maybe<Scalars['Float']['output']>;
  readonly categories: ReadonlyArray<Scalars['String']['output']>;
  readonly steps: Maybe<Scalars['Int']['output']>;
  readonly trainSeconds: Maybe<Scalars['Float']['output']>;
  readonly parameters: Maybe<Scalars['Int']['output']>;
  readonly evaluation: Maybe<DetectorEvaluation>;
  readonly losses: ReadonlyArray<DetectorLosses>;
  readonly onnxUrl: Maybe<Scalars['String']['output']>;
  readonly weightsUrl: Maybe<Scalars['String']['output']>;
  readonly createdAt: Scalars['DateTime']['output'];
};

export type DetectorLosses = {
  readonly step: Scalars['Int']['output'];
  readonly objectness: Scalars['Float']['output'];
  readonly rpnBox: Scalars['Float']['output'];
  readonly classification: Scalars['Float']['output'];
  readonly box: Scalars['Float']['output'];
  readonly stepsPerSecond: Scalars['Float']['output'];
};

export type DetectorEvaluation = {
  readonly split: Scalars['String']['output'];
  readonly images: Scalars['Int']['output'];
  readonly ap: Maybe<Scalars['Float']['output']>;
  readonly ap50: Maybe<Scalars['Float']['output']>;
  readonly ap75: Maybe<Scalars['Float']['output']>;
  readonly ap50ByType: Maybe<Scalars['Float']['output']>;
  readonly categories: ReadonlyArray<DetectorCategoryPrecision>;
  readonly detectionsUrl: Scalars['String']['output'];
};

export type DetectorCategoryPrecision = {
  readonly name: Scalars['String']['output'];
  readonly ap: Maybe<Scalars['Float']['output']>;
  readonly ap50: Maybe<Scalars['Float']['output']>;
};

export type TrainDetectorInput = {
  readonly idempotencyKey: Scalars['String']['input'];
  readonly dataset: Scalars['ID']['input'];
  readonly labels?: InputMaybe<DetectorLabels>;
  readonly steps?: InputMaybe<Scalars['Int']['input']>;
  readonly maxSeconds?: InputMaybe<Scalars['Int']['input']>;
  readonly seed?: InputMaybe<Scalars['Int']['input']>;
};

export type TrainDetectorPayload = {
  readonly training: Maybe<DetectorTraining>;
  readonly userErrors: ReadonlyArray<UserError>;
};

export type Query = {
  readonly detectorModel: Maybe<DetectorModel>;
  readonly activeDetectorModel: Maybe<DetectorModel>;
  readonly detectorTraining: Maybe<DetectorTraining>;
};


export type QueryDetectorModelArgs = {
  id: Scalars['ID']['input'];
};


export type QueryDetectorTrainingArgs = {
  id: Scalars['ID']['input'];
};

export type Mutation = {
  readonly trainDetector: TrainDetectorPayload;
};


export type MutationTrainDetectorArgs = {
  input: TrainDetectorInput;
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
  Photo: Photo;
  Run: Run;
  DetectorTraining: DetectorTraining;
  DetectorModel: DetectorModel;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Photo:
    ( { __typename: 'Photo' }
    & GraphQLRecursivePick<FederationTypes['Photo'], {"id":true}> );
  Run:
    ( { __typename: 'Run' }
    & GraphQLRecursivePick<FederationTypes['Run'], {"id":true}> );
  DetectorTraining:
    ( { __typename: 'DetectorTraining' }
    & GraphQLRecursivePick<FederationTypes['DetectorTraining'], {"id":true}> );
  DetectorModel:
    ( { __typename: 'DetectorModel' }
    & GraphQLRecursivePick<FederationTypes['DetectorModel'], {"id":true}> );
};


/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  Node:
    | ( DetectorTrainingNode )
    | ( DetectorModelNode )
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
  Dataset: ResolverTypeWrapper<EntityReference>;
  Photo: ResolverTypeWrapper<EntityReference>;
  Detection: ResolverTypeWrapper<DetectionNode>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Run: ResolverTypeWrapper<EntityReference>;
  DetectorLabels: DetectorLabels;
  DetectorTraining: ResolverTypeWrapper<DetectorTrainingNode>;
  DetectorModel: ResolverTypeWrapper<DetectorModelNode>;
  DetectorLosses: ResolverTypeWrapper<DetectorLosses>;
  DetectorEvaluation: ResolverTypeWrapper<DetectorEvaluationNode>;
  DetectorCategoryPrecision: ResolverTypeWrapper<DetectorCategoryPrecision>;
  TrainDetectorInput: TrainDetectorInput;
  TrainDetectorPayload: ResolverTypeWrapper<Omit<TrainDetectorPayload, 'training'> & { training: Maybe<ResolversTypes['DetectorTraining']> }>;
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
  Dataset: EntityReference;
  Photo: EntityReference;
  Detection: DetectionNode;
  Float: Scalars['Float']['output'];
  Run: EntityReference;
  DetectorTraining: DetectorTrainingNode;
  DetectorModel: DetectorModelNode;
  DetectorLosses: DetectorLosses;
  DetectorEvaluation: DetectorEvaluationNode;
  DetectorCategoryPrecision: DetectorCategoryPrecision;
  TrainDetectorInput: TrainDetectorInput;
  TrainDetectorPayload: Omit<TrainDetectorPayload, 'training'> & { training: Maybe<ResolversParentTypes['DetectorTraining']> };
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
  __resolveType: TypeResolveFn<'DetectorTraining' | 'DetectorModel', ParentType, ContextType>;
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

export type DatasetResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Dataset'] = ResolversParentTypes['Dataset']> = {
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type PhotoResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Photo'] = ResolversParentTypes['Photo'], FederationReferenceType extends FederationReferenceTypes['Photo'] = FederationReferenceTypes['Photo']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['Photo']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  detections: Resolver<Maybe<ReadonlyArray<ResolversTypes['Detection']>>, ParentType, ContextType, Partial<PhotoDetectionsArgs>>;
};

export type DetectionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Detection'] = ResolversParentTypes['Detection']> = {
  model: Resolver<ResolversTypes['DetectorModel'], ParentType, ContextType>;
  box: Resolver<ReadonlyArray<ResolversTypes['Int']>, ParentType, ContextType>;
  category: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  categoryType: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  score: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type RunResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Run'] = ResolversParentTypes['Run'], FederationReferenceType extends FederationReferenceTypes['Run'] = FederationReferenceTypes['Run']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['Run']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  detection: Resolver<Maybe<ResolversTypes['Stage']>, ParentType, ContextType>;
};

export type DetectorTrainingResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DetectorTraining'] = ResolversParentTypes['DetectorTraining'], FederationReferenceType extends FederationReferenceTypes['DetectorTraining'] = FederationReferenceTypes['DetectorTraining']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['DetectorTraining']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  dataset: Resolver<Maybe<ResolversTypes['Dataset']>, ParentType, ContextType>;
  labels: Resolver<ResolversTypes['DetectorLabels'], ParentType, ContextType>;
  progress: Resolver<ResolversTypes['Stage'], ParentType, ContextType>;
  model: Resolver<Maybe<ResolversTypes['DetectorModel']>, ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DetectorModelResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DetectorModel'] = ResolversParentTypes['DetectorModel'], FederationReferenceType extends FederationReferenceTypes['DetectorModel'] = FederationReferenceTypes['DetectorModel']> = {
  __resolveReference: ReferenceResolver<Maybe<ResolversTypes['DetectorModel']> | FederationReferenceType, FederationReferenceType, ContextType>;
  id: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  dataset: Resolver<Maybe<ResolversTypes['Dataset']>, ParentType, ContextType>;
  network: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  labels: Resolver<ResolversTypes['DetectorLabels'], ParentType, ContextType>;
  ap: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  ap50: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  categories: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  steps: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  trainSeconds: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  parameters: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  evaluation: Resolver<Maybe<ResolversTypes['DetectorEvaluation']>, ParentType, ContextType>;
  losses: Resolver<ReadonlyArray<ResolversTypes['DetectorLosses']>, ParentType, ContextType>;
  onnxUrl: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  weightsUrl: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type DetectorLossesResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DetectorLosses'] = ResolversParentTypes['DetectorLosses']> = {
  step: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  objectness: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  rpnBox: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  classification: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  box: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  stepsPerSecond: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type DetectorEvaluationResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DetectorEvaluation'] = ResolversParentTypes['DetectorEvaluation']> = {
  split: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  images: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ap: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  ap50: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  ap75: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  ap50ByType: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  categories: Resolver<ReadonlyArray<ResolversTypes['DetectorCategoryPrecision']>, ParentType, ContextType>;
  detectionsUrl: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DetectorCategoryPrecisionResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['DetectorCategoryPrecision'] = ResolversParentTypes['DetectorCategoryPrecision']> = {
  name: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  ap: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  ap50: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
};

export type TrainDetectorPayloadResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['TrainDetectorPayload'] = ResolversParentTypes['TrainDetectorPayload']> = {
  training: Resolver<Maybe<ResolversTypes['DetectorTraining']>, ParentType, ContextType>;
  userErrors: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  detectorModel: Resolver<Maybe<ResolversTypes['DetectorModel']>, ParentType, ContextType, RequireFields<QueryDetectorModelArgs, 'id'>>;
  activeDetectorModel: Resolver<Maybe<ResolversTypes['DetectorModel']>, ParentType, ContextType>;
  detectorTraining: Resolver<Maybe<ResolversTypes['DetectorTraining']>, ParentType, ContextType, RequireFields<QueryDetectorTrainingArgs, 'id'>>;
};

export type MutationResolvers<ContextType = GraphContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  trainDetector: Resolver<ResolversTypes['TrainDetectorPayload'], ParentType, ContextType, RequireFields<MutationTrainDetectorArgs, 'input'>>;
};

export type Resolvers<ContextType = GraphContext> = {
  DateTime: GraphQLScalarType;
  Node: NodeResolvers<ContextType>;
  PageInfo: PageInfoResolvers<ContextType>;
  UserError: UserErrorResolvers<ContextType>;
  Image: ImageResolvers<ContextType>;
  Stage: StageResolvers<ContextType>;
  Dataset: DatasetResolvers<ContextType>;
  Photo: PhotoResolvers<ContextType>;
  Detection: DetectionResolvers<ContextType>;
  Run: RunResolvers<ContextType>;
  DetectorTraining: DetectorTrainingResolvers<ContextType>;
  DetectorModel: DetectorModelResolvers<ContextType>;
  DetectorLosses: DetectorLossesResolvers<ContextType>;
  DetectorEvaluation: DetectorEvaluationResolvers<ContextType>;
  DetectorCategoryPrecision: DetectorCategoryPrecisionResolvers<ContextType>;
  TrainDetectorPayload: TrainDetectorPayloadResolvers<ContextType>;
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

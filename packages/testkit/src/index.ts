export { describeWithPose, POSE_NETWORKS } from './describe-with-pose.ts';
export { describeWithTfjsNode } from './describe-with-tfjs-node.ts';
export * from './drawing/cloth.ts';
export * from './drawing/draw-garment.ts';
export * from './drawing/draw-seasons.ts';
export {
  GARMENT_CATEGORIES,
  GARMENT_TYPES,
  type GarmentCategory,
  type GarmentType,
} from './drawing/garment-shapes.ts';
export type { Direction, DrawnTrend, PlannedPhoto } from './drawing/season-plan.ts';
export { HAZARDS, type Hazard, type HazardOptions } from './picture-site/hazards.ts';
export * from './picture-site/picture-site.ts';
export { type PngHeader, pngFile } from './picture-site/png-file.ts';
export type { PictureSet, SitePhoto } from './picture-site/site-photos.ts';
export { CLUTTER, type Clutter } from './scenes/clutter.ts';
export * from './scenes/draw-scene.ts';
export * from './scenes/draw-scenes.ts';
export type { DrawnScene } from './scenes/drawn-scene.ts';
export { type Outfit, type PlannedGarment, planScenes } from './scenes/scene-plan.ts';
export { type SceneSplits, type SplitTruth, writeSceneSplits } from './scenes/scene-splits.ts';
export type { SceneDrawing } from './scenes/scene-svg.ts';
export type { SceneTrend } from './scenes/scene-trends.ts';
export { SCENE_COCO_CATEGORIES } from './scenes/scenes-coco.ts';
export * from './scenes/write-scenes.ts';
export { childrenOf } from './servers/children-of.ts';
export { type ControlPlane, startControlPlane } from './servers/control-plane.ts';
export { describeWithServer } from './servers/describe-with-server.ts';
export { findProgram, type ServerName, serverAvailable } from './servers/find-server.ts';
export {
  eventually,
  type KubernetesApi,
  KubernetesApiError,
  type KubernetesObject,
} from './servers/kubernetes-api.ts';
export { type NatsServer, type NatsServerOptions, startNats } from './servers/nats-server.ts';
export {
  type PostgresServer,
  type PostgresServerOptions,
  startPostgres,
} from './servers/postgres-server.ts';
export { type S3Server, startS3 } from './servers/s3-server.ts';
export * from './temporary-folder.ts';
export * from './write-folder.ts';

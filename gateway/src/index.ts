export { type GatewayOptions, mountGateway } from './gateway.ts';
export { type RunningGateway, startGateway } from './serve-gateway.ts';
export { SUBGRAPH_SETTINGS, type SubgraphUrls } from './settings.ts';

export { mountGateway } from './gateway.ts';

import { writeFileSync } from 'node:fs';
import { assetPath } from '@deepstyle/platform';
import { composeSupergraph } from '../src/compose.ts';

writeFileSync(assetPath('gateway/supergraph.graphql'), composeSupergraph());

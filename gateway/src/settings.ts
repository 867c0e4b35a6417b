import { type SettingsTable, text } from '@deepstyle/platform';
import { SERVICE_NAMES, type ServiceName } from '@deepstyle/service';

export type SubgraphUrls = { readonly [Name in ServiceName]: string | undefined };

/** `SCRAPER_GRAPH_URL` and its like. */
export const SUBGRAPH_SETTINGS = Object.fromEntries(
  SERVICE_NAMES.map((name) => [
    name,
    {
      env: `${name.toUpperCase().replaceAll('-', '_')}_GRAPH_URL`,
      schema: text.string(),
      description: `the ${name}'s subgraph, e.g. http://${name}:4000/graphql`,
    },
  ]),
) as unknown as SettingsTable<SubgraphUrls>;

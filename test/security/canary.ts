import { drawnPng } from './pictures.ts';
import { picture, startSite } from './site.ts';

/** A picture at a private address that nobody may be made to ask for; whoever is, takes it. */
export interface Canary {
  readonly port: number;
  readonly requests: () => number;
  readonly close: () => Promise<void>;
}

export async function startCanary(): Promise<Canary> {
  const four = await startSite();
  const port = Number(new URL(four.origin).port);
  // Where the machine has no IPv6, nobody can be made to ask by it.
  const six = await startSite(port, '::1').catch(() => null);
  const sites = [four, ...(six === null ? [] : [six])];
  for (const site of sites) site.answers = { '*': picture(drawnPng(() => 0.5)) };
  return {
    port,
    requests: () => sites.reduce((sum, { visits }) => sum + visits(), 0),
    close: async () => {
      for (const { close } of sites) await close();
    },
  };
}

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EVENTS, type EventType } from '../src/events/catalogue.ts';
import { asyncApiDocument, eventSchema } from '../src/events/documents.ts';

/** Writes one JSON Schema per event type and asyncapi.yaml into `gen/events/`. */
const folder = fileURLToPath(new URL('../gen/events/', import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const write = (name: string, value: object): void =>
  writeFileSync(`${folder}${name}`, `${JSON.stringify(value, null, 2)}\n`);
for (const type of Object.keys(EVENTS) as EventType[])
  write(`${type}.schema.json`, eventSchema(type));
write('asyncapi.yaml', asyncApiDocument());

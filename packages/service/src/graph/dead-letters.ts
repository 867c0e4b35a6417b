import { SERVICE_NAMES } from '@deepstyle/contracts';
import { globalId } from '@deepstyle/contracts/global-id';
import { printable } from '@deepstyle/contracts/request-rules';
import { InvalidArgumentError } from '@deepstyle/platform';
import type { Bus, DeadLetter } from '@deepstyle/storage';
import { z } from 'zod';
import { type PageArguments, parsePage, toConnection } from './connection.ts';
import { mutate } from './mutation.ts';
import type { GraphContext, GraphResolvers } from './subgraph.ts';

type Letters = Pick<Bus, 'deadLetters' | 'deadLetter' | 'retryDeadLetter' | 'dropDeadLetter'>;

interface ById {
  readonly id: string;
}

const MAX_PAYLOAD_BYTES = 4_096;
const PLACE = /^\d{1,15}$/;

/** A service's resolvers with those of the dead letters, which every subgraph has: the bus is common. */
export function withDeadLetters(resolvers: GraphResolvers, bus: Letters): GraphResolvers {
  return {
    ...resolvers,
    Query: {
      ...resolvers.Query,
      deadLetters: (_: unknown, page: PageArguments, context: GraphContext) =>
        deadLetters(bus, page, context),
      deadLetter: async (_: unknown, { id }: ById, context: GraphContext) => {
        const letter = await bus.deadLetter(id);
        return letter && deadLetterNode(letter, context);
      },
    },
    Mutation: {
      ...resolvers.Mutation,
      retryDeadLetter: (_: unknown, { input }: { readonly input: ById }, context: GraphContext) =>
        mutate(context, async () => {
          await bus.retryDeadLetter(input.id);
          return { id: input.id };
        }),
      dropDeadLetter: (_: unknown, { input }: { readonly input: ById }, context: GraphContext) =>
        mutate(context, async () => {
          await bus.dropDeadLetter(input.id);
          return { id: input.id };
        }),
    },
  };
}

async function deadLetters(bus: Letters, given: PageArguments, context: GraphContext) {
  const page = parsePage(given);
  const [after = ''] = page.after ?? ['0'];
  if (!PLACE.test(after)) throw new InvalidArgumentError('after', 'is no cursor of this list');
  const letters = await bus.deadLetters({ after: Number(after), limit: page.limit });
  return toConnection(
    page,
    letters,
    ({ place }) => [String(place)],
    (letter) => deadLetterNode(letter, context),
  );
}

/** Anybody may know what is stuck and why. What a message says may hold more than that: whoever has the token reads it. */
function deadLetterNode(letter: DeadLetter, { authorized }: GraphContext) {
  const { message, durable } = letter;
  const service = SERVICE_NAMES.find((name) => durable.startsWith(`${name}-`)) ?? null;
  return {
    id: letter.id,
    stream: letter.stream,
    service,
    work: service === null ? durable : durable.slice(service.length + 1),
    subject: printable(message.subject),
    messageId: printable(message.id),
    attempts: letter.attempts,
    cause: printable(letter.reason),
    at: letter.at.toISOString(),
    run: runOf(message.data),
    payload: authorized ? printable(textOf(message.data.subarray(0, MAX_PAYLOAD_BYTES))) : null,
    payloadBytes: message.data.byteLength,
  };
}

function textOf(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}

/** As jobs and events name their run. */
const OF_RUN = z.union([
  z.object({ runId: z.uuid() }).transform(({ runId }) => runId),
  z.object({ run: z.object({ id: z.uuid() }) }).transform(({ run }) => run.id),
]);

function runOf(data: Uint8Array): string | null {
  try {
    return globalId('Run', OF_RUN.parse(JSON.parse(textOf(data))));
  } catch {
    // What cannot be read is a reason to be here.
    return null;
  }
}

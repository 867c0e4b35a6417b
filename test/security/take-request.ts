import { type Received, send } from './gateway-request.ts';
import type { RequestInput } from './input.ts';
import type { SecuritySystem } from './system.ts';

interface GraphAnswer {
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
  readonly data?: Readonly<
    Record<string, { readonly userErrors?: readonly { readonly code: string }[] } | null>
  > | null;
}

/** What shows how a server is built. */
const INSIDE = /node_modules|file:\/\/|\n\s+at |\/dist\/|\bSELECT\b.*\bFROM\b/;

/** Sends it as often as it says. What is wrong; null where nothing is. */
export async function takeRequest(
  system: SecuritySystem,
  input: RequestInput,
): Promise<string | null> {
  const { atOnce = 1 } = input;
  const faults = await Promise.all(Array.from({ length: atOnce }, () => takeOne(system, input)));
  return faults.find((fault) => fault !== null) ?? null;
}

async function takeOne({ url }: SecuritySystem, input: RequestInput): Promise<string | null> {
  const received = await send(url, input).catch((error: Error) => error.message);
  if (typeof received === 'string') return received;
  const { status, body } = received;
  if (!input.statuses.includes(status))
    return `${status} and not ${input.statuses}: ${short(body)}`;
  const { maxAnswerBytes = Number.POSITIVE_INFINITY } = input;
  if (body.length > maxAnswerBytes) return `an answer of ${body.length} bytes: ${short(body)}`;
  if (INSIDE.test(body)) return `it tells of the inside: ${short(body)}`;
  if (input.code === undefined) return null;
  const code = codeOf(received);
  return code === input.code ? null : `${code} and not ${input.code}: ${short(body)}`;
}

function codeOf({ body }: Received): string | null {
  const { errors = [], data }: GraphAnswer = JSON.parse(body);
  const [first] = errors;
  if (first !== undefined) return first.extensions?.code ?? 'without a code';
  const refused = Object.values(data ?? {}).flatMap((payload) => payload?.userErrors ?? []);
  return refused[0]?.code ?? null;
}

const short = (body: string): string => body.slice(0, 300);

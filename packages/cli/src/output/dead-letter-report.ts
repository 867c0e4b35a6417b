import type { DeadLetterView } from '../dead-letter-queries.ts';
import type { DeadLetter, Settled } from '../dead-letters.ts';
import { ourCommand } from './our-command.ts';
import { tableLines } from './table.ts';

const HEADS = ['id', 'age', 'given up by', 'run'] as const;

/** A row for each, its cause below it, and what to do next. @param data the data folder, where it was named */
export function deadLetterTable(
  letters: readonly DeadLetterView[],
  nowMs: number,
  data: string | undefined,
): string {
  if (letters.length === 0) return 'There are no dead letters.\n';
  const rows = letters.map((letter) => [
    letter.id,
    age(nowMs - Date.parse(letter.at)),
    workOf(letter),
    letter.run ?? '',
  ]);
  const [heads = '', ...lines] = tableLines([HEADS, ...rows]);
  const command = ourCommand('events dead-letters', data);
  return [
    heads,
    ...letters.flatMap(({ cause }, index) => [lines[index] ?? '', `  ${oneLine(cause)}`]),
    '',
    'Put right what the causes name; then the messages can be sent again, and their runs go on:',
    `  ${command} retry --all`,
    `  ${command} show ID   tells all of one`,
    `  ${command} drop ID   gives one up for good: its work is not done`,
    '',
  ].join('\n');
}

export function deadLetterDetails(letter: DeadLetter): string {
  return [
    `id        ${letter.id}`,
    `given up  ${letter.at}, by ${workOf(letter)}, after ${letter.attempts} ${letter.attempts === 1 ? 'delivery' : 'deliveries'}`,
    `cause     ${oneLine(letter.cause)}`,
    `run       ${letter.run ?? 'none is named'}`,
    `message   ${letter.subject}, ${letter.messageId}`,
    `says      ${letter.payloadBytes} bytes`,
    indented(letter.payload),
    '',
  ].join('\n');
}

export function settledReport(how: 'retry' | 'drop', { settled, failed }: Settled): string {
  const messages = settled.length === 1 ? 'message' : 'messages';
  const done =
    how === 'retry'
      ? `${settled.length} ${messages} sent again; the services handle them while an instance is up.`
      : `${settled.length} ${messages} dropped.`;
  return [done, ...failed.map(({ message }) => message), ''].join('\n');
}

function workOf({ service, work, stream }: DeadLetterView): string {
  const kind = stream === 'JOBS' ? 'job' : 'events';
  return [service, kind, work].filter((part) => part !== null).join(' ');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** What is whole JSON, over several lines; what was cut or is none, as it is. */
function indented(payload: string | null): string {
  if (payload === null) return '';
  try {
    return JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    return payload;
  }
}

const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** In its largest unit. */
function age(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [size, unit] = UNITS.find(([each]) => seconds >= each) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${unit}`;
}

import { headers as createHeaders, type MsgHdrs } from '@nats-io/transport-node';

const ID = 'Nats-Msg-Id';

export function toNatsHeaders(headers: Readonly<Record<string, string>>): MsgHdrs {
  const result = createHeaders();
  for (const [name, value] of Object.entries(headers)) result.set(name, value);
  return result;
}

/** Without those of the server itself (`Nats-…`). */
export function fromNatsHeaders(headers: MsgHdrs | undefined): Record<string, string> {
  const names = (headers?.keys() ?? []).filter((name) => !name.startsWith('Nats-'));
  return Object.fromEntries(names.map((name) => [name, headers?.get(name) ?? '']));
}

/** The publisher's id; where somebody else published without one, the message's place in the stream. */
export function idOf(headers: MsgHdrs | undefined, sequence: number): string {
  const id = headers?.get(ID) ?? '';
  return id === '' ? `sequence-${sequence}` : id;
}

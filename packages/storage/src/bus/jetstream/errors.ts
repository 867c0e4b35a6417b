import { DeepStyleError } from '@deepstyle/platform';

/** Nothing is dropped for it: what is committed waits in the outbox until there is room. */
export class BusFullError extends DeepStyleError {
  constructor(servers: string, what: string, cause: unknown) {
    super({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'BUS_FULL',
      message:
        `NATS at ${servers} has no room to ${what}. What waits in the outboxes leaves when there is. A durable that nobody reads ` +
        'keeps all that comes after it: the log and the metric deepstyle_durable_held_events name the one that holds the most.',
      cause,
    });
  }
}

/** The streams of a NATS server belong to one installation; a second one would take its jobs. */
export class OtherInstallationError extends DeepStyleError {
  constructor(servers: string, found: string, own: string) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'OTHER_INSTALLATION',
      message:
        `NATS at ${servers} serves the installation ${found}, but the database is that of ${own}. ` +
        'Give this one a NATS server or account of its own. Where its database takes the place of the other one, ' +
        'end all processes and delete the streams EVENTS, JOBS and STATE first.',
    });
  }
}

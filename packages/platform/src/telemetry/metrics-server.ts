import express from 'express';
import { refuseForeignHosts } from '../host-check.ts';
import { listenHttp } from '../http-server.ts';
import { addLastAnswers } from '../last-answers.ts';
import type { Logger } from '../logger.ts';

/** Serves `/metrics` on a port of its own: what scrapes it need not reach the product. @throws PortTakenError */
export async function listenMetrics(
  render: () => Promise<string>,
  address: { readonly host: string; readonly port: number },
  logger: Logger,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  const app = express();
  app.disable('x-powered-by');
  app.use(refuseForeignHosts({ host: address.host, publicUrl: undefined }));
  app.get('/metrics', async (_request, response) => {
    response.set('Content-Type', 'text/plain; version=0.0.4; charset=utf-8').send(await render());
  });
  addLastAnswers(app, logger);
  return listenHttp(app, { ...address, setting: 'METRICS_PORT' });
}

import type { Request, RequestHandler, Response } from 'express';
import { parseTraceparent } from '../trace-context.ts';
import { recordMetric, secondsSince } from './measure.ts';
import { inSpan, startSpan } from './spans.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']);

/** Runs each request in a span of the trace that it came with, and measures it. */
export function traceRequests(): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const method = METHODS.has(request.method) ? request.method : 'other';
    const span = startSpan({
      name: method,
      kind: 'server',
      parent: parseTraceparent(request.header('traceparent')),
      attributes: { 'http.request.method': method, 'url.path': request.path },
    });
    response.once('close', () => {
      const route = routeOf(request);
      const status = String(statusOf(response));
      span.rename(`${method} ${route}`);
      span.set({ 'http.route': route, 'http.response.status_code': statusOf(response) });
      if (response.statusCode >= 500) span.fail(new Error(`HTTP ${status}`));
      span.end();
      recordMetric('httpDuration', { method, route, status }, secondsSince(startedAt));
    });
    inSpan(span, next);
  };
}

/** The pattern that matched, not the path: few values. What no route of ours took is `other`. */
function routeOf(request: Request): string {
  const { path } = (request.route ?? {}) as { readonly path?: unknown };
  const pattern = `${request.baseUrl}${typeof path === 'string' ? path : ''}`;
  return pattern === '' ? 'other' : pattern;
}

/** 499, as servers log it, where the client went away before its answer. */
function statusOf(response: Response): number {
  return response.writableFinished ? response.statusCode : 499;
}

import express, { type Express } from 'express';

// The page loads nothing from elsewhere.
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

/** Serves the built page in `folder`, at every path that no earlier route takes. */
export function servePage(app: Express, folder: string): void {
  app.use((_request, response, next) => {
    response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    next();
  });
  app.use(express.static(folder, { index: 'index.html', maxAge: '1h' }));
  // The page routes by path; an unknown file is not a page.
  app.get('/{*path}', (request, response, next) => {
    if (request.path.includes('.')) next();
    else response.sendFile('index.html', { root: folder });
  });
}

import { z } from 'zod';
import { CONTENT_ID, SEASON } from '../request-rules.ts';

/** 64 lower-case hex digits: a SHA-256. */
export const hex64 = z.string().regex(CONTENT_ID);
export const season = z.string().regex(SEASON);
export const runId = z.uuid();
export const count = z.int().min(0);
export const share = z.number().min(0).max(1);
export const timestamp = z.iso.datetime();
export const categoryType = z.enum(['upper', 'lower', 'full', 'other']);

export const objectReference = z
  .object({
    key: z.string().min(1).max(512),
    sha256: hex64,
    contentType: z.string().max(100),
    bytes: count,
  })
  .describe('Names a stored object; events never carry bytes');

export type CategoryType = z.infer<typeof categoryType>;

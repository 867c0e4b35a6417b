// A service as a process of its own, for serve.test.ts.
import { serve } from '../src/index.ts';
import { madeService } from './made-service.ts';

await serve(madeService().service);

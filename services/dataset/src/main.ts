import { serve } from '@deepstyle/service';
import { dataset } from './index.ts';

await serve(dataset);

import { serve } from '@deepstyle/service';
import { detector } from './index.ts';

await serve(detector);

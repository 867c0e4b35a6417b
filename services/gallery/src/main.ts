import { serve } from '@deepstyle/service';
import { gallery } from './index.ts';

await serve(gallery);

import { serve } from '@deepstyle/service';
import { scraper } from './index.ts';

await serve(scraper);

import { serve } from '@deepstyle/service';
import { ganTrainer } from './index.ts';

await serve(ganTrainer);

import { serve } from '@deepstyle/service';
import { cropper } from './index.ts';

await serve(cropper);

/** Entry of the parser's thread. Nothing is kept from one task to the next. */
import { answerTasks } from '@deepstyle/platform';
import { TASKS } from './tasks.ts';

answerTasks(TASKS);

/** Entry of the thread that reads the lists of one dataset. */
import { answerTasks, tell } from '@deepstyle/platform';
import { createReadingTasks } from './reading-tasks.ts';

answerTasks(createReadingTasks(tell));

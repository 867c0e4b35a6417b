export {
  DEAD_LETTER_DETAILS,
  DEAD_LETTERS,
  type DeadLetterDetails,
  type DeadLetterView,
  DROP_DEAD_LETTER,
  RETRY_DEAD_LETTER,
} from './gen/documents.ts';

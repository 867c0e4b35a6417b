import { DeepStyleError } from '@deepstyle/platform';

export class NothingToBackUpError extends DeepStyleError {
  constructor(folder: string) {
    super({
      code: 'NOT_FOUND',
      reason: 'NOTHING_TO_BACK_UP',
      message: `There is no database in the data folder ${folder}. Name the one that is meant with --data.`,
    });
  }
}

export class BackupNotFoundError extends DeepStyleError {
  constructor(backup: string) {
    super({
      code: 'NOT_FOUND',
      reason: 'BACKUP_NOT_FOUND',
      message: `There is no backup ${backup}.`,
    });
  }
}

export class NotABackupError extends DeepStyleError {
  constructor(path: string) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'NOT_A_BACKUP',
      message: `${path} is not a backup of DeepStyle.`,
    });
  }
}

export class BackupDamagedError extends DeepStyleError {
  constructor(backup: string, problem: string, cause?: unknown) {
    super({
      code: 'DATA_LOSS',
      reason: 'BACKUP_DAMAGED',
      message: `The backup ${backup} is damaged: ${problem}. Nothing was restored. Take another backup.`,
      cause,
    });
  }
}

export class BackupTooNewError extends DeepStyleError {
  constructor(backup: string, found: number, known: number) {
    super({
      code: 'FAILED_PRECONDITION',
      reason: 'BACKUP_TOO_NEW',
      message: `The backup ${backup} has format ${found}; this version of DeepStyle knows formats up to ${known}. Restore it with the version that wrote it.`,
    });
  }
}

export class RestoreTargetTakenError extends DeepStyleError {
  constructor(folder: string) {
    super({
      code: 'ALREADY_EXISTS',
      reason: 'RESTORE_TARGET_TAKEN',
      message: `${folder} is not empty. Nothing is written over: move it aside, or restore into another folder with --data.`,
    });
  }
}

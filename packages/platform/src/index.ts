export { onceMoreAfterReset } from './after-reset.ts';
export { answerTasks, type TaskOutput, tell } from './answer-tasks.ts';
export { assetPath } from './asset-path.ts';
export { disableVendorTelemetry, type Environment, processEnvironment } from './environment.ts';
export {
  DeepStyleError,
  type DeepStyleErrorOptions,
  type DeliveryVerdict,
  describeError,
  ERROR_TABLE,
  type ErrorCode,
  explainFailure,
  InternalError,
  InvalidArgumentError,
  isTransient,
  NotFoundError,
} from './errors.ts';
export { Health, type HealthCheck, type HealthReport, type HealthState } from './health.ts';
export { isLoopback, refuseForeignHosts, type ServedAddress } from './host-check.ts';
export {
  createHttpApp,
  type ListeningHttpServer,
  ListenRefusedError,
  listenHttp,
  PortTakenError,
} from './http-server.ts';
export { addLastAnswers } from './last-answers.ts';
export { createLogger, LOG_LEVELS, type Logger, type LogLevel } from './logger.ts';
export { readFileUpTo } from './read-file-up-to.ts';
export { removeAtExit } from './remove-at-exit.ts';
export {
  type DescribedSetting,
  describeSettings,
  readSettings,
  readSettingsTables,
  type Setting,
  SettingsError,
  type SettingsTable,
  text,
} from './settings.ts';
export { closeOnSignals, ShutdownStack } from './shutdown.ts';
export { createTaskThread, type TaskThread } from './task-thread.ts';
export {
  countMetric,
  measureInto,
  observeMetric,
  recordMetric,
  type Sample,
  secondsSince,
} from './telemetry/measure.ts';
export {
  METRICS,
  type MetricDefinition,
  type MetricName,
} from './telemetry/metrics.ts';
export { TELEMETRY_SETTINGS, type TelemetrySettings } from './telemetry/settings.ts';
export {
  inSpan,
  isRecordingSpans,
  type Span,
  type SpanAttributes,
  type SpanKind,
  type SpanOptions,
  startSpan,
  withSpan,
} from './telemetry/spans.ts';
export {
  startTelemetry,
  type Telemetry,
  type TelemetryOptions,
} from './telemetry/start-telemetry.ts';
export {
  childOf,
  currentTrace,
  formatTraceparent,
  outgoingTraceparent,
  parseTraceparent,
  type TraceContext,
  withTrace,
} from './trace-context.ts';

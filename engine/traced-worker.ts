import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
} from '@temporalio/interceptors-opentelemetry/lib/worker/index.js';
import type { OpenTelemetrySinks } from '@temporalio/interceptors-opentelemetry/lib/workflow/index.js';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { Tracing } from './client/tracing.ts';

/** What a worker needs to tell of the jobs and activities that it runs, as parts of the traces they belong to. */
export const traceWorker = ({
  processor,
  resource,
}: Tracing): { activity: ActivityInterceptorsFactory; sinks: InjectedSinks<OpenTelemetrySinks> } => ({
  activity: (context) => ({ inbound: new OpenTelemetryActivityInboundInterceptor(context) }),
  sinks: { exporter: makeWorkflowExporter(processor, resource) },
});

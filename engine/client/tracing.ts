import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry/lib/client/index.js';
import type { ClientInterceptors } from '@temporalio/client';

export interface Tracing {
  resource: Resource;
  processor: BatchSpanProcessor;
  /** Hands the trace of who starts or signals a job on to it. */
  interceptors: ClientInterceptors;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}

/** Sends the traces of this process to a collector, over OTLP. `service`: the part of the house that it is. */
export function startTracing(endpoint: string, service: string): Tracing {
  const resource = new Resource({ 'service.name': `photo-assistant-${service}` });
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const processor = new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1_000 });
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();
  return {
    resource,
    processor,
    interceptors: { workflow: [new OpenTelemetryWorkflowClientInterceptor()] },
    // A collector that is away must not keep the house from stopping.
    close: () => provider.shutdown().catch(() => undefined),
  };
}

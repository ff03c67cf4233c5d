import { telemetrySummarySchema } from '../telemetry/summarise.ts';
import { statusSchema } from './status.ts';

/** `results/<runId>/summary.json`: the finished status, and how hard the machine worked, beside the results. */
export const summarySchema = statusSchema.extend({ telemetry: telemetrySummarySchema.optional() });

import type { ServerResponse } from 'node:http';
import { send } from './send.ts';

/** The metrics as text, in the format that `type` names. */
export interface MetricsPage {
  readonly type: string;
  text(): Promise<string>;
}

export async function answerMetrics(response: ServerResponse, page: MetricsPage): Promise<void> {
  send(response, { status: 200, type: page.type, body: await page.text() });
}

import type { Page } from '@playwright/test';

/** A query of a batch; times in milliseconds. */
export interface Query {
  expr: string;
  from: number;
  to: number;
  step?: number;
}

const PATH = '/api/watchfire/query_batch';

/** The batches that a page sends, as they are. */
export function batchesOf(page: Page): Query[][] {
  const sent: Query[][] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === PATH) sent.push(request.postDataJSON().queries);
  });
  return sent;
}

/** Answers all queries of a page with what `answer` makes of each: the `data` of a call of the API. */
export async function answerBatches(page: Page, answer: (query: Query) => unknown): Promise<void> {
  await page.route(`**${PATH}`, async (route) => {
    const queries: Query[] = route.request().postDataJSON().queries;
    const frames = queries.map((query, place) => frame(place, { status: 'success', data: answer(query) }));
    await route.fulfill({ contentType: 'application/vnd.watchfire.query-batch', body: Buffer.concat(frames) });
  });
}

/** A frame of JSON: length, kind, how many queries it answers, which. */
function frame(place: number, envelope: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(envelope));
  const head = Buffer.alloc(9);
  head.writeUInt32LE(5 + text.length, 0);
  head.writeUInt8(0, 4);
  head.writeUInt16LE(1, 5);
  head.writeUInt16LE(place, 7);
  return Buffer.concat([head, text]);
}

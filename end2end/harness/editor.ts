import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** The expression editor of a panel: the rich one, or the plain field until that is there. */
export const editor = (page: Page, n = 1): Locator => page.getByRole('combobox', { name: `Expression ${n}` });

/** Waits until an editor holds a text. */
export async function expectText(field: Locator, text: string | RegExp): Promise<void> {
  const now = () =>
    field.evaluate((element) =>
      element instanceof HTMLTextAreaElement ? element.value : (element.closest('promql-editor') as unknown as { value: string }).value,
    );
  const polled = expect.poll(now);
  await (typeof text === 'string' ? polled.toBe(text) : polled.toMatch(text));
}

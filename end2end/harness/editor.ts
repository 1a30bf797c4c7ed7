import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/**
 * The rich expression editor of a panel, by its number, or of a form, by its name.
 *
 * It waits for the rich editor: what began in the plain field would wait for it after it was replaced.
 */
export const editor = (page: Page, which: number | string = 1): Locator =>
  page.locator('promql-editor[data-rich]').getByRole('combobox', { name: typeof which === 'number' ? `Expression ${which}` : which });

/** The plain field of the first panel, which is there until the rich editor is. */
export const plainEditor = (page: Page): Locator => page.getByRole('combobox', { name: 'Expression 1' });

/** Waits until an editor holds a text. */
export async function expectText(field: Locator, text: string | RegExp): Promise<void> {
  const now = () =>
    field.evaluate((element) =>
      element instanceof HTMLTextAreaElement ? element.value : (element.closest('promql-editor') as unknown as { value: string }).value,
    );
  const polled = expect.poll(now);
  await (typeof text === 'string' ? polled.toBe(text) : polled.toMatch(text));
}

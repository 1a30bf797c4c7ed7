import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, type APIRequestContext, type Locator, type Page } from '@playwright/test';

/** Dashboards that people use, if they are there. */
const folder = resolve(dirname(fileURLToPath(import.meta.url)), '../../../shared/dashboards');

/** Their files. */
export function realDashboards(at = folder): string[] {
  if (!existsSync(at)) return [];
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? realDashboards(join(at, entry.name)) : entry.name.endsWith('.json') ? [join(at, entry.name)] : []).sort();
}

/** A document of a file, whether it is wrapped or not. */
export function documentOf(file: string): any {
  const document = JSON.parse(readFileSync(file, 'utf8'));
  return document.dashboard ?? document;
}

/** What a document asks whoever imports it. */
export const inputsOf = (document: any) =>
  (document.__inputs ?? []).map(({ name, type, pluginId, value }: any) => ({ name, type, pluginId, value: value ?? 'prometheus' }));

/** All panels of a document that are no rows: on the page, in closed rows, and in the rows of old documents. */
export function panelsOf(document: any): any[] {
  const all = [...(document.panels ?? []), ...(document.rows ?? []).flatMap((row: any) => row.panels ?? [])];
  return all.flatMap((panel: any) => (panel.type === 'row' ? (panel.panels ?? []) : [panel]));
}

/** Imports a document as it is, over whatever has its uid; gives the uid. */
export async function importDashboard(request: APIRequestContext, document: any): Promise<string> {
  const data = { dashboard: document, overwrite: true, inputs: inputsOf(document) };
  const answer = await request.post('/api/dashboards/import', { data });
  expect(answer.ok(), `${document.title}: ${await answer.text()}`).toBe(true);
  const stored = await answer.json();
  return stored.uid ?? stored.dashboardUID ?? document.uid;
}

/** Opens every closed row of the page, and those that come with them. */
export async function openRows(page: Page): Promise<void> {
  const closed = page.locator('.row-line[aria-expanded="false"]');
  for (let left = await closed.count(); left > 0; left = await closed.count()) {
    await closed.last().click();
    await expect.poll(() => closed.count()).toBeLessThan(left);
  }
}

/** What a panel shows: `ink`, its words, or nothing. */
export async function shown(tile: Locator): Promise<string> {
  return tile.evaluate((element) => {
    const body = element.querySelector('.tile__body')!;
    const said = body.querySelector('.tile__none')?.textContent?.trim();
    if (said) return said;
    // A small copy is read: reading the page's own canvas would change how the browser draws on it.
    const painted = (canvas: HTMLCanvasElement) => {
      if (canvas.width === 0 || canvas.height === 0) return false;
      const copy = document.createElement('canvas');
      [copy.width, copy.height] = [200, 100];
      const pen = copy.getContext('2d', { willReadFrequently: true })!;
      pen.drawImage(canvas, 0, 0, copy.width, copy.height);
      return pen.getImageData(0, 0, copy.width, copy.height).data.some((byte, index) => index % 4 === 3 && byte !== 0);
    };
    const isInk = [...body.querySelectorAll('canvas')].some(painted) || body.querySelector('svg path, svg rect, svg circle, tbody tr, img');
    return isInk ? 'ink' : (body as HTMLElement).innerText.trim() ? 'ink' : '';
  });
}

/** Brings every panel into view and waits until its queries are answered; what each shows, by its title. */
export async function settle(page: Page): Promise<{ id: string; title: string; shows: string }[]> {
  const tiles = page.locator('.tile');
  const all = [];
  for (let at = 0; at < (await tiles.count()); at += 1) {
    const tile = tiles.nth(at);
    await tile.scrollIntoViewIfNeeded();
    await expect(tile).toHaveAttribute('data-state', /ready|error/);
    const title = (await tile.locator('.tile__title').textContent().catch(() => '')) ?? '';
    let shows = '';
    const words = `panel “${title.trim()}” is neither drawn nor says why`;
    await expect.poll(async () => (shows = await shown(tile)), words).not.toBe('');
    all.push({ id: (await tile.getAttribute('data-panel')) ?? '', title: title.trim(), shows });
  }
  return all;
}

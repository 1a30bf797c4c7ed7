import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import { Server } from './server.ts';

export const PASSWORD = 'correct horse battery';

/** Status and JSON of a call. */
export type Answer = { status: number; body: any };

/** A server that asks everybody for a login. */
export class ClosedServer {
  private constructor(
    readonly server: Server,
    readonly url: string,
    /** The cookie of the administrator whom the first start made. */
    public admin: string,
    readonly adminPassword: string,
  ) {}

  static async start(config?: string, files: Record<string, string> = {}, flags: string[] = []): Promise<ClosedServer> {
    const server = await Server.start(config, files, ['--auth.required', ...flags]);
    const password = /an administrator was made.*?password=(\S+)/.exec(server.log)?.[1] ?? /password=(\S+)/.exec(server.log)?.[1];
    if (!password) throw new Error(`the first start told no password:\n${server.log}`);
    const plain = password.replace(/^"|"$/g, '');
    return new ClosedServer(server, server.url, await cookieOf(server.url, 'admin', plain), plain);
  }

  /** Asks as the pages do: with a session's cookie (empty for none), from this server. */
  async ask(cookie: string, method: string, path: string, body?: unknown): Promise<Answer> {
    return ask(this.url, { cookie, 'sec-fetch-site': 'same-origin' }, method, path, body);
  }

  /** Makes a user and gives the number. */
  async addUser(login: string, role: string, name = login): Promise<number> {
    const made = await this.ask(this.admin, 'POST', '/api/admin/users', { login, name, role, password: PASSWORD });
    expect(made.status, JSON.stringify(made.body)).toBe(200);
    return made.body.id;
  }

  /** The cookie of a user who logs in. */
  async logIn(login: string, password = PASSWORD): Promise<string> {
    return cookieOf(this.url, login, password);
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}

/** Status and JSON of a call with these headers; empty ones are left out. */
export async function ask(url: string, headers: Record<string, string>, method: string, path: string, body?: unknown): Promise<Answer> {
  const said = Object.entries({ ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) });
  const response = await fetch(`${url}${path}`, {
    method,
    headers: Object.fromEntries(said.filter(([, value]) => value !== '')),
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: 'manual',
  });
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text) };
  } catch {
    return { status: response.status, body: text };
  }
}

async function cookieOf(url: string, user: string, password: string): Promise<string> {
  const response = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ user, password }),
  });
  if (!response.ok) throw new Error(`${user} cannot log in: ${response.status} ${await response.text()}`);
  return response.headers.get('set-cookie')!.split(';')[0];
}

/** Logs in by the page for that, and waits until `path` is there. */
export async function logInByPage(page: Page, url: string, login: string, password: string, path = '/profile'): Promise<void> {
  await page.goto(`${url}/login?redirectTo=${encodeURIComponent(path)}`, { waitUntil: 'commit' });
  await page.getByLabel('Login or email').fill(login);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('html[data-awake]').waitFor();
}

/** Gives the browser a session without its page to log in. */
export async function enter(page: Page, url: string, cookie: string): Promise<void> {
  const [name] = cookie.split('=');
  await page.context().clearCookies();
  await page.context().addCookies([{ name, value: cookie.slice(name.length + 1), url }]);
}

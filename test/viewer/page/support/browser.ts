import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { CHROMIUM, NO_BROWSER } from './chromium-path.js';

const SCREENSHOTS = fileURLToPath(new URL('../../../../dist/screenshots/', import.meta.url));
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** Why there is no browser here, or nothing if there is one. CI must have one. */
export function whyNoBrowser(): string | undefined {
  if (existsSync(CHROMIUM)) return undefined;
  const why = process.env[NO_BROWSER] || 'apt-get install chromium';
  const reason = `${CHROMIUM} is not installed (${why})`;
  if (process.env['CI'] === undefined) return reason;
  throw new Error(`CI runs the page's tests in a real browser, and ${reason}.`);
}

interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  readonly scale?: number;
}

/** A browser with a profile of its own, which is gone when it closes. */
export class TestBrowser {
  /** Faults that any page told: thrown errors, console errors, refusals by the policy. */
  readonly faults: string[] = [];
  readonly #context: BrowserContext;
  readonly #profile: string;

  private constructor(context: BrowserContext, profile: string) {
    this.#context = context;
    this.#profile = profile;
  }

  static async start({
    width = 1280,
    height = 720,
    scheme = 'light',
    scale = 1,
  }: Look = {}): Promise<TestBrowser> {
    const profile = mkdtempSync(join(tmpdir(), 'viewer-page-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM,
      headless: true,
      args: ARGS,
      viewport: { width, height },
      deviceScaleFactor: scale,
      colorScheme: scheme,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    return new TestBrowser(context, profile);
  }

  /** A new tab at an address of the viewer. */
  async open(port: number, hash = ''): Promise<Page> {
    const page = await this.#context.newPage();
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${port}/${hash}`);
    return page;
  }

  async close(): Promise<void> {
    await this.#context.close();
    rmSync(this.#profile, { recursive: true, force: true });
  }
}

/** Keeps a picture of what a test saw: CI stores the folder. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

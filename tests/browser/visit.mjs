// Visits every page of the table in `pages.mjs`, two at a time.

import { EVERY, ONE, examine, picture, show } from "./lib/appearance.mjs";
import { contextOf, signIn, watch } from "./lib/browser.mjs";
import { demand, same, t, wanted } from "./lib/check.mjs";
import { Server, onPostgres } from "./lib/server.mjs";
import { PAGES } from "./pages.mjs";
import { prepare } from "./prepare.mjs";
import { seed } from "./seed.mjs";

const WORKERS = 2;
const APPEARANCES = onPostgres ? ONE : EVERY;
// Nobody is asked for the password again however long it all takes: a dialog would not be what is looked at.
const SETTINGS = {
  ACCESS__READ_ONLY_SUPERUSERS: "rita", ACCESS__REQUIRE_TEAM_INVITATION: "true", ACCOUNTS__REGISTRATION: "true", SESSIONS__FRESH_FOR: "12h",
};

export async function visitPages(browser) {
  const queue = PAGES.filter(({ name }) => wanted(`pages/${name}`));
  if (queue.length === 0) return;
  const scene = await Scene.prepare(browser);
  await Promise.all(Array.from({ length: WORKERS }, async () => {
    const desk = new Desk(scene);
    while (queue.length > 0) await visit(desk, queue.shift());
  }));
  await scene.end();
}

/// The servers, what is on them, and who looks.
class Scene {
  static async prepare(browser) {
    const scene = new Scene();
    scene.browser = browser;
    [scene.populated, scene.waiting] = await Promise.all([Server.setUp(SETTINGS), Server.fresh()]);
    const setup = new URL(scene.waiting.setupUrl);
    scene.facts = { ...(await seed(scene.populated)), setup: setup.pathname + setup.search };
    scene.sessions = new Map();
    // Whoever is signed in twice can sign the other browser out.
    const [more] = await Promise.all([prepare(scene.populated, scene.facts, (name) => scene.pageOf(name)), scene.#signIn("carol")]);
    Object.assign(scene.facts, more);
    return scene;
  }

  serverOf(actor) {
    return actor === "waiting" ? this.waiting : this.populated;
  }

  /// A page in a context of its own; a user signs in once and both workers go on with that.
  async pageOf(actor) {
    const server = this.serverOf(actor);
    const options = ["nobody", "waiting"].includes(actor) ? {} : { storageState: await this.#session(actor) };
    const context = await contextOf(this.browser, server, options);
    return context.newPage();
  }

  #session(actor) {
    if (!this.sessions.has(actor)) this.sessions.set(actor, this.#signIn(actor));
    return this.sessions.get(actor);
  }

  async #signIn(actor) {
    const context = await contextOf(this.browser, this.populated);
    await signIn(await context.newPage(), this.facts.people[actor]);
    const state = await context.storageState();
    await context.close();
    return state;
  }

  async end() {
    await Promise.all([this.populated.stop(), this.waiting.stop()]);
  }
}

/// Where a worker sits: a window for each who looks, so that styles and scripts are fetched and compiled once.
class Desk {
  constructor(scene) {
    this.scene = scene;
    this.windows = new Map();
  }

  /// A page of nobody, or on which something is done first, gets a window of its own: what it leaves behind is not for others.
  async pageFor({ actor, before }) {
    if (before || ["nobody", "waiting"].includes(actor)) return this.scene.pageOf(actor);
    if (!this.windows.has(actor)) this.windows.set(actor, (await this.scene.pageOf(actor)).context());
    return this.windows.get(actor).newPage();
  }

  async leave(page) {
    const context = page.context();
    if (![...this.windows.values()].includes(context)) return context.close();
    await page.close();
    return context.clearCookies({ name: "pierhead_language" });
  }
}

async function visit(desk, row) {
  const { scene } = desk;
  const page = await desk.pageFor(row);
  const faults = watch(page, scene.serverOf(row.actor));
  const opened = await t(`pages/${row.name}`, () => open(scene, page, row, faults));
  if (opened) {
    for (const appearance of appearancesOf(row)) {
      // Loading it again would undo what was done on it.
      if (appearance.language && row.before) continue;
      if (row.only && !row.only.includes(appearance.name)) continue;
      await t(`pages/${row.name} ${appearance.name}`, async () => {
        await show(page, appearance);
        try {
          await examine(page, appearance);
        } finally {
          await picture(page, row.name, appearance);
        }
        none(faults);
      });
    }
  }
  await desk.leave(page);
}

/// Themes of high contrast change colours of the same parts on all pages, so every third one is enough for them.
function appearancesOf(row) {
  const isThird = PAGES.indexOf(row) % 3 === 0;
  return APPEARANCES.filter(({ theme }) => isThird || !theme.includes("contrast"));
}

async function open(scene, page, { path, status = 200, ready, before }, faults) {
  await show(page, APPEARANCES[0]);
  const address = typeof path === "function" ? path(scene.facts) : path;
  const answer = await page.goto(address, { waitUntil: "load" });
  same(answer.status(), status, `status of ${page.url()}`);
  // What leads elsewhere, or has no such dialog, is a page too.
  same(new URL(page.url()).pathname, new URL(address, page.url()).pathname, "the page that was opened");
  if (address.includes("dialog=")) await page.locator("dialog[open]").waitFor();
  await before?.(page);
  if (ready) await page.locator(ready).first().waitFor();
  same(await page.locator("h1").count(), 1, "number of h1");
  demand((await page.title()).length > 0, "the page has no title");
  none(faults);
}

function none(faults) {
  demand(faults.length === 0, faults.join("\n"));
}

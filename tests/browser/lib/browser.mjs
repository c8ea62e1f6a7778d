// One Chromium for everything; contexts that notice what no page of ours may do.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const require = createRequire(join(process.env.TOOLS, "package.json"));
const { chromium } = require("playwright-core");

export const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export function launch() {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"];
  return chromium.launch({ executablePath: process.env.CHROMIUM, args });
}

/// A context of a server, without its reader being anybody. `options` as Playwright's; `scripts: false` for none.
export async function contextOf(browser, server, { scripts = true, ...options } = {}) {
  const context = await browser.newContext({
    baseURL: server.url, javaScriptEnabled: scripts, reducedMotion: "reduce", locale: "en-GB", timezoneId: "UTC", ...options,
  });
  context.setDefaultTimeout(30_000);
  return context;
}

/// What the page did that none may do, from now on; `faults` lists it.
export function watch(page, server) {
  const faults = [];
  // Refusals by the page's own policy are errors of the console, too.
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !isExpectedStatus(message, page)) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && origin !== server.url) faults.push(`request to another host: ${request.url()}`);
  });
  page.on("requestfailed", (request) => {
    // Leaving a page ends what it still loads, a stream of events above all.
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") faults.push(`${request.url()}: ${why}`);
  });
  return faults;
}

// Chromium reports a page that was answered with 404 as a failure to load it, and a form that was refused with 422, too.
function isExpectedStatus(message, page) {
  if (!message.text().startsWith("Failed to load resource")) return false;
  const ofThePage = message.location().url.split("#")[0] === page.url().split("#")[0];
  return ofThePage || message.text().includes("status of 422");
}

/// Signs in through the page's form.
export async function signIn(page, { name, password }, next = "/") {
  await page.goto(`/signin?next=${encodeURIComponent(next)}`);
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((url) => url.pathname !== "/signin");
}

// Runs the parts that are asked for and sums up. See `run`.

import { closingLine, names, t, wanted } from "./lib/check.mjs";
import { launch } from "./lib/browser.mjs";
import { stopAll } from "./lib/server.mjs";
import { journeys } from "./journeys/all.mjs";
import { visitPages } from "./visit.mjs";

names(process.argv.slice(2));
const begun = Date.now();
process.once("SIGTERM", async () => {
  await stopAll();
  process.exit(143);
});

const browser = await launch();
try {
  if (wanted("journeys")) await journeys(browser);
  if (wanted("pages")) await visitPages(browser);
} catch (error) {
  // A server that does not start, a seed that is refused: what would have come after it was not tested.
  names([]);
  await t("everything ran", () => Promise.reject(error));
} finally {
  await browser.close();
  await stopAll();
}
console.log(`${((Date.now() - begun) / 1000).toFixed(0)} s`);
closingLine();

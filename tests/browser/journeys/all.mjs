// What people come to do, from the first click to the last: each on a server of its own, with and without script.
//
// A journey is `async (step, { browser, server, page, scripts, registry })`; `step(name, check)` counts one check and ends
// the journey if it fails, since what follows builds on it.

import { contextOf, watch } from "../lib/browser.mjs";
import { demand, t, wanted } from "../lib/check.mjs";
import { ADMIN, Server } from "../lib/server.mjs";
import { Registry } from "../lib/registry.mjs";
import { firstDay } from "./first-day.mjs";
import { liveList } from "./live-list.mjs";
import { wholeWay } from "./whole-way.mjs";

const JOURNEYS = { "first-day": firstDay, "live-list": liveList, "whole-way": wholeWay };

export async function journeys(browser) {
  for (const [name, journey] of Object.entries(JOURNEYS)) {
    // Both ways at once: two cores.
    await Promise.all([true, false].map((scripts) => travel(browser, name, journey, scripts)));
  }
}

async function travel(browser, name, journey, scripts) {
  const title = `journeys/${name} ${scripts ? "with script" : "without script"}`;
  if (!wanted(title)) return;
  const server = await Server.fresh();
  const page = await (await contextOf(browser, server, { scripts })).newPage();
  const faults = watch(page, server);
  const step = async (what, check) => {
    const passed = await t(`${title}: ${what}`, async () => {
      await check();
      demand(faults.length === 0, faults.join("\n"));
    });
    if (!passed) throw new Lost();
  };
  const registry = new Registry(server.url, ADMIN);
  try {
    await journey(step, { browser, server, page, scripts, registry });
  } catch (error) {
    if (!(error instanceof Lost)) await t(`${title}: all of it`, () => Promise.reject(error));
  }
  await page.context().close();
  await server.stop();
}

class Lost extends Error {}

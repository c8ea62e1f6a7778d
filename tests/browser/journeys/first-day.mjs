// From what the server printed to an image that everybody may pull.

import { signIn } from "../lib/browser.mjs";
import { same } from "../lib/check.mjs";
import { ADMIN } from "../lib/server.mjs";

export async function firstDay(step, { server, page, registry }) {
  await step("the first page says that nobody has set it up", async () => {
    await page.goto("/");
    await page.getByText("Waiting to be set up").waitFor();
  });

  await step("a form with faults comes back with them and what was typed", async () => {
    await page.goto(server.setupUrl);
    await fill(page, { username: ADMIN.name, password: ADMIN.password, again: "something else" });
    await page.getByRole("alert").waitFor();
    same(await page.getByLabel("Username").inputValue(), ADMIN.name, "the name that was typed");
    same(await page.getByLabel("Password", { exact: true }).inputValue(), "", "the password that was typed");
  });

  await step("the first administrator is made", async () => {
    await fill(page, { username: ADMIN.name, password: ADMIN.password, again: ADMIN.password });
    await page.waitForURL("**/setup/done?*");
  });

  await step("the address works once", async () => {
    const answer = await page.request.get(server.setupUrl);
    same(answer.status(), 409, "status of the set-up page");
  });

  await step("the administrator signs in", async () => {
    await signIn(page, ADMIN);
    await page.goto("/signin");
    await page.getByText(ADMIN.name).first().waitFor();
  });

  await step("an image is pushed and pulled", async () => {
    const pushed = await registry.image(`${ADMIN.name}/web`, "v1", { layers: [{ "etc/issue": "a test image\n" }] });
    const pulled = await registry.pull(`${ADMIN.name}/web`, "v1");
    same(pulled.layers.length, 1, "layers");
    same((await registry.pull(`${ADMIN.name}/web`, pushed.digest)).config.digest, pulled.config.digest, "the image by its digest");
  });
}

async function fill(page, { username, password, again }) {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Password again").fill(again);
  await page.getByRole("button", { name: "Create administrator" }).click();
}

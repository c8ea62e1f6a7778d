// A list of tags that others push to while somebody works on it: it follows, without taking anything out of their hands, and
// an error does not empty it. Without script the same list is there after loading it again.

import { signIn } from "../lib/browser.mjs";
import { demand, same } from "../lib/check.mjs";
import { Api } from "../lib/api.mjs";
import { ADMIN } from "../lib/server.mjs";

const NAME = `${ADMIN.name}/live`;
const LATE = { timeout: 15_000 };

export async function liveList(step, { server, page, scripts, registry }) {
  const push = (tag) => registry.image(NAME, tag, { layers: [{ "etc/issue": `${tag}\n` }] });
  const row = (tag) => page.getByRole("link", { name: tag, exact: true });
  const box = (tag) => page.getByLabel(`Select tag ${tag}`);
  const filter = page.getByLabel("Filter tags by name or digest");

  await step("there is a list of tags", async () => {
    await new Api(server.url).post("user/initialize", { username: ADMIN.name, password: ADMIN.password, email: "olivia@example.test" });
    for (const tag of ["1.0", "1.1", "2.0"]) await push(tag);
    await signIn(page, ADMIN);
    await page.goto(`/repository/${NAME}?tab=tags`);
    await row("2.0").waitFor();
  });

  await step("a filtered list stays filtered when a tag is pushed", async () => {
    await filter.fill("1.");
    if (!scripts) await page.getByRole("button", { name: "Apply" }).click();
    await row("2.0").waitFor({ state: "detached" });
    await filter.blur();
    await push("2.1");
    await push("1.2");
    if (!scripts) await page.reload();
    await row("1.2").waitFor(LATE);
    same(await row("2.1").count(), 0, "rows beside the filter");
    if (scripts) demand(await page.locator("tr.new-row").count() > 0, "the new row is not marked");
  });

  if (!scripts) return;

  await step("a chosen row stays chosen, and what was pushed meanwhile comes afterwards", async () => {
    await box("1.0").check();
    await push("1.3");
    await page.waitForTimeout(3000);
    demand(await box("1.0").isChecked(), "the row is not chosen any more");
    same(await row("1.3").count(), 0, "rows that came while one was chosen");
    await box("1.0").uncheck();
    await row("1.3").waitFor(LATE);
  });

  await step("a filter that is typed stays, and what was pushed meanwhile comes afterwards", async () => {
    await filter.focus();
    await push("1.4");
    await page.waitForTimeout(3000);
    same(await filter.inputValue(), "1.", "the filter");
    await filter.blur();
    await row("1.4").waitFor(LATE);
  });

  await step("a closed dialog leaves the address of the list", async () => {
    const before = page.url();
    await page.getByRole("button", { name: "Actions for tag 1.0" }).click();
    await page.locator("#tag-menu").getByRole("link", { name: "Delete tag" }).click();
    await page.getByRole("dialog").getByRole("link", { name: "Cancel" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    same(page.url(), before, "the address");
    same(await page.locator("#toasts").count(), 1, "regions for notices");
  });

  await step("an error keeps the list and says what happened", async () => {
    // Of its own: what the page reports of the error is meant.
    const other = await page.context().newPage();
    await other.goto(`/repository/${NAME}?tab=tags`);
    const filtered = /\/repository\/.*[?&]q=1/;
    await other.route(filtered, (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" }));
    await other.getByLabel("Filter tags by name or digest").fill("1.");
    await other.locator("#toasts").getByText("The registry did not answer").waitFor();
    await other.getByRole("link", { name: "2.0", exact: true }).waitFor();
    await other.unroute(filtered);
    await other.locator("#toasts").getByRole("button", { name: "Try again" }).click();
    await other.getByRole("link", { name: "2.0", exact: true }).waitFor({ state: "detached" });
    await other.close();
  });
}

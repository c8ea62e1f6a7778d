// How a page looks: themes, widths, and what must hold in each.
//
// A page is loaded once and then shown in every theme and at every width, because both are a matter of its stylesheet.
// axe looks at structure in the light theme at 1280 and at 360 px, where the navigation folds and tables become cards. A
// theme changes colours only, so in the others axe judges what depends on colours: at 1280 px, and in the dark one at 360.
// High contrast is looked at on every third page (see `visit.mjs`). Last the page is loaded again in German at 360 px, since
// longer words are what breaks a narrow layout.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { AXE } from "./browser.mjs";
import { demand } from "./check.mjs";

const THEMES = {
  light: { colorScheme: "light", contrast: "no-preference" },
  dark: { colorScheme: "dark", contrast: "no-preference" },
  contrast: { colorScheme: "light", contrast: "more" },
  "dark-contrast": { colorScheme: "dark", contrast: "more" },
};
const ALL = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], rules: { "target-size": { enabled: true } } };
const COLOURS = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };

const appearance = (theme, width, rules = null) => ({ name: `${theme}.${width}`, theme, width, rules });

/// Widths change least often: laying a page out anew costs more than colouring it.
export const EVERY = [
  appearance("light", 1280, ALL), appearance("dark", 1280, COLOURS), appearance("contrast", 1280, COLOURS), appearance("dark-contrast", 1280, COLOURS),
  appearance("dark", 360, COLOURS), appearance("light", 360, ALL),
  appearance("light", 2560), appearance("dark", 2560),
  { ...appearance("light", 360), name: "german.360", language: "de" },
];
/// For a second database, which changes what is on a page and not how it looks: nothing for axe to say again.
export const ONE = [appearance("light", 1280)];

const HEIGHT = { 360: 780, 1280: 900, 2560: 1400 };
const TALLEST = 2600;

const SCREENS = process.env.SCREENS;
/// Not PNG unless it is asked for: that would take a quarter of the time of the whole visit.
const PICTURE = process.env.PICTURES === "png" ? { type: "png" } : { type: "jpeg", quality: 85 };
mkdirSync(SCREENS, { recursive: true });

export async function show(page, { theme, width, language }) {
  if (language) await inLanguage(page, language);
  await page.emulateMedia({ ...THEMES[theme], reducedMotion: "reduce" });
  await page.setViewportSize({ width, height: HEIGHT[width] });
  await page.evaluate(settle);
}

async function inLanguage(page, language) {
  await page.context().addCookies([{ name: "pierhead_language", value: language, url: page.url() }]);
  await page.reload({ waitUntil: "load" });
}

// Runs in the page. Changing the theme would start transitions; colours are judged at once, but after the new ones are there.
async function settle() {
  if (document.adoptedStyleSheets.length === 0) {
    const still = new CSSStyleSheet();
    still.replaceSync("*, ::before, ::after { transition: none !important; animation: none !important; }");
    document.adoptedStyleSheets.push(still);
  }
  for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
}

/// Demands what must hold of the page as it is shown now.
export async function examine(page, { rules }) {
  const wide = await page.evaluate(overflowing);
  demand(!wide, `the page scrolls sideways: ${wide}`);
  if (!rules) return;
  const findings = await axe(page, rules);
  demand(findings.length === 0, findings.join("\n"));
}

/// Keeps a picture as NAME.THEME.WIDTH.jpeg: all of the page, up to a limit no person reads beyond.
export async function picture(page, name, { name: appearance, width }) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  // A window as tall as the page, because the driver's own way lays out and paints also what is cut off.
  await page.setViewportSize({ width, height: Math.max(HEIGHT[width], Math.min(height, TALLEST)) });
  await page.screenshot({ path: join(SCREENS, `${name}.${appearance}.${PICTURE.type}`), animations: "disabled", ...PICTURE });
}

async function axe(page, rules) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const violations = await page.evaluate(async (options) => {
    // Stylesheets are not fetched again: they are from here and readable.
    const { violations } = await window.axe.run(document, { ...options, resultTypes: ["violations"], preload: false });
    return violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`) }));
  }, rules);
  return violations.map(({ id, help, where }) => `axe ${id}: ${help}: ${where.join(" | ").replace(/\s+/g, " ")}`);
}

// Runs in the page. Names the element that sticks out farthest, other than what can be scrolled to in its own frame.
function overflowing() {
  const root = document.scrollingElement;
  if (root.scrollWidth <= root.clientWidth) return null;
  let [worst, end] = [null, root.clientWidth];
  const isCut = (element) => element !== root && element !== document.body && getComputedStyle(element).overflowX !== "visible";
  const look = (element) => {
    const { right, width } = element.getBoundingClientRect();
    if (width > 0 && right > end) [worst, end] = [element, right];
    if (!isCut(element)) for (const child of element.children) look(child);
  };
  look(document.body);
  const classes = worst?.getAttribute("class");
  const name = worst ? `<${worst.localName}${classes ? ` class="${classes}"` : ""}>` : "something";
  return `${root.scrollWidth} px in ${root.clientWidth}, ${name} ends at ${Math.round(end)}`;
}

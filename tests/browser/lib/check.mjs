// Counting, and words for what failed.

let passed = 0;
let failed = 0;
let chosen = [];

/// What is to be run: parts and tests by the beginning of `part/name`. Nothing means everything.
export function names(list) {
  chosen = list;
}

export function wanted(name) {
  return chosen.length === 0 || chosen.some((one) => name.startsWith(one) || one.startsWith(`${name}/`));
}

/// A check that must not throw. Tells whether it passed.
export async function t(name, check) {
  if (!wanted(name)) return false;
  try {
    await check();
    passed += 1;
    console.log(`ok   ${name}`);
    return true;
  } catch (error) {
    failed += 1;
    const lines = String(error?.message ?? error).split("\n").slice(0, 6);
    // Where in the tests, since messages of the driver do not say.
    const place = /\/tests\/browser\/(?!lib\/check)([^\s)]+)/.exec(error?.stack ?? "")?.[1];
    console.log([`FAIL ${name}${place ? ` (${place})` : ""}`, ...lines].join("\n     "));
    return false;
  }
}

export function demand(holds, message) {
  if (!holds) throw new Error(message);
}

export function same(got, wanted, what) {
  const [one, other] = [JSON.stringify(got), JSON.stringify(wanted)];
  demand(one === other, `${what}: ${one} instead of ${other}`);
}

export function closingLine() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

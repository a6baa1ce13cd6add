// Work for the time in which the reader rests.

type Rest = { timeRemaining(): number };
const LONGEST_MS = 200; // that work waits for a rest before it takes a little time all the same
const SHARE_MS = 12;

/** Runs once the page rests, or in small shares where it never does. */
export function whenIdle(run: (rest: Rest) => void): void {
  const share = (): Rest => {
    const until = performance.now() + SHARE_MS;
    return { timeRemaining: () => until - performance.now() };
  };
  if ("requestIdleCallback" in window) requestIdleCallback((rest) => run(rest.didTimeout ? share() : rest), { timeout: LONGEST_MS });
  else setTimeout(() => run(share()), 30);
}

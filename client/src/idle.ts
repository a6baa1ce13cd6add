// Work for the time in which the reader rests.

type Idle = (run: (rest: { timeRemaining(): number }) => void) => number;
export const whenIdle: Idle = "requestIdleCallback" in window ? (run) => requestIdleCallback(run) : (run) => window.setTimeout(() => run({ timeRemaining: () => 4 }), 30);

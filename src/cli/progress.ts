/** What goes on, for who waits. */
export interface Progress {
  /** A short line without full stop; it stands until the next one. */
  readonly say: (line: string) => void;
  /** Nothing goes on that takes long: before results are written, and in the end. */
  readonly clear: () => void;
}

/** Standard error, as far as it is needed. */
interface Stream {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

/** Often enough to see that a search lives, seldom enough for the log of a nightly job. */
const usualPauseMs = 10_000;

const eraseLine = "\r\u001B[K";

/** On a terminal one line that is rewritten in place; elsewhere the line of the moment every ten seconds, and nothing of what is done sooner. */
export function createProgress(
  stream: Stream,
  pauseMs = usualPauseMs,
): Progress {
  if (stream.isTTY === true)
    return {
      say: (line) => stream.write(`${eraseLine}${line}`),
      clear: () => stream.write(eraseLine),
    };
  let current = "";
  let timer: NodeJS.Timeout | undefined;
  return {
    say: (line) => {
      current = line;
      if (timer !== undefined) return;
      const startedAt = Date.now();
      timer = setInterval(() => {
        const seconds = Math.round((Date.now() - startedAt) / 1000);
        stream.write(`planlens: after ${seconds} s: ${current}\n`);
      }, pauseMs);
      timer.unref();
    },
    clear: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

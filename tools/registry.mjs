// Whether npm's registry can be reached, asked in seconds: an install would try each of its packages for minutes.
import { spawnSync } from "node:child_process";

/** Failures to connect; every other answer, a refusal too, shows that somebody is there. */
const unreachable =
  /\b(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT)\b/;

/** Goes npm's own way, with its proxy and its certificates. */
function isReachable(cwd) {
  const { status, stderr } = spawnSync(
    "npm",
    ["ping", "--fetch-retries=0", "--fetch-timeout=15000"],
    {
      cwd,
      encoding: "utf8",
      shell: process.platform === "win32",
      timeout: 30_000,
    },
  );
  return status === 0 || (status !== null && !unreachable.test(stderr));
}

/** Arguments for `npm install` in this folder: without a network, npm's cache may still hold every package. */
export const networkOptions = (cwd) => (isReachable(cwd) ? [] : ["--offline"]);

import type { ConnectionProfile } from "../../app/connection.ts";
import type { PlanView } from "../../protocol/messages.ts";

/** A bundle is of no environment: nothing that is done with it reaches a server. */
export const shownEnvironment = ({
  environment,
  target,
}: ConnectionProfile): PlanView["connection"]["environment"] =>
  target.engine === "bundle" ? "bundle" : environment;

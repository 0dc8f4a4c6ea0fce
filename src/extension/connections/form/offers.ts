import type { ConnectionTarget } from "../../../app/connection.ts";
import type { Found } from "../found.ts";

/** A connection that something on this machine describes; nothing has been dialled. */
export interface Offer {
  /** `user@host:port/database`, for a person to recognise it. */
  readonly where: string;
  readonly target: ConnectionTarget;
  readonly password: string | undefined;
}

/** Everything that a new connection can start from. */
export interface Offers {
  /** The user to suggest, like libpq: PGUSER, else that of the system. */
  readonly user: string;
  readonly found: readonly Found[];
  readonly environment: Offer | undefined;
  readonly services: readonly (Offer & { readonly name: string })[];
}

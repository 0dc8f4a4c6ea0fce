import type { ConnectionProfile } from "../../app/connection.ts";
import { secretKey } from "./secret-key.ts";

/** The part of VS Code's SecretStorage that is needed. */
export interface SecretShelf {
  get(key: string): Thenable<string | undefined>;
  store(key: string, value: string): Thenable<void>;
  delete(key: string): Thenable<void>;
}

type Holder = Pick<ConnectionProfile, "id" | "target">;

/** The passwords that a person entered; in the secret store and nowhere else. */
export interface Passwords {
  readonly get: (holder: Holder) => Promise<string | undefined>;
  readonly set: (holder: Holder, password: string) => Promise<void>;
  readonly delete: (holder: Holder) => Promise<void>;
}

/** Passwords by profile and server, see secretKey. */
export function createPasswords(shelf: SecretShelf): Passwords {
  return {
    get: async ({ id, target }) => shelf.get(secretKey(id, target)),
    set: async ({ id, target }, password) => {
      await shelf.store(secretKey(id, target), password);
    },
    delete: async ({ id, target }) => {
      await shelf.delete(secretKey(id, target));
    },
  };
}

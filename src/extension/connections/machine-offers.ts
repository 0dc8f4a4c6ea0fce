import type { Found } from "./found.ts";
import type { Offers } from "./form/offers.ts";

export function collectOffers(
  found: readonly Found[],
  user: string,
): Promise<Offers> {
  return Promise.resolve({ user, found, environment: undefined, services: [] });
}

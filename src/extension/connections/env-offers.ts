import type { Offer } from "./form/offers.ts";

export function offersInEnvFile(
  _text: string,
): readonly (Offer & { readonly variable: string })[] {
  return [];
}

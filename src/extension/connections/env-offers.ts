import { findConnections } from "../../adapters/postgres/env-file.ts";
import { whereIs, type Offer } from "./offers.ts";
import { splitMongoUrl } from "./form/mongo-url.ts";

type EnvOffer = Offer & { readonly variable: string };

/** What the text of a `.env` file offers; passwords stand apart from everything that is shown. */
export function offersInEnvFile(text: string): readonly EnvOffer[] {
  return findConnections(text).flatMap((found): readonly EnvOffer[] => {
    const { variable } = found;
    if (found.engine === "postgres") {
      const { target, password } = found.parsed;
      return [{ variable, target, password, where: whereIs(target) }];
    }
    const parts = splitMongoUrl(found.url);
    if (!parts.ok) return [];
    const { url, password } = parts.value;
    return [
      {
        variable,
        target: { engine: "mongodb", url },
        password,
        where: url,
      },
    ];
  });
}

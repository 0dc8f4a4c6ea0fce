import { userInfo } from "node:os";
import { whereIs, type Found, type Offer, type Offers } from "./offers.ts";

type Variables = Readonly<Record<string, string | undefined>>;

const offerOf = (
  parsed: Pick<Offer, "password"> & {
    readonly target: Parameters<typeof whereIs>[0];
  },
): Offer => ({
  target: parsed.target,
  password: parsed.password,
  where: whereIs(parsed.target),
});

/** The user of the system; a container may have none. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "postgres";
  }
}

/** What `PG*` variables and the service files of this machine offer, besides what was found in the folder. */
export async function collectOffers(
  found: readonly Found[],
  variables: Variables,
): Promise<Offers> {
  const { targetFromEnvironment } =
    await import("../../adapters/postgres/from-environment.ts");
  const { readServices, targetFromService } =
    await import("../../adapters/postgres/service-file.ts");
  const environment = await targetFromEnvironment(variables);
  const names = [...(await readServices(variables)).keys()];
  const services = await Promise.all(
    names.map(async (name) => ({
      name,
      parsed: await targetFromService(name, variables),
    })),
  );
  return {
    user: variables["PGUSER"] ?? systemUser(),
    found,
    environment:
      environment?.ok === true ? offerOf(environment.value) : undefined,
    services: services.flatMap(({ name, parsed }) =>
      parsed.ok ? [{ name, ...offerOf(parsed.value) }] : [],
    ),
  };
}

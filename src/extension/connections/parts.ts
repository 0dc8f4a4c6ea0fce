import type * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { CopyQuestion } from "../twin/twin-host.ts";
import type { ActiveChoice } from "./active-choice.ts";
import type { DemoHost } from "./demo-host.ts";
import type { DemoFolders } from "./demo-queries.ts";
import type { FormPorts } from "./form/form.ts";
import type { Passwords } from "./passwords.ts";
import type { Pool } from "./pool.ts";
import type { ProfileStore } from "./profile-store.ts";

/** What the commands about connections work on; nobody outside this folder is given it. */
export interface Parts {
  readonly list: () => readonly ConnectionProfile[];
  readonly active: (
    uri: vscode.Uri | undefined,
  ) => ConnectionProfile | undefined;
  readonly store: ProfileStore;
  readonly passwords: Passwords;
  readonly choice: ActiveChoice;
  readonly pool: Pool;
  /** What the source has and the copy of its statistics has not. */
  readonly remarks: (profile: ConnectionProfile) => readonly string[];
  /** Whether statistics may be copied. */
  readonly copyQuestion: CopyQuestion;
  readonly demo: DemoHost;
  readonly demoFolders: DemoFolders;
  readonly form: FormPorts;
  /** Lists the demo in this workspace, or takes it off the list. */
  readonly listDemo: (listed: boolean) => Promise<void>;
  readonly refreshFound: () => void;
  /** Tells everybody that something changed. */
  readonly announce: () => void;
  readonly log: vscode.LogOutputChannel;
}

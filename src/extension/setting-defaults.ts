/** Every setting with its default; a test compares them with package.json. */
export const settingDefaults = {
  connections: [] as readonly unknown[],
  "demo.autoConnect": false,
  "codeLens.enabled": true,
  "hover.enabled": true,
  "diagnostics.enabled": true,
  "analyze.statementTimeoutMs": 30_000,
  "analyze.lockTimeoutMs": 2_000,
  "slowQueries.limit": 100,
  "twins.enabled": true,
  "advise.timeLimitMs": 60_000,
  "advise.budgetMegabytes": 0,
} as const;

export type SettingName = keyof typeof settingDefaults;

import type { WorkspaceListing } from "./migration.ts";

/** Everything before the last slash; empty at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** What follows the last slash. */
export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Joins two relative paths; an empty folder is the root. */
export function joinPath(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}

/** Names of the files directly in a folder. */
export function filesIn(
  listing: WorkspaceListing,
  folder: string,
): readonly string[] {
  return listing.paths
    .filter((path) => folderOf(path) === folder)
    .map(fileNameOf);
}

/** Names of the folders directly in a folder. */
export function foldersIn(
  listing: WorkspaceListing,
  folder: string,
): readonly string[] {
  const prefix = folder === "" ? "" : `${folder}/`;
  const names = listing.paths
    .filter(
      (path) =>
        path.startsWith(prefix) && path.slice(prefix.length).includes("/"),
    )
    .map((path) => path.slice(prefix.length).split("/")[0] ?? "");
  return [...new Set(names)];
}

/** Folders that hold at least one file whose name fits, in order of appearance. */
export function foldersWith(
  listing: WorkspaceListing,
  fits: RegExp,
): readonly string[] {
  const folders = listing.paths
    .filter((path) => fits.test(fileNameOf(path)))
    .map(folderOf);
  return [...new Set(folders)];
}

/** True when the last part of a path says that migrations live there. */
export function isMigrationFolder(folder: string): boolean {
  return /(?:^|\/)(?:migrations?|migrate|versions)$/i.test(folder);
}

/** Text of a file, when the caller read it. */
export function contentOf(
  listing: WorkspaceListing,
  path: string,
): string | undefined {
  return listing.contents[path];
}

/** True when a package.json of the workspace names the package as a dependency of any kind. */
export function dependsOn(
  listing: WorkspaceListing,
  packageName: string,
): boolean {
  return Object.entries(listing.contents).some(
    ([path, text]) =>
      fileNameOf(path) === "package.json" && text.includes(`"${packageName}"`),
  );
}

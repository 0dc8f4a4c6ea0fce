// The toolkit probes the browser with a style element while it is imported, and looks for the page's nonce in a
// meta element of this name. The policy allows that nonce for styles, so the probe passes instead of being reported.
const { nonce } =
  document.querySelector<HTMLScriptElement>("script[nonce]") ?? {};
if (nonce !== undefined && nonce !== "") {
  const meta = document.createElement("meta");
  meta.setAttribute("property", "csp-nonce");
  meta.content = nonce;
  document.head.append(meta);
}

/** The nonce is not needed in the page afterwards. */
export function hideNonce(): void {
  document.querySelector('meta[property="csp-nonce"]')?.remove();
}

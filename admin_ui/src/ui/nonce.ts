/** The server hands a new nonce out with every page; `<style>` elements need it under our CSP. */
export const nonce =
  document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// React writes what it waited for at the end of the page, hidden, and moves it into its place by a script.
const styles = `
  [data-skeleton] { display: none }
  div:has(main [data-skeleton]) { min-height: 0 }
  div[hidden][id^="S:"] { display: block !important }
`;

/** Shows a page that was streamed to a browser without JavaScript too: without it, only its skeleton would be seen. */
export function WithoutScript({ nonce }: { nonce: string | undefined }) {
  return (
    <noscript>
      <style nonce={nonce}>{styles}</style>
    </noscript>
  );
}

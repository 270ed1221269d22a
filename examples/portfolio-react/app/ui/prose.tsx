/** Tables scroll by themselves where they are too wide, also by keyboard; code holds no tag as such. */
function scrolling(html: string): string {
  return html
    .replaceAll('<table>', '<div class="table" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>');
}

/** HTML that the CMS rendered and cleaned when it was published. */
export function Prose({ html }: { html: string }) {
  return <div className="prose" dangerouslySetInnerHTML={{ __html: scrolling(html) }} />;
}

"""What people have on their clipboard, and how it gets into a text."""

import base64

from playwright.async_api import Page

from tests.browser.acts import text_of

# As these programs write it, cut down to what matters.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{}</style></head>
<body lang=EN-US><!--StartFragment--><h1>Palm leaves<o:p></o:p></h1>
<p class=MsoNormal>Ink stays for <b>four hundred</b> <i>years</i>.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-.25in;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span><![endif]>
boil</p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-.25in;mso-list:l0 level2 lfo1'>
<![if !supportLists]><span style='mso-list:Ignore'>o<span>&nbsp; </span></span><![endif]>half a day
</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-.25in;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]>press</p>
<table><tr><td><p class=MsoNormal>Step</p></td><td><p class=MsoNormal>Days</p></td></tr>
<tr><td><p class=MsoNormal>Dry</p></td><td><p class=MsoNormal>14</p></td></tr></table>
<!--EndFragment--></body></html>"""
WORD_BECOMES = """\
## Palm leaves

Ink stays for **four hundred** *years*.

- boil
  - half a day
- press

| Step | Days |
| --- | --- |
| Dry | 14  |"""
GOOGLE = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1">
<h2 dir="ltr"><span style="font-weight:400">How</span></h2>
<p dir="ltr"><span style="font-weight:700">Dry</span><span style="font-style:normal"> it </span>
<span style="font-style:italic">slowly</span><span style="text-decoration:line-through">!</span>
<a href="https://www.google.com/url?q=https://example.com/leaf&amp;sa=D"><span>there</span></a></p>
<ol><li dir="ltr"><p dir="ltr"><span>one</span></p></li><li><p><span>two</span></p></li></ol></b>"""
GOOGLE_BECOMES = """\
## How

**Dry** it *slowly*~~!~~ [there](https://example.com/leaf)

1. one
2. two"""
PAGE = """<h3>Notes</h3>
<p>Use <code>lontar</code>, says <a href="https://example.com">a page</a>.<br>
And&nbsp;more.</p><blockquote><p>Slowly.</p></blockquote>
<pre><code class="language-py">def leaf():
    return 1
</code></pre><p onclick="alert(1)">Safe.<script>alert(1)</script></p>"""
PAGE_BECOMES = """\
### Notes

Use `lontar`, says [a page](https://example.com).\\
And more.

> Slowly.

```py
def leaf():
    return 1
```

Safe."""

_PASTE = """([html, text, file]) => {
    const data = new DataTransfer();
    if (html) data.setData('text/html', html);
    if (text) data.setData('text/plain', text);
    if (file) {
        const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], 'leaf.png', { type: 'image/png' }));
    }
    const init = { clipboardData: data, bubbles: true, cancelable: true };
    document.querySelector('.cm-content').dispatchEvent(new ClipboardEvent('paste', init));
}"""


async def paste(page: Page, *, html: str = "", text: str = "", picture: bytes = b"") -> None:
    await text_of(page).focus()
    file = base64.b64encode(picture).decode()
    await page.evaluate(_PASTE, [html, text, file])

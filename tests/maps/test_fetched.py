import pytest

from maps.fetched import fetched_urls


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<script src="https://a.org/x.js"></script>', "https://a.org/x.js"),
        ("<link rel=stylesheet href=//a.org/x.css>", "//a.org/x.css"),
        ("<link rel='icon' href='favicon.ico'/>", "favicon.ico"),
        ('<IMG SRC="x.png">', "x.png"),
        ('<img srcset="x.png 2x">', "x.png 2x"),
        ('<svg><image href="x.png"/><use xlink:href="y.svg#z"/></svg>', "x.png"),
        ("<style>@import 'x.css';</style>", "x.css"),
        ("<style>a { background: URL( x.png ) }</style>", "x.png"),
        ("<p style=\"background: url('x.png')\">", "x.png"),
        ('<rect fill="url(other.svg#ramp)">', "other.svg#ramp"),
        ("<iframe src='page.html'></iframe>", "page.html"),
        ("<form action='/send'>", "/send"),
        ("<meta http-equiv=refresh content='1; url=x'>", "1; url=x"),
        ("<p onclick='go()'>", "onclick=go()"),
        ("<script>var a = 'https://a.org/{z}/{x}/{y}.png'</script>", "https://a.org/{z}/{x}/{y}.png"),
        ("<script>fetch(place)</script>", "fetch"),
        ("<script>new WebSocket (place)</script>", "WebSocket"),
        ("<script>import('./x.js')</script>", "import("),
    ],
)
def test_what_a_browser_would_fetch_is_found(html: str, found: str) -> None:
    assert fetched_urls(html)[0] == found


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://a.org/">a link is not fetched</a>',
        '<img src="data:image/png;base64,AA==">',
        '<rect fill="url(#ramp)">',
        "<style>a { background: url(data:image/png;base64,AA==) }</style>",
        '<script type="application/json">{"note": "https://a.org/x.js"}</script>',
        "<script>var space = 'http://www.w3.org/2000/svg'</script>",
        "<p>https://a.org/ in a text</p>",
    ],
)
def test_what_it_would_not_is_left_alone(html: str) -> None:
    assert fetched_urls(html) == ()

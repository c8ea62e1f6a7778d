//! What comes from outside is text, never markup.

use super::sources;

#[test]
fn no_template_marks_anything_safe() {
    let mut guilty = Vec::new();
    for source in sources("templates", "html") {
        for (at, line) in source.text.lines().enumerate() {
            let plain: String = line.chars().filter(|letter| !letter.is_whitespace()).collect();
            if plain.contains("|safe") || plain.contains("escape(\"none\"") || plain.contains("autoescapefalse") {
                guilty.push(format!("{}:{}: {}", source.path, at + 1, line.trim()));
            }
        }
    }
    assert!(guilty.is_empty(), "{}", guilty.join("\n"));
}

#[test]
fn no_template_carries_script_or_style_of_its_own() {
    let mut guilty = Vec::new();
    for source in sources("templates", "html") {
        for (at, line) in source.text.lines().enumerate() {
            let handler = line.split(' ').any(|word| word.starts_with("on") && word.contains("=\""));
            let inline = line.contains("<style") || line.contains(" style=\"") || line.contains("<script>");
            if handler || inline {
                guilty.push(format!("{}:{}: {}", source.path, at + 1, line.trim()));
            }
        }
    }
    assert!(guilty.is_empty(), "{}", guilty.join("\n"));
}

/// The one type that templates print as it is; only its neighbours can make one.
const SAFE_HTML: &str = "src/portal/show/html.rs";

#[test]
fn no_template_type_turns_escaping_off() {
    let guilty: Vec<String> = sources("src", "rs")
        .iter()
        .filter(|source| source.path != SAFE_HTML)
        .flat_map(|source| source.code().into_iter().map(|(at, line)| format!("{}:{at}: {}", source.path, line.trim())))
        .filter(|line| {
            line.contains("escape = \"none\"") || line.contains("askama::filters") || line.contains("HtmlSafe")
        })
        .collect();

    assert!(guilty.is_empty(), "{}", guilty.join("\n"));
}

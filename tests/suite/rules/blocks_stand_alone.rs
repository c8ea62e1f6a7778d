//! Blocks that pages answer with by themselves stand in no condition: the answer would be empty.

use super::sources;

/// The word and the name of each statement of a template, such as `block` and `tags`.
fn statements(template: &str) -> impl Iterator<Item = (&str, &str)> {
    template.split("{%").skip(1).map(|rest| {
        let mut words = rest.split_whitespace().filter(|word| *word != "-");
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    })
}

#[test]
fn no_block_that_is_asked_for_stands_in_a_condition() {
    let asked_for: Vec<String> = sources("src/portal", "rs")
        .iter()
        .flat_map(|source| source.text.lines().map(str::to_string).collect::<Vec<_>>())
        .filter_map(|line| Some(line.split_once("blocks = [")?.1.split_once(']')?.0.replace(['"', ' '], "")))
        .flat_map(|names| names.split(',').map(str::to_string).collect::<Vec<_>>())
        .collect();
    let mut guilty = Vec::new();

    for source in sources("templates", "html") {
        let mut depth = 0;
        for (word, name) in statements(&source.text) {
            match word {
                "if" | "for" | "match" => depth += 1,
                "endif" | "endfor" | "endmatch" => depth -= 1,
                "block" if depth > 0 && asked_for.iter().any(|asked| asked == name) => {
                    guilty.push(format!("{}: {name}", source.path));
                }
                _ => {}
            }
        }
    }

    assert!(asked_for.len() > 10, "{asked_for:?}");
    assert!(guilty.is_empty(), "{}", guilty.join("\n"));
}

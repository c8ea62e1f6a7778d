use crate::support::source::files;

#[test]
fn templates_mark_nothing_as_safe_and_carry_no_inline_script_or_style() {
    for (path, text) in files("templates", ".html") {
        for forbidden in ["|safe", "| safe", "<style", " style=", " onclick=", " onload=", "javascript:"] {
            assert!(!text.contains(forbidden), "{} has {forbidden}", path.display());
        }
        for script in text.split("<script").skip(1) {
            assert!(script.split('>').next().unwrap().contains("src="), "{} has an inline script", path.display());
        }
    }
}

use super::*;
use crate::portal::text::{Language, Text};

fn page_in(language: Language, faults: Faults) -> String {
    let typed = Typed { username: r#""><script>alert(1)</script>"#.into(), email: "<i>@example.com".into() };
    let frame = Outside {
        version: "0.0.0",
        text: Text::new(language),
        theme: "",
        host: "registry.example.com".into(),
        proof: String::new(),
        flash: None,
    };
    SetupPage { frame, token: "a\"b".into(), typed, faults }.render().unwrap()
}

fn page(fields: &[&str]) -> String {
    let mut faults = Faults::none();
    for field in fields {
        faults.add(*field, "Not like <b>this</b>.");
    }
    page_in(Language::English, faults)
}

#[test]
fn what_was_typed_comes_back_as_text() {
    let page = page(&["username"]);

    assert!(page.contains("value=\"&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;\""), "{page}");
    assert!(page.contains("value=\"&#60;i&#62;@example.com\""), "{page}");
    assert!(page.contains("value=\"a&#34;b\""), "{page}");
    assert!(page.contains("Not like &#60;b&#62;this&#60;/b&#62;."), "{page}");
    assert!(!page.contains("<script>alert") && !page.contains("<i>") && !page.contains("<b>this"));
}

#[test]
fn a_fault_is_told_first_and_at_its_field() {
    let page = page(&["email", "password_again"]);

    assert!(page.contains("Correct 2 things."), "{page}");
    for id in ["email", "password_again"] {
        assert!(page.contains(&format!("<a href=\"#{id}\"")), "{page}");
        assert!(page.contains(&format!("id=\"{id}-error\"")), "{page}");
    }
    assert!(!page.contains("id=\"username-error\""));
}

#[test]
fn the_page_speaks_the_language_of_its_reader() {
    let page = page_in(Language::German, Faults::none());

    assert!(page.contains("<html lang=\"de\"") && page.contains("Diese Registry einrichten"), "{page}");
}

#[test]
fn pages_carry_no_inline_script_or_style() {
    let page = page(&[]);

    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("<script src=\"/static/js/app."), "{page}");
    assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains(" onclick="));
}

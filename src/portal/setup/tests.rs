use super::*;

fn page(faults: Vec<Fault>) -> String {
    let typed = Typed { username: r#""><script>alert(1)</script>"#.into(), email: "<i>@example.com".into() };
    let frame = SoloFrame { version: "0.0.0", request_id: None };
    SetupPage { frame, host: "registry.example.com".into(), token: "a\"b".into(), typed, faults }.render().unwrap()
}

fn fault(field: Field) -> Fault {
    Fault { field, message: "Not like <b>this</b>.".into() }
}

#[test]
fn what_was_typed_comes_back_as_text() {
    let page = page(vec![fault(Field::Username)]);

    assert!(page.contains("value=\"&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;\""), "{page}");
    assert!(page.contains("value=\"&#60;i&#62;@example.com\""), "{page}");
    assert!(page.contains("value=\"a&#34;b\""), "{page}");
    assert!(page.contains("Not like &#60;b&#62;this&#60;/b&#62;."), "{page}");
    assert!(!page.contains("<script>alert") && !page.contains("<i>") && !page.contains("<b>this"));
}

#[test]
fn a_fault_is_told_first_and_at_its_field() {
    let page = page(vec![fault(Field::Email), fault(Field::PasswordAgain)]);

    assert!(page.contains("Correct 2 fields."), "{page}");
    for id in ["email", "password_again"] {
        assert!(page.contains(&format!("<a href=\"#{id}\">")), "{page}");
        assert!(page.contains(&format!("id=\"{id}-error\"")), "{page}");
    }
    assert!(!page.contains("id=\"username-error\""));
}

#[test]
fn pages_carry_no_inline_script_or_style() {
    let page = page(Vec::new());

    assert_eq!(page.matches("<script").count(), 1);
    assert!(page.contains("<script src=\"/static/js/app."), "{page}");
    assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains(" onclick="));
}

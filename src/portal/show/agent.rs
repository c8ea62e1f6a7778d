//! What a program that asks calls itself, in fewer words.

/// What browsers put into their names for themselves, most particular first.
const PROGRAMS: [(&str, &str); 7] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("Ansible", "Ansible"),
];
const SYSTEMS: [(&str, &str); 6] = [
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// "Firefox, Linux", for browsers that are known.
pub fn name_of(agent: &str) -> Option<String> {
    let find =
        |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let program = find(&PROGRAMS)?;
    Some(find(&SYSTEMS).map_or_else(|| program.to_string(), |system| format!("{program}, {system}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_by_what_is_theirs_alone() {
        let linux = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
        assert_eq!(name_of(linux).as_deref(), Some("Chrome, Linux"));
        assert_eq!(name_of(&format!("{linux} Edg/140.0")).as_deref(), Some("Edge, Linux"));
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1";
        assert_eq!(name_of(phone).as_deref(), Some("Safari, iOS"));
        assert_eq!(name_of("curl/8.5.0").as_deref(), Some("curl"));
        assert_eq!(name_of("<script>"), None);
    }
}

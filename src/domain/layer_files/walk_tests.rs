use std::io::Cursor;

use proptest::prelude::*;

use super::*;

fn header(kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o100_755);
    header.set_uid(1);
    header.set_gid(2);
    header.set_mtime(3);
    header
}

/// An archive of files with their content.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        builder.append_data(&mut header(EntryType::Regular, content.len() as u64), path, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn all(bytes: &[u8]) -> Result<Vec<Found>, Fault> {
    let mut walker = Walker::new(Cursor::new(bytes), 1 << 30);
    let mut found = Vec::new();
    loop {
        match walker.step(1 << 20)? {
            Walked::Entry(entry) => found.push(*entry),
            Walked::Skipped | Walked::Working => {}
            Walked::End => return Ok(found),
        }
    }
}

fn raw(header: &Header, content: &[u8]) -> Vec<u8> {
    let mut header = header.clone();
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    bytes
}

fn pax(records: &[(&str, &str)]) -> Vec<u8> {
    let mut content = String::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + 3;
        let length =
            (1..).map(|digits| rest + digits).find(|length| length.to_string().len() + rest == *length).unwrap();
        content.push_str(&format!("{length} {key}={value}\n"));
    }
    raw(&header(EntryType::XHeader, content.len() as u64), content.as_bytes())
}

#[test]
fn files_are_found_with_where_their_bytes_begin() {
    let bytes = archive(&[("bin/a", b"first"), ("./bin/b", &[7; 600])]);

    let found = all(&bytes).unwrap();

    assert_eq!(found[0].path.as_str(), "bin/a");
    let begin = usize::try_from(found[1].data_at.unwrap()).unwrap();
    assert_eq!(bytes[begin..begin + 600], [7; 600]);
    let shown = (found[1].mode, found[1].uid, found[1].gid, found[1].mtime, found[1].size);
    assert_eq!(shown, (0o755, 1, 2, 3, 600));
}

#[test]
fn long_names_are_put_together() {
    let long = format!("{}/file", "folder/".repeat(30));
    for file in [archive(&[(&long, b"x")]), [pax(&[("path", &long)]), archive(&[("short", b"x")])].concat()] {
        assert_eq!(all(&file).unwrap()[0].path, long.parse().unwrap());
    }
}

#[test]
fn extended_headers_count_for_the_next_entry_only() {
    let records = [("path", "line\nbreak"), ("uid", "70000000"), ("mtime", "-5.5"), ("SCHILY.xattr.x", "a=b")];
    let bytes = [pax(&records), archive(&[("first", b"1"), ("second", b"2")])].concat();

    let found = all(&bytes).unwrap();

    assert_eq!((found[0].path.as_str(), found[0].uid, found[0].mtime), ("line\nbreak", 70_000_000, -5));
    assert_eq!((found[1].path.as_str(), found[1].uid, found[1].mtime), ("second", 1, 3));
}

#[test]
fn a_size_in_the_extended_header_is_the_one_that_counts() {
    let mut inner = header(EntryType::Regular, 0);
    inner.set_path("large").unwrap();
    let bytes = [pax(&[("size", "700")]), raw(&inner, &[1; 700]), archive(&[("next", b"n")])].concat();

    let found = all(&bytes).unwrap();

    assert_eq!((found[0].size, found[1].path.as_str()), (700, "next"));
}

#[test]
fn links_have_a_target_and_no_bytes() {
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_link(&mut header(EntryType::Symlink, 0), "lib", "usr/lib").unwrap();
    builder.append_link(&mut header(EntryType::Link, 0), "hard", "bin/a").unwrap();
    let bytes = builder.into_inner().unwrap();

    let found = all(&bytes).unwrap();

    assert_eq!((found[0].kind, found[0].link.as_deref()), (FileKind::Symlink, Some("usr/lib")));
    assert_eq!((found[1].kind, found[1].link.as_deref(), found[1].data_at), (FileKind::Hardlink, Some("bin/a"), None));
}

#[test]
fn names_that_lead_elsewhere_are_skipped_with_their_bytes() {
    let mut evil = header(EntryType::Regular, 600);
    evil.as_mut_bytes()[..9].copy_from_slice(b"../../etc");
    let bytes = [raw(&evil, &[9; 600]), archive(&[("good", b"g")])].concat();

    let found = all(&bytes).unwrap();

    assert_eq!(found.iter().map(|entry| entry.path.as_str()).collect::<Vec<_>>(), ["good"]);
}

#[test]
fn what_is_no_archive_says_so() {
    let not_one = all(&[b'x'; 2048]).unwrap_err();
    assert!(matches!(not_one, Fault::Broken(why) if why == "it is no tar archive"));

    let good = archive(&[("a", &[1; 2000])]);
    let cut = all(&good[..1024]).unwrap_err();
    assert!(matches!(cut, Fault::Broken(why) if why == "it ends in the middle"));

    let mut damaged = archive(&[("a", b"x"), ("b", b"y")]);
    damaged[1030] ^= 1;
    assert!(matches!(all(&damaged).unwrap_err(), Fault::Broken(why) if why.contains("damaged")));
}

#[test]
fn archives_without_an_end_are_over_at_their_last_entry() {
    let whole = archive(&[("a", b"x")]);

    assert_eq!(all(&whole[..1024]).unwrap().len(), 1);
    assert!(all(&[]).unwrap().is_empty());
}

#[test]
fn what_unpacks_to_too_much_is_given_up() {
    let bytes = archive(&[("a", &[0; 4000])]);
    let mut walker = Walker::new(Cursor::new(&bytes), 2000);

    let given_up = std::iter::repeat_with(|| walker.step(1 << 20)).find_map(Result::err).unwrap();

    assert!(matches!(given_up, Fault::TooLarge(_)));
}

#[test]
fn extended_headers_are_bounded() {
    for (kind, size) in [(EntryType::XHeader, MAX_PAX + 1), (EntryType::GNULongName, u64::MAX / 2)] {
        let bytes = raw(&header(kind, size), b"");
        assert!(matches!(all(&bytes).unwrap_err(), Fault::Broken(why) if why.contains("extended header")));
    }
    let endless = raw(&header(EntryType::Regular, u64::MAX), b"");
    assert!(all(&endless).is_err());
}

#[test]
fn a_step_ends_in_the_middle_of_a_large_file() {
    let bytes = archive(&[("a", &[0; 1_000_000])]);
    let mut walker = Walker::new(Cursor::new(&bytes), 1 << 30);
    assert!(matches!(walker.step(1).unwrap(), Walked::Entry(_)));

    assert_eq!(walker.step(100_000).unwrap(), Walked::Working);

    assert!(walker.position() < 300_000);
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>(), at in 0_usize..2048, byte in any::<u8>()) {
        let _ = all(&bytes);
        let mut damaged = [pax(&[("path", "x")]), archive(&[("a", b"abc")])].concat();
        let at = at % damaged.len();
        damaged[at] = byte;
        let _ = all(&damaged);
    }
}

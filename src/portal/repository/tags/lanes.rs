//! Lines beside the rows that join tags of one image.
//!
//! Each image with several tags on the page has a lane from its first to its last row. There is room for three; an image
//! that finds none free has no line.

use std::collections::HashMap;

const LANES: usize = 3;

/// What a lane looks like at a row, as classes: `lane lane-1 start`, or `lane` where the line of nothing passes.
pub fn lanes(manifests: &[i64]) -> Vec<Vec<String>> {
    let mut span: HashMap<i64, (usize, usize)> = HashMap::new();
    for (at, manifest) in manifests.iter().enumerate() {
        span.entry(*manifest).or_insert((at, at)).1 = at;
    }
    let mut occupied: [Option<i64>; LANES] = [None; LANES];
    let mut rows = Vec::with_capacity(manifests.len());
    for (at, manifest) in manifests.iter().enumerate() {
        let (first, last) = span[manifest];
        if first == at
            && last > at
            && let Some(free) = occupied.iter_mut().find(|lane| lane.is_none())
        {
            *free = Some(*manifest);
        }
        let used = occupied.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
        let row = (0..used).map(|lane| class(lane, occupied[lane], *manifest, at, &span)).collect();
        rows.push(row);
        for lane in &mut occupied {
            if lane.is_some_and(|image| span[&image].1 == at) {
                *lane = None;
            }
        }
    }
    rows
}

fn class(lane: usize, image: Option<i64>, manifest: i64, at: usize, span: &HashMap<i64, (usize, usize)>) -> String {
    let Some(image) = image else { return "lane lane-none".into() };
    let number = lane + 1;
    if image != manifest {
        return format!("lane lane-{number}");
    }
    let (first, last) = span[&image];
    let part = if at == first {
        "start"
    } else if at == last {
        "end"
    } else {
        "mid"
    };
    format!("lane lane-{number} {part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_runs_from_the_first_tag_of_an_image_to_its_last() {
        assert_eq!(
            lanes(&[7, 8, 7, 9]),
            [vec!["lane lane-1 start"], vec!["lane lane-1"], vec!["lane lane-1 end"], vec![]]
        );
    }

    #[test]
    fn images_side_by_side_have_lanes_of_their_own_and_a_fourth_has_none() {
        let rows = lanes(&[1, 2, 3, 4, 1, 2, 3, 4]);

        assert_eq!(rows[2], ["lane lane-1", "lane lane-2", "lane lane-3 start"]);
        assert_eq!(rows[3], ["lane lane-1", "lane lane-2", "lane lane-3"]);
        assert_eq!(rows[5], ["lane lane-none", "lane lane-2 end", "lane lane-3"]);
        assert!(rows[7].is_empty());
    }
}

use domain::time::Timestamp;

use super::super::super::text::Language;
use super::super::Reader;
use super::*;

fn reader() -> Reader {
    Reader::new(Language::English, None, Timestamp(0))
}

fn table() -> DataTable {
    DataTable {
        summary: "Show as table".into(),
        label: "Pushes per week".into(),
        columns: vec!["Week of".into(), "Pushes".into()],
        rows: vec![vec!["8 June".into(), "54".into()]],
    }
}

fn heat(counts: &[u64], first_weekday: usize) -> String {
    let days = counts.iter().enumerate().map(|(at, count)| Day {
        count: *count,
        title: format!("day {at}: {count} <pushes>"),
        month: at.is_multiple_of(30).then(|| format!("M{}", at / 30)),
    });
    let map = HeatMap {
        id: "heat",
        first_weekday,
        days: days.collect(),
        texts: HeatMapTexts {
            title: "Pushes in 90 days".into(),
            total: "680".into(),
            sentence: "Most on weekdays.".into(),
            weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(String::from),
            fewer: "Fewer".into(),
            more: "More".into(),
        },
        table: table(),
    };
    map.html().to_string()
}

fn bars(counts: &[&[u64]]) -> String {
    let series = |name: &str, link: Option<&str>| Series { name: name.into(), link: link.map(String::from) };
    let bar = |(at, counts): (usize, &&[u64])| Bar {
        label: format!("{} August", at + 1),
        short_label: format!("{} Aug", at + 1),
        counts: counts.to_vec(),
    };
    let chart = StackedBars {
        id: "chart",
        title: "Events per day".into(),
        sentence: "Most on 2 September.".into(),
        legend: "Kinds".into(),
        series: vec![series("Pull", Some("?kind=pull&x")), series("Push", None)],
        bars: counts.iter().enumerate().map(bar).collect(),
        show_table: "Show as table".into(),
        table_label: "Events per day as a table".into(),
        table_head: "Day".into(),
    };
    chart.html(&reader()).to_string()
}

/// What a screen reader and the policy on content need of every chart.
fn is_sound(markup: &str) {
    assert!(markup.contains("role=\"img\""), "{markup}");
    assert!(!markup.contains("style=") && !markup.contains("NaN") && !markup.contains("inf"), "{markup}");
    assert!(!markup.contains("=\"-"), "{markup}");
}

#[test]
fn a_heat_map_puts_days_into_weeks() {
    let markup = heat(&[0, 3, 15, 40], 5);

    is_sound(&markup);
    // Saturday and Sunday of the first week, Monday and Tuesday of the second.
    for (level, x, y) in [(0, 22, 89), (1, 22, 104), (3, 37, 14), (4, 37, 29)] {
        assert!(markup.contains(&format!("<rect class=\"h{level}\" x=\"{x}\" y=\"{y}\"")), "{level} {x} {y}: {markup}");
    }
    assert!(markup.contains("viewBox=\"0 0 52 120\""));
    assert!(markup.contains("<title>day 1: 3 &#60;pushes&#62;</title>"));
    assert!(markup.contains("aria-labelledby=\"heat-t heat-d\"") && markup.contains("id=\"heat-d\">Most on weekdays."));
    assert!(markup.contains("<th scope=\"row\">8 June</th><td class=\"c-num\">54</td>"));
}

#[test]
fn a_heat_map_of_90_days_names_its_months_and_some_weekdays() {
    let counts: Vec<u64> = (0..90).collect();
    let markup = heat(&counts, 0);

    assert_eq!(markup.matches("<title>").count(), 90);
    for label in [">M0<", ">M1<", ">M2<", ">Mon<", ">Wed<", ">Fri<"] {
        assert!(markup.contains(label), "{label}");
    }
    for level in 0..5 {
        assert!(markup.matches(&format!("class=\"h{level}\"")).count() > 1, "{level}");
    }
}

#[test]
fn one_busy_day_does_not_pale_all_others() {
    let markup = heat(&[1, 2, 3, 4, 1_000_000], 0);

    assert!(["h1", "h2", "h3", "h4"].iter().all(|level| markup.contains(&format!("\"{level}\" x=\"22\""))), "{markup}");
    is_sound(&heat(&[], 3));
    is_sound(&heat(&[7; 2000], 9));
}

#[test]
fn bars_stack_up_to_a_round_scale() {
    let markup = bars(&[&[3496, 378], &[0, 0], &[6260, 376]]);

    is_sound(&markup);
    // The highest is 6,636: four steps of 2,000.
    assert!(
        markup.contains("<span>8,000</span><span>6,000</span><span>4,000</span><span>2,000</span><span>0</span>"),
        "{markup}"
    );
    assert!(
        markup.contains("<title>Pull, 1 August: 3,496</title>")
            && markup.contains("<title>Push, 3 August: 376</title>")
    );
    assert!(!markup.contains("<title>Pull, 2 August"));
    assert!(markup.contains("height=\"86.8\"") && markup.contains("y=\"112.6\""), "{markup}");
    assert!(markup.contains("<a href=\"?kind=pull&#38;x\">Pull</a>") && markup.contains("<span>Push</span>"));
    assert!(markup.contains("<th scope=\"row\">2 Aug</th><td class=\"c-num\">0</td><td class=\"c-num\">0</td>"));
}

#[test]
fn bars_label_the_first_the_last_and_some_between() {
    let days: Vec<Vec<u64>> = (0..30).map(|day| vec![day, 1]).collect();
    let days: Vec<&[u64]> = days.iter().map(Vec::as_slice).collect();

    let markup = bars(&days);

    let axis = markup.split("class=\"x\"").nth(1).unwrap().split("</div>").next().unwrap();
    assert_eq!(axis.matches("<span>").count(), 5, "{axis}");
    assert!(axis.contains("<span>1 Aug</span>") && axis.contains("<span>30 Aug</span>"), "{axis}");
}

#[test]
fn bars_of_nothing_and_of_far_too_much_are_drawn() {
    is_sound(&bars(&[]));
    is_sound(&bars(&[&[0, 0]]));
    is_sound(&bars(&[&[u64::MAX, u64::MAX], &[1]]));
}

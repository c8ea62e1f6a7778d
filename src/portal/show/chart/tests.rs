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

#[test]
fn a_donut_fills_its_ring() {
    let slice = |severity, label: &str, count| Slice { severity, label: label.into(), count };
    let donut = Donut {
        sentence: "9 findings: 2 critical, 7 high".into(),
        caption: "findings".into(),
        slices: vec![
            slice(Severity::Critical, "Critical", 2),
            slice(Severity::High, "High", 7),
            slice(Severity::Low, "Low", 0),
        ],
    };

    let markup = donut.html(&reader()).to_string();

    assert!(markup.contains("role=\"img\" aria-label=\"9 findings: 2 critical, 7 high\""));
    let ring = std::f64::consts::TAU * 44.0;
    let first = ring * 2.0 / 9.0;
    assert!(
        markup.contains(&format!(
            "stroke-dasharray=\"{:.2} {:.2}\" stroke-dashoffset=\"0.00\"",
            first - 2.0,
            ring - first + 2.0
        )),
        "{markup}"
    );
    assert!(markup.contains(&format!("stroke-dashoffset=\"-{first:.2}\"")));
    assert!(markup.contains("<title>Critical: 2</title>") && !markup.contains("<title>Low"));
    assert!(markup.contains("<rect class=\"s-high fill-only\" width=\"100.0\"") && markup.contains("#sev-3"));
    assert!(markup.contains("sev-low") && !markup.contains("s-low fill-only"));
}

#[test]
fn a_donut_without_findings_shows_an_empty_ring() {
    let donut = Donut { sentence: "No findings".into(), caption: "findings".into(), slices: Vec::new() };

    assert!(donut.html(&reader()).as_str().contains("class=\"s-track\""));
}

#[test]
fn meters_show_a_part_of_a_whole() {
    let meter = |part, whole| Meter { part, whole, label: "a & b".into(), tone: Tone::of_quota(part, whole) }.html();
    assert_eq!(
        meter(64, 100).as_str(),
        "<svg class=\"meter\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"a &#38; b\"><rect width=\"64.0\" height=\"1\"></rect></svg>"
    );
    assert!(meter(1, 1_000_000).as_str().contains("width=\"1.0\""));
    assert!(meter(80, 100).as_str().contains("meter warn"));
    assert!(meter(200, 100).as_str().contains("meter danger") && meter(200, 100).as_str().contains("width=\"100.0\""));
    assert!(meter(0, 0).as_str().contains("width=\"0.0\""));
}

#[test]
fn sparks_are_as_high_as_their_highest() {
    let spark = |counts: &[u64]| Spark { counts: counts.to_vec(), label: "6 pulls".into() }.html().to_string();

    let markup = spark(&[5, 0, 10]);

    is_sound(&markup);
    assert!(markup.contains("viewBox=\"0 0 12 20\""));
    for bar in [
        "x=\"0\" y=\"10.0\" width=\"3\" height=\"10.0\"",
        "x=\"4\" y=\"20.0\" width=\"3\" height=\"0.0\"",
        "x=\"8\" y=\"0.0\" width=\"3\" height=\"20.0\"",
    ] {
        assert!(markup.contains(bar), "{bar}: {markup}");
    }
    is_sound(&spark(&[]));
    assert_eq!(spark(&[1; 500]).matches("<rect").count(), 90);
}

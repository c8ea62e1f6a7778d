//! Pages as somebody without script uses them: open one, fill in the form that is really there, send it, arrive.

use scraper::{ElementRef, Html, Selector};

use super::Browser;

/// A page that was opened.
pub struct Page<'b> {
    browser: &'b Browser,
    pub status: u16,
    pub path: String,
    pub html: String,
}

/// A form of a page, with what is filled in.
#[derive(Clone)]
pub struct Form<'b> {
    browser: &'b Browser,
    action: String,
    method: String,
    /// What will be sent.
    fields: Vec<(String, String)>,
    /// What can be filled in.
    names: Vec<String>,
}

impl Browser {
    /// Opens a page and goes where it leads.
    pub async fn open(&self, path: &str) -> Page<'_> {
        let mut path = path.to_string();
        for _ in 0..5 {
            let answer = self.get(&path).await;
            match answer.maybe_header("location") {
                Some(next) => path = next,
                None => {
                    return Page { browser: self, status: answer.status, path, html: answer.text() };
                }
            }
        }
        panic!("{path} leads on for ever");
    }
}

impl<'b> Page<'b> {
    /// Panics unless the page came with this status.
    pub fn is(self, status: u16) -> Page<'b> {
        assert_eq!(self.status, status, "{} says: {}", self.path, self.text());
        self
    }

    /// Everything that can be read.
    pub fn text(&self) -> String {
        let document = Html::parse_document(&self.html);
        let body = select("body");
        let words = document.select(&body).flat_map(|body| body.text().collect::<Vec<_>>());
        words.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Panics unless the page says this.
    pub fn says(self, words: &str) -> Page<'b> {
        let text = self.text();
        assert!(text.contains(words), "{} does not say “{words}”: {text}", self.path);
        self
    }

    /// Panics if the page says this.
    pub fn does_not_say(self, words: &str) -> Page<'b> {
        let text = self.text();
        assert!(!text.contains(words), "{} says “{words}”: {text}", self.path);
        self
    }

    /// Whether something fits a CSS selector.
    pub fn has(&self, selector: &str) -> bool {
        Html::parse_document(&self.html).select(&select(selector)).next().is_some()
    }

    /// How many things fit a CSS selector.
    pub fn count(&self, selector: &str) -> usize {
        Html::parse_document(&self.html).select(&select(selector)).count()
    }

    /// An attribute of the first thing that fits a CSS selector.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let document = Html::parse_document(&self.html);
        document.select(&select(selector)).next()?.attr(name).map(str::to_string)
    }

    /// Follows the first link that fits a CSS selector.
    pub async fn follow(&self, selector: &str) -> Page<'b> {
        let href = self.attribute(selector, "href");
        let href = href.unwrap_or_else(|| panic!("{} has no link {selector}", self.path));
        self.browser.open(&self.resolved(&href)).await
    }

    /// The form that is sent to this address or has this id.
    pub fn form(&self, action_or_id: &str) -> Form<'b> {
        let document = Html::parse_document(&self.html);
        let all = select("form");
        let form = document
            .select(&all)
            .find(|form| form.attr("action") == Some(action_or_id) || form.attr("id") == Some(action_or_id))
            .unwrap_or_else(|| panic!("{} has no form {action_or_id}: {}", self.path, self.text()));
        let mut fields = Vec::new();
        let mut names = Vec::new();
        for field in controls(&document, &form) {
            let Some(name) = field.attr("name").map(str::to_string) else { continue };
            names.push(name.clone());
            if let Some(value) = value_of(&field) {
                fields.push((name, value));
            }
        }
        let action = self.resolved(form.attr("action").unwrap_or_default());
        let method = form.attr("method").unwrap_or("get").to_lowercase();
        Form { browser: self.browser, action, method, fields, names }
    }

    /// Whether there is a form that is sent to this address or has this id.
    pub fn has_form(&self, action_or_id: &str) -> bool {
        self.has(&format!("form[action=\"{action_or_id}\"], form[id=\"{action_or_id}\"]"))
    }

    /// An address of the page as the browser asks for it.
    fn resolved(&self, href: &str) -> String {
        let here = url::Url::parse("http://here.invalid").unwrap().join(&self.path).unwrap();
        let there = here.join(href).unwrap();
        assert_eq!(there.host_str(), Some("here.invalid"), "{href} leads to another host");
        there[url::Position::BeforePath..url::Position::AfterQuery].to_string()
    }
}

impl<'b> Form<'b> {
    /// Fills in a field that is there.
    pub fn fill(mut self, name: &str, value: &str) -> Form<'b> {
        assert!(self.names.iter().any(|there| there == name), "no field {name} among {:?}", self.names);
        self.fields.retain(|(there, _)| there != name);
        self.fields.push((name.to_string(), value.to_string()));
        self
    }

    /// Ticks one of several boxes of a name, or presses a button that has one.
    pub fn tick(mut self, name: &str, value: &str) -> Form<'b> {
        assert!(self.names.iter().any(|there| there == name), "no field {name} among {:?}", self.names);
        self.fields.push((name.to_string(), value.to_string()));
        self
    }

    /// Takes a tick away.
    pub fn untick(mut self, name: &str) -> Form<'b> {
        self.fields.retain(|(there, _)| there != name);
        self
    }

    /// What a field will send.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(there, _)| there == name).map(|(_, value)| value.as_str())
    }

    /// Sends it and goes where the answer leads.
    pub async fn submit(self) -> Page<'b> {
        let fields: Vec<(&str, &str)> =
            self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if self.method == "get" {
            let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
            let path = self.action.split('?').next().unwrap_or_default();
            return self.browser.open(&format!("{path}?{query}")).await;
        }
        let answer = self.browser.submit(&self.action, &fields).await;
        match answer.maybe_header("location") {
            Some(next) => self.browser.open(&next).await,
            None => {
                let (status, html) = (answer.status, answer.text());
                Page { browser: self.browser, status, path: self.action, html }
            }
        }
    }
}

/// What belongs to a form: what is in it, and what names its id.
fn controls<'d>(document: &'d Html, form: &ElementRef<'d>) -> Vec<ElementRef<'d>> {
    let inside = select("input, textarea, select, button");
    let mut found: Vec<ElementRef<'d>> = form.select(&inside).filter(|field| field.attr("form").is_none()).collect();
    if let Some(id) = form.attr("id") {
        let outside = select(&format!("[form=\"{id}\"]"));
        found.extend(document.select(&outside));
    }
    found
}

/// What a browser sends for a field nobody touched.
fn value_of(field: &ElementRef<'_>) -> Option<String> {
    let plain = || Some(field.attr("value").unwrap_or_default().to_string());
    match (field.value().name(), field.attr("type").unwrap_or_default()) {
        ("button", _) | ("input", "submit" | "button" | "file") => None,
        ("input", "checkbox" | "radio") => {
            field.attr("checked").map(|_| field.attr("value").unwrap_or("on").to_string())
        }
        ("textarea", _) => Some(field.text().collect()),
        ("select", _) => {
            let (chosen, all) = (select("option[selected]"), select("option"));
            let option = field.select(&chosen).next().or_else(|| field.select(&all).next())?;
            Some(option.attr("value").map_or_else(|| option.text().collect(), str::to_string))
        }
        _ => plain(),
    }
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|_| panic!("{selector} is no selector"))
}

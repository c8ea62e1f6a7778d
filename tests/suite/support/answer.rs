//! What a server answered, read to the end.

use reqwest::header::HeaderMap;
use serde_json::Value;

#[derive(Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// What was asked, for messages.
    pub asked: String,
}

impl Answer {
    pub async fn read(asked: String, response: reqwest::Response) -> Answer {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.map(|bytes| bytes.to_vec()).unwrap_or_default();
        Answer { status, headers, body, asked }
    }

    /// Demands a status.
    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.shown());
        self
    }

    /// Demands a refusal of the registry: status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Answer {
        assert_eq!((self.status, self.code().as_str()), (status, code), "{}", self.shown());
        self
    }

    /// The code of a refusal in the specification's form.
    #[track_caller]
    pub fn code(&self) -> String {
        let code = self.json()["errors"][0]["code"].as_str().map(str::to_string);
        code.unwrap_or_else(|| panic!("no error in the specification's form: {}", self.shown()))
    }

    /// What a refusal says, whichever door it comes from.
    #[track_caller]
    pub fn message(&self) -> String {
        let json = self.json();
        let message = json["errors"][0]["message"].as_str().or(json["message"].as_str()).map(str::to_string);
        message.unwrap_or_else(|| panic!("no message: {}", self.shown()))
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.shown()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> String {
        self.maybe_header(name).unwrap_or_else(|| panic!("no header {name}: {}", self.shown()))
    }

    pub fn maybe_header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|value| value.to_str().unwrap().to_string())
    }

    /// Every value of a header, in order.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_string()).collect()
    }

    pub fn shown(&self) -> String {
        let body: String = self.text().chars().take(800).collect();
        format!("{} answered {} {:?}\n{body}", self.asked, self.status, self.headers)
    }
}

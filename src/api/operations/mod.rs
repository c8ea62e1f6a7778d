//! The table of operations: what `/api/v1` can do, in Quay's words. The descriptions that programs and people read are
//! made from it, and a test holds it against the routes.
//!
//! Parameters are words: `name` is text that may be left out, `name*` must be given, `limit:integer` has another type,
//! `role*:read|write|admin` is one of a few words, `filter:part` is a part of the names in a list.

mod account;
mod builds;
mod default_permissions;
mod logs;
mod organizations;
mod page;
mod repositories;
mod robots;
mod search;
mod superuser;
mod swagger;
mod tags;
mod teams;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::asked;
use crate::web::origin;
use crate::web::services::Services;

/// Something that can be asked of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// `GET`, `POST`, `PUT` or `DELETE`.
    pub method: &'static str,
    /// Below `/api/v1`, with `{names}`.
    pub path: &'static str,
    /// Quay's name for it.
    pub id: &'static str,
    /// What an access token must carry; empty if it needs nothing or it depends.
    pub scope: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// What the query may have.
    pub query: &'static str,
    /// What the JSON body may have.
    pub body: &'static str,
    /// The status when it went well.
    pub ok: u16,
}

/// Operations about one thing.
pub struct Group {
    /// In one word or two.
    pub tag: &'static str,
    /// As a heading.
    pub title: &'static str,
    /// In the order they are shown.
    pub operations: &'static [Operation],
}

/// Everything.
pub const GROUPS: [Group; 11] = [
    account::GROUP,
    organizations::GROUP,
    teams::GROUP,
    robots::GROUP,
    default_permissions::GROUP,
    repositories::GROUP,
    tags::GROUP,
    logs::GROUP,
    search::GROUP,
    superuser::GROUP,
    builds::GROUP,
];

/// What a parameter's word says.
struct Parameter {
    name: &'static str,
    required: bool,
    schema: Map<String, Value>,
}

impl Operation {
    const fn query(mut self, query: &'static str) -> Operation {
        self.query = query;
        self
    }

    const fn body(mut self, body: &'static str) -> Operation {
        self.body = body;
        self
    }

    const fn answers(mut self, ok: u16) -> Operation {
        self.ok = ok;
        self
    }

    /// The names in its path.
    fn path_names(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
    }
}

const fn operation(
    method: &'static str,
    path: &'static str,
    id: &'static str,
    scope: &'static str,
    summary: &'static str,
) -> Operation {
    Operation { method, path, id, scope, summary, query: "", body: "", ok: 200 }
}

const fn get(path: &'static str, id: &'static str, scope: &'static str, summary: &'static str) -> Operation {
    operation("GET", path, id, scope, summary)
}

const fn post(path: &'static str, id: &'static str, scope: &'static str, summary: &'static str) -> Operation {
    operation("POST", path, id, scope, summary)
}

const fn put(path: &'static str, id: &'static str, scope: &'static str, summary: &'static str) -> Operation {
    operation("PUT", path, id, scope, summary)
}

const fn patch(path: &'static str, id: &'static str, scope: &'static str, summary: &'static str) -> Operation {
    operation("PATCH", path, id, scope, summary)
}

const fn delete(path: &'static str, id: &'static str, scope: &'static str, summary: &'static str) -> Operation {
    operation("DELETE", path, id, scope, summary)
}

fn parameters(words: &'static str) -> Vec<Parameter> {
    let read = |word: &'static str| {
        let (name, kind) = word.split_once(':').unwrap_or((word, "string"));
        let mut schema = Map::new();
        if kind.contains('|') {
            schema.insert("type".into(), json!("string"));
            schema.insert("enum".into(), kind.split('|').collect());
        } else if kind == "part" {
            schema.insert("type".into(), json!("string"));
            // In bytes, which are at least as many as the characters that are counted here.
            schema.insert("maxLength".into(), json!(super::page::MAX_FILTER));
            schema.insert("description".into(), json!("A part of the names that are listed, in either case"));
        } else {
            schema.insert("type".into(), json!(kind));
        }
        if kind == "array" {
            schema.insert("items".into(), json!({ "type": "string" }));
        }
        Parameter { name: name.trim_end_matches('*'), required: name.ends_with('*'), schema }
    };
    words.split_whitespace().map(read).collect()
}

/// A JSON body of these parameters.
fn body_schema(words: &'static str) -> Value {
    let parameters = parameters(words);
    let required: Vec<&str> =
        parameters.iter().filter(|parameter| parameter.required).map(|parameter| parameter.name).collect();
    let properties: Map<String, Value> =
        parameters.into_iter().map(|parameter| (parameter.name.to_string(), Value::Object(parameter.schema))).collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::either("/discovery")).route(web::get().to(discovery)))
        .service(web::resource("/openapi.json").route(web::get().to(openapi)))
        .service(web::resource(asked::either("/docs")).route(web::get().to(page::show)));
}

/// `GET /api/v1/discovery`
async fn discovery(request: HttpRequest, services: web::Data<Services>) -> HttpResponse {
    HttpResponse::Ok().json(swagger::swagger(&origin::base_url(&request, &services)))
}

/// `GET /api/v1/openapi.json`
async fn openapi(request: HttpRequest, services: web::Data<Services>) -> HttpResponse {
    HttpResponse::Ok().json(swagger::openapi(&origin::base_url(&request, &services)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_operation_has_a_name_and_a_place_of_its_own() {
        let all: Vec<&Operation> = GROUPS.iter().flat_map(|group| group.operations).collect();

        let ids: HashSet<&str> = all.iter().map(|operation| operation.id).collect();
        let places: HashSet<(&str, &str)> = all.iter().map(|operation| (operation.method, operation.path)).collect();
        assert_eq!((ids.len(), places.len()), (all.len(), all.len()));
        for operation in all {
            assert!(operation.path.starts_with('/') && !operation.path.ends_with('/'), "{operation:?}");
            assert!(!operation.summary.is_empty() && !operation.summary.ends_with('.'), "{operation:?}");
        }
    }

    #[test]
    fn words_say_whether_a_parameter_is_needed_and_what_it_is() {
        assert_eq!(
            body_schema("name* limit:integer role*:read|write"),
            json!({
                "type": "object",
                "required": ["name", "role"],
                "properties": {
                    "name": { "type": "string" },
                    "limit": { "type": "integer" },
                    "role": { "type": "string", "enum": ["read", "write"] },
                },
            })
        );
    }
}

//! The table as programs read it: Swagger 2.0, which Quay's clients are generated from, and OpenAPI 3.1.

use domain::access::ApiScope;
use serde_json::{Map, Value, json};

use super::{GROUPS, Group, Operation, body_schema, parameters};

const TITLE: &str = "Pierhead API";
const DESCRIPTION: &str = "Administers a Pierhead registry, in the operations and shapes of Quay's API. Send an access \
                           token as `Authorization: Bearer`, or a user name and password.";

/// The document Quay's `/api/v1/discovery` gives.
pub fn swagger(base_url: &str) -> Value {
    let (scheme, host) = base_url.split_once("://").unwrap_or(("https", base_url));
    let definitions = each().filter(|(_, operation)| !operation.body.is_empty());
    let mut definitions: Map<String, Value> =
        definitions.map(|(_, operation)| (body_name(operation), body_schema(operation.body))).collect();
    definitions.insert("ApiError".into(), error_schema());
    json!({
        "swagger": "2.0",
        "host": host,
        "basePath": "/",
        "schemes": [scheme],
        "info": { "version": "v1", "title": TITLE, "description": DESCRIPTION },
        "securityDefinitions": {
            "oauth2_implicit": {
                "type": "oauth2",
                "flow": "implicit",
                "authorizationUrl": format!("{base_url}/oauth/authorize"),
                "scopes": scopes(),
            },
        },
        "paths": paths(swagger_operation),
        "definitions": definitions,
        "tags": tags(),
    })
}

/// The same as OpenAPI 3.1.
pub fn openapi(base_url: &str) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "version": env!("CARGO_PKG_VERSION"), "title": TITLE, "description": DESCRIPTION },
        "servers": [{ "url": base_url }],
        "tags": tags(),
        "paths": paths(openapi_operation),
        "components": {
            "schemas": { "ApiError": error_schema() },
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer" },
                "password": { "type": "http", "scheme": "basic" },
            },
        },
    })
}

fn each() -> impl Iterator<Item = (&'static Group, &'static Operation)> {
    static ALL: [Group; GROUPS.len()] = GROUPS;
    ALL.iter().flat_map(|group| group.operations.iter().map(move |operation| (group, operation)))
}

fn paths(render: fn(&Group, &Operation) -> Value) -> Map<String, Value> {
    let mut paths = Map::new();
    for (group, operation) in each() {
        let path = paths.entry(format!("/api/v1{}", operation.path)).or_insert_with(|| json!({}));
        path[operation.method.to_ascii_lowercase()] = render(group, operation);
    }
    paths
}

fn swagger_operation(group: &Group, operation: &Operation) -> Value {
    let in_path =
        operation.path_names().map(|name| json!({ "name": name, "in": "path", "required": true, "type": "string" }));
    let in_query = parameters(operation.query).into_iter().map(|parameter| {
        let mut shown = parameter.schema;
        shown.insert("name".into(), json!(parameter.name));
        shown.insert("in".into(), json!("query"));
        shown.insert("required".into(), json!(parameter.required));
        Value::Object(shown)
    });
    let in_body = (!operation.body.is_empty()).then(|| {
        let schema = json!({ "$ref": format!("#/definitions/{}", body_name(operation)) });
        json!({ "name": "body", "in": "body", "required": true, "schema": schema })
    });
    let error =
        |description: &str| json!({ "description": description, "schema": { "$ref": "#/definitions/ApiError" } });
    let mut shown = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "description": operation.summary,
        "tags": [group.tag],
        "produces": ["application/json"],
        "parameters": in_path.chain(in_query).chain(in_body).collect::<Vec<_>>(),
        "responses": {
            operation.ok.to_string(): { "description": "Successful invocation" },
            "400": error("Bad Request"),
            "401": error("Session required"),
            "403": error("Unauthorized access"),
            "404": error("Not found"),
        },
    });
    if !operation.scope.is_empty() {
        shown["security"] = json!([{ "oauth2_implicit": [operation.scope] }]);
    }
    shown
}

fn openapi_operation(group: &Group, operation: &Operation) -> Value {
    let in_path = operation
        .path_names()
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    let in_query = parameters(operation.query).into_iter().map(|parameter| {
        json!({
            "name": parameter.name,
            "in": "query",
            "required": parameter.required,
            "schema": parameter.schema,
        })
    });
    let refusal = json!({
        "description": "What was wrong",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/ApiError" } } },
    });
    let mut shown = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [group.tag],
        "parameters": in_path.chain(in_query).collect::<Vec<_>>(),
        "responses": { operation.ok.to_string(): { "description": "Done" }, "default": refusal },
        "security": [{ "token": [] }, { "password": [] }],
    });
    match operation.scope {
        "" => shown["security"] = json!([{}, { "token": [] }, { "password": [] }]),
        scope => shown["x-scope"] = json!(scope),
    }
    if !operation.body.is_empty() {
        let content = json!({ "application/json": { "schema": body_schema(operation.body) } });
        shown["requestBody"] = json!({ "required": true, "content": content });
    }
    shown
}

fn body_name(operation: &Operation) -> String {
    let mut letters = operation.id.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>() + "Body"
}

fn tags() -> Vec<Value> {
    GROUPS.iter().map(|group| json!({ "name": group.tag, "description": group.title })).collect()
}

fn scopes() -> Map<String, Value> {
    ApiScope::ALL.iter().map(|scope| (scope.as_str().to_string(), json!(scope.as_str()))).collect()
}

fn error_schema() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["status", "type", "title"],
        "properties": {
            "status": { "type": "integer" },
            "type": text,
            "title": text,
            "detail": text,
            "error_type": text,
            "error_message": text,
            "message": text,
            "error": text,
        },
    })
}

//! The tables of routes have every route of the source.

use pierhead::api::operations::{GROUPS, Operation};

use super::{Source, page_matrix, route_matrix, sources};

/// What answers for paths that nobody has.
const REFUSALS: [&str; 4] = ["error::no_such_operation", "error::no_method", "portal::not_found", "error::not_found"];

/// Handlers given to a router in this file, such as `api/robots::create`.
fn handlers(source: &Source) -> Vec<String> {
    handlers_given(source, &[".to(", "web::to("])
}

/// Those given to it in these ways.
pub(super) fn handlers_given(source: &Source, ways: &[&str]) -> Vec<String> {
    let file = source.path.strip_prefix("src/").unwrap().strip_suffix(".rs").unwrap();
    let file = file.strip_suffix("/mod").unwrap_or(file);
    let code: String = source.code().iter().map(|(_, line)| format!("{line}\n")).collect();
    let given = ways.iter().flat_map(|how| code.split(how).skip(1));
    let names = given.map(|rest| rest.split(')').next().unwrap().to_string());
    names
        .filter(|name| !REFUSALS.contains(&name.as_str()))
        .map(|name| match name.rsplit_once("::") {
            Some((module, handler)) => format!("{}/{module}::{handler}", file.split('/').next().unwrap()),
            None => format!("{file}::{name}"),
        })
        .collect()
}

/// Whether a route's path, `/api/v1/user/robots/matrix`, is one that an operation of the table stands for.
fn is_of(path: &str, operation: &Operation) -> bool {
    let path = path.split('?').next().unwrap_or(path).trim_end_matches('/');
    let Some(path) = path.strip_prefix("/api/v1") else { return false };
    // A repository's name has a slash of its own.
    let path = path
        .replace("/repository/{repository}", "/repository/acme%2Fweb")
        .replace("/repository/acme/", "/repository/acme%2F");
    let (asked, known): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), operation.path.split('/').collect());
    asked.len() == known.len()
        && asked.iter().zip(&known).all(|(asked, known)| known.starts_with('{') || asked == known)
}

#[test]
fn every_route_of_the_api_is_described_and_nothing_else() {
    let operations: Vec<&Operation> = GROUPS.iter().flat_map(|group| group.operations).collect();
    // What is off here is not described: programs are not to plan with it.
    let off = |handler: &str| handler.starts_with("api/later::");
    let of_the_api =
        || route_matrix::routes().filter(|route| route.path.starts_with("/api/v1/") && !off(route.handler));

    let not_described: Vec<String> = of_the_api()
        .filter(|route| {
            !operations.iter().any(|operation| operation.method == route.method && is_of(route.path, operation))
        })
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    let not_there: Vec<&str> = operations
        .iter()
        .filter(|operation| !of_the_api().any(|route| operation.method == route.method && is_of(route.path, operation)))
        .map(|operation| operation.id)
        .collect();

    assert!(not_described.is_empty(), "not in src/api/operations: {not_described:#?}");
    assert_eq!(not_there, [] as [&str; 0], "described in src/api/operations, but not in route_matrix/");
}

/// What the registry's dispatcher answers: `registry/Manifest PUT`.
fn dispatched() -> Vec<String> {
    let source = sources("src/registry", "rs").into_iter().find(|file| file.path.ends_with("/dispatch.rs")).unwrap();
    let (_, body) = source.text.split_once("async fn answer").unwrap();
    let (body, _) = body.split_once("\n}\n").unwrap();
    let mut found = vec!["registry/Token GET".to_string(), "registry/Token POST".to_string()];
    for arm in body.split("(Route::").skip(1) {
        let name: String = arm.chars().take_while(|letter| letter.is_alphanumeric()).collect();
        let Some((pattern, _)) = arm.split_once("=>") else { continue };
        for method in pattern.split('"').skip(1).step_by(2).filter(|method| *method != "HEAD") {
            found.push(format!("registry/{name} {method}"));
        }
    }
    found
}

#[test]
fn every_route_of_the_source_is_in_a_table() {
    let mut known: Vec<String> = ["src/api", "src/registry", "src/portal", "src/web"]
        .iter()
        .flat_map(|folder| sources(folder, "rs"))
        .flat_map(|source| handlers(&source))
        .filter(|handler| !handler.ends_with("dispatch::dispatch"))
        .chain(dispatched())
        .collect();
    known.sort();
    known.dedup();
    let mut listed: Vec<String> = route_matrix::routes()
        .map(|route| route.handler)
        .chain(page_matrix::routes().map(|page| page.handler))
        .map(str::to_string)
        .collect();
    listed.sort();
    listed.dedup();

    let missing: Vec<&String> = known.iter().filter(|handler| !listed.contains(handler)).collect();
    let invented: Vec<&String> = listed.iter().filter(|handler| !known.contains(handler)).collect();

    assert!(missing.is_empty(), "not in route_matrix/ or page_matrix/: {missing:#?}");
    assert!(invented.is_empty(), "in route_matrix/ or page_matrix/, but nowhere in the source: {invented:#?}");
    assert!(known.len() > 30, "the source is read as it is written: {known:#?}");
}

//! What pages and programs ask first: how the registry is set up and where things are.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::Visibility;
use domain::oci::RepositoryName;
use domain::principal::Caller;
use serde_json::{Map, Value, json};

use super::asked;
use super::error::ApiError;
use crate::web::origin;
use crate::web::security_headers;
use crate::web::services::Services;

/// Quay's features that are here.
const ON: [&str; 25] = [
    "ADVERTISE_V2",
    "AGGREGATED_LOG_COUNT_RETRIEVAL",
    "ANONYMOUS_ACCESS",
    "APP_SPECIFIC_TOKENS",
    "CHANGE_TAG_EXPIRATION",
    "DIRECT_LOGIN",
    "EXTENDED_REPOSITORY_NAMES",
    "GENERAL_OCI_SUPPORT",
    "HELM_OCI_SUPPORT",
    "IMAGE_PULL_STATS",
    "LOG_EXPORT",
    "NAMESPACE_GARBAGE_COLLECTION",
    "PARTIAL_USER_AUTOCOMPLETE",
    "PERMANENT_SESSIONS",
    "PUBLIC_CATALOG",
    "REFERRERS_API",
    "REPOSITORY_GARBAGE_COLLECTION",
    "SUPERUSERS_FULL_ACCESS",
    "SUPERUSER_CONFIGDUMP",
    "SUPER_USERS",
    "USER_INITIALIZE",
    "USER_LAST_ACCESSED",
    "USER_LOG_ACCESS",
    "USER_METADATA",
    "USER_RENAME",
];

/// Those that are not, or not yet.
const OFF: [&str; 65] = [
    "ACTION_LOG_ROTATION",
    "ASSIGN_OAUTH_TOKEN",
    "AUTO_PRUNE",
    "BILLING",
    "BITBUCKET_BUILD",
    "BLACKLISTED_EMAILS",
    "BUILD_SUPPORT",
    "CLEAR_EXPIRED_RAC_ENTRIES",
    "DISABLE_PULL_LOGS_FOR_FREE_NAMESPACES",
    "EDIT_QUOTA",
    "ENABLE_STALE_MPU_CLEANUP",
    "ENTITLEMENT_RECONCILIATION",
    "EXPORT_COMPLIANCE",
    "EXTENDED_ACTION_LOGGING",
    "FIPS",
    "GARBAGE_COLLECTION",
    "GITHUB_BUILD",
    "GITHUB_LOGIN",
    "GITLAB_BUILD",
    "GOOGLE_LOGIN",
    "IMAGE_EXPIRY_TRIGGER",
    "IMMUTABLE_TAGS",
    "IMMUTABLE_TAGS_CAN_EXPIRE",
    "INVITE_ONLY_USER_CREATION",
    "LIBRARY_SUPPORT",
    "MAILING",
    "MANIFEST_SIZE_BACKFILL",
    "MANIFEST_SUBJECT_BACKFILL",
    "NONSUPERUSER_TEAM_SYNCING_SETUP",
    "ORG_MIRROR",
    "ORG_SHARED_EMAIL",
    "OTEL_TRACING",
    "PROGRAMMATIC_BOOTSTRAP",
    "PROXY_CACHE",
    "PROXY_CACHE_BLOB_DOWNLOAD",
    "PROXY_STORAGE",
    "QUOTA_MANAGEMENT",
    "QUOTA_NOTIFICATIONS",
    "QUOTA_SUPPRESS_FAILURES",
    "RATE_LIMITS",
    "READER_BUILD_LOGS",
    "RECAPTCHA",
    "REPOSITORY_ACTION_COUNTER",
    "REPO_MIRROR",
    "REQUIRE_ENCRYPTED_BASIC_AUTH",
    "REQUIRE_TEAM_INVITE",
    "RESTRICTED_USERS",
    "RESTRICTED_V1_PUSH",
    "RH_MARKETPLACE",
    "SECURITY_NOTIFICATIONS",
    "SECURITY_SCANNER",
    "SECURITY_SCANNER_NOTIFY_ON_NEW_INDEX",
    "SECURITY_SCANNER_V2",
    "SIGNING",
    "SPAM_DETECTION",
    "STORAGE_REPLICATION",
    "SUPERUSERS_ORG_CREATION_ONLY",
    "TEAM_SYNCING",
    "UI_DELAY_AFTER_WRITE",
    "UI_MODELCARD",
    "UI_V2",
    "USERNAME_CONFIRMATION",
    "USER_CREATION",
    "USER_EVENTS",
    "VERIFY_QUOTA",
];

const COLOURS: [&str; 32] = [
    "#969696", "#aec7e8", "#ff7f0e", "#ffbb78", "#2ca02c", "#98df8a", "#d62728", "#ff9896", "#9467bd", "#c5b0d5",
    "#8c564b", "#c49c94", "#e377c2", "#f7b6d2", "#7f7f7f", "#c7c7c7", "#bcbd22", "#1f77b4", "#17becf", "#9edae5",
    "#393b79", "#5254a3", "#6b6ecf", "#9c9ede", "#9ecae1", "#31a354", "#b5cf6b", "#a1d99b", "#8c6d31", "#ad494a",
    "#e7ba52", "#a55194",
];

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/config", web::get().to(show))
        .route("/.well-known/app-capabilities", web::get().to(app_capabilities))
        .route("/.well-known/change-password", web::get().to(change_password))
        .route("/opensearch.xml", web::get().to(search_description))
        .route("/repository/{repository:.+}/status", web::get().to(badge));
}

/// `GET /config`
async fn show(request: HttpRequest, services: web::Data<Services>) -> HttpResponse {
    let base = origin::base_url(&request, &services);
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({
        "config": config(&base),
        "features": features(&services),
        "oauth": { "GITHUB_TRIGGER_CONFIG": null, "GITLAB_TRIGGER_CONFIG": null },
        "external_login": [],
        "registry_state": "normal",
        "account_recovery_mode": false,
        "version_number": format!("Pierhead v{}", env!("CARGO_PKG_VERSION")),
    }))
}

fn features(services: &Services) -> Map<String, Value> {
    let on = ON.iter().map(|name| (name.to_string(), json!(true)));
    let off = OFF.iter().map(|name| (name.to_string(), json!(false)));
    let sparse = ("SPARSE_INDEX".to_string(), json!(services.settings.registry.allow_sparse_indexes));
    on.chain(off).chain([sparse]).collect()
}

fn config(base_url: &str) -> Value {
    let (scheme, host) = base_url.split_once("://").unwrap_or(("https", base_url));
    json!({
        "AUTHENTICATION_TYPE": "Database",
        "AVATAR_KIND": "local",
        "BRANDING": { "logo": crate::web::assets::asset("img/favicon.svg"), "logo_dark": null, "footer_img": null, "footer_url": null },
        "CHANNEL_COLORS": COLOURS,
        "CONTACT_INFO": [],
        "DEBUG": false,
        "DEFAULT_NAMESPACE_AUTOPRUNE_POLICY": null,
        "DEFAULT_UI": "pierhead",
        "DISABLE_ANGULAR_UI": true,
        "DOCUMENTATION_ROOT": format!("{base_url}/api/v1/docs"),
        "FEATURE_ASSIGN_OAUTH_TOKEN": false,
        "FEATURE_AUTO_PRUNE": false,
        "FEATURE_EDIT_QUOTA": false,
        "FEATURE_IMAGE_EXPIRY_TRIGGER": false,
        "FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE": false,
        "FEATURE_ORG_MIRROR": false,
        "FEATURE_PROXY_CACHE": false,
        "FEATURE_QUOTA_MANAGEMENT": false,
        "FEATURE_QUOTA_NOTIFICATIONS": false,
        "FEATURE_REPO_MIRROR": false,
        "FOOTER_LINKS": {},
        "LOCAL_OAUTH_HANDLER": "/oauth/localapp",
        "PERMANENTLY_DELETE_TAGS": true,
        "PREFERRED_URL_SCHEME": scheme,
        "QUOTA_BACKFILL": false,
        "RECAPTCHA_SITE_KEY": null,
        "REGISTRY_TITLE": "Pierhead",
        "REGISTRY_TITLE_SHORT": "Pierhead",
        "SEARCH_MAX_RESULT_PAGE_COUNT": 10,
        "SEARCH_RESULTS_PER_PAGE": 10,
        "SENTRY_PUBLIC_DSN": null,
        "SERVER_HOSTNAME": host,
        "SETUP_COMPLETE": true,
        "STATIC_SITE_BUCKET": null,
        "TAG_EXPIRATION_OPTIONS": ["0s", "1d", "1w", "2w", "4w"],
        "UI_DELAY_AFTER_WRITE_SECONDS": 0,
        "UI_V2_FEEDBACK_FORM": null,
    })
}

/// `GET /.well-known/app-capabilities`: where programs find an image and, once there are any, its scans.
async fn app_capabilities(request: HttpRequest, services: web::Data<Services>) -> HttpResponse {
    let base = origin::base_url(&request, &services);
    let api = format!("{base}/api/v1/repository/{{namespace}}/{{reponame}}");
    HttpResponse::Ok().json(json!({
        "appName": "io.quay",
        "capabilities": {
            "io.quay.view-image": { "url-template": format!("{base}/{{namespace}}/{{reponame}}:{{tag}}") },
            "io.quay.image-security": {
                "rest-api-template": format!("{api}/image/{{imageid}}/security"),
                "deprecated": true,
            },
            "io.quay.manifest-security": { "rest-api-template": format!("{api}/manifest/{{digest}}/security") },
        },
    }))
}

/// `GET /.well-known/change-password`: for password managers.
async fn change_password() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/user?tab=settings")).finish()
}

/// `GET /opensearch.xml`: for browsers that search from their address line.
async fn search_description(request: HttpRequest, services: web::Data<Services>) -> HttpResponse {
    // A host is letters, digits, dots, brackets and colons: nothing that means something in XML.
    let base = origin::base_url(&request, &services);
    security_headers::on_file(&mut HttpResponse::Ok()).content_type("application/xml").body(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\
         <ShortName>Pierhead</ShortName><Description>Search repositories</Description>\
         <Url type=\"text/html\" template=\"{base}/search?q={{searchTerms}}\"/></OpenSearchDescription>\n"
    ))
}

/// `GET /repository/<repository>/status`: a picture for READMEs, of public repositories only. Quay's says how the last
/// build went; there are none here.
async fn badge(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let unknown = |_| ApiError::not_found();
    let name: RepositoryName = asked::segment(&request, "repository").parse().map_err(unknown)?;
    let nobody = std::sync::Arc::new(Caller::anonymous(origin::of(&request, &services)));
    let found = services.access.repository::<domain::access::Read>(&nobody, &name).await;
    if !found.is_ok_and(|repository| repository.visibility == Visibility::Public) {
        return Err(ApiError::not_found());
    }
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"98\" height=\"18\" role=\"img\" \
                   aria-label=\"container: none\"><rect width=\"98\" height=\"18\" rx=\"3\" fill=\"#4a4e69\"/>\
                   <rect x=\"61\" width=\"37\" height=\"18\" rx=\"3\" fill=\"#8d99ae\"/>\
                   <g fill=\"#fff\" font-family=\"sans-serif\" font-size=\"11\"><text x=\"6\" y=\"13\">container</text>\
                   <text x=\"66\" y=\"13\">none</text></g></svg>";
    Ok(security_headers::on_file(&mut HttpResponse::Ok())
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type("image/svg+xml")
        .body(picture))
}

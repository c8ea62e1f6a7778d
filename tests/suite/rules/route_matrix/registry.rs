//! Routes of the registry's door.

use super::{Asking, Before, Body, ask, get};

pub const ROUTES: &[Asking] = &[
    get("registry/Base GET", "/v2/"),
    get("registry/Token GET", "/v2/auth"),
    ask("registry/Token POST", "POST", "/v2/auth", Body::Form, Before::Nothing),
    get("registry/Catalog GET", "/v2/_catalog"),
    get("registry/Tags GET", "/v2/{repository}/tags/list"),
    ask("registry/Manifest GET", "GET", "/v2/{repository}/manifests/v1", Body::None, Before::Image),
    ask("registry/Manifest GET", "HEAD", "/v2/{repository}/manifests/v1", Body::None, Before::Image),
    ask("registry/Manifest PUT", "PUT", "/v2/{repository}/manifests/v1", Body::Manifest, Before::Image),
    ask("registry/Manifest DELETE", "DELETE", "/v2/{repository}/manifests/v1", Body::None, Before::Image),
    ask("registry/Blob GET", "GET", "/v2/{repository}/blobs/{layer}", Body::None, Before::Image),
    ask("registry/Blob GET", "HEAD", "/v2/{repository}/blobs/{layer}", Body::None, Before::Image),
    ask("registry/Blob DELETE", "DELETE", "/v2/{repository}/blobs/{layer}", Body::None, Before::Image),
    ask("registry/Uploads POST", "POST", "/v2/{repository}/blobs/uploads/", Body::None, Before::Nothing),
    ask("registry/Uploads POST", "POST", "/v2/{repository}/blobs/uploads/?digest={layer}", Body::Blob, Before::Nothing),
    ask(
        "registry/Uploads POST",
        "POST",
        "/v2/{repository}/blobs/uploads/?mount={layer}&from=acme/public",
        Body::None,
        Before::Image,
    ),
    ask("registry/Upload GET", "GET", "{upload}", Body::None, Before::Upload),
    ask("registry/Upload PATCH", "PATCH", "{upload}", Body::Blob, Before::Upload),
    ask("registry/Upload PUT", "PUT", "{upload}?digest={layer}", Body::Blob, Before::Upload),
    ask("registry/Upload DELETE", "DELETE", "{upload}", Body::None, Before::Upload),
    ask("registry/Referrers GET", "GET", "/v2/{repository}/referrers/{layer}", Body::None, Before::Nothing),
    ask("registry/Uploads POST", "POST", "/v2/acme/{me}-pushed/blobs/uploads/", Body::None, Before::Nothing),
    ask("registry/Uploads POST", "POST", "/v2/{me}-corp/web/blobs/uploads/", Body::None, Before::Nothing),
    get("registry/search::ping", "/v1/_ping"),
    get("registry/search::search", "/v1/search?q=acme"),
    get("registry/search::retired", "/v1/users/"),
];

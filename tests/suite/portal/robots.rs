//! The tab "Robot accounts": making them, looking their credentials up, changing what they may do.

use domain::access::{Standing, TeamRole};

use crate::support::{Browser, TestApp};

const TAB: &str = "/organization/acme?tab=robots";

fn dialog(name: &str, robot: &str) -> String {
    format!("{TAB}&dialog={name}&robot=acme%2B{robot}")
}

#[actix_web::test]
async fn a_robot_account_is_made_with_its_team_and_repository_in_one_step() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    app.team("acme", "builders", TeamRole::Member).await;
    app.repository("acme/web", "private").await;

    let page = owner.open(TAB).await.is(200).says("There are no robot accounts yet");
    let form = page.follow("a[data-dialog][href*='dialog=create']").await.is(200).form("create-robot");
    let form = form.fill("name", "ci").fill("description", "CI of <b>web</b>").fill("team", "builders");
    let made = form.fill("repository", "web").fill("role", "write").submit().await.is(200);

    assert_eq!(made.path, dialog("credentials", "ci"));
    let made = made.says("acme+ci created").says("Credentials for acme+ci").says("CI of <b>web</b>");
    assert!(!made.has("#robots b"), "what a description says is text");
    made.says("builders");
    owner.open(&dialog("permissions", "ci")).await.is(200).says("web").says("Write");
}

#[actix_web::test]
async fn what_cannot_be_made_is_mended_in_the_form_and_nothing_is_made_by_halves() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    app.organization("other").await;
    app.repository("other/web", "private").await;
    app.robot("acme", "ci").await;

    let form = || async { owner.open(&format!("{TAB}&dialog=create")).await.form("create-robot") };
    let bad = form().await.fill("name", "No <i>Robot").submit().await.is(422);
    assert!(bad.has("#name[aria-invalid]") && !bad.has("i"));
    assert_eq!(bad.form("create-robot").value("name"), Some("No <i>Robot"));
    let twice = form().await.fill("name", "acme+ci").submit().await.is(422);
    assert!(twice.has("#name[aria-invalid]"), "{}", twice.text());
    for (field, value) in [("team", "nobody"), ("repository", "other/web"), ("repository", "../web")] {
        let refused = form().await.fill("name", "half").fill(field, value).submit().await.is(422);
        assert!(refused.has(&format!("#{field}[aria-invalid]")), "{field}: {}", refused.text());
    }

    owner.open(TAB).await.is(200).does_not_say("acme+half");
    assert_eq!(owner.open(TAB).await.count("#robots tbody tr"), 1);
}

#[actix_web::test]
async fn credentials_are_exact_for_this_registry() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    let robot = app.robot("acme", "ci_push.eu").await;
    let (token, host) = (robot.secret.clone(), app.host().to_string());
    let view = |show: &str| format!("{}&show={show}", dialog("credentials", "ci_push.eu"));

    owner.open(&view("token")).await.is(200).says(&token).says(&host);
    for (show, program) in [
        ("docker", "docker login"),
        ("podman", "podman login"),
        ("helm", "helm registry login"),
        ("skopeo", "skopeo login"),
        ("nerdctl", "nerdctl login"),
    ] {
        let command = format!("echo {token} | {program} -u 'acme+ci_push.eu' --password-stdin {host}");
        owner.open(&view(show)).await.is(200).says(&command);
    }

    let config = owner.get("/organization/acme/robots/ci_push.eu/files/config.json").await.is(200);
    assert_eq!(config.header("content-disposition"), "attachment; filename=\"acme-ci-push-eu-auth.json\"");
    assert_eq!(config.header("cache-control"), "no-store");
    let auth = config.json()["auths"][&host]["auth"].as_str().unwrap().to_string();
    let page = owner.open(&view("kubernetes")).await.is(200).says("name: acme-ci-push-eu-pull-secret");
    let secret = page.follow("a[download]").await.is(200);
    let data = secret.html.lines().find_map(|line| line.trim().strip_prefix(".dockerconfigjson: ")).unwrap();
    let decoded = |text: &str| {
        use base64::Engine;
        String::from_utf8(base64::engine::general_purpose::STANDARD.decode(text).unwrap()).unwrap()
    };
    assert_eq!(decoded(&auth), format!("acme+ci_push.eu:{token}"));
    let inner: serde_json::Value = serde_json::from_str(&decoded(data)).unwrap();
    assert_eq!(inner["auths"][&host]["auth"], auth.as_str());
}

#[actix_web::test]
async fn whoever_may_only_look_sees_no_secret() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    let robot = app.robot("acme", "ci").await;
    let auditor = app.user_with("auditor", Standing::ReadOnlySuperuser).await;
    let auditor = Browser::of(&app, &auditor).await;

    for show in ["token", "docker", "kubernetes", "config"] {
        let page = auditor.open(&format!("{}&show={show}", dialog("credentials", "ci"))).await.is(200);
        page.says("acme+ci").says("shown to admins only").does_not_say(&robot.secret);
    }
    for file in ["config.json", "secret.yml"] {
        let refused = auditor.get(&format!("/organization/acme/robots/ci/files/{file}")).await;
        assert!(matches!(refused.status, 403 | 404), "{}", refused.status);
        assert!(!refused.text().contains(&robot.secret));
    }
    let page = auditor.open(TAB).await.is(200);
    assert!(!page.has("a[href*='dialog=delete']") && !page.has("a[href*='dialog=create']"));
    for form in ["create", "delete", "regenerate", "describe"] {
        assert!(!auditor.open(&dialog(form, "ci")).await.is(200).has("dialog"), "{form}");
    }
}

#[actix_web::test]
async fn a_new_token_ends_the_old_one_and_deletion_ends_both() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    let robot = app.robot("acme", "ci").await;
    app.repository("acme/web", "private").await;
    app.grant("acme/web", &robot, "read").await;

    let asked = owner.open(&dialog("regenerate", "ci")).await.is(200).says("stops working at once");
    let shown = asked.form("robot-question").submit().await.is(200);
    let shown = shown.says("the old one stopped working").does_not_say(&robot.secret);
    assert!(shown.has("code.secret"));
    app.oci(&robot).ask_token(&["repository:acme/web:pull"]).await.is(401);

    let asked = owner.open(&dialog("delete", "ci")).await.is(200).says("its permission on 1 repository");
    asked.form("robot-question").submit().await.is(200).says("Robot account acme+ci deleted");
    owner.get(&dialog("credentials", "ci")).await.is(404);
}

#[actix_web::test]
async fn permissions_are_set_and_taken_away() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    app.robot("acme", "ci").await;
    app.repository("acme/web", "private").await;

    let page = owner.open(&dialog("permissions", "ci")).await.is(200).says("No repository is granted");
    let set = page.form("grant-robot").fill("repository", "acme/web").fill("role", "write").submit().await.is(200);
    let set = set.says("Permission of acme+ci on acme/web set");
    assert!(set.has("option[value=write][selected]"));
    let refused = set.form("grant-robot").fill("repository", "nothing<b>").submit().await.is(422);
    assert!(refused.has("#repository[aria-invalid]"));
    let path = "/organization/acme/robots/ci/permissions";
    let proof = refused.attribute("input[name=_csrf_token]", "value").unwrap();
    let fields = [("_csrf_token", proof.as_str()), ("repository", "web"), ("role", "none")];
    owner.submit(path, &fields).await.is(303);

    owner.open(&dialog("permissions", "ci")).await.is(200).says("No repository is granted");
}

#[actix_web::test]
async fn keyless_identities_are_replaced_as_a_whole() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    app.robot("acme", "ci").await;
    let issuer = "https://token.actions.githubusercontent.com";

    let form = owner.open(&dialog("federation", "ci")).await.is(200).form("federate-robot");
    let form = form.untick("issuer").untick("subject");
    let form = form.tick("issuer", issuer).tick("subject", "repo:acme/web").tick("issuer", "").tick("subject", "");
    let saved = form.submit().await.is(200).says("Keyless identities of acme+ci saved");
    assert_eq!(saved.attribute("#subject-1", "value").as_deref(), Some("repo:acme/web"));
    let form = saved.form("federate-robot").untick("issuer").untick("subject");
    let refused = form.tick("issuer", "ftp://<b>").tick("subject", "").submit().await.is(422);
    assert!(refused.has("#issuer-1[aria-invalid]") && refused.has("#subject-1[aria-invalid]"));
    let form = saved.form("federate-robot").untick("issuer").untick("subject");
    form.tick("issuer", "").tick("subject", "").submit().await.is(200);

    let empty = owner.open(&dialog("federation", "ci")).await.is(200);
    assert_eq!(empty.attribute("#issuer-1", "value").as_deref(), Some(""));
}

#[actix_web::test]
async fn robot_accounts_of_others_are_not_there() {
    let app = TestApp::start().await;
    let owner = Browser::of(&app, &app.organization("acme").await).await;
    let carol = Browser::of(&app, &app.user("carol").await).await;
    app.organization("other").await;
    let theirs = app.robot("other", "theirs").await;
    app.robot("acme", "ours").await;

    for name in ["credentials", "permissions", "federation", "describe", "regenerate", "delete"] {
        for robot in ["acme%2Btheirs", "other%2Btheirs", "theirs", "..%2Ftheirs", "%00"] {
            owner.get(&format!("{TAB}&dialog={name}&robot={robot}")).await.is(404);
        }
    }
    for path in ["/organization/other?tab=robots", "/organization/acme/robots/theirs/files/config.json"] {
        let answer = owner.get(path).await.is(404);
        assert!(!answer.text().contains(&theirs.secret));
    }
    owner.get("/user/acme?tab=robots").await.is(404);
    owner.get("/user/acme/robots/ours/files/config.json").await.is(404);
    carol.get(TAB).await.is(404);
    carol.get("/organization/acme/robots/ours/files/config.json").await.is(403);
}

#[actix_web::test]
async fn users_have_robot_accounts_too_and_long_lists_go_on() {
    let app = TestApp::start().await;
    let carol = Browser::of(&app, &app.user("carol").await).await;
    for number in 0..51 {
        let path = format!("/api/v1/user/robots/r{number:02}");
        carol.put(&path, serde_json::json!({})).await.is(201);
    }

    let first = carol.open("/user/carol?tab=robots").await.is(200).says("carol+r00").does_not_say("carol+r50");
    let second = first.follow("a[rel=next]").await.is(200).says("carol+r50").does_not_say("carol+r00");
    second.follow("a[rel=prev]").await.is(200).says("carol+r00");
    let found = carol.open("/user/carol?tab=robots&q=carol%2Br4").await.is(200);
    assert_eq!(found.count("#robots tbody tr"), 10);
    carol.open("/user/carol?tab=robots&q=%3Ci%3E").await.is(200).says("begins with “<i>”");
}

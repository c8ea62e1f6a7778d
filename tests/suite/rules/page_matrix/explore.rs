//! What belongs to no namespace: the first pages, searching, signing in, setting up, applications that ask.

use super::{Asking, open, send};

pub const ROUTES: &[Asking] = &[
    open("portal/explore::start", "/"),
    open("portal/repositories::show", "/repository"),
    open("portal/search::show", "/search?q=web"),
    open("portal/search::instant", "/search/instant?q=pub"),
    open("portal/problem::nothing_here", "/no/such/page"),
    send("portal/preferences::choose", "/preferences", &[("theme", "dark")]),
    open("portal/setup::show", "/setup"),
    send("portal/setup::submit", "/setup", &[]),
    open("portal/setup::done", "/setup/done?user=olivia"),
    open("portal/password::show", "/signin"),
    send("portal/password::submit", "/signin", &[("username", "{me}")]),
    open("portal/code::show", "/signin/code"),
    send("portal/code::submit", "/signin/code", &[]),
    open("portal/confirm::show", "/signin/confirm"),
    send("portal/confirm::submit", "/signin/confirm", &[]),
    open("portal/register::show", "/createaccount"),
    send("portal/register::submit", "/createaccount", &[]),
    open("portal/recovery::show", "/recovery"),
    send("portal/recovery::submit", "/recovery", &[]),
    open("portal/consent::show", "/oauth/authorize"),
    send("portal/consent::grant", "/oauth/authorizeapp", &[]),
    send("portal/consent::deny", "/oauth/denyapp", &[]),
    send("portal/exchange::exchange", "/oauth/access_token", &[]),
    open("portal/localapp::show", "/oauth/localapp"),
    open("portal/invitation::show", "/invitation/nonsense"),
    send("portal/invitation::answer", "/invitation/nonsense", &[("answer", "decline")]),
    open("portal/entities::matching", "/entities?namespace=acme&kinds=user&q=du"),
];

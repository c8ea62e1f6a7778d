//! Refresh tokens: what Docker stores in place of a password.
//!
//! They are not rows: a build farm signs in thousands of times a day, and none of it may be forgotten while a machine
//! still holds it. A token names its holder and carries a fingerprint of the credential it was made from, both under a
//! keyed hash. It is good until that credential changes: a new password, a regenerated robot token. Disabling or deleting
//! the holder ends it too, because that is looked up each time.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use ring::hmac;

use crate::db::Conn;
use crate::db::schema::{namespaces, robots, second_factors, users};
use crate::error::{Error, Result};
use crate::ids::{NamespaceId, RobotId, UserId};
use crate::principal::Principal;
use crate::vault::Vault;

pub(super) const PREFIX: &str = "phr_";
/// Ours have some 120 characters.
const MAX_LENGTH: usize = 512;

/// Makes and checks refresh tokens.
pub(super) struct RefreshTokens {
    key: hmac::Key,
}

impl RefreshTokens {
    pub(super) fn new(vault: &Vault) -> Result<RefreshTokens> {
        Ok(RefreshTokens { key: hmac::Key::new(hmac::HMAC_SHA256, &vault.key_for("refresh tokens")?) })
    }

    /// A refresh token for a user or robot, from the credential they have now.
    pub(super) fn issue(&self, conn: &mut Conn, holder: &Principal) -> Result<String> {
        let nobody = || Error::Unauthenticated("only users and robot accounts have refresh tokens".into());
        let (handle, credential) = match holder {
            Principal::User { id, .. } => (holder.handle(), user(conn, id.0)?.ok_or_else(nobody)?.1),
            Principal::Robot { id, .. } => (holder.handle(), robot(conn, id.0)?.ok_or_else(nobody)?.1),
            Principal::Anonymous | Principal::System(_) => return Err(nobody()),
        };
        let tag = self.tag(&handle, &credential);
        Ok(format!("{PREFIX}{}.{}", URL_SAFE_NO_PAD.encode(handle), URL_SAFE_NO_PAD.encode(tag.as_ref())))
    }

    /// Who holds the token, if it is ours and the credential behind it has not changed.
    pub(super) fn check(&self, conn: &mut Conn, token: &str) -> Result<Option<Principal>> {
        let Some((handle, tag)) = parts(token) else { return Ok(None) };
        let found = match handle.split_once(':').and_then(|(kind, id)| Some((kind, id.parse::<i64>().ok()?))) {
            Some(("user", id)) => user(conn, id)?,
            Some(("robot", id)) => robot(conn, id)?,
            _ => None,
        };
        Ok(found
            .filter(|(_, credential)| hmac::verify(&self.key, &signed(&handle, credential), &tag).is_ok())
            .map(|(principal, _)| principal))
    }

    fn tag(&self, handle: &str, credential: &[u8]) -> hmac::Tag {
        hmac::sign(&self.key, &signed(handle, credential))
    }
}

/// Handles have no NUL, so the two parts cannot be read another way.
fn signed(handle: &str, credential: &[u8]) -> Vec<u8> {
    [handle.as_bytes(), b"\0", credential].concat()
}

fn parts(token: &str) -> Option<(String, Vec<u8>)> {
    if token.len() > MAX_LENGTH {
        return None;
    }
    let (handle, tag) = token.strip_prefix(PREFIX)?.split_once('.')?;
    let handle = String::from_utf8(URL_SAFE_NO_PAD.decode(handle).ok()?).ok()?;
    Some((handle, URL_SAFE_NO_PAD.decode(tag).ok()?))
}

/// An enabled user and what is stored of the password. A second factor is part of the credential while it is on, so what
/// was made of the password alone ends with it.
fn user(conn: &mut Conn, id: i64) -> Result<Option<(Principal, Vec<u8>)>> {
    let row: Option<(String, Option<String>, Option<i64>)> = users::table
        .find(id)
        .left_join(second_factors::table.on(second_factors::user_id.eq(users::id)))
        .filter(users::enabled.eq(true))
        .select((users::name, users::password_hash, second_factors::confirmed_at.nullable()))
        .first(conn)
        .optional()?;
    Ok(row.and_then(|(name, hash, factor_since)| {
        // Without a factor it is the hash and nothing else, as it was before there were any.
        let credential = hash? + &factor_since.map(|since| format!("\0{since}")).unwrap_or_default();
        Some((Principal::User { id: UserId(id), name: name.into() }, credential.into_bytes()))
    }))
}

/// A robot account and what is stored of its token.
fn robot(conn: &mut Conn, id: i64) -> Result<Option<(Principal, Vec<u8>)>> {
    let row: Option<(String, String, i64, Vec<u8>)> = robots::table
        .find(id)
        .inner_join(namespaces::table.on(namespaces::id.eq(robots::namespace_id)))
        .filter(namespaces::deleted_at.is_null())
        .select((namespaces::name, robots::short_name, robots::namespace_id, robots::token_digest))
        .first(conn)
        .optional()?;
    Ok(row.map(|(namespace, short, owner, digest)| {
        let name = format!("{namespace}+{short}").into();
        (Principal::Robot { id: RobotId(id), name, namespace: NamespaceId(owner) }, digest)
    }))
}

//! The tables as Diesel sees them; kept equal to `migrations/` by the `schema_parity` test.

#![allow(missing_docs, reason = "columns are described in the migrations")]

diesel::table! {
    namespaces (id) {
        id -> BigInt,
        name -> Text,
        kind -> Text,
        email -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    users (id) {
        id -> BigInt,
        namespace_id -> BigInt,
        name -> Text,
        email -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        enabled -> Bool,
        standing -> Text,
        failed_sign_ins -> Integer,
        locked_until -> Nullable<BigInt>,
        credentials_at -> BigInt,
        created_at -> BigInt,
        last_signed_in_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    teams (id) {
        id -> BigInt,
        organization_id -> BigInt,
        name -> Text,
        role -> Text,
        description -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    robots (id) {
        id -> BigInt,
        namespace_id -> BigInt,
        short_name -> Text,
        description -> Text,
        metadata -> Text,
        token_sealed -> Binary,
        token_digest -> Binary,
        credentials_at -> BigInt,
        created_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    team_members (id) {
        id -> BigInt,
        team_id -> BigInt,
        user_id -> Nullable<BigInt>,
        robot_id -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    tokens (id) {
        id -> BigInt,
        uuid -> Text,
        kind -> Text,
        user_id -> Nullable<BigInt>,
        robot_id -> Nullable<BigInt>,
        title -> Text,
        scopes -> Text,
        digest -> Binary,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    repositories (id) {
        id -> BigInt,
        namespace_id -> BigInt,
        name -> Text,
        visibility -> Text,
        description -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    repository_permissions (id) {
        id -> BigInt,
        repository_id -> BigInt,
        user_id -> Nullable<BigInt>,
        robot_id -> Nullable<BigInt>,
        team_id -> Nullable<BigInt>,
        role -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    default_permissions (id) {
        id -> BigInt,
        uuid -> Text,
        organization_id -> BigInt,
        creator_user_id -> Nullable<BigInt>,
        creator_robot_id -> Nullable<BigInt>,
        user_id -> Nullable<BigInt>,
        robot_id -> Nullable<BigInt>,
        team_id -> Nullable<BigInt>,
        role -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    blobs (id) {
        id -> BigInt,
        digest -> Text,
        size -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    repository_blobs (repository_id, blob_id) {
        repository_id -> BigInt,
        blob_id -> BigInt,
        linked_at -> BigInt,
    }
}

diesel::table! {
    uploads (id) {
        id -> Text,
        repository_id -> BigInt,
        holder -> Text,
        received -> BigInt,
        hash_state -> Nullable<Binary>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    manifests (id) {
        id -> BigInt,
        digest -> Text,
        media_type -> Text,
        artifact_type -> Nullable<Text>,
        subject_digest -> Nullable<Text>,
        config_media_type -> Nullable<Text>,
        content_size -> BigInt,
        annotations -> Text,
        bytes -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    repository_manifests (repository_id, manifest_id) {
        repository_id -> BigInt,
        manifest_id -> BigInt,
        media_type -> Text,
        subject_digest -> Nullable<Text>,
        pushed_at -> BigInt,
        pulls -> BigInt,
        last_pulled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    manifest_references (manifest_id, position) {
        manifest_id -> BigInt,
        position -> Integer,
        kind -> Text,
        digest -> Text,
        media_type -> Text,
        size -> BigInt,
        platform -> Nullable<Text>,
    }
}

diesel::table! {
    tags (id) {
        id -> BigInt,
        repository_id -> BigInt,
        name -> Text,
        manifest_id -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        pulls -> BigInt,
        last_pulled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    tag_events (id) {
        id -> BigInt,
        repository_id -> BigInt,
        tag -> Text,
        from_digest -> Nullable<Text>,
        to_digest -> Nullable<Text>,
        actor -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    events (id) {
        id -> BigInt,
        kind -> Text,
        at -> BigInt,
        actor_kind -> Text,
        actor_id -> Nullable<BigInt>,
        actor_name -> Text,
        ip -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        namespace_id -> Nullable<BigInt>,
        namespace_name -> Nullable<Text>,
        repository_id -> Nullable<BigInt>,
        repository_name -> Nullable<Text>,
        tag -> Nullable<Text>,
        digest -> Nullable<Text>,
        times -> BigInt,
        details -> Text,
    }
}

diesel::table! {
    instance_facts (name) {
        name -> Text,
        value -> Binary,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    namespaces,
    users,
    teams,
    robots,
    team_members,
    tokens,
    repositories,
    repository_permissions,
    default_permissions,
    blobs,
    repository_blobs,
    uploads,
    manifests,
    repository_manifests,
    manifest_references,
    tags,
    tag_events,
    events
);

//! The tables as Diesel sees them; kept equal to `migrations/` by the `schema_parity` test.

#![allow(missing_docs, reason = "columns are described in the migrations")]

diesel::table! {
    namespaces (id) {
        id -> BigInt,
        name -> Text,
        kind -> Text,
        email -> Nullable<Text>,
        created_at -> BigInt,
        invoice_email -> Bool,
        invoice_email_address -> Nullable<Text>,
        tag_expiration_s -> BigInt,
        deleted_at -> Nullable<BigInt>,
        deleted_name -> Nullable<Text>,
        repositories -> BigInt,
        teams -> BigInt,
        robots -> BigInt,
        members -> BigInt,
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
        given_name -> Nullable<Text>,
        family_name -> Nullable<Text>,
        company -> Nullable<Text>,
        location -> Nullable<Text>,
        disabled_by_deletion -> Bool,
        last_sign_in -> BigInt,
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
        members -> BigInt,
        repositories -> BigInt,
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
        teams -> BigInt,
        repositories -> BigInt,
    }
}

diesel::table! {
    organization_members (organization_id, user_id) {
        organization_id -> BigInt,
        user_id -> BigInt,
        teams -> BigInt,
    }
}

diesel::table! {
    namespace_grantees (namespace_id, user_id) {
        namespace_id -> BigInt,
        user_id -> BigInt,
        repositories -> BigInt,
    }
}

diesel::table! {
    repository_grams (gram, repository_id) {
        gram -> Text,
        repository_id -> BigInt,
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
        application_id -> Nullable<BigInt>,
        origin -> Text,
        created_by -> Text,
        sealed -> Nullable<Binary>,
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
        state -> Text,
        deleted_at -> Nullable<BigInt>,
        deleted_name -> Nullable<Text>,
        pushed_at -> Nullable<BigInt>,
        tags -> BigInt,
        size -> BigInt,
        pulls -> BigInt,
        stars -> BigInt,
        last_push -> BigInt,
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
        expires_at -> Nullable<BigInt>,
        size -> BigInt,
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
        reversion -> Bool,
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
        credential -> Text,
        token_uuid -> Nullable<Text>,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        uuid -> Text,
        digest -> Binary,
        user_id -> BigInt,
        created_at -> BigInt,
        confirmed_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
        ip -> Nullable<Text>,
        user_agent -> Nullable<Text>,
    }
}

diesel::table! {
    oauth_applications (id) {
        id -> BigInt,
        client_id -> Text,
        organization_id -> BigInt,
        name -> Text,
        description -> Text,
        application_uri -> Text,
        redirect_uri -> Text,
        avatar_email -> Nullable<Text>,
        secret_sealed -> Binary,
        secret_digest -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    oauth_codes (digest) {
        digest -> Binary,
        application_id -> BigInt,
        user_id -> BigInt,
        scopes -> Text,
        redirect_uri -> Text,
        code_challenge -> Nullable<Text>,
        expires_at -> BigInt,
    }
}

diesel::table! {
    stars (user_id, repository_id) {
        user_id -> BigInt,
        repository_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    manifest_labels (id) {
        id -> BigInt,
        uuid -> Text,
        repository_id -> BigInt,
        manifest_id -> BigInt,
        key -> Text,
        value -> Text,
        media_type -> Text,
        source -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    team_invitations (id) {
        id -> BigInt,
        team_id -> BigInt,
        user_id -> Nullable<BigInt>,
        email -> Nullable<Text>,
        inviter -> Text,
        code_digest -> Binary,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    robot_federations (id) {
        id -> BigInt,
        robot_id -> BigInt,
        issuer -> Text,
        subject -> Text,
    }
}

diesel::table! {
    messages (id) {
        id -> BigInt,
        uuid -> Text,
        content -> Text,
        media_type -> Text,
        severity -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    idempotency_keys (holder, key) {
        holder -> Text,
        key -> Text,
        request_digest -> Binary,
        status -> Nullable<Integer>,
        answer -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    event_days (day, namespace_id, repository_id, kind) {
        day -> BigInt,
        namespace_id -> BigInt,
        repository_id -> BigInt,
        kind -> Text,
        times -> BigInt,
    }
}

diesel::table! {
    log_exports (id) {
        id -> BigInt,
        uuid -> Text,
        namespace_id -> Nullable<BigInt>,
        namespace_name -> Nullable<Text>,
        repository_id -> Nullable<BigInt>,
        repository_name -> Nullable<Text>,
        from_at -> BigInt,
        until_at -> BigInt,
        requested_by -> Text,
        base_url -> Text,
        callback_url -> Nullable<Text>,
        callback_email -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        callback_due_at -> Nullable<BigInt>,
        callback_tries -> BigInt,
        callback_error -> Nullable<Text>,
        told_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    storage_counts (shard) {
        shard -> BigInt,
        blobs -> BigInt,
        bytes -> BigInt,
    }
}

diesel::table! {
    sweeps (name) {
        name -> Text,
        started_at -> BigInt,
        ended_at -> BigInt,
        items -> BigInt,
        error -> Nullable<Text>,
        succeeded_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    instance_facts (name) {
        name -> Text,
        value -> Binary,
    }
}

diesel::table! {
    second_factors (user_id) {
        user_id -> BigInt,
        secret_sealed -> Binary,
        begun_at -> BigInt,
        confirmed_at -> Nullable<BigInt>,
        last_step -> BigInt,
    }
}

diesel::table! {
    recovery_codes (user_id, digest) {
        user_id -> BigInt,
        digest -> Binary,
    }
}

diesel::table! {
    password_recoveries (user_id) {
        user_id -> BigInt,
        digest -> Binary,
        created_at -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    preferences (user_id) {
        user_id -> BigInt,
        theme -> Nullable<Text>,
        language -> Nullable<Text>,
        time_zone -> Nullable<Text>,
        slash_searches -> Bool,
    }
}

diesel::table! {
    layer_indexes (id) {
        id -> BigInt,
        digest -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        entries -> BigInt,
        skipped -> BigInt,
        read_bytes -> BigInt,
        total_bytes -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    layer_entries (layer_id, place) {
        layer_id -> BigInt,
        place -> Text,
        kind -> Text,
        mode -> Nullable<Integer>,
        uid -> BigInt,
        gid -> BigInt,
        size -> BigInt,
        mtime -> Nullable<BigInt>,
        link -> Nullable<Text>,
        data_at -> Nullable<BigInt>,
        hides -> Bool,
        is_opaque -> Bool,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    namespaces,
    users,
    teams,
    robots,
    team_members,
    organization_members,
    namespace_grantees,
    repository_grams,
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
    events,
    sessions,
    oauth_applications,
    oauth_codes,
    stars,
    manifest_labels,
    team_invitations,
    robot_federations,
    messages,
    idempotency_keys,
    event_days,
    second_factors,
    recovery_codes,
    password_recoveries,
    preferences,
    layer_indexes,
    layer_entries
);

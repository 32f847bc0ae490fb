-- SPDX-License-Identifier: ISC
-- Doorward's tables, whole, as of the newest migration.
-- Times are milliseconds since 1970 UTC; ids are UUIDv7 in BINARY(16);
-- identifiers compare in binary.

CREATE TABLE migrations (
    id INT UNSIGNED NOT NULL PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    applied_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A shop, or the platform itself. Settings are lines "name = value"; only
-- those that differ from their presets are stored. mac_key is sealed. A shop
-- that a merchant founded (founded_by: an account of the platform) is held
-- back until approved_at; delete_at: when all of a deleted one goes.
CREATE TABLE tenants (
    id BINARY(16) NOT NULL PRIMARY KEY,
    slug VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NULL,
    name VARCHAR(100) NOT NULL,
    kind ENUM('platform','shop') NOT NULL,
    status ENUM('active','suspended','deleting') NOT NULL DEFAULT 'active',
    settings TEXT NOT NULL,
    tokens_until BIGINT NOT NULL DEFAULT 0,
    mac_key VARBINARY(128) NOT NULL,
    founded_by BINARY(16) NULL,
    approved_at BIGINT NULL,
    delete_at BIGINT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE KEY slug (slug),
    KEY gone (delete_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Where a host or an origin leads: an index over the settings of that name.
CREATE TABLE tenant_names (
    kind ENUM('host','origin') NOT NULL,
    value VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    tenant_id BINARY(16) NOT NULL,
    host VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin
        AS (IF(kind = 'host', value, NULL)) PERSISTENT,
    PRIMARY KEY (kind, value, tenant_id),
    UNIQUE KEY host (host),
    KEY tenant (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who runs which shop: account_id is a customer of the platform tenant.
CREATE TABLE tenant_members (
    tenant_id BINARY(16) NOT NULL,
    account_id BINARY(16) NOT NULL,
    role ENUM('owner') NOT NULL DEFAULT 'owner',
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, account_id),
    KEY account (account_id, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Who may found one shop while founding = invite.
CREATE TABLE invitations (
    tenant_id BINARY(16) NOT NULL,
    email VARBINARY(320) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT NULL,
    PRIMARY KEY (tenant_id, email),
    KEY expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A partner's (kind) speaks for one source, and perhaps only from some client
-- networks. per_minute: how often it may be used; NULL: as the code has it.
CREATE TABLE api_keys (
    tenant_id BINARY(16) NOT NULL,
    id BINARY(16) NOT NULL,
    kind ENUM('publishable','secret','partner') NOT NULL,
    name VARCHAR(100) NOT NULL,
    prefix VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    secret_hash BINARY(32) NOT NULL,
    scopes VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        DEFAULT '',
    source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    networks VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        DEFAULT '',
    per_minute INT UNSIGNED NULL,
    status ENUM('active','inactive','revoked') NOT NULL DEFAULT 'active',
    expires_at BIGINT NULL,
    last_used_at BIGINT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE KEY secret (secret_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Keys that sign access tokens; material is sealed.
CREATE TABLE signing_keys (
    tenant_id BINARY(16) NOT NULL,
    id BINARY(16) NOT NULL,
    kid VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    alg ENUM('ES256','HS512') NOT NULL,
    material VARBINARY(512) NOT NULL,
    signs_from BIGINT NOT NULL,
    retires_at BIGINT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE KEY kid (kid),
    KEY retires (retires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- email and phone are contact columns; who is found by them stands in
-- identities. *_proven_at says whether the contact was proven here. source: the
-- partner that brought this customer; *_source: who stated what stands there.
CREATE TABLE customers (
    tenant_id BINARY(16) NOT NULL,
    id BINARY(16) NOT NULL,
    status ENUM('active','disabled') NOT NULL DEFAULT 'active',
    email VARCHAR(254) NULL,
    email_proven_at BIGINT NULL,
    phone VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
    phone_proven_at BIGINT NULL,
    full_name VARCHAR(200) NULL,
    first_name VARCHAR(100) NULL,
    last_name VARCHAR(100) NULL,
    address VARCHAR(500) NULL,
    id_number VARCHAR(64) NULL,
    date_of_birth CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NULL,
    nationality VARCHAR(64) NULL,
    profile_url VARCHAR(2048) NULL,
    locale VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NULL,
    source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    username VARCHAR(255) NULL,
    email_source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    name_source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
    secondary_phone VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    KEY email (tenant_id, email, id),
    KEY phone (tenant_id, phone, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A row is the right to be found by this value. proven_at NULL: nobody has
-- shown yet that it is theirs; the first who does takes it over. A partner's
-- value is "source:username".
CREATE TABLE identities (
    tenant_id BINARY(16) NOT NULL,
    kind ENUM('email','phone','partner') NOT NULL,
    value VARBINARY(320) NOT NULL,
    customer_id BINARY(16) NOT NULL,
    proven_at BIGINT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, kind, value),
    KEY customer (tenant_id, customer_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One row per code and link sent. begun_from is the client's address (IPv6:
-- its /64). killed_at: a newer one took its place, or another was spent.
CREATE TABLE challenges (
    tenant_id BINARY(16) NOT NULL,
    id BINARY(16) NOT NULL,
    purpose ENUM('signin') NOT NULL,
    channel ENUM('email','phone') NOT NULL,
    destination VARBINARY(320) NOT NULL,
    user_type ENUM('','customer','merchant') NOT NULL DEFAULT '',
    business_name VARCHAR(100) NULL,
    begun_from BINARY(16) NOT NULL,
    pepper INT UNSIGNED NOT NULL,
    code_hash BINARY(32) NULL,
    link_hash BINARY(32) NOT NULL,
    fresh_number BOOL NOT NULL DEFAULT FALSE,
    tries INT UNSIGNED NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    code_expires_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    spent_at BIGINT NULL,
    killed_at BIGINT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE KEY link (tenant_id, link_hash),
    KEY destination (tenant_id, channel, destination, id),
    KEY fresh (tenant_id, fresh_number, id),
    KEY expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- rotated_at: when the present generation's predecessor was spent;
-- rotated_before_at: the same one generation earlier.
CREATE TABLE sessions (
    tenant_id BINARY(16) NOT NULL,
    id BINARY(16) NOT NULL,
    customer_id BINARY(16) NOT NULL,
    challenge_id BINARY(16) NULL,
    door CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    client_id BINARY(16) NULL,
    amr VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    idp VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    salt BINARY(16) NOT NULL,
    generation INT UNSIGNED NOT NULL DEFAULT 1,
    rotated_at BIGINT NOT NULL,
    rotated_before_at BIGINT NOT NULL DEFAULT 0,
    device VARCHAR(200) NULL,
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL,
    authenticated_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    idle_expires_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT NULL,
    end_reason VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE KEY challenge (tenant_id, challenge_id),
    KEY customer (tenant_id, customer_id, ended_at),
    KEY expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What waits to be sent. destination and payload (sealed) go when it is done.
CREATE TABLE outbox (
    id BINARY(16) NOT NULL PRIMARY KEY,
    tenant_id BINARY(16) NOT NULL,
    kind ENUM('email','sms','whatsapp') NOT NULL,
    state ENUM('queued','sent','dead','suppressed','expired') NOT NULL,
    challenge_id BINARY(16) NULL,
    destination VARBINARY(320) NULL,
    payload BLOB NULL,
    attempts INT UNSIGNED NOT NULL DEFAULT 0,
    next_at BIGINT NOT NULL,
    lease_owner BINARY(16) NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    done_at BIGINT NULL,
    why VARCHAR(200) NULL,
    KEY due (state, next_at),
    KEY kind_due (kind, state, next_at),
    KEY lease (lease_owner),
    KEY tenant (tenant_id, id),
    KEY expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Where a customer has things brought.
CREATE TABLE locations (
    tenant_id BINARY(16) NOT NULL,
    id BINARY(16) NOT NULL,
    customer_id BINARY(16) NOT NULL,
    type ENUM('home','work','friend_house','other') NOT NULL,
    address1 VARCHAR(200) NULL,
    address2 VARCHAR(200) NULL,
    city_name VARCHAR(100) NULL,
    postal_code VARCHAR(20) NULL,
    country_code CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NULL,
    latitude DECIMAL(8,6) NULL,
    longitude DECIMAL(9,6) NULL,
    formatted_address VARCHAR(500) NULL,
    description VARCHAR(500) NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    KEY customer (tenant_id, customer_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Whom a shop wants told. secret and headers are sealed; events are separated
-- by commas. rest_until: when it may be asked again; 0: it answers, and soon.
CREATE TABLE webhooks (
    tenant_id BINARY(16) NOT NULL,
    id BINARY(16) NOT NULL,
    url VARCHAR(2048) NOT NULL,
    secret VARBINARY(256) NOT NULL,
    headers VARBINARY(4096) NULL,
    events VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    active BOOL NOT NULL DEFAULT TRUE,
    rest_until BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a webhook is told, in the order of seq. id is the event's, the same for
-- all webhooks and all tries; what it says is written when it is delivered.
CREATE TABLE webhook_events (
    seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    tenant_id BINARY(16) NOT NULL,
    webhook_id BINARY(16) NOT NULL,
    id BINARY(16) NOT NULL,
    event VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    customer_id BINARY(16) NULL,
    session_id BINARY(16) NULL,
    detail VARCHAR(200) NULL,
    at BIGINT NOT NULL,
    state ENUM('queued','sent','dead') NOT NULL DEFAULT 'queued',
    attempts INT UNSIGNED NOT NULL DEFAULT 0,
    next_at BIGINT NOT NULL,
    lease_owner BINARY(16) NULL,
    done_at BIGINT NULL,
    why VARCHAR(200) NULL,
    KEY due (state, tenant_id, webhook_id, next_at),
    KEY turn (webhook_id, customer_id, state, seq),
    KEY tenant (tenant_id, seq),
    KEY lease (lease_owner),
    KEY done (done_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE audit_events (
    tenant_id BINARY(16) NOT NULL,
    id BINARY(16) NOT NULL,
    at BIGINT NOT NULL,
    event VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    result ENUM('ok','refused') NOT NULL,
    actor VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    customer_id BINARY(16) NULL,
    session_id BINARY(16) NULL,
    address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL,
    request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    detail VARCHAR(200) NULL,
    PRIMARY KEY (tenant_id, id),
    KEY customer (tenant_id, customer_id, id),
    KEY at (at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One row per counted thing. Address limits belong to no tenant (all zeros).
-- last_at, prev_at: the newest counted time, and the one before.
CREATE TABLE limits (
    tenant_id BINARY(16) NOT NULL,
    kind TINYINT UNSIGNED NOT NULL,
    subject BINARY(16) NOT NULL,
    n INT NOT NULL,
    resets_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    prev_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, kind, subject),
    KEY resets (resets_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A guest's cart (id: from the hash of the guest session id) or a customer's
-- (id: the customer's). moved_at: a guest's cart that became a customer's.
CREATE TABLE carts (
    tenant_id BINARY(16) NOT NULL,
    id BINARY(16) NOT NULL,
    kind ENUM('guest','customer') NOT NULL,
    moved_to BINARY(16) NULL,
    moved_at BIGINT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    KEY expires (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE cart_lines (
    tenant_id BINARY(16) NOT NULL,
    cart_id BINARY(16) NOT NULL,
    product_id VARCHAR(128) NOT NULL,
    variant_id VARCHAR(128) NOT NULL DEFAULT '',
    quantity INT UNSIGNED NOT NULL,
    attributes TEXT NULL,
    position INT UNSIGNED NOT NULL,
    PRIMARY KEY (tenant_id, cart_id, product_id, variant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Refusals at the gate, by the hour.
CREATE TABLE event_counters (
    hour BIGINT NOT NULL,
    event VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    n BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (hour, event)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

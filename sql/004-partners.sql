-- SPDX-License-Identifier: ISC
-- Customers whom partners bring, where they live, and who is told.

ALTER TABLE identities
    MODIFY COLUMN kind ENUM('email','phone','partner') NOT NULL;

ALTER TABLE customers
    ADD COLUMN source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL
        AFTER locale,
    ADD COLUMN username VARCHAR(255) NULL AFTER source,
    ADD COLUMN email_source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin
        NULL AFTER username,
    ADD COLUMN name_source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin
        NULL AFTER email_source,
    ADD COLUMN secondary_phone VARCHAR(16) CHARACTER SET ascii
        COLLATE ascii_bin NULL AFTER name_source;

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

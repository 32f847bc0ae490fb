-- SPDX-License-Identifier: ISC
-- API keys that rest, expire, count and remember; those of partners. Signing
-- keys that are found when they are to go, and no sooner than what they signed.

ALTER TABLE api_keys
    MODIFY COLUMN kind ENUM('publishable','secret','partner') NOT NULL,
    MODIFY COLUMN status ENUM('active','inactive','revoked') NOT NULL
        DEFAULT 'active',
    ADD COLUMN source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL
        AFTER scopes,
    ADD COLUMN networks VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin
        NOT NULL DEFAULT '' AFTER source,
    ADD COLUMN per_minute INT UNSIGNED NULL AFTER networks,
    ADD COLUMN last_used_at BIGINT NULL AFTER expires_at;

ALTER TABLE signing_keys ADD KEY retires (retires_at);

ALTER TABLE tenants
    ADD COLUMN tokens_until BIGINT NOT NULL DEFAULT 0 AFTER settings;

-- SPDX-License-Identifier: ISC
-- A customer's language, for messages.

ALTER TABLE customers
    ADD COLUMN locale VARCHAR(35) CHARACTER SET ascii COLLATE ascii_bin NULL
        AFTER profile_url;

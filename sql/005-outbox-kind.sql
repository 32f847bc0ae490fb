-- SPDX-License-Identifier: ISC
-- Messages are claimed by kind, so that no kind waits for another.

ALTER TABLE outbox ADD KEY kind_due (kind, state, next_at);

package dev.heddle.cluster.store;

import java.util.Objects;

/**
 * A row of an {@link Inbox}.
 *
 * @param topic who is to have it: the queue of a job
 * @param id of the job; anything, if another program has put the row
 * @param name of the job, as {@code id}
 * @param priority the highest is moved first; 0 to 9
 * @param options a JSON object
 * @param atMillis when it was put, in milliseconds since 1970 by the database's clock; 0 if that is not known, as for a
 *     row that is still to be put
 */
public record InboxRow(String topic, String id, String name, Bytes payload, int priority, String options,
        long atMillis) {

    /** Checks that nothing is missing. */
    public InboxRow {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(options, "options");
    }
}

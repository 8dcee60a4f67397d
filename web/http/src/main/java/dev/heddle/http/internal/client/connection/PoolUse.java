package dev.heddle.http.internal.client.connection;

import dev.heddle.internal.Durations;
import dev.heddle.internal.sight.ConnectionSight.Held;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The report of who uses the connections that a request has waited for in vain. */
final class PoolUse {

    private final String place;
    private int requests;
    private int reading;
    private int unread;

    /** Of those whose replies nobody reads, while there are any. */
    private @Nullable Held oldest;

    /**
     * @param place words for where they lead; empty for anywhere
     */
    PoolUse(String place) {
        this.place = place;
    }

    /**
     * A request that has a connection, or a stream of one.
     *
     * @param hasReply whether the head of its reply has come
     * @param isAwaited whether a task waits for more of that
     */
    void add(Held request, boolean hasReply, boolean isAwaited) {
        boolean isUnread = hasReply && !isAwaited;
        if (oldest == null || (isUnread == (unread > 0) ? oldest.nanos() < request.nanos() : isUnread)) {
            oldest = request;
        }
        requests++;
        reading += hasReply && isAwaited ? 1 : 0;
        unread += isUnread ? 1 : 0;
    }

    /** The words behind a failure; empty if nobody has a connection. */
    @Override
    public String toString() {
        Held first = oldest;
        if (first == null) {
            return "";
        }
        return unread + " of " + requests + " requests under way" + place + " have a reply that nobody is reading"
                + (reading == 0 ? "" : ", " + reading + " are reading theirs") + "; the oldest is " + words(first)
                + (unread == 0 ? "" : "; read each reply to its end, or close it");
    }

    /** A request, for people: what it is, for how long, and whose. */
    static String words(@Nullable Held held) {
        if (held == null) {
            return "a request";
        }
        var task = held.by();
        return held.what() + ", for " + Durations.words(Duration.ofNanos(held.nanos()))
                + (task == null ? "" : ", of task " + task.name() + (task.isDone() ? ", which has ended" : ""));
    }
}

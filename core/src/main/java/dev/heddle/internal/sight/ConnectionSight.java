package dev.heddle.internal.sight;

import dev.heddle.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection at one moment, as its loop tells it.
 *
 * @param name what it leads to, where its owner's name does not say that; null where it does
 * @param peer the address of the other side; empty while there is none
 * @param protocol {@code HTTP/1.1}, {@code HTTP/2}, or what it was switched to
 * @param phase what it is about, for people: {@code idle}, {@code head}, {@code exchange}
 * @param request the request under way; null for none
 * @param ageNanos since it was made, or begun to be
 * @param buffered bytes that have come and are not looked at yet
 * @param deadlineNanos until the peer is late; -1 if nothing is awaited of it
 * @param streams of HTTP/2, each with the request on it
 */
public record ConnectionSight(
        @Nullable String name,
        String peer,
        String protocol,
        String phase,
        @Nullable Held request,
        long ageNanos,
        int buffered,
        long deadlineNanos,
        List<Held> streams) {

    /**
     * What is held by a request under way.
     *
     * @param what the request, as a log names it, or the stream that it is on
     * @param by the task that sees to it; null where that is not known
     * @param nanos for how long; -1 where that is not known
     */
    public record Held(String what, @Nullable Task<?> by, long nanos) {}

    public ConnectionSight {
        streams = List.copyOf(streams);
    }
}

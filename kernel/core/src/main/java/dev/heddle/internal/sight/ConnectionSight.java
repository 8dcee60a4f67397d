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
 * @param bytes what has gone over it; {@link Bytes#NONE} while there is none
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
        Bytes bytes,
        long deadlineNanos,
        List<Held> streams) {

    /**
     * What has gone over a connection, without what TLS adds.
     *
     * @param in how many bytes have come
     * @param out how many have been taken by the system
     * @param unread how many have come that are not looked at yet
     * @param tls what protects them: {@code TLSv1.3 TLS_AES_128_GCM_SHA256 x25519}, the
     *     group only if the engine tells it; null if nothing does
     */
    public record Bytes(long in, long out, int unread, @Nullable String tls) {

        public static final Bytes NONE = new Bytes(0, 0, 0, null);
    }

    /**
     * What is held by a request under way.
     *
     * @param what the request, as a log names it, or the stream that it is on; empty for all of a connection without
     *     requests
     * @param by the task that sees to it; null where that is not known
     * @param nanos for how long; -1 where that is not known
     */
    public record Held(String what, @Nullable Task<?> by, long nanos) {}

    public ConnectionSight {
        streams = List.copyOf(streams);
    }
}

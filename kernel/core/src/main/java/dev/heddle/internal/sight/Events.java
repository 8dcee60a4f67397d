package dev.heddle.internal.sight;

import dev.heddle.Loop;
import dev.heddle.Task;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The listener to what happens in a program above the turns of tasks: requests, connections, cancels, child processes.
 * There is one while somebody measures or records, and none else, so that what happens unheard costs one reading of a
 * field.
 *
 * <p>Threads: each call comes on the thread where it happens, most on a loop's, and must be short: no locks that a task
 * may hold, no waits. Words are made by suppliers, only where somebody wants them.
 */
public abstract class Events {

    private static volatile @Nullable Events heard;

    /** Only {@code observe} makes some. */
    protected Events() {}

    /** Who hears; null if nobody does. */
    public static @Nullable Events heard() {
        return heard;
    }

    /** Has somebody hear from now on, in place of whoever did; null for nobody. */
    public static void hear(@Nullable Events by) {
        heard = by;
    }

    /** What takes a time. */
    public enum Kind {
        /** A request that a server answers. */
        SERVED,
        /** A request that a client sends. */
        REQUESTED,
        /** A connection that a server has accepted, from then to its end. */
        ACCEPTED,
        /** A connection that is made. */
        CONNECT,
        /** A handshake of TLS. */
        HANDSHAKE
    }

    /**
     * A request of HTTP.
     *
     * @param method as it came; a peer may have made it up
     * @param route the route that answered, with its places: {@code /users/{id}}; null if none did, and on the client
     * @param scheme {@code http} or {@code https}
     * @param protocol {@code HTTP/1.1}; null where none was spoken yet
     * @param status of the response; 0 if there was none
     * @param failure the name of what went wrong instead; null if nothing did
     * @param bytes of the response's body, as far as it was sent; -1 on the client, which ends with the head
     * @param nanos from the first line to the last byte; on the client to the end of the head
     */
    public record HttpRequest(
            String method,
            @Nullable String route,
            String scheme,
            @Nullable String protocol,
            int status,
            @Nullable String failure,
            long bytes,
            long nanos) {}

    /** A loop begins that lives in real time; before its first turn, on the thread that makes it. */
    public abstract void loopBegins(Loop loop);

    /**
     * Something begins that takes a time.
     *
     * @return to be given back at its end
     */
    public abstract Object begin(Kind kind);

    /**
     * A server begins to answer a request.
     *
     * @param method as it came; empty if its head could not be read
     * @param scheme {@code http} or {@code https}
     * @return to be given back when it is {@linkplain #served served}
     */
    public Object serving(String method, String scheme) {
        return begin(Kind.SERVED);
    }

    /** A server has answered a request, or will not any more. */
    public abstract void served(Object begun, HttpRequest request, Supplier<String> peer);

    /**
     * A client has the head of an answer, or will not get one.
     *
     * @param host the server's
     */
    public abstract void requested(Object begun, HttpRequest request, String host, int port);

    /**
     * A handshake of TLS is over; before it has {@linkplain #ended ended}.
     *
     * @param group that keys were exchanged with; empty where the engine does not tell it
     */
    public void secured(Object begun, String group) {}

    /**
     * Something else has ended that took a time.
     *
     * @param failure why it failed; null if it did not
     */
    public abstract void ended(Kind kind, Object begun, Supplier<String> peer, @Nullable Throwable failure);

    /**
     * A cancel was asked for, or a deadline has passed.
     *
     * @param task whose scope it is; null for a group of the loop
     */
    public abstract void cancelled(Loop loop, @Nullable Task<?> task, String reason);

    /**
     * An attempt at a job of a cluster's queue has ended by itself.
     *
     * @param kind the name that chooses the handler
     * @param outcome {@code done} or {@code failed}
     * @param waitNanos for how long the job was ready before the attempt began, by the wall clocks of those that know
     * @param runNanos how long the handler took
     */
    public void attempted(String queue, String kind, String outcome, long waitNanos, long runNanos) {}

    /**
     * Something has become of a child process of a pool.
     *
     * @param what {@code started}, {@code died} or {@code killed}
     */
    public abstract void process(String pool, long pid, String what);
}

package dev.heddle.internal.sight;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who hears of what happens in a program above the kernel: requests, connections, pools. There is one while somebody
 * measures or records, and none else, so that what happens unheard costs one reading of a field.
 *
 * <p>Threads: each call comes on the thread where it happens, most on a loop's, and must be short: no locks that a task
 * may hold, no waits. Words are made by suppliers, only where somebody wants them.
 */
public abstract class Events {

    private static volatile @Nullable Events heard;

    /** Who hears; null if nobody does. */
    public static @Nullable Events heard() {
        return heard;
    }

    /** Has somebody hear from now on, in place of whoever did; null for nobody. */
    public static void hear(@Nullable Events by) {
        heard = by;
    }

    /** Only {@code observe} makes some. */
    protected Events() {}

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

    /** A server has answered a request, or will not any more. */
    public abstract void served(HttpRequest request, Supplier<String> peer);

    /**
     * A client has the head of an answer, or will not get one.
     *
     * @param host the server's
     */
    public abstract void requested(HttpRequest request, String host, int port);
}

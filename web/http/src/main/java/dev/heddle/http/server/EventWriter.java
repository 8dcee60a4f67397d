package dev.heddle.http.server;

/**
 * The writer of one response's events: see {@link Response#events}.
 *
 * <p>Threads: the task of the connection. To test one, serve it on port 0 and read {@link
 * dev.heddle.http.client.Reply#events()}.
 */
@FunctionalInterface
public interface EventWriter {

    /**
     * Sends events for as long as it likes; the stream ends when it returns.
     *
     * <p>Cancellation: the server cancels it when the peer has gone, and as any handler when the server stops.
     *
     * @param events where they go; of no use after the return
     */
    void writeTo(EventStream events) throws Exception;
}

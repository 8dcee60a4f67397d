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
     * <p>Cancellation: the server cancels it when the peer has gone, and when the server begins to stop: the response
     * then ends in order behind the event under way, so that the peer connects again, to another server maybe.
     *
     * @param events where they go; of no use after the return
     */
    void writeTo(EventStream events) throws Exception;
}

package dev.heddle.http;

/** Sends the events of one response: see {@link Response#events}. */
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

package dev.heddle.http.client;

import dev.heddle.ClosedException;

/**
 * The context of one call: what all its parts share, from the first hop to the last byte of the reply.
 *
 * @param client what its client was built with
 * @param options what it asks for itself
 * @param loop the part of the client that its loop has
 * @param deadline how long it may take
 * @param trace who is told what it does
 */
record CallContext(
        ClientOptions client, CallOptions options, ClientLoop loop, CallDeadline deadline, RequestTrace trace) {

    /**
     * Begins a call in the calling task: its time runs from now.
     *
     * @throws ClosedException if the client is closed
     */
    static CallContext begin(HttpClient client, CallOptions options, RequestHop first) {
        ClientLoop loop = here(client, first);
        var deadline = new CallDeadline(options.timeouts());
        return new CallContext(client.settings(), options, loop, deadline, client.settings().tracers().begin(first));
    }

    /** The part of a client that the calling task's loop has; the name is that of the request in the failure. */
    static ClientLoop here(HttpClient client, Object what) {
        try {
            return client.here();
        } catch (ClosedException e) {
            throw ClientErrors.about(what, e);
        }
    }
}

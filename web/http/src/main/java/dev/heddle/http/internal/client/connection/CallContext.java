package dev.heddle.http.internal.client.connection;

import dev.heddle.http.Headers;
import dev.heddle.http.client.InterimListener;
import dev.heddle.http.internal.client.call.CallDeadline;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.ClientOptions;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.client.call.RequestTrace;

/**
 * The context of one call: what all its parts share, from the first hop to the last byte of the reply.
 *
 * @param client what its client was built with
 * @param options what it asks for itself
 * @param loop the part of the client that its loop has
 * @param deadline how long it may take
 * @param trace who is told what it does
 */
public record CallContext(
        ClientOptions client, CallOptions options, ClientLoop loop, CallDeadline deadline, RequestTrace trace) {

    private static final int CONTINUE = 100;

    /** Tells who wants to know of an interim response, in the task that waits for the head. */
    public void tellInterim(int status, Headers fields) {
        InterimListener listener = options.interims();
        if (listener != null && status != CONTINUE) {
            listener.heard(status, fields);
        }
        deadline.progress();
    }

    /** Begins a call in the calling task: its time runs from now. */
    public static CallContext begin(ClientOptions client, CallOptions options, ClientLoop loop, RequestHop first) {
        var deadline = new CallDeadline(options.timeouts(), loop.loop());
        return new CallContext(client, options, loop, deadline, client.tracers().begin(first));
    }
}

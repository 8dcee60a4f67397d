package dev.heddle.http.internal.server;

import dev.heddle.CancelScope;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.internal.CancelOnly;

/**
 * The watch that cancels a handler when its peer goes away: {@link
 * dev.heddle.http.server.RouteOptions.OnDisconnect#CANCEL}. For the handler's task and one beside it.
 */
public final class DisconnectWatch {

    private final Waiter bodyRead = new Waiter("the end of the request's body");
    private final Task<Void> task;
    private boolean gone;

    /**
     * Makes a watch, in a task of the caller's; it begins later.
     *
     * @param handler what to cancel
     */
    public DisconnectWatch(RequestSource source, CancelScope handler) {
        task = Heddle.spawn("watch " + source.connection().remoteAddress(), () -> {
            bodyRead.await();
            source.awaitGone();
            gone = true;
            handler.cancel("the peer has gone");
        });
    }

    /** Begins to watch: the body has been read, so nobody else reads from the connection. */
    public void begin() {
        bodyRead.complete();
    }

    /** Waits until the peer has gone, for a handler that asks; its own cancel tells it. */
    public void await() {
        new Waiter(new CancelOnly("the peer's end")).await();
    }

    /** Ends the watch, so that the connection's next request can be read. */
    public void end() {
        task.cancel();
        Heddle.shield(() -> {
            task.awaitOutcome();
        });
    }

    /** Whether the peer has gone. */
    public boolean hasGone() {
        return gone;
    }
}

package dev.heddle.http.internal.server;

/**
 * The age of a connection: how much of its life it has behind it, in requests and in time. For the tasks of the
 * connection.
 */
public final class ConnectionAge {

    private final ServerLoop loop;
    private final int maxRequests;
    private final long maxNanos;
    private final long bornNanos;
    private int requests;

    public ConnectionAge(ServerLoop loop) {
        this.loop = loop;
        this.maxRequests = loop.limits().maxRequests();
        this.maxNanos = loop.limits().maxLifetime().toNanos();
        this.bornNanos = loop.nanoTime();
    }

    public long nanos() {
        return loop.nanoTime() - bornNanos;
    }

    /** A request has come. */
    public void addRequest() {
        requests++;
    }

    /**
     * Whether the connection is to end behind the requests under way. Its time is that of the loop's last look at its
     * clock: what is asked once in a request need not be told to the microsecond.
     */
    public boolean isOver() {
        return requests >= maxRequests || loop.isDraining() || loop.coarseNanos() - bornNanos >= maxNanos;
    }
}

package dev.heddle.http.internal.client.connection;

import dev.heddle.Loop;
import dev.heddle.ParkingLot;
import dev.heddle.http.internal.client.call.CallOptions;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.internal.sight.ConnectionSight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a connection of HTTP/2 or HTTP/3, shared by all requests of a loop to one origin. It has one place
 * in the pool.
 *
 * <p>Its tasks belong to the loop and not to the request that made it, which may end before the others. It ends when it
 * has had no request for the idle time, when the server says so and its last request is over, or when it is lost.
 *
 * <p>A request first has its room here, given by the pool; then, when it comes to run, it opens its stream. So nobody
 * takes a stream from somebody who has waited for it.
 */
public abstract non-sealed class ClientSession extends PooledConnection {

    protected final Loop loop;
    private final ConnectionPool pool;
    private final long bornNanos;
    private final ParkingLot settled;
    private int reserved;
    private int inUse;
    private int requests;

    /** When it had its last request, by the loop's clock. */
    private long idleSinceNanos;

    protected ClientSession(HostPool host, ClientLoop place) {
        super(host);
        this.loop = place.loop();
        this.pool = place.pool();
        this.bornNanos = loop.nanoTime();
        this.settled = new ParkingLot("the settings of " + host.route);
        this.idleSinceNanos = bornNanos;
    }

    // ---- for the pool ----

    /** How many more requests it takes now. */
    final int room() {
        return openable() - reserved;
    }

    protected final boolean isIdle() {
        return inUse == 0;
    }

    protected final long idleSinceNanos() {
        return idleSinceNanos;
    }

    /** Whether a request was sent over it. */
    public final boolean isReused() {
        return requests > 0;
    }

    /** Keeps room for one request. */
    final void reserve() {
        reserved++;
        inUse++;
    }

    /** Gives up room that was not used. */
    public final void unreserve() {
        reserved--;
        leave();
    }

    /** A request uses its room. */
    protected final void opened() {
        reserved--;
        requests++;
    }

    /** A request is over. */
    protected final void leave() {
        inUse--;
        if (isIdle()) {
            idleSinceNanos = loop.nanoTime();
        }
        pool.takeBack(this);
    }

    /** It may take more requests than before, or has said what it allows. */
    protected final void hasMoreRoom() {
        settled.unparkAll();
        pool.serve();
    }

    /** It is closed. */
    protected final void ended() {
        settled.unparkAll();
        pool.ended(this);
    }

    /** Requests get HTTP/1.1 from now on. */
    protected final void needsHttp1() {
        pool.needsHttp1(host);
    }

    @Override
    final void countUse(PoolUse use) {
        standing().forEach(stream -> stream.countUse(use, loop.nanoTime()));
    }

    @Override
    protected final ConnectionSight sight() {
        long now = loop.nanoTime();
        return new ConnectionSight(host.route.toString(), peer(), version(), isIdle() ? "idle" : "exchange", null,
                now - bornNanos, traffic(), nanosLeft(), standing().stream().map(stream -> stream.sight(now)).toList());
    }

    /** The reply on a stream was dropped by who asked for it; gives its name. */
    static String dropped(ClientStream answer, Loop loop) {
        String what = PoolUse.words(answer.held(loop.nanoTime()));
        answer.done();
        return what;
    }

    final int inUse() {
        return inUse;
    }

    // ---- for a WebSocket ----

    /**
     * Waits until the server has said whether its streams may carry something else than HTTP (RFC 8441, section 3; RFC
     * 9220, section 3).
     *
     * @return whether they may; false also if the connection ends meanwhile
     */
    public final boolean awaitTunnels() {
        while (!isSettled()) {
            settled.park();
        }
        return allowsTunnels();
    }

    // ---- of the protocol ----

    /** Whether the server has said what it allows, or never will. */
    protected abstract boolean isSettled();

    /** Whether it lets streams carry something else than HTTP. */
    protected abstract boolean allowsTunnels();

    /** Begins to speak; tasks of the loop go on with it, as long as others may have requests. */
    protected abstract void start();

    /** How many more streams can be opened. */
    protected abstract int openable();

    /** Those that stand. */
    protected abstract List<ClientStream> standing();

    /** The address of the server, {@code HTTP/2} or {@code HTTP/3}, and what has gone over the connection. */
    protected abstract String peer();

    protected abstract String version();

    protected abstract ConnectionSight.Bytes traffic();

    /** How long until the server is late; -1 if nothing is awaited of it. */
    protected abstract long nanosLeft();

    /** Takes no more requests and ends behind the last one. */
    protected abstract void finish();

    protected abstract void abort();

    /**
     * Opens a stream for a request that has room here, and sends its head, waiting while the server does not read. What
     * is given back is ended with {@link ClientStream#done}.
     *
     * <p>Cancellation: a cancelled call has sent nothing and given up its room.
     *
     * @param fields its head
     * @param end whether the request has no body
     * @param call how it hears of interim responses
     * @return null if the connection takes it no more; the room is given up
     */
    public abstract @Nullable ClientStream open(
            RequestHop hop, RequestFields fields, boolean end, CallOptions call);

    @Override
    public String toString() {
        return version() + " session with " + host.route + ", " + inUse + " requests";
    }
}

package dev.heddle.http.internal.client.connection;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.internal.sight.ConnectionSight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A place in the pool, reserved for a request that makes a connection in it. */
final class ConnectionPlace extends PooledConnection {

    /** Whether what is made here may become a session of HTTP/2, for which others wait too. */
    final boolean shared;

    private final Loop loop;
    private final long reservedNanos;
    private @Nullable CallContext call;
    private @Nullable RequestHop hop;
    private @Nullable Task<?> task;

    ConnectionPlace(HostPool host, boolean shared, Loop loop) {
        super(host);
        this.shared = shared;
        this.loop = loop;
        this.reservedNanos = loop.nanoTime();
    }

    /** Has it from now on. */
    void serves(CallContext request, RequestHop to) {
        call = request;
        hop = to;
        task = Task.ofThread(Thread.currentThread()).orElse(null);
    }

    private ConnectionSight.@Nullable Held held() {
        CallContext request = call;
        return hop == null || request == null
                ? null
                : new ConnectionSight.Held(hop.toString(), task, request.deadline().nanos());
    }

    @Override
    void countUse(PoolUse use) {
        ConnectionSight.Held held = held();
        if (held != null) {
            use.add(held, false, false);
        }
    }

    @Override
    protected ConnectionSight sight() {
        CallContext request = call;
        return new ConnectionSight(
                host.route.toString(),
                "",
                "HTTP/1.1",
                request == null ? "reserved" : request.deadline().phaseName(),
                held(),
                loop.nanoTime() - reservedNanos,
                ConnectionSight.Bytes.NONE,
                request == null ? -1 : request.deadline().nanosLeft(),
                List.of());
    }

    @Override
    public String toString() {
        return "connection to " + host.route + ", not made yet";
    }
}

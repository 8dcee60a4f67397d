package dev.heddle.http.server;

import dev.heddle.Loop;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.internal.sight.Events;
import dev.heddle.io.ByteStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The counters of one loop of a server; they also feed the access log. The loop alone writes; any thread may read. */
final class ServerMeter {

    static final int ACCEPTED = 0;
    static final int CLOSED = 1;
    static final int BEGUN = 2;
    static final int ENDED = 3;

    /** One count for each class of status; 0 for no response. */
    static final int STATUS = 4;

    static final int COUNTS = STATUS + 6;

    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[COUNTS];
    private final Loop loop;
    private final TrustedProxies proxies;
    private final @Nullable Consumer<? super AccessRecord> accessLog;

    ServerMeter(Loop loop, ServerConfig config) {
        this.loop = loop;
        this.proxies = config.proxies();
        this.accessLog = config.accessLog();
    }

    void accepted() {
        count(ACCEPTED);
    }

    void closed() {
        count(CLOSED);
    }

    /**
     * A request's head has come.
     *
     * @return for {@link #ended}
     */
    long begun() {
        count(BEGUN);
        return accessLog == null && Events.heard() == null ? 0 : loop.nanoTime();
    }

    /**
     * A response is sent, as far as it will ever be.
     *
     * @param head null if it could not be read
     * @param route the route that has answered; null if none has
     * @param status 0 if there is none
     * @param bodyBytes how much of the body has been written
     * @param begunNanos what {@link #begun} gave
     */
    void ended(@Nullable RequestHead head, ByteStream connection, @Nullable String route, int status, long bodyBytes,
            long begunNanos) {
        count(ENDED);
        count(STATUS + status / 100);
        Events heard = Events.heard();
        if (heard != null && begunNanos != 0) {
            tell(heard, head, connection, route, status, bodyBytes, loop.nanoTime() - begunNanos);
        }
        if (accessLog != null) {
            Duration time = Duration.ofNanos(loop.nanoTime() - begunNanos);
            try {
                accessLog.accept(AccessRecord.of(
                        loop.engine().now().minus(time), head, proxies, connection, status, bodyBytes, time));
            } catch (RuntimeException e) {
                ServerLog.accessLogFailed(e);
            }
        }
    }

    private void tell(
            Events heard, @Nullable RequestHead head, ByteStream connection, @Nullable String route, int status,
            long bodyBytes, long nanos) {
        boolean secure = head != null && proxies.origin(head, connection).secure();
        heard.served(
                new Events.HttpRequest(
                        head == null ? "" : head.method(), route, secure ? "https" : "http",
                        head == null ? null : head.protocol().toString(), status, null, bodyBytes, nanos),
                connection::remoteAddress);
    }

    private void count(int which) {
        COUNT.setOpaque(counts, which, counts[which] + 1);
    }

    void addTo(long[] sum) {
        for (int i = 0; i < COUNTS; i++) {
            sum[i] += (long) COUNT.getOpaque(counts, i);
        }
    }
}

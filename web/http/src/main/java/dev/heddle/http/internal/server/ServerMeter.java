package dev.heddle.http.internal.server;

import dev.heddle.Loop;
import dev.heddle.http.internal.codec.RequestHead;
import dev.heddle.http.internal.proxy.TrustedProxies;
import dev.heddle.internal.sight.Events;
import dev.heddle.io.ByteStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The counters of one loop of a server; they also feed the access log. The loop alone writes; any thread may read. */
public final class ServerMeter {

    public static final int ACCEPTED = 0;
    public static final int CLOSED = 1;
    public static final int BEGUN = 2;
    public static final int ENDED = 3;

    /** One count for each class of status; 0 for no response. */
    public static final int STATUS = 4;

    public static final int COUNTS = STATUS + 6;

    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[COUNTS];
    private final Loop loop;
    private final TrustedProxies proxies;
    private final @Nullable ExchangeLog log;

    ServerMeter(Loop loop, ConnectionSettings settings) {
        this.loop = loop;
        this.proxies = settings.proxies();
        this.log = settings.log();
    }

    void accepted() {
        count(ACCEPTED);
    }

    void closed() {
        count(CLOSED);
    }

    /**
     * When a request began.
     *
     * @param scheme for who hears of it
     * @param heard what who hears of it wants back
     */
    public record Begun(long nanos, String scheme, @Nullable Object heard) {}

    /**
     * A request's head has come.
     *
     * @param head null if it could not be read
     * @return for {@link #ended}
     */
    @Nullable Begun begun(@Nullable RequestHead head, ByteStream connection) {
        count(BEGUN);
        Events heard = Events.heard();
        if (heard == null) {
            return log == null ? null : new Begun(loop.nanoTime(), "", null);
        }
        String scheme = head != null && proxies.origin(head, connection).secure() ? "https" : "http";
        return new Begun(loop.nanoTime(), scheme, heard.serving(head == null ? "" : head.method(), scheme));
    }

    /**
     * A response is sent, as far as it will ever be.
     *
     * @param head null if it could not be read
     * @param route the route that has answered; null if none has
     * @param status 0 if there is none
     * @param bodyBytes how much of the body has been written
     * @param begun what {@link #begun} gave
     */
    void ended(
            @Nullable RequestHead head, ByteStream connection, @Nullable String route, int status, long bodyBytes,
            @Nullable Begun begun) {
        count(ENDED);
        count(STATUS + status / 100);
        if (begun == null) {
            return;
        }
        long nanos = loop.nanoTime() - begun.nanos;
        Events heard = Events.heard();
        if (heard != null && begun.heard != null) {
            heard.served(
                    begun.heard,
                    new Events.HttpRequest(
                            head == null ? "" : head.method(), route, begun.scheme,
                            head == null ? null : head.protocol().toString(), status, null, bodyBytes, nanos),
                    connection::remoteAddress);
        }
        if (log != null) {
            Duration time = Duration.ofNanos(nanos);
            log.ended(loop.engine().now().minus(time), head, connection, status, bodyBytes, time);
        }
    }

    private void count(int which) {
        COUNT.setOpaque(counts, which, counts[which] + 1);
    }

    public void addTo(long[] sum) {
        for (int i = 0; i < COUNTS; i++) {
            sum[i] += (long) COUNT.getOpaque(counts, i);
        }
    }
}

package dev.heddle.http.client;

import java.time.Duration;

/**
 * The limits on how long one {@link HttpClient} waits. Immutable; change one value with its {@code with} method. All
 * are longer than zero; a wait without an end is spelt as a very long one.
 */
public final class ClientTimeouts {

    /** 5 minutes in total, 10 s to connect, 60 s for the next bytes, 1 s for a go-ahead, 30 s idle. */
    public static final ClientTimeouts DEFAULT = new ClientTimeouts(
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30));

    private final Duration total;
    private final Duration connect;
    private final Duration read;
    private final Duration continueWait;
    private final Duration idle;

    private ClientTimeouts(Duration total, Duration connect, Duration read, Duration continueWait, Duration idle) {
        check("total", total);
        check("connect", connect);
        check("read", read);
        check("continueWait", continueWait);
        check("idle", idle);
        this.total = total;
        this.connect = connect;
        this.read = read;
        this.continueWait = continueWait;
        this.idle = idle;
    }

    /**
     * The time of a request as a whole: wait for a connection, connect, send, redirects and reading the body to its
     * end.
     */
    public Duration total() {
        return total;
    }

    /**
     * The time to look up a name and connect, and once more as long for the way through a proxy, and to agree on TLS.
     */
    public Duration connect() {
        return connect;
    }

    /** The longest wait for the next bytes of a response. */
    public Duration read() {
        return read;
    }

    /**
     * How long a request with {@link ClientRequest#expectContinue()} waits for a go-ahead before it sends its body all
     * the same; half of the time that is left for the request at most.
     */
    public Duration continueWait() {
        return continueWait;
    }

    /** How long an unused connection is kept for the next request. */
    public Duration idle() {
        return idle;
    }

    public ClientTimeouts withTotal(Duration total) {
        return new ClientTimeouts(total, connect, read, continueWait, idle);
    }

    public ClientTimeouts withConnect(Duration connect) {
        return new ClientTimeouts(total, connect, read, continueWait, idle);
    }

    public ClientTimeouts withRead(Duration read) {
        return new ClientTimeouts(total, connect, read, continueWait, idle);
    }

    public ClientTimeouts withContinueWait(Duration continueWait) {
        return new ClientTimeouts(total, connect, read, continueWait, idle);
    }

    public ClientTimeouts withIdle(Duration idle) {
        return new ClientTimeouts(total, connect, read, continueWait, idle);
    }

    private static void check(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + ", must be longer than zero");
        }
    }

    @Override
    public String toString() {
        return "ClientTimeouts[total=" + total + ", connect=" + connect + ", read=" + read + ", continueWait="
                + continueWait + ", idle=" + idle + "]";
    }
}

package dev.heddle.http.client;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Promise;
import dev.heddle.http.internal.client.call.HostTurns;
import dev.heddle.internal.Checks;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A limiter of what a client asks of each host: how often, and how much at once.
 *
 * <pre>{@code
 * var polite = PerHostLimiter.of(1, Duration.ofSeconds(2)).withMaxAtOnce(1);
 * var http = HttpClient.builder().throttle(polite).build();
 * }</pre>
 *
 * <p>A request waits for its turn, in the order of asking, and others to the same host wait behind it; requests to
 * other hosts do not. The deadline of the request counts while it waits. What counts is what a host gets: each
 * redirect that leads to it, each retry and each answer to a 401 waits for a turn of its own. A host is its name: its
 * ports, http and https count together. WebSockets do not count.
 *
 * <p>Turns come evenly, as the generic cell rate algorithm keeps them (ITU-T I.371): 10 a second are one every 100 ms,
 * and after a pause no more at once than {@link #withBurst} says. A request is one of those at once until its reply has
 * been read to the end or closed.
 *
 * <p>Counts are of this process. A host is forgotten when it may be asked without a wait and nobody asks it; when more
 * than {@value #MAX_QUIET_HOSTS} hosts are remembered that nobody asks, the one that has been quiet for longest is
 * forgotten too, and so begins anew.
 *
 * <p>Threads: any; clients of several loops may share one. Cancellation: a cancelled request has taken no turn, and the
 * next one waits no longer because of it. A client that is closed lets those that wait here fail when it is their turn.
 *
 * <p>To test code that uses one, run it in the simulator.
 */
public final class PerHostLimiter {

    /** Most hosts that are remembered while nobody asks them. */
    public static final int MAX_QUIET_HOSTS = 10_000;

    private static final Duration MAX_WINDOW = Duration.ofDays(1);
    private static final int ANY = Integer.MAX_VALUE;

    /** From one turn to the next; 0 if there is no wait in between. */
    private final long gapNanos;

    private final int burst;
    private final int maxAtOnce;

    private final ReentrantLock lock = new ReentrantLock();

    // ---- guarded by the lock ----

    private final Map<String, Line> lines = new HashMap<>();

    /** Those of them that nobody asks; who was asked last is the last. */
    private final LinkedHashMap<String, Line> quiet = new LinkedHashMap<>();

    private int waiting;

    private PerHostLimiter(long gapNanos, int burst, int maxAtOnce) {
        this.gapNanos = gapNanos;
        this.burst = burst;
        this.maxAtOnce = maxAtOnce;
    }

    /**
     * So many requests in a window to each host, evenly.
     *
     * @param requests at least 1
     * @param window a microsecond a request to a day
     */
    public static PerHostLimiter of(int requests, Duration window) {
        Checks.atLeast("requests", requests, 1);
        Checks.positive("window", window);
        Checks.atMost("window", window, MAX_WINDOW);
        long gap = window.toNanos() / requests;
        if (gap < TimeUnit.MICROSECONDS.toNanos(1)) {
            throw new IllegalArgumentException(requests + " requests in " + window + " are no limit");
        }
        return new PerHostLimiter(gap, 1, ANY);
    }

    /**
     * So many requests at once to each host, as often as they end.
     *
     * @param most at least 1
     */
    public static PerHostLimiter atOnce(int most) {
        Checks.atLeast("maxAtOnce", most, 1);
        return new PerHostLimiter(0, 1, most);
    }

    /**
     * The same with a bound on the requests at once; it has seen no requests yet.
     *
     * @param most at least 1
     */
    public PerHostLimiter withMaxAtOnce(int most) {
        Checks.atLeast("maxAtOnce", most, 1);
        return new PerHostLimiter(gapNanos, burst, most);
    }

    /**
     * The same where so many requests need not wait for each other after a pause; it has seen no requests yet.
     *
     * @param most 1, as if nothing is said, to 1,000,000
     */
    public PerHostLimiter withBurst(int most) {
        Checks.inRange("burst", most, 1, 1_000_000);
        return new PerHostLimiter(gapNanos, most, maxAtOnce);
    }

    /** How many requests wait for their turn now. */
    public int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** How many hosts are remembered; those to be forgotten are so when the next request comes. */
    public int hosts() {
        lock.lock();
        try {
            return lines.size();
        } finally {
            lock.unlock();
        }
    }

    // ---- for the client ----

    /** What a client knows of it. */
    HostTurns turns() {
        return new HostTurns() {
            @Override
            public HostTurns.Turn enter(String host) {
                return PerHostLimiter.this.enter(host);
            }

            @Override
            public String use(String host) {
                return PerHostLimiter.this.use(name(host));
            }
        };
    }

    private String use(String name) {
        lock.lock();
        try {
            Line line = lines.get(name);
            return line == null || line.active < maxAtOnce
                    ? ""
                    : line.active + " requests at once are under way to " + name
                            + ", each until its reply is read to its end or closed";
        } finally {
            lock.unlock();
        }
    }

    private static String name(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /**
     * Waits for a turn at a host.
     *
     * <p>Cancellation: a cancelled call has taken none.
     *
     * @param host its name as a URL's origin has it
     * @return what the request has of the host, to be given back
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    Place enter(String host) {
        String name = name(host);
        var turn = new Turn();
        Line line = join(name, turn);
        try {
            while (true) {
                Promise<Boolean> called = null;
                long wait = 0;
                lock.lock();
                try {
                    if (line.turns.getFirst() != turn || line.active == maxAtOnce) {
                        called = new Promise<>();
                        turn.called = called;
                    } else {
                        long now = Heddle.currentLoop().nanoTime();
                        wait = line.waitNanos(now);
                        if (wait <= 0) {
                            line.take(now);
                            return new Place(line);
                        }
                    }
                } finally {
                    lock.unlock();
                }
                if (called != null) {
                    boolean _ = called.join();
                } else {
                    Heddle.sleep(Duration.ofNanos(wait));
                }
            }
        } finally {
            leaveLine(line, turn);
        }
    }

    private Line join(String name, Turn turn) {
        lock.lock();
        try {
            forgetQuiet(Heddle.currentLoop().nanoTime());
            quiet.remove(name);
            Line line = lines.computeIfAbsent(name, Line::new);
            line.turns.add(turn);
            waiting++;
            return line;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a request out of the line, whether it has had its turn or goes without. */
    private void leaveLine(Line line, Turn turn) {
        Promise<Boolean> next;
        lock.lock();
        try {
            line.turns.remove(turn);
            waiting--;
            next = next(line);
        } finally {
            lock.unlock();
        }
        call(next);
    }

    private void release(Place place) {
        Promise<Boolean> next;
        lock.lock();
        try {
            if (place.left) {
                return;
            }
            place.left = true;
            place.line.active--;
            next = next(place.line);
        } finally {
            lock.unlock();
        }
        call(next);
    }

    /** What calls the first of the line, if it may go now or in a while; notes who is quiet. Under the lock. */
    private @Nullable Promise<Boolean> next(Line line) {
        if (!line.turns.isEmpty()) {
            return line.active < maxAtOnce ? line.turns.getFirst().called : null;
        }
        if (line.active == 0) {
            quiet.putLast(line.host, line);
            if (quiet.size() > MAX_QUIET_HOSTS) {
                lines.remove(quiet.pollFirstEntry().getKey());
            }
        }
        return null;
    }

    private static void call(@Nullable Promise<Boolean> next) {
        if (next != null) {
            boolean _ = next.tryComplete(true);
        }
    }

    /** Forgets who could be asked as if never asked before. Those asked first come first, so it looks at one more. */
    private void forgetQuiet(long now) {
        while (!quiet.isEmpty() && quiet.firstEntry().getValue().isWhole(now)) {
            lines.remove(quiet.pollFirstEntry().getKey());
        }
    }

    /** One that waits. */
    private static final class Turn {

        /** Completed when it should look again; null as long as it looks anyway. Guarded by the lock. */
        private @Nullable Promise<Boolean> called;
    }

    /** What is known of one host. Guarded by the lock. */
    private final class Line {

        private final String host;
        private final LinkedHashSet<Turn> turns = new LinkedHashSet<>();
        private int active;
        private boolean asked;

        /** When it is as if it had not been asked, once it was. */
        private long wholeAtNanos;

        Line(String host) {
            this.host = host;
        }

        boolean isWhole(long now) {
            return !asked || wholeAtNanos - now <= 0;
        }

        long waitNanos(long now) {
            return (isWhole(now) ? 0 : wholeAtNanos - now) - gapNanos * (burst - 1);
        }

        void take(long now) {
            wholeAtNanos = (isWhole(now) ? now : wholeAtNanos) + gapNanos;
            asked = true;
            active++;
        }
    }

    /** What a request has of a host, from its turn to the end of its reply. */
    final class Place implements HostTurns.Turn {

        private final Line line;

        /** Guarded by the lock. */
        private boolean left;

        private Place(Line line) {
            this.line = line;
        }

        /** Gives it back. Never waits; does nothing the second time. */
        @Override
        public void close() {
            release(this);
        }
    }

    /** The rule and how many wait; not for whom, since that tells where someone is. */
    @Override
    public String toString() {
        String pace = gapNanos == 0 ? "" : "one every " + Duration.ofNanos(gapNanos) + ", burst " + burst + ", ";
        return "PerHostLimiter[" + pace + (maxAtOnce == ANY ? "" : maxAtOnce + " at once, ") + waiting() + " waiting]";
    }
}

package dev.heddle.http.internal.http2;

import dev.heddle.Loop;
import dev.heddle.http.Http2Limits;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of what a peer may send that costs work and moves no request on, so that no mix of valid frames is an
 * attack (CVE-2019-9511 to 9518, CVE-2023-44487, CVE-2025-8671). All counts begin anew with each interval. HTTP/3 has those
 * of what it has too.
 */
public final class Http2Budgets {

    /** What is counted apart. */
    public enum Kind {
        RESET("reset streams"),
        SETTINGS("SETTINGS frames"),
        PING("PING frames"),
        EMPTY("empty DATA frames"),
        WINDOW_UPDATE("WINDOW_UPDATE frames"),
        PRIORITY("PRIORITY_UPDATE frames"),
        IGNORED("frames without a meaning");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** How many of a kind there may be in an interval, and were. */
    private static final class Count {

        private final int limit;
        private int spent;

        Count(int limit) {
            this.limit = limit;
        }
    }

    /** Bytes sent that buy the peer one more WINDOW_UPDATE; less for each is a way to make us send in crumbs. */
    private static final int BYTES_PER_WINDOW_UPDATE = 256;

    private final Loop loop;
    private final long intervalNanos;
    private final Map<Kind, Count> counts = new EnumMap<>(Kind.class);
    private long sinceNanos;
    private long sentBytes;

    public Http2Budgets(Loop loop, Http2Limits limits) {
        this.loop = loop;
        intervalNanos = limits.interval().toNanos();
        sinceNanos = loop.nanoTime();
        for (Kind kind : Kind.values()) {
            counts.put(kind, new Count(switch (kind) {
                case RESET -> limits.maxResets();
                case SETTINGS -> limits.maxSettings();
                case PING -> limits.maxPings();
                case EMPTY -> limits.maxEmptyFrames();
                case WINDOW_UPDATE -> limits.maxWindowUpdates();
                case PRIORITY, IGNORED -> limits.maxIgnoredFrames();
            }));
        }
    }

    /**
     * Counts one.
     *
     * @throws Http2Fault ENHANCE_YOUR_CALM of the connection if there were too many
     */
    void spend(Kind kind) {
        String excess = excess(kind);
        if (excess != null) {
            throw Http2Fault.ofConnection(Http2Error.ENHANCE_YOUR_CALM, excess);
        }
    }

    /** Counts one; what to tell the peer if there were too many, and otherwise null. */
    public @Nullable String excess(Kind kind) {
        Count count = Objects.requireNonNull(counts.get(kind));
        if (++count.spent <= count.limit) {
            return null;
        }
        long now = loop.nanoTime();
        if (now - sinceNanos >= intervalNanos) {
            sinceNanos = now;
            sentBytes = 0;
            counts.values().forEach(each -> each.spent = 0);
            count.spent = 1;
            return null;
        }
        if (kind == Kind.WINDOW_UPDATE && count.spent - count.limit <= sentBytes / BYTES_PER_WINDOW_UPDATE) {
            return null;
        }
        return "too many " + kind.text;
    }

    /** Bytes of bodies have been sent. */
    void sent(int bytes) {
        sentBytes += bytes;
    }
}

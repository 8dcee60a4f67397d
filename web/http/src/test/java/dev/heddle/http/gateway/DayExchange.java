package dev.heddle.http.gateway;

import dev.heddle.sim.SimRandom;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One request of a simulated day: what is asked, how each side behaves, and what has become of it. */
final class DayExchange {

    /** What the upstream does. */
    enum Manner {
        LENGTH(200),
        CHUNKED(200),
        UNTIL_THE_END(200),
        SLOW(200),
        HINTS(200),
        /** Answers before it has read the body of the request, which it reads then. */
        EARLY(200),
        NO_CONTENT(204),
        NOT_MODIFIED(304),
        ERROR(500),
        /** Answers before it has read the body, and closes. */
        EARLY_END(413),
        UNAVAILABLE(503),
        /** Sends more than it has said. */
        LONG(200),
        /** Sends a body where none may be. */
        NO_CONTENT_WITH_A_BODY(204),
        NOT_MODIFIED_WITH_A_BODY(304),
        /** From here on no answer of it may look whole. */
        SHORT(0),
        SHORT_CHUNKED(0),
        BAD_CHUNK(0),
        TWO_LENGTHS(0),
        LENGTH_AND_CHUNKED(0),
        NO_HTTP(0),
        HALF_A_HEAD(0),
        NOTHING(0),
        STALLED(0),
        SILENT(0);

        private final int status;

        Manner(int status) {
            this.status = status;
        }

        boolean isBadInItsBodyOnly() {
            return this == SHORT || this == SHORT_CHUNKED || this == BAD_CHUNK || this == STALLED;
        }

        /** Whether it keeps to the protocol, and takes no other upstream's load by it. */
        boolean isGood() {
            return compareTo(EARLY_END) < 0;
        }

        boolean isBodyless() {
            return status == 204 || status == 304;
        }
    }

    /** What the client does. */
    enum Deed {
        PLAIN,
        BY_PIECES,
        READS_SLOWLY,
        LEAVES_IN_THE_BODY_OF_THE_REQUEST,
        LEAVES_BEFORE_THE_ANSWER,
        LEAVES_IN_THE_ANSWER;

        boolean isToTheEnd() {
            return compareTo(READS_SLOWLY) <= 0;
        }
    }

    private static final List<Integer> SIZES = List.of(0, 1, 2, 100, 1_000, 8_192, 20_000, 65_536, 100_000, 200_000);
    private static final int MAX_BYTES_BY_PIECES = 20_000;
    private static final List<String> METHODS = List.of("GET", "GET", "HEAD", "POST", "POST", "POST", "PUT");

    /**
     * What is between the two.
     *
     * @param retries how many other upstreams the gateway tries
     * @param clients whether the clients speak HTTP/2, by a client of Heddle's
     * @param upstreams whether the upstreams do, by a server of Heddle's
     */
    record Setting(int retries, boolean clients, boolean upstreams) {}

    final int id;
    private final Setting setting;
    final Manner manner;
    final Deed deed;
    final String method;

    /** Bytes of the request's body; -1 for no body. */
    final int up;

    final boolean isChunkedUp;

    /** Bytes of the answer's body where there is one. */
    final int down;

    /** Whether nothing disturbs it, so that it has to succeed. */
    final boolean isCalm;

    // ---- what has become of it ----

    /** How often an upstream's handler had it. */
    int arrivals;

    /** Whether the client has sent all of the body. */
    boolean isSentWhole;

    /** Whether an upstream has had all of the body. */
    boolean isHadWhole;

    /** How often the gateway's handler had it. */
    int handled;

    /** The statuses that the gateway's server logs. */
    final Set<Integer> logged = new TreeSet<>();

    /** Whether something of it was wrong, which is told once. */
    boolean isWrong;

    /** The status of the whole answer that the client has; 0 if it has none. */
    int seen;

    DayExchange(int id, Setting setting, SimRandom random, int maxBytes, boolean isCalm) {
        this.id = id;
        this.setting = setting;
        this.isCalm = isCalm;
        boolean isFair = isCalm || random.chance(0.5);
        List<Manner> manners = List.of(Manner.values()).subList(0,
                isFair ? Manner.EARLY_END.ordinal() : Manner.values().length);
        this.manner = random.oneOf(manners);
        this.deed = isFair
                ? random.oneOf(List.of(Deed.PLAIN, Deed.BY_PIECES))
                : random.oneOf(List.of(Deed.values()));
        this.method = random.oneOf(METHODS);
        boolean hasBody = method.startsWith("P") && random.chance(0.8);
        // What goes up piece by piece for longer than the gateway waits for the next byte of an answer is cut rightly.
        int most = isCalm && deed == Deed.BY_PIECES ? Math.min(maxBytes, MAX_BYTES_BY_PIECES) : maxBytes;
        this.up = hasBody ? Math.min(most, random.oneOf(SIZES)) : -1;
        this.isChunkedUp = random.chance(0.5);
        this.down = manner.isBodyless() ? 0 : Math.min(maxBytes, random.oneOf(SIZES));
    }

    /**
     * How often its request may come to upstreams. A kept connection that ends without an answer is asked for no other
     * upstream, but once more; and so does Heddle's client.
     */
    int maxArrivals() {
        return method.equals("POST") ? 1 : 2 * (1 + setting.retries()) * maxHandled();
    }

    /** How often it may come to the gateway. */
    int maxHandled() {
        return setting.clients() && !method.equals("POST") ? 2 : 1;
    }

    /** The only status of a whole answer of an upstream; 0 if there is none. */
    int status() {
        boolean isSilent = manner == Manner.SILENT || manner == Manner.NOTHING;
        boolean isBodyless = method.equals("HEAD")
                && (manner.isBadInItsBodyOnly() || (setting.upstreams() && manner.status == 0 && !isSilent));
        return isBodyless ? 200 : manner.status;
    }

    /** Bytes of the body of a whole answer. */
    int answerBytes() {
        return method.equals("HEAD") ? 0 : down;
    }

    @Override
    public String toString() {
        return "exchange " + id + " [" + method + ' ' + manner + ' ' + deed + ", up " + up
                + (isChunkedUp ? " chunked" : "") + ", down " + down + (isCalm ? ", calm" : "") + "; arrived "
                + arrivals + " times, sent " + isSentWhole + ", had " + isHadWhole + ", logged " + logged + ", seen "
                + seen + ']';
    }
}

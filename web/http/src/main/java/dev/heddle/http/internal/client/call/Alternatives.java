package dev.heddle.http.internal.client.call;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.internal.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The places of HTTP/3 that origins have told of, and for how long that holds: by Alt-Svc (RFC 7838), of which only what
 * came from the origin itself, over TLS, is to be put here, or by DNS (RFC 9460).
 *
 * <p>Threads: any.
 */
public final class Alternatives {

    /** Most origins that are kept; more are not noticed before others are over. */
    private static final int MAX_ORIGINS = 1_000;

    /** How long one that did not work is left alone at first; twice as long each time, up to the longest. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** So many connections in a row by TCP that HTTP/3 could have had are a verdict: one lost datagram is none. */
    private static final int MAX_MISSES = 2;

    /** The longest head start of HTTP/3 over TCP; it has that where nobody knows how long it takes. */
    static final Duration MAX_HEAD_START = Duration.ofMillis(300);

    /** The shortest: so long an end may be busy with something else. */
    static final Duration MIN_HEAD_START = Duration.ofMillis(50);

    private static final long DEFAULT_SECONDS = TimeUnit.DAYS.toSeconds(1);
    private static final long MAX_SECONDS = TimeUnit.DAYS.toSeconds(30);

    /** The one alternative that is of use: {@code h3="host:port"}, with its parameters. */
    private static final Pattern HTTP_3 = Pattern
            .compile("(?:^|,)\\s*h3=\"([^\":]*|\\[[^\"\\]]*])?:(\\d{1,5})\"([^,]*)");

    private static final Pattern MAX_AGE = Pattern.compile(";\\s*ma\\s*=\\s*\"?(\\d{1,10})");

    private static final int MAX_PORT = 65_535;

    private final Map<Origin, Known> known = new ConcurrentHashMap<>();

    /**
     * What is known of an origin.
     *
     * @param place where; null if it is to be left alone
     * @param pauseNanos how long it was left alone when it last did not work; 0 if it has worked since
     * @param misses how often in a row TCP was faster
     * @param connectNanos how long it took to connect when it last worked; 0 if it never has
     */
    private record Known(
            @Nullable Place place, long untilNanos, long pauseNanos, int misses, long connectNanos) {

        static final Known NOTHING = new Known(null, 0, 0, 0, 0);
    }

    /**
     * Where an origin is to be had by HTTP/3.
     *
     * @param host a name, or an address without brackets
     */
    public record Place(String host, int port) {}

    /**
     * Hears what an origin says.
     *
     * @return whether that is a place where it was not known to be, or is to be tried once more
     */
    public boolean learn(Origin origin, Headers headers, long nowNanos) {
        List<String> said = headers.all("Alt-Svc");
        if (said.isEmpty()) {
            return false;
        }
        Known before = known.get(origin);
        boolean current = before != null && before.untilNanos - nowNanos > 0;
        if (before != null && current && before.place == null) {
            return false;
        }
        String text = String.join(",", said);
        Matcher found = HTTP_3.matcher(text);
        int port = found.find() ? Integer.parseInt(found.group(2)) : 0;
        if (port < 1 || port > MAX_PORT) {
            known.remove(origin);
            return false;
        }
        Matcher age = MAX_AGE.matcher(found.group(3));
        long seconds = age.find() ? Math.min(MAX_SECONDS, Long.parseLong(age.group(1))) : DEFAULT_SECONDS;
        var place = new Place(host(origin, found.group(1)), port);
        boolean again = before == null || !current || before.misses > 0;
        return keep(origin, place, nowNanos + TimeUnit.SECONDS.toNanos(seconds), nowNanos) && again;
    }

    /** Hears what DNS says of an origin that {@link #isUnknown} (RFC 9460). */
    public void learn(Origin origin, Place place, long untilNanos, long nowNanos) {
        keep(origin, place, untilNanos, nowNanos);
    }

    /** Whether there is room for it. */
    private boolean keep(Origin origin, Place place, long untilNanos, long nowNanos) {
        Known before = known.get(origin);
        if (before == null && known.size() >= MAX_ORIGINS) {
            known.values().removeIf(each -> each.untilNanos - nowNanos <= 0);
            if (known.size() >= MAX_ORIGINS) {
                return false;
            }
        }
        Known old = before == null ? Known.NOTHING : before;
        known.put(origin, new Known(place, untilNanos, old.pauseNanos, old.misses, old.connectNanos));
        return true;
    }

    private static String host(Origin origin, @Nullable String said) {
        if (said == null || said.isEmpty()) {
            return origin.host();
        }
        return said.startsWith("[") ? said.substring(1, said.length() - 1) : said;
    }

    /** Where an origin is to be had; null for nowhere that is known. */
    public @Nullable Place find(Origin origin, long nowNanos) {
        Known found = known.get(origin);
        return found != null && found.untilNanos - nowNanos > 0 ? found.place : null;
    }

    /** Whether nothing is known of an origin, also not that it is to be left alone. */
    public boolean isUnknown(Origin origin, long nowNanos) {
        Known found = known.get(origin);
        return found == null || found.untilNanos - nowNanos <= 0;
    }

    /** How long HTTP/3 may try alone: half as long again as it took when it last worked (RFC 8305, section 5). */
    public Duration headStart(Origin origin) {
        Known found = known.getOrDefault(origin, Known.NOTHING);
        if (found.connectNanos == 0 || found.misses > 0) {
            return MAX_HEAD_START;
        }
        Duration usual = Duration.ofNanos(found.connectNanos * 3 / 2);
        return Durations.shorter(MAX_HEAD_START, Durations.longer(MIN_HEAD_START, usual));
    }

    /** TCP was faster; again, where it was known to be before, or has not worked since it was left alone. */
    public void missed(Origin origin, long nowNanos) {
        Known before = known.getOrDefault(origin, Known.NOTHING);
        if (before.pauseNanos > 0 || before.misses + 1 >= MAX_MISSES) {
            failed(origin, nowNanos);
        } else {
            known.computeIfPresent(origin, (_, old) -> new Known(
                    old.place, old.untilNanos, 0, old.misses + 1, old.connectNanos));
        }
    }

    /** It did not work. */
    public void failed(Origin origin, long nowNanos) {
        Known before = known.getOrDefault(origin, Known.NOTHING);
        long pause = before.pauseNanos == 0
                ? FIRST_PAUSE_NANOS
                : Math.min(LONGEST_PAUSE_NANOS, 2 * before.pauseNanos);
        known.put(origin, new Known(null, nowNanos + pause, pause, 0, before.connectNanos));
    }

    /**
     * It has worked.
     *
     * @param connectNanos how long it took to connect
     */
    public void worked(Origin origin, long connectNanos) {
        known.computeIfPresent(origin, (_, before) -> new Known(
                before.place, before.untilNanos, 0, 0, connectNanos));
    }
}

package dev.heddle.http.internal.client.call;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The places of HTTP/3 that origins have told of, and for how long that holds (Alt-Svc, RFC 7838). Only what came from the
 * origin itself, over TLS, is to be put here.
 *
 * <p>Threads: any.
 */
public final class Alternatives {

    /** Most origins that are kept; more are not noticed before others are over. */
    private static final int MAX_ORIGINS = 1_000;

    /** How long one that did not work is left alone at first; twice as long each time, up to the longest. */
    private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(5);

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
     */
    private record Known(@Nullable Place place, long untilNanos, long pauseNanos) {}

    /**
     * Where an origin is to be had by HTTP/3.
     *
     * @param host a name, or an address without brackets
     */
    public record Place(String host, int port) {}

    /**
     * Hears what an origin says.
     *
     * @return whether that is a place where it was not known to be
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
        if (before == null && known.size() >= MAX_ORIGINS) {
            known.values().removeIf(each -> each.untilNanos - nowNanos <= 0);
            if (known.size() >= MAX_ORIGINS) {
                return false;
            }
        }
        long pause = before == null ? 0 : before.pauseNanos;
        known.put(origin, new Known(place, nowNanos + TimeUnit.SECONDS.toNanos(seconds), pause));
        return !current;
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

    /** It did not work. */
    public void failed(Origin origin, long nowNanos) {
        Known before = known.get(origin);
        long pause = before == null || before.pauseNanos == 0
                ? FIRST_PAUSE_NANOS
                : Math.min(LONGEST_PAUSE_NANOS, 2 * before.pauseNanos);
        known.put(origin, new Known(null, nowNanos + pause, pause));
    }

    /** It has worked. */
    public void worked(Origin origin) {
        known.computeIfPresent(origin, (_, before) -> new Known(before.place, before.untilNanos, 0));
    }
}

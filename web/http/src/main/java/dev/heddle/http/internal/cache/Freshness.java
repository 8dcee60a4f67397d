package dev.heddle.http.internal.cache;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.HttpDate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The freshness of a response: how long it may be used unasked, and how old it was when it came (RFC 9111, section
 * 4.2).
 *
 * @param lifetimeMillis how old it may grow
 * @param initialAgeMillis how old it was
 * @param receivedMillis when it came, since 1970
 */
record Freshness(long lifetimeMillis, long initialAgeMillis, long receivedMillis) {

    /** The most that a lifetime is guessed to be. */
    static final Duration MAX_HEURISTIC = Duration.ofDays(1);

    /** A guess is this part of the time since the last change (section 4.2.2). */
    private static final int HEURISTIC_PART = 10;

    /**
     * That of a response.
     *
     * @param requested when it was asked for
     * @param received when its head came
     */
    static Freshness of(int status, Headers headers, CacheDirectives directives, Instant requested, Instant received,
            CacheScope scope) {
        Instant said = date(headers, "Date", received);
        // A date has whole seconds, so what is compared with it has, too.
        Instant whole = Instant.ofEpochSecond(received.getEpochSecond());
        Instant date = said == null ? whole : said;
        long apparentAge = millis(date, whole);
        long ageSeconds = ageSeconds(headers.first("Age"));
        long delay = Math.max(0, Duration.between(requested, received).toMillis());
        return new Freshness(
                lifetimeMillis(status, headers, directives, date, received, scope),
                Math.max(apparentAge, ageSeconds * 1000 + delay),
                received.toEpochMilli());
    }

    /** The first of several counts, and what is no number for nothing (section 5.1). */
    private static long ageSeconds(@Nullable String field) {
        return field == null ? 0 : CacheDirectives.parseSeconds(field.split(",", 2)[0].strip(), 0);
    }

    private static long lifetimeMillis(
            int status, Headers headers, CacheDirectives directives, Instant date, Instant received,
            CacheScope scope) {
        long shared = scope.isShared() ? directives.seconds("s-maxage", 0) : -1;
        if (shared >= 0) {
            return shared * 1000; // before all others (section 5.2.2.10)
        }
        long maxAge = directives.seconds("max-age", 0);
        if (maxAge >= 0) {
            return maxAge * 1000;
        }
        if (headers.contains("Expires")) {
            // A date that is none, such as 0, is one that has passed (section 5.3).
            Instant expires = date(headers, "Expires", received);
            return expires == null ? 0 : millis(date, expires);
        }
        Instant modified = date(headers, "Last-Modified", received);
        if (modified == null || scope.isShared() || !(StorageRules.isHeuristic(status) || directives.has("public"))) {
            return 0;
        }
        return Math.min(MAX_HEURISTIC.toMillis(), millis(modified, date) / HEURISTIC_PART);
    }

    /** From one date to another, 0 if that is the other way, and bounded: a year may have any number of digits. */
    private static long millis(Instant from, Instant to) {
        return Math.clamp(Duration.between(from, to).toSeconds(), 0, CacheDirectives.MAX_SECONDS) * 1000;
    }

    private static @Nullable Instant date(Headers headers, String name, Instant now) {
        String value = headers.first(name);
        return value == null ? null : HttpDate.parse(value, () -> now);
    }

    /** How old it is; a clock that was set back makes nothing younger than it came. */
    long ageMillis(Instant now) {
        return initialAgeMillis + Math.max(0, now.toEpochMilli() - receivedMillis);
    }

    /** What is left of its lifetime; negative by as much as it is stale. */
    long leftMillis(Instant now) {
        return lifetimeMillis - ageMillis(now);
    }
}

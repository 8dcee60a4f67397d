package dev.heddle.http.internal.cache;

import java.time.Instant;

/**
 * The rules of whether what is kept may be used for a request without asking the server (RFC 9111, sections 4.2.4,
 * 5.2.1).
 */
public final class ReuseRules {

    /** What may be done with a kept answer. */
    public enum Verdict {
        /** It may be used as it is. */
        REUSE,
        /** It has grown too old, or its server wants to be asked each time. */
        STALE,
        /** It is fresh, and the request wants more than that. */
        NOT_WANTED
    }

    private ReuseRules() {}

    /**
     * What may be done with an answer.
     *
     * @param asked what the request says
     */
    public static Verdict judge(StoredReply reply, CacheDirectives asked, Instant now) {
        if (reply.directives().has("no-cache")) {
            return Verdict.STALE;
        }
        Freshness freshness = reply.freshness();
        long ageMillis = freshness.ageMillis(now);
        long leftMillis = freshness.leftMillis(now);
        long maxAge = asked.seconds("max-age", 0);
        long minFresh = asked.seconds("min-fresh", CacheDirectives.MAX_SECONDS);
        boolean wanted = !asked.has("no-cache")
                && !(maxAge >= 0 && ageMillis >= maxAge * 1000)
                && !(minFresh >= 0 && leftMillis < minFresh * 1000);
        if (leftMillis > 0) {
            return wanted ? Verdict.REUSE : Verdict.NOT_WANTED;
        }
        boolean welcome = asked.isBare("max-stale") || -leftMillis <= asked.seconds("max-stale", -1) * 1000;
        return wanted && welcome && !mustBeAsked(reply) ? Verdict.REUSE : Verdict.STALE;
    }

    /**
     * Whether an answer may be used because the server cannot be reached or fails (RFC 5861, section 4).
     *
     * @param asked what the request says
     */
    public static boolean mayReplaceFailure(StoredReply reply, CacheDirectives asked, Instant now) {
        long seconds = Math.max(
                reply.directives().seconds("stale-if-error", -1), asked.seconds("stale-if-error", -1));
        return !mustBeAsked(reply) && !asked.has("no-cache")
                && seconds >= 0 && -reply.freshness().leftMillis(now) <= seconds * 1000;
    }

    /**
     * Whether an answer that has grown too old may be used while somebody asks for another (RFC 5861, section 3).
     */
    public static boolean mayBeUsedMeanwhile(StoredReply reply, Instant now) {
        CacheDirectives said = reply.directives();
        long seconds = said.seconds("stale-while-revalidate", -1);
        return seconds >= 0 && -reply.freshness().leftMillis(now) <= seconds * 1000 && !mustBeAsked(reply);
    }

    /** Whether its server forbids to use it stale, whatever the request says (RFC 9111, sections 4.2.4, 5.2.2.10). */
    private static boolean mustBeAsked(StoredReply reply) {
        CacheDirectives said = reply.directives();
        return said.has("must-revalidate") || said.has("no-cache")
                || (reply.isShared() && (said.has("proxy-revalidate") || said.has("s-maxage")));
    }
}

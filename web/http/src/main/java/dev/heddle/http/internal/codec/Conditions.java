package dev.heddle.http.internal.codec;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.HttpDate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The conditions of a request (RFC 9110, section 13), put to what the server has. */
public final class Conditions {

    private Conditions() {}

    /**
     * Whether If-Match or, without that, If-Unmodified-Since forbids the request: 412.
     *
     * @param tag the entity tag now, quoted; null if there is none
     * @param modified the last change; null if it is not known
     */
    public static boolean fail(Headers asked, @Nullable String tag, @Nullable Instant modified) {
        if (asked.contains("If-Match")) {
            return !hasTag(asked, "If-Match", tag, false);
        }
        Instant since = date(asked.first("If-Unmodified-Since"));
        return since != null && modified != null && modified.getEpochSecond() > since.getEpochSecond();
    }

    /**
     * Whether If-None-Match or, without that, If-Modified-Since says that the peer has it already: 304 for GET and
     * HEAD.
     */
    public static boolean isNotModified(Headers asked, @Nullable String tag, @Nullable Instant modified) {
        if (asked.contains("If-None-Match")) {
            return hasTag(asked, "If-None-Match", tag, true);
        }
        Instant since = date(asked.first("If-Modified-Since"));
        return since != null && modified != null && modified.getEpochSecond() <= since.getEpochSecond();
    }

    /** Whether a list of entity tags has this one, or is a star, which stands for anything that is there. */
    private static boolean hasTag(Headers asked, String field, @Nullable String tag, boolean weakToo) {
        // A weak tag promises too little for a strong comparison (section 8.8.3.2).
        String wanted = tag == null || (tag.startsWith("W/") && !weakToo) ? null : strong(tag);
        for (String value : asked.all(field)) {
            // A comma inside of a tag only makes pieces that are no tags.
            for (String element : value.split(",", -1)) {
                String candidate = element.strip();
                if (candidate.equals("*") || (weakToo ? strong(candidate) : candidate).equals(wanted)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String strong(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    /** A date in any of the three forms; a condition with another is as if it were not there. */
    public static @Nullable Instant date(@Nullable String text) {
        return text == null ? null : HttpDate.parse(text, () -> Heddle.currentLoop().engine().now());
    }
}

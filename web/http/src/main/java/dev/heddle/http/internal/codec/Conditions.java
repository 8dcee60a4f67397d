package dev.heddle.http.internal.codec;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.HttpDate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The conditions of a request (RFC 9110, section 13), put to what the server has. */
public final class Conditions {

    /** How much older than its response a date must be to tell two changes apart. */
    private static final int STRONG_SECONDS = 60;

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
            if (value.strip().equals("*")) {
                return true;
            }
            for (int at = 0; at < value.length();) {
                int end = endOfTag(value, at);
                String candidate = value.substring(at, end).strip();
                if ((weakToo ? strong(candidate) : candidate).equals(wanted)) {
                    return true;
                }
                at = end + 1;
            }
        }
        return false;
    }

    /** Where the element of a list ends: at a comma that is in no tag, which knows no escapes (section 8.8.3). */
    private static int endOfTag(String list, int from) {
        boolean inTag = false;
        for (int i = from; i < list.length(); i++) {
            char c = list.charAt(i);
            inTag ^= c == '"';
            if (c == ',' && !inTag) {
                return i;
            }
        }
        return list.length();
    }

    /**
     * Whether the part that is asked for is one of this response (section 13.1.5). A date counts where there is no tag,
     * and if the response was made a minute after it (section 8.8.2.2): else what it stands for may have changed twice
     * in that second.
     *
     * @param described the fields of the response that is there now
     */
    public static boolean rangeApplies(Headers asked, Headers described) {
        String condition = asked.first("If-Range");
        String tag = described.first("ETag");
        if (condition == null || tag != null) {
            return condition == null || (condition.equals(tag) && !condition.startsWith("W/"));
        }
        Instant modified = date(described.first("Last-Modified"));
        Instant made = date(described.first("Date"));
        return modified != null && made != null && condition.equals(described.first("Last-Modified"))
                && !made.isBefore(modified.plusSeconds(STRONG_SECONDS));
    }

    private static String strong(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }

    /** A date in any of the three forms; a condition with another is as if it were not there. */
    public static @Nullable Instant date(@Nullable String text) {
        return text == null ? null : HttpDate.parse(text, () -> Heddle.currentLoop().engine().now());
    }
}

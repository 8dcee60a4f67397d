package dev.heddle.http.internal.http2;

import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The priorities that the client of one connection asks for (RFC 9218): by a field of the request, or by a PRIORITY_UPDATE
 * that may come before it. Those of requests to come are kept, the last of each, as many as the client may have streams.
 */
final class Http2Priorities {

    private final TreeMap<Integer, Http2Priority> early = new TreeMap<>();
    private boolean spoken;

    /**
     * The priority of a request that has come.
     *
     * @param field its own word; null for none
     * @param silent what holds where it says nothing
     */
    Http2Priority opened(int id, @Nullable String field, Http2Priority silent) {
        spoken |= field != null;
        if (!early.isEmpty()) {
            // A stream that was passed over cannot be opened any more: RFC 9113, section 5.1.1.
            early.headMap(id).clear();
            Http2Priority before = early.remove(id);
            if (before != null) {
                return before;
            }
        }
        Http2Priority base = spoken ? silent : Http2Priority.SHARED;
        return field == null ? base : Http2Priority.parse(field, base);
    }

    /** A frame has come for a stream that is open. */
    Http2Priority updated(String value) {
        spoken = true;
        return Http2Priority.parse(value, Http2Priority.DEFAULT);
    }

    /** A frame has come for a stream that is not open yet; false if there are as many of those as may be. */
    boolean keep(int id, String value, int most) {
        if (early.size() >= most && !early.containsKey(id)) {
            return false;
        }
        early.put(id, updated(value));
        return true;
    }
}

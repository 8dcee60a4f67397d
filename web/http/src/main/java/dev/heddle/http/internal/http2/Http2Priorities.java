package dev.heddle.http.internal.http2;

import dev.heddle.http.Headers;
import java.util.TreeMap;

/**
 * The priorities that the client of one connection asks for (RFC 9218): by a field of the request, or by a PRIORITY_UPDATE
 * that may come before it. Those of requests to come are kept, the last of each, as many as the client may have streams.
 * HTTP/3 has the same.
 */
public final class Http2Priorities {

    private final TreeMap<Long, Http2Priority> early = new TreeMap<>();
    private boolean spoken;

    /**
     * The priority of a request that has come.
     *
     * @param fields its own, which may say so
     * @param silent what holds where it says nothing
     */
    public Http2Priority opened(long id, Headers fields, Http2Priority silent) {
        boolean says = fields.contains("priority");
        spoken |= says;
        Http2Priority before = early.isEmpty() ? null : early.remove(id);
        if (before != null) {
            return before;
        }
        Http2Priority base = spoken ? silent : Http2Priority.SHARED;
        return says ? Http2Priority.parse(String.join(",", fields.all("priority")), base) : base;
    }

    /** No stream below this one comes any more. */
    void passedOver(long id) {
        early.headMap(id).clear();
    }

    /** A frame has come for a stream that is open. */
    public Http2Priority updated(String value) {
        spoken = true;
        return Http2Priority.parse(value, Http2Priority.DEFAULT);
    }

    /** A frame has come for a stream that is not open yet; false if there are as many of those as may be. */
    boolean keep(long id, String value, int most) {
        if (early.size() >= most && !early.containsKey(id)) {
            return false;
        }
        early.put(id, updated(value));
        return true;
    }

    /** The same for streams that come in any order, where the first make room, since they may be over. */
    public void keepLast(long id, String value, int most) {
        early.put(id, updated(value));
        if (early.size() > most) {
            early.pollFirstEntry();
        }
    }
}

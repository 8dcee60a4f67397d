package dev.heddle.observe.internal;

import dev.heddle.Loop;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.internal.sight.Part;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** An answer with connections, a line each. */
final class ConnectionsAnswer {

    private final JsonLines out;

    /** How many may still be told. */
    private long left;

    ConnectionsAnswer(JsonLines out, long max) {
        this.out = out;
        this.left = max;
    }

    boolean wantsMore() {
        return left > 0;
    }

    void add(Part.View of, Loop loop, ConnectionSight connection) throws IOException {
        if (left == 0) {
            return;
        }
        left--;
        out.begin("connection").put("of", of.type());
        out.put("name", connection.name() == null ? of.name() : connection.name()).put("loop", loop.name());
        out.put("peer", connection.peer()).put("protocol", connection.protocol());
        out.put("phase", connection.phase()).put("request", connection.request());
        out.put("age", TimeUnit.NANOSECONDS.toMillis(connection.ageNanos()));
        out.put("buffered", connection.buffered());
        if (connection.deadlineNanos() >= 0) {
            out.put("deadline", TimeUnit.NANOSECONDS.toMillis(connection.deadlineNanos()));
        }
        if (!connection.streams().isEmpty()) {
            out.beginList("streams");
            connection.streams().forEach(out::item);
            out.endList();
        }
        out.end();
    }
}

package dev.heddle.observe.internal;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.internal.sight.Part;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * An answer with connections, a line each. The words for what their tasks wait for, and where, are made here and not on
 * their loops, so that may be true of a moment later.
 */
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
        out.put("phase", connection.phase());
        ConnectionSight.Held request = connection.request();
        if (request != null) {
            put(request);
        }
        out.put("age", TimeUnit.NANOSECONDS.toMillis(connection.ageNanos()));
        ConnectionSight.Bytes bytes = connection.bytes();
        out.put("in", bytes.in()).put("out", bytes.out()).put("buffered", bytes.unread()).put("tls", bytes.tls());
        if (connection.deadlineNanos() >= 0) {
            out.put("deadline", TimeUnit.NANOSECONDS.toMillis(connection.deadlineNanos()));
        }
        if (!connection.streams().isEmpty()) {
            out.beginList("streams");
            connection.streams().forEach(stream -> out.item(words(stream)));
            out.endList();
        }
        out.end();
    }

    private void put(ConnectionSight.Held request) {
        out.put("request", request.what().isEmpty() ? null : request.what());
        if (request.nanos() >= 0) {
            out.put("held", TimeUnit.NANOSECONDS.toMillis(request.nanos()));
        }
        Task<?> task = request.by();
        if (task != null && !task.isDone()) {
            out.put("task", task.id()).put("by", task.name());
            out.put("for", task.waitingFor().orElse(null)).put("at", TaskLines.at(task));
        }
    }

    private static String words(ConnectionSight.Held stream) {
        Task<?> task = stream.by();
        if (task == null || task.isDone()) {
            return stream.what();
        }
        String held = stream.what() + ", for " + TimeUnit.NANOSECONDS.toMillis(stream.nanos()) + " ms by task "
                + task.id() + " " + task.name();
        String at = TaskLines.at(task);
        return at == null ? held : held + " at " + at;
    }
}

package dev.heddle.observe.internal;

import dev.heddle.Loop;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.Parts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a program's servers, asked of their loops. A loop that does not answer within a second is told by a
 * line of kind {@code silent}.
 *
 * <pre>{"kind":"connection","of":"server","name":"127.0.0.1:8080","loop":"loop","peer":"127.0.0.1:51234",
 * "protocol":"HTTP/1.1","phase":"exchange","request":"GET /users/7","buffered":0,"deadline":9800}</pre>
 */
final class ConnectionsView implements View {

    private static final long PATIENCE_MILLIS = 1000;

    @Override
    public void write(Request request, JsonLines out) throws IOException {
        for (Part<?> part : Parts.all()) {
            Map<Loop, Supplier<List<ConnectionSight>>> loops = part.connections();
            Part.View view = loops.isEmpty() ? null : PartAnswer.of(part, PartAnswer.PATIENCE).view();
            if (view == null) {
                continue;
            }
            for (Map.Entry<Loop, Supplier<List<ConnectionSight>>> each : loops.entrySet()) {
                write(view, each.getKey(), asked(each.getKey(), each.getValue()), out);
            }
        }
    }

    private static void write(Part.View of, Loop loop, @Nullable List<ConnectionSight> told, JsonLines out)
            throws IOException {
        if (told == null) {
            out.begin("silent").put("loop", loop.name()).end();
            return;
        }
        for (ConnectionSight connection : told) {
            out.begin("connection").put("of", of.type()).put("name", of.name()).put("loop", loop.name());
            out.put("peer", connection.peer()).put("protocol", connection.protocol());
            out.put("phase", connection.phase()).put("request", connection.request());
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

    /** What a loop tells; null if it does not. A simulated one is not asked, since that would change its course. */
    private static @Nullable List<ConnectionSight> asked(Loop loop, Supplier<List<ConnectionSight>> question) {
        if (loop.isClosed() || loop.engine().isSimulated()) {
            return List.of();
        }
        var answer = new CompletableFuture<List<ConnectionSight>>();
        try {
            loop.callFromThread(() -> {
                try {
                    answer.complete(question.get());
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
            return answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (IllegalStateException ended) {
            return List.of();
        } catch (ExecutionException | TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}

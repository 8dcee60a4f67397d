package dev.heddle.observe.internal;

import dev.heddle.Loop;
import dev.heddle.internal.sight.ConnectionSight;
import dev.heddle.internal.sight.Connections;
import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.Parts;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a program's servers and clients, asked of their loops in slices, between which these go on. Each
 * slice goes out before the next is asked for, so their number does not matter. A loop that does not answer within a
 * second is told by one line of kind {@code silent}, and is not asked again.
 *
 * <p>Arguments: {@code max}, how many to tell.
 *
 * <pre>{"kind":"connection","of":"server","name":"127.0.0.1:8080","loop":"loop","peer":"127.0.0.1:51234",
 * "protocol":"HTTP/1.1","phase":"exchange","request":"GET /users/7","held":310,"task":17,
 * "by":"connection 127.0.0.1:51234","for":"acquiring mutex till","at":"Shop.user(Shop.java:40)","age":1200,
 * "in":120,"out":0,"buffered":0,"tls":"TLSv1.3 TLS_AES_128_GCM_SHA256 x25519",
 * "deadline":9800}</pre>
 */
final class ConnectionsView implements View {

    private static final long PATIENCE_MILLIS = 1000;

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        var answer = new ConnectionsAnswer(out, request.number("max", 1, Long.MAX_VALUE, Long.MAX_VALUE));
        Set<Loop> silent = new HashSet<>();
        for (Part<?> part : Parts.all()) {
            Map<Loop, Connections<?>> loops = part.connections();
            Part.View view = loops.isEmpty() ? null : PartAnswer.of(part, PartAnswer.PATIENCE).view();
            if (view == null) {
                continue;
            }
            for (Map.Entry<Loop, Connections<?>> each : loops.entrySet()) {
                Loop loop = each.getKey();
                if (!silent.contains(loop) && !write(view, loop, each.getValue(), answer)) {
                    silent.add(loop);
                    out.begin("silent").put("loop", loop.name()).end();
                }
            }
        }
    }

    /** Tells the connections of a part on a loop; false if that does not answer. */
    private static boolean write(Part.View of, Loop loop, Connections<?> connections, ConnectionsAnswer answer)
            throws IOException {
        // A simulated loop is not asked, since that would change its course.
        if (loop.engine().isSimulated()) {
            return true;
        }
        Connections<?>.Walk walk = connections.walk();
        boolean over = false;
        try {
            while (!over && answer.wantsMore()) {
                Slice slice = asked(loop, () -> new Slice(walk.next(), walk.isOver()));
                if (slice == null) {
                    return false;
                }
                for (ConnectionSight connection : slice.told) {
                    answer.add(of, loop, connection);
                }
                over = slice.last;
            }
            return true;
        } finally {
            if (!over) {
                post(loop, walk::close);
            }
        }
    }

    /** Some connections, and whether they are the last. */
    private record Slice(List<ConnectionSight> told, boolean last) {

        static final Slice END = new Slice(List.of(), true);
    }

    /** What a loop tells, which is nothing if it has ended; null if it does not answer. */
    private static @Nullable Slice asked(Loop loop, Supplier<Slice> question) {
        var answer = new CompletableFuture<Slice>();
        boolean alive = post(loop, () -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        if (!alive) {
            return Slice.END;
        }
        try {
            return answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Has a loop do something; false if it has ended. */
    private static boolean post(Loop loop, Runnable action) {
        try {
            loop.callFromThread(action);
            return true;
        } catch (IllegalStateException ended) {
            return false;
        }
    }
}

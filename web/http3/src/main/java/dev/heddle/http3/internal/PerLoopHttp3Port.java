package dev.heddle.http3.internal;

import dev.heddle.Action;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.http.internal.server.Http3Port;
import dev.heddle.http.internal.server.ServerLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** The port of a server's HTTP/3 on several loops, each with a socket of its own. Threads: tasks of the loop that made it. */
final class PerLoopHttp3Port implements Http3Port {

    /** One loop and its port, which only that loop's tasks touch. */
    private record Part(Loop loop, Http3ServerPort port) {}

    private final List<Part> parts;

    private PerLoopHttp3Port(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Listens on all of these loops, or on none.
     *
     * @param listening listens on the loop that calls it, which has the number that it is given
     */
    static PerLoopHttp3Port listen(List<Loop> loops, IntFunction<Http3ServerPort> listening) {
        List<Part> parts = new ArrayList<>();
        boolean done = false;
        try {
            for (Loop loop : loops) {
                int number = parts.size();
                parts.add(new Part(loop, listenOn(loop, () -> listening.apply(number))));
            }
            done = true;
            return new PerLoopHttp3Port(parts);
        } finally {
            if (!done) {
                parts.forEach(PerLoopHttp3Port::close);
            }
        }
    }

    /** Listens on a loop. A cancel hurries it, and closes what came of it all the same. */
    private static Http3ServerPort listenOn(Loop loop, Callable<Http3ServerPort> listening) {
        Task<Http3ServerPort> task = loop.spawn(listening);
        try {
            return task.join();
        } catch (CancelledException e) {
            task.cancel();
            Heddle.shield(() -> {
                if (task.awaitOutcome() instanceof Outcome.Success<Http3ServerPort>(Http3ServerPort port)) {
                    close(new Part(loop, port));
                }
            });
            throw e;
        }
    }

    @Override
    public void serve(Supplier<ServerLoop> here) {
        List<Task<Void>> serving = new ArrayList<>();
        try {
            for (Part part : parts) {
                serving.add(part.loop.spawn("accept by QUIC", () -> part.port.serve(here)));
            }
            Heddle.gather(serving.stream().<Action>map(task -> task::join).toArray(Action[]::new));
        } finally {
            serving.forEach(Task::cancel);
            Heddle.shield(() -> serving.forEach(Task::awaitOutcome));
            close();
        }
    }

    @Override
    public void close() {
        parts.forEach(PerLoopHttp3Port::close);
    }

    private static void close(Part part) {
        if (part.loop == Heddle.currentLoop()) {
            part.port.close();
            return;
        }
        try {
            part.loop.callFromThread(part.port::close);
        } catch (IllegalStateException e) {
            // The loop has ended, and its engine has closed all it held.
        }
    }

    @Override
    public void cancel() {
        List<Task<Void>> cancels = new ArrayList<>();
        try {
            parts.forEach(part -> cancels.add(part.loop.spawn(part.port::cancel)));
            cancels.forEach(Task::join);
        } finally {
            cancels.forEach(Task::cancel);
        }
    }
}

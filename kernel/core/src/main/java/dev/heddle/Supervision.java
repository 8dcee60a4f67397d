package dev.heddle;

import dev.heddle.internal.Durations;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One supervised body: runs it, each time in a task of its own, until it is done or fails too often. */
final class Supervision {

    private final RestartPolicy policy;
    private final String name;
    private final Action body;
    private final Loop loop;

    /** When the restarts that still count were, on the loop's clock. */
    private final ArrayDeque<Long> restarts = new ArrayDeque<>();

    /** Restarts since there were none that count. */
    private int inRow;

    Supervision(RestartPolicy policy, String name, Action body, Loop loop) {
        this.policy = policy;
        this.name = name;
        this.body = body;
        this.loop = loop;
    }

    void run() {
        while (true) {
            Throwable failure = attempt();
            if (failure == null && !policy.always()) {
                return;
            }
            countRestart(failure);
            Heddle.sleep(policy.backoff().delay(++inRow));
        }
    }

    /** Runs the body to its end in a task of its own, so that nothing of it is left; gives its failure. */
    private @Nullable Throwable attempt() {
        Task<?> supervisor = Task.current();
        Task<Void> task = supervisor.children().spawnFor(supervisor, name, body);
        return switch (task.awaitOutcome()) {
            case Outcome.Success<Void> done -> null;
            case Outcome.Failure<Void>(Throwable error) when error instanceof Error fatal -> throw fatal;
            case Outcome.Failure<Void>(Throwable error) -> error;
            case Outcome.Cancelled<Void>(String reason) -> new TaskCancelledException(reason);
        };
    }

    private void countRestart(@Nullable Throwable failure) {
        long now = loop.nanoTime();
        long oldest = now - Durations.toNanos(policy.within());
        while (!restarts.isEmpty() && restarts.getFirst() - oldest < 0) {
            restarts.removeFirst();
        }
        if (restarts.size() >= policy.maxRestarts()) {
            throw new TaskFailedException(
                    name + " was restarted " + restarts.size() + " times within " + Durations.words(policy.within())
                            + " and ended again",
                    failure);
        }
        if (restarts.isEmpty()) {
            inRow = 0;
        }
        restarts.addLast(now);
    }
}

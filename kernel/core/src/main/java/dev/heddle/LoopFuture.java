package dev.heddle;

import dev.heddle.internal.Durations;
import dev.heddle.internal.Throwables;
import dev.heddle.internal.loop.EndListener;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The future of a body of a {@link LoopExecutor}, and the task that runs it, perhaps later or again and again. */
final class LoopFuture<T> extends FutureTask<T> implements ScheduledFuture<T>, EndListener {

    /** Whether the body runs; one that was given back never will. */
    private enum Stage {
        WAITING,
        RUNNING,
        WITHDRAWN
    }

    private final LoopExecutor executor;
    private final Loop loop;
    private final @Nullable Runnable onEnd;

    /** The task that runs the body. */
    final Task<Void> task;

    /** Zero for once; else the time between two starts, or if negative from an end to the next start. */
    private final long periodNanos;

    private final boolean failureIsTheTasks;
    private volatile long deadlineNanos;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);

    /**
     * @param site what the user gave, to find the line
     * @param failureIsTheTasks whether a failure is the task's too, for a body whose future nobody has
     * @param onEnd called at the end, for a call of the executor that waits for it; null if the user has the future
     */
    LoopFuture(
            LoopExecutor executor,
            Callable<T> body,
            Object site,
            long delayNanos,
            long periodNanos,
            boolean failureIsTheTasks,
            @Nullable Runnable onEnd) {
        super(body);
        this.executor = executor;
        this.loop = executor.loop();
        this.periodNanos = periodNanos;
        this.failureIsTheTasks = failureIsTheTasks;
        this.onEnd = onEnd;
        this.deadlineNanos = loop.nanoTime() + Math.min(Math.max(0, delayNanos), Durations.FOREVER);
        this.task = Task.of(loop.tasks, null, this::live, SpawnSite.of(site, loop));
    }

    /** The task's body. */
    private void live() {
        awaitDeadline();
        if (periodNanos == 0) {
            if (begin()) {
                super.run();
            }
        } else {
            runAgainAndAgain();
        }
        if (failureIsTheTasks && state() == State.FAILED) {
            throw Throwables.unchecked(exceptionNow());
        }
    }

    private void awaitDeadline() {
        long left = deadlineNanos - loop.nanoTime();
        if (left > 0) {
            Heddle.sleep(Duration.ofNanos(left));
        }
    }

    private void runAgainAndAgain() {
        while (begin() && super.runAndReset()) {
            stage.set(Stage.WAITING);
            deadlineNanos = periodNanos > 0 ? deadlineNanos + periodNanos : loop.nanoTime() - periodNanos;
            Heddle.sleep(Duration.ofNanos(deadlineNanos - loop.nanoTime()));
        }
    }

    private boolean begin() {
        return stage.compareAndSet(Stage.WAITING, Stage.RUNNING);
    }

    /** Has it never run, nor end by itself, if it waits now and its user has it; whether it does. */
    boolean withdraw() {
        boolean withdrawn = onEnd == null && !isDone() && stage.compareAndSet(Stage.WAITING, Stage.WITHDRAWN);
        if (withdrawn) {
            loop.scheduler.inLoop(() -> task.cancel("its executor was shut down"));
        }
        return withdrawn;
    }

    /** The task has ended, perhaps without having begun, or never will begin: the future ends with it. */
    @Override
    public void ended() {
        if (stage.get() != Stage.WITHDRAWN) {
            super.cancel(false);
        }
        executor.ended(this);
    }

    boolean isPeriodic() {
        return periodNanos != 0;
    }

    /** @throws IllegalStateException if the body waits for its own future */
    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (!isDone()) {
            JoinWait.refuseSelf(task);
        }
        return super.get();
    }

    /** A cancel of the task, as by the loop's end, is no failure of the body. */
    @Override
    protected void setException(Throwable e) {
        if (task.isOwnCancellation(e)) {
            loop.reportCarried(task, e);
            super.cancel(false);
        } else {
            super.setException(e);
        }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        boolean cancelled = super.cancel(false);
        if (cancelled) {
            loop.scheduler.inLoop(() -> {
                if (mayInterrupt || stage.get() != Stage.RUNNING) {
                    task.cancel("its future was cancelled");
                }
            });
        }
        return cancelled;
    }

    @Override
    protected void done() {
        if (onEnd != null) {
            onEnd.run();
        }
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(deadlineNanos - loop.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        long difference = other instanceof LoopFuture<?> same && same.loop == loop
                ? deadlineNanos - same.deadlineNanos
                : getDelay(TimeUnit.NANOSECONDS) - other.getDelay(TimeUnit.NANOSECONDS);
        return Long.signum(difference);
    }
}

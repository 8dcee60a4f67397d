package dev.heddle;

import dev.heddle.internal.Throwables;
import dev.heddle.internal.run.InterruptSignals;
import dev.heddle.internal.run.SignalExit;
import dev.heddle.internal.run.ThreadGaps;
import dev.heddle.internal.sight.Sigquit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One {@link Heddle#run}: makes the loops, waits for the main task, ends everything in order.
 *
 * <p>The calling thread waits and does not drive the loop itself: the JDK forgets an interrupt of a thread that carries
 * virtual ones, and a cancel must not be lost.
 */
final class Runner {

    private final Config config;

    /** Why the run was told to end; null while it was not. */
    private final AtomicReference<@Nullable String> stopped = new AtomicReference<>();

    private @Nullable Consumer<String> onSignal;

    Runner(Config config) {
        this.config = config;
    }

    <T> T run(Callable<? extends T> body) {
        Objects.requireNonNull(body);
        try {
            return runOnLoops(body);
        } catch (Throwable e) {
            SignalExit.prepare(e, stopped.get());
            throw e;
        } finally {
            if (onSignal != null) {
                InterruptSignals.ended(onSignal);
            }
        }
    }

    private <T> T runOnLoops(Callable<? extends T> body) {
        if (Fiber.of(Thread.currentThread()) != null) {
            throw new IllegalStateException(
                    "run(...) inside a task: a loop runs here already. Call the body directly, or spawn(...) it");
        }
        List<Loop> loops = new ArrayList<>();
        Throwable failure = null;
        try (var gaps = new ThreadGaps()) {
            for (int i = 0; i < config.loops(); i++) {
                loops.add(new Loop(config, config.loops() == 1 ? config.name() : config.name() + "-" + i, i));
            }
            List<Loop> siblings = List.copyOf(loops);
            for (Loop loop : siblings) {
                loop.setSiblings(siblings);
            }
            for (int i = 1; i < siblings.size(); i++) {
                siblings.get(i).startThread(() -> false);
                gaps.add();
            }
            return runMain(siblings, body, gaps);
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            closeAll(loops, failure);
        }
    }

    /**
     * Closes all loops, those behind the main one at the same time, also when one of them tells that it had failed.
     * That goes before what the main task threw, which it may have caused.
     */
    private static void closeAll(List<Loop> loops, @Nullable Throwable failure) {
        for (int i = 1; i < loops.size(); i++) {
            loops.get(i).stopBehind(loops.getFirst());
        }
        RuntimeException first = null;
        for (Loop loop : loops) {
            try {
                loop.close();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            if (failure != null && failure != first && Throwables.cause(failure) != first.getCause()) {
                first.addSuppressed(failure);
            }
            throw first;
        }
    }

    private <T> T runMain(List<Loop> loops, Callable<? extends T> body, ThreadGaps gaps) {
        Loop loop = loops.getFirst();
        Task<T> main = loop.spawnMain(body);
        main.failureIsForCaller();
        LoopThread thread = loop.makeThread(main::isDone, main);
        Consumer<String> onSignal = reason -> {
            stopped.compareAndSet(null, reason);
            long latest = loop.end.fromNow(); // one for all
            loops.forEach(each -> each.end.begin(latest)); // who hears of the cancel asks how long it has
            main.cancel(reason);
            loops.forEach(each -> each.limitEnd(latest));
        };
        if (config.signals()) {
            this.onSignal = onSignal;
            InterruptSignals.register(onSignal);
            Sigquit.listen();
        }
        try {
            loop.start(thread);
            gaps.close();
            thread.awaitEnd(() -> onSignal.accept("the thread of run(...) was interrupted"));
        } finally {
            if (config.signals()) {
                InterruptSignals.unregister(onSignal);
            }
        }
        return outcome(loop, main);
    }

    private <T> T outcome(Loop loop, Task<T> main) {
        DeadlockException deadlock = loop.deadlock();
        if (deadlock != null) {
            main.failure().ifPresent(deadlock::addSuppressed);
            throw deadlock;
        }
        String reason = stopped.get();
        boolean leftBehind = !main.isDone();
        boolean signalled = SignalExit.isSignal(reason) && main.state() != Task.State.FAILED;
        if (leftBehind || signalled || main.state() == Task.State.CANCELLED) {
            throw new CancelledException((leftBehind || signalled) && reason != null ? reason : main.cancelReason());
        }
        return main.outcome().get();
    }
}

package dev.heddle;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One {@link Heddle#run}: makes the loops, runs the main task, ends everything in order. */
final class Runner {

    private final Config config;

    Runner(Config config) {
        this.config = config;
    }

    <T> T run(Callable<? extends T> body) {
        Objects.requireNonNull(body);
        if (Fiber.current() != null) {
            throw new IllegalStateException(
                    "run(...) inside a task: a loop runs here already. Call the body directly, or spawn(...) it");
        }
        return Thread.currentThread().isVirtual() ? runOnOwnThread(body) : runHere(body);
    }

    private <T> T runHere(Callable<? extends T> body) {
        List<Loop> loops = new ArrayList<>();
        loops.add(new Loop(config, config.loops() == 1 ? config.name() : config.name() + "-0"));
        try {
            for (int i = 1; i < config.loops(); i++) {
                loops.add(Loop.start(config, config.name() + "-" + i));
            }
            List<Loop> siblings = List.copyOf(loops);
            siblings.forEach(loop -> loop.setSiblings(siblings));
            return runMain(loops.getFirst(), body);
        } finally {
            for (Loop loop : loops) {
                loop.close();
            }
        }
    }

    private <T> T runMain(Loop loop, Callable<? extends T> body) {
        Task<T> main = loop.spawnMain(body);
        Consumer<String> onSignal = main::cancel;
        boolean[] interrupted = new boolean[1];
        if (config.signals()) {
            Signals.register(onSignal);
        }
        try {
            loop.driveUntilEnd(main, () -> {
                interrupted[0] = true;
                main.cancel("the thread of run(...) was interrupted");
            });
            main.failure(); // seen by whoever called run(...)
            loop.finish();
        } finally {
            if (config.signals()) {
                Signals.unregister(onSignal);
            }
            if (interrupted[0]) {
                Thread.currentThread().interrupt();
            }
        }
        return outcome(loop, main);
    }

    private static <T> T outcome(Loop loop, Task<T> main) {
        DeadlockException deadlock = loop.deadlock();
        if (deadlock != null) {
            main.failure().ifPresent(deadlock::addSuppressed);
            throw deadlock;
        }
        if (main.state() == Task.State.CANCELLED) {
            throw new CancelledException(main.cancelReason());
        }
        return main.outcome();
    }

    /** A virtual thread of somebody else cannot drive a loop; it waits for a platform thread that does. */
    private <T> T runOnOwnThread(Callable<? extends T> body) {
        List<T> value = new ArrayList<>(1);
        @Nullable Throwable[] failure = new Throwable[1];
        Thread thread = Thread.ofPlatform().name(config.name()).start(() -> {
            try {
                value.add(runHere(body));
            } catch (Throwable e) {
                failure[0] = e;
            }
        });
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure[0] != null) {
            throw Failures.unchecked(failure[0]);
        }
        return value.getFirst();
    }
}

package dev.heddle;

import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * How loops are made. Immutable; start from {@link #DEFAULT} and change with the {@code with} methods.
 *
 * @param name the name of the loop; several are numbered
 * @param loops how many loops {@link Heddle#run} starts, at least 1
 * @param engine makes the engine of each loop
 * @param signals whether SIGINT and SIGTERM cancel the main task of {@link Heddle#run}, and force the exit the second time
 * @param blockedAfter how long a task may hold its loop before that is reported with its stack; zero for no reports
 * @param shutdownTimeout how long the end of a loop waits for tasks that were cancelled; then they are named and left behind
 * @param failureHandler hears of failures that nobody joins
 * @param instrument sees what the tasks do
 */
public record Config(
        String name,
        int loops,
        Supplier<? extends Engine> engine,
        boolean signals,
        Duration blockedAfter,
        Duration shutdownTimeout,
        FailureHandler failureHandler,
        Instrument instrument) {

    /** Sees nothing; loops do not even call it. */
    static final Instrument NO_INSTRUMENT = new Instrument() {};

    /** One loop, the portable engine, signals handled, reports after 100 ms, 30 s for the shutdown, failures logged. */
    public static final Config DEFAULT = new Config(
            "loop",
            1,
            NioEngine::new,
            true,
            Duration.ofMillis(100),
            Duration.ofSeconds(30),
            FailureHandler.LOG,
            NO_INSTRUMENT);

    public Config {
        Objects.requireNonNull(name);
        Objects.requireNonNull(engine);
        Objects.requireNonNull(blockedAfter);
        Objects.requireNonNull(shutdownTimeout);
        Objects.requireNonNull(failureHandler);
        Objects.requireNonNull(instrument);
        if (loops < 1) {
            throw new IllegalArgumentException("loops is " + loops + ", must be at least 1");
        }
        requireNotNegative("blockedAfter", blockedAfter);
        requireNotNegative("shutdownTimeout", shutdownTimeout);
    }

    private static void requireNotNegative(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " is " + duration + ", must not be negative");
        }
    }

    public Config withName(String name) {
        return new Config(name, loops, engine, signals, blockedAfter, shutdownTimeout, failureHandler, instrument);
    }

    public Config withLoops(int loops) {
        return new Config(name, loops, engine, signals, blockedAfter, shutdownTimeout, failureHandler, instrument);
    }

    public Config withEngine(Supplier<? extends Engine> engine) {
        return new Config(name, loops, engine, signals, blockedAfter, shutdownTimeout, failureHandler, instrument);
    }

    public Config withSignals(boolean signals) {
        return new Config(name, loops, engine, signals, blockedAfter, shutdownTimeout, failureHandler, instrument);
    }

    public Config withBlockedAfter(Duration blockedAfter) {
        return new Config(name, loops, engine, signals, blockedAfter, shutdownTimeout, failureHandler, instrument);
    }

    public Config withShutdownTimeout(Duration shutdownTimeout) {
        return new Config(name, loops, engine, signals, blockedAfter, shutdownTimeout, failureHandler, instrument);
    }

    public Config withFailureHandler(FailureHandler failureHandler) {
        return new Config(name, loops, engine, signals, blockedAfter, shutdownTimeout, failureHandler, instrument);
    }

    public Config withInstrument(Instrument instrument) {
        return new Config(name, loops, engine, signals, blockedAfter, shutdownTimeout, failureHandler, instrument);
    }
}

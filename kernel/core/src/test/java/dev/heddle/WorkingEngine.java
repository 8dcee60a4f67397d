package dev.heddle;

import java.time.Duration;

/** A {@link ManualEngine} where code can also take time: the clock goes on by as much as told. */
final class WorkingEngine extends ForwardingSimulation {

    private long workedNanos;

    WorkingEngine() {
        super(new ManualEngine(0));
    }

    /** Takes time on the current loop without giving way. */
    static void work(Duration duration) {
        ((WorkingEngine) Heddle.currentLoop().engine()).workedNanos += duration.toNanos();
    }

    /** Runs a body where code can take time. */
    static void run(Action body) {
        Heddle.run(config(), body);
    }

    static Config config() {
        return ManualEngine.config().withEngine(WorkingEngine::new);
    }

    @Override
    public long nanoTime() {
        return super.nanoTime() + workedNanos;
    }
}

package dev.heddle.bench;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.observe.FlightRecorder;
import java.time.Duration;
import java.util.List;

/** How the loops of the benchmarks are made. */
final class Loops {

    /**
     * The default, but a report of a held loop takes longer: on a busy machine a loop is held by other programs, and
     * spawning a million tasks in one go is meant here.
     */
    static final Config PATIENT = Config.DEFAULT.withBlockedAfter(Duration.ofMinutes(1));

    private Loops() {}

    /**
     * Runs a task on a loop that the calling thread drives, so that the thread's CPU time is the loop's. For bodies in
     * which something is always ready to run: the loop never sleeps.
     */
    static void drive(Action body) {
        try (Loop loop = Loop.create(PATIENT)) {
            drive(loop, body);
        }
    }

    /** As {@link #drive}, on a loop whose flight recorder is on. */
    static void driveRecorded(Action body) {
        try (Loop loop = Loop.create(PATIENT); FlightRecorder _ = FlightRecorder.start(List.of(loop))) {
            drive(loop, body);
        }
    }

    private static void drive(Loop loop, Action body) {
        Task<Void> task = loop.spawn(body);
        while (!task.isDone()) {
            loop.step(Duration.ZERO);
        }
        task.join();
    }
}

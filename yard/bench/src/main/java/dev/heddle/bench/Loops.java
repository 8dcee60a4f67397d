package dev.heddle.bench;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.observe.FlightRecorder;
import java.time.Duration;
import java.util.List;

/** The loops of the benchmarks. */
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

    /** As {@link #driveKept}, with the flight recorder on: its ring of 8 MiB is made once. */
    static void driveRecorded(Action body) {
        drive(Recorded.LOOP, body);
    }

    /** As {@link #drive}, on one loop for all rounds, as that of a server. */
    static void driveKept(Action body) {
        drive(Kept.LOOP, body);
    }

    /** Begins when it is needed. */
    private static final class Kept {
        static final Loop LOOP = Loop.create(PATIENT);
    }

    /** Begins when it is needed. */
    private static final class Recorded {
        static final Loop LOOP = Loop.create(PATIENT);

        static {
            FlightRecorder.start(List.of(LOOP)); // to the end of this JVM
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

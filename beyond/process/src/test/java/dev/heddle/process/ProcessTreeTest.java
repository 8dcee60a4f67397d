package dev.heddle.process;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.heddle.conformance.LeavesNothing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker ends with all that its bodies have started, whatever ends it: three generations of processes, some of them
 * without a parent.
 */
@Tag("full")
@LeavesNothing
@Timeout(3600) // for more rounds than a build has time for
final class ProcessTreeTest {

    static final int ROUNDS = Integer.getInteger("heddle.process.trees", 2);

    /** The worker, and by Java and by Heddle a shell, its child, and an orphan. */
    private static final int PROCESSES = 7;

    private static final Duration PROMPTLY = Duration.ofSeconds(2);

    private static final ProcessPoolOptions QUIET = ProcessPoolOptions.DEFAULT
            .withWorkers(1)
            .withOutput(WorkerOutput.DROPPED)
            .withGrace(Duration.ofMillis(100))
            .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx64m");

    @TempDir
    private Path directory;

    /** A body that starts a tree, says so in a file, and may stay. */
    private static void startTree(Path file, boolean stay) throws IOException {
        ParentPrograms.startTree(pid -> write(file, pid), false);
        while (stay) {
            Thread.onSpinWait();
        }
    }

    private static void write(Path file, long pid) {
        try {
            Files.writeString(file, pid + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Long> pids(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file).stream().map(Long::parseLong).toList() : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitEnds(Path file) throws InterruptedException {
        assertEquals(PROCESSES, pids(file).size());
        Jvm.awaitEnds(pids(file), System.nanoTime(), PROMPTLY);
    }

    @Test
    void noneIsLeftAfterADeadline() throws Exception {
        Duration limit = Duration.ofSeconds(1);
        for (int up = 0, round = 0; up < ROUNDS; round++) {
            Path file = directory.resolve("deadline " + round);
            Duration now = limit;
            try (ProcessPool pool = ProcessPool.of(QUIET)) {
                assertFalse(run(() -> moveOnAfter(now, () -> pool.run(() -> startTree(file, true)))));
                if (pids(file).size() == PROCESSES) {
                    awaitEnds(file);
                    up++;
                } else {
                    limit = limit.plus(limit); // on a slow machine its start was interrupted
                }
            }
        }
    }

    @Test
    void noneIsLeftAfterTheEndOfThePool() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Path file = directory.resolve("end " + round);
            try (ProcessPool pool = ProcessPool.of(QUIET)) {
                pool.run(() -> startTree(file, false));
            }
            awaitEnds(file);
        }
    }

    @Test
    void noneIsLeftAfterItsTermination() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Path file = directory.resolve("termination " + round);
            try (ProcessPool pool = ProcessPool.of(QUIET)) {
                pool.submit(() -> startTree(file, true));
                Jvm.awaitTrue("the tree is up", () -> pids(file).size() == PROCESSES);
                pool.terminate();
            }
            awaitEnds(file);
        }
    }
}

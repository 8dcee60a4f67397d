package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import shutdown.Stubborn;

/**
 * A program whose body does not listen, wherever it runs and whatever it does instead: a signal ends it within its
 * shutdown timeout, with the status of the signal, and a report names the line that is to blame. Under a deadline the
 * report comes too, and the signal ends it then.
 */
@Tag("full") // some thirty programs that wait in real time
final class ShutdownMatrixTest {

    /** A loop that is held has a second to answer, and so has its report; the rest is for a busy machine. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    /** Far more than a start, or the five seconds after which a cancel counts as unheard, take. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final List<String> PLACES = List.of(
            "main", "child", "group", "offload", "worker pool", "process pool", "server");

    /** Who starts or spins is the only one that does; those that wait do so beside it. */
    private final Semaphore processor = new Semaphore(1, true);

    @TempDir
    private Path directory;

    private static List<List<String>> cells() {
        List<List<String>> cells = new ArrayList<>();
        for (String place : PLACES) {
            for (String wait : List.of("waitsForNothing", "spins")) {
                cells.add(List.of(place, wait, "signal"));
                cells.add(List.of(place, wait, "deadline"));
            }
        }
        return cells;
    }

    @TestFactory
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    List<DynamicTest> programEndsInTimeAndNamesTheLineThatDoesNotListen() {
        List<DynamicTest> tests = new ArrayList<>();
        try (ExecutorService programs = Executors.newVirtualThreadPerTaskExecutor()) {
            for (List<String> cell : cells()) {
                Future<Void> run = programs.submit(() -> {
                    run(cell);
                    return null;
                });
                tests.add(DynamicTest.dynamicTest(String.join(", ", cell), run::get));
            }
        }
        return tests;
    }

    private void run(List<String> cell) throws Exception {
        Path output = directory.resolve(String.join(" ", cell));
        ProcessBuilder command = new ProcessBuilder(Program.command(Stubborn.class, cell.toArray(String[]::new)))
                .redirectErrorStream(true).redirectOutput(output.toFile());
        boolean spins = cell.get(1).equals("spins");
        processor.acquire();
        Process program = command.start();
        try {
            try {
                awaitWord(output, "ready");
                if (spins) {
                    check(cell, program, output);
                }
            } finally {
                processor.release();
            }
            if (!spins) {
                check(cell, program, output);
            }
        } finally {
            program.destroyForcibly();
        }
    }

    private static void check(List<String> cell, Process program, Path output) throws Exception {
        if (cell.getFirst().equals("process pool")) { // it kills who does not listen, so there is nobody to blame
            endOfKilledBody(program, output, cell.getLast());
            return;
        }
        String line = "shutdown.Stubborn." + cell.get(1) + "(Stubborn.java:";
        if (cell.getLast().equals("deadline")) {
            awaitWord(output, line);
        }
        assertEndsBySignal(program, output);
        String told = Files.readString(output);
        assertTrue(told.contains(line), told);
    }

    private static void endOfKilledBody(Process program, Path output, String trigger) throws Exception {
        if (trigger.equals("signal")) {
            assertEndsBySignal(program, output);
            return;
        }
        assertTrue(program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "the deadline ends it");
        String told = Files.readString(output);
        assertTrue(told.contains("DeadlineExceededException") && told.contains("shutdown.Stubborn."), told);
    }

    private static void assertEndsBySignal(Process program, Path output) throws Exception {
        long begin = System.nanoTime();
        program.destroy();
        Duration most = Stubborn.SHUTDOWN_TIMEOUT.plus(SLACK);
        boolean ended = program.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
        Duration taken = Duration.ofNanos(System.nanoTime() - begin);
        assertTrue(ended, () -> "it lives after " + taken + "; it said " + read(output));
        assertEquals(143, program.exitValue(), () -> read(output));
    }

    private static void awaitWord(Path output, String word) throws Exception {
        long begin = System.nanoTime();
        while (!read(output).contains(word)) {
            assertTrue(System.nanoTime() - begin < PATIENCE.toNanos(), () -> "no " + word + " in " + read(output));
            Thread.sleep(20);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

package dev.heddle.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A program of the tests that runs in a JVM of its own, for what it leaves behind when it is killed. */
final class Jvm implements AutoCloseable {

    /** Far more than anything here takes. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long LOOK_MILLIS = 10;

    final Process process;
    private final BufferedReader output;

    private Jvm(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts {@code main} with arguments; its standard error goes where its standard output goes. */
    static Jvm start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(
                JavaCommand.of(main, List.of("-XX:TieredStopAtLevel=1", "-Xmx64m")));
        command.addAll(List.of(arguments));
        return new Jvm(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** The next line that it prints. */
    String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the program has ended");
        }
        return line;
    }

    /** All that it still prints, after its end. */
    List<String> rest() {
        return output.lines().toList();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the program has not ended");
        }
        return process.exitValue();
    }

    /** {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> below = process.descendants().toList();
        if (process.toHandle().isAlive()) { // else its number may be another's
            below.forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly();
        output.close();
    }

    // ---- of any process ----

    /**
     * Whether a process runs, or a thread of it still does; one that has ended and is kept for its parent, as a zombie,
     * does not (proc(5)).
     */
    static boolean runs(long pid) {
        Path process = Path.of("/proc/" + pid);
        try (var threads = Files.list(process.resolve("task"))) {
            if (threads.count() > 1) {
                return true;
            }
            String stat = Files.readString(process.resolve("stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /**
     * Waits until none of some processes runs, not longer than told, and says how long that took.
     *
     * <p>The limit counts the sleeps between the looks, not the clock: on a machine that is busy with other things
     * these take longer, as all else does, and on one that is not they are the time but for a tenth.
     *
     * @param sinceNanos when what ends them was done
     */
    static String awaitEnds(Collection<Long> pids, long sinceNanos, Duration limit) throws InterruptedException {
        long looks = 0;
        while (pids.stream().anyMatch(Jvm::runs)) {
            if (looks * LOOK_MILLIS >= limit.toMillis()) {
                throw new AssertionError("not in " + limit + " (" + (System.nanoTime() - sinceNanos) / 1_000_000
                        + " ms by the clock) have ended: "
                        + pids.stream().filter(Jvm::runs).map(Jvm::describe).toList());
            }
            Thread.sleep(LOOK_MILLIS);
            looks++;
        }
        return (System.nanoTime() - sinceNanos) / 1_000_000 + " ms";
    }

    private static String describe(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/stat"));
        } catch (IOException e) {
            return pid + " " + e;
        }
    }

    static void awaitTrue(String what, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new AssertionError("not in time: " + what);
            }
            Thread.sleep(LOOK_MILLIS);
        }
    }
}

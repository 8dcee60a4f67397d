package dev.heddle.bench;

import com.sun.management.ThreadMXBean;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.Waiter;
import dev.heddle.cli.Main;
import dev.heddle.internal.VirtualThreads;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/** A look at all tasks of a program that has a million: what memory it takes, and for how long it holds the loop. */
final class Dumping implements Workload {

    private static final int TASKS = Counts.isQuick() ? 20_000 : 1_000_000;
    private static final double MEGABYTES_MORE = 64;
    private static final double MILLIS_HELD = 5;
    private static final Duration PAUSE = Duration.ofMillis(1);

    /** As long as a look takes, for the side without one. */
    private static final Duration ALONE = Duration.ofMillis(Counts.isQuick() ? 200 : 4_000);

    /** The command takes what the others leave: on two processors it would keep the loop from its turn as well. */
    private static final List<String> LAST = List.of("nice", "-n", "19");

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern HIGHEST = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Path CLEAR = Path.of("/proc/self/clear_refs");

    /** Has the kernel count the highest size of the process from now on: proc_pid_clear_refs(5). */
    private static final String RESET_HIGHEST = "5";

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double KIBI = 1024;
    private static final double MEGA = 1e6;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Loop loop = Loop.start(Loops.PATIENT);
    private final List<String> look;

    /** Of the loop. */
    private final long thread;

    /** Written by the loop. */
    private long latestNanos;

    /** Written by the loop: most processor time that it has used from when the sleeper went until it was back. */
    private long mostHeldNanos;

    /**
     * @param look the command, without its name and the number of the process; nothing for nobody who looks
     */
    private Dumping(String... look) {
        this.look = List.of(look);
        loop.spawn(() -> {
            for (int i = 0; i < TASKS; i++) {
                Heddle.spawn(() -> new Waiter("the end of the process").await());
            }
            new Waiter("the end of the process").await();
        });
        loop.spawn(() -> Heddle.sleep(PAUSE)).join();
        thread = loop.spawn(() -> VirtualThreads.currentCarrier().threadId()).join();
    }

    static List<Benchmark> benchmarks() {
        return List.of(new Benchmark(
                "sight-dump",
                "A million waiting tasks are written out, while another task of their loop sleeps a millisecond at a time",
                1,
                Counts.rounds(5),
                List.of(
                        new Measure("processor time of the loop from the sleeper's going until it is back", "ms",
                                Target.atMost(MILLIS_HELD)),
                        new Measure("latest that the sleeper came back", "ms"),
                        new Measure("memory of the process more at its highest", "MB", Target.atMost(MEGABYTES_MORE)),
                        new Measure("left to the collector", "MB"),
                        new Measure("time of the command", "s")),
                List.of(
                        Side.peer("nobody looks", Dumping::new),
                        Side.ours("heddle tree --json", () -> new Dumping("tree", "--json")),
                        Side.ours("heddle waits --json", () -> new Dumping("waits", "--json")))));
    }

    @Override
    public double[] round() throws IOException, InterruptedException {
        Files.writeString(CLEAR, RESET_HIGHEST);
        long before = highestKibi();
        AtomicBoolean over = new AtomicBoolean();
        Task<Void> sleeper = loop.spawn(() -> sleepAndLook(over));
        long allocated = THREADS.getTotalThreadAllocatedBytes();
        long start = System.nanoTime();
        if (look.isEmpty()) {
            Thread.sleep(ALONE);
        } else {
            dump();
        }
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        allocated = THREADS.getTotalThreadAllocatedBytes() - allocated;
        over.set(true);
        sleeper.join();
        return new double[]{
                mostHeldNanos / NANOS_PER_MILLI, latestNanos / NANOS_PER_MILLI, (highestKibi() - before) * KIBI / MEGA,
                allocated / MEGA, seconds
        };
    }

    private void sleepAndLook(AtomicBoolean over) {
        latestNanos = 0;
        mostHeldNanos = 0;
        while (!over.get()) {
            long used = THREADS.getThreadCpuTime(thread);
            long start = System.nanoTime();
            Heddle.sleep(PAUSE);
            mostHeldNanos = Math.max(mostHeldNanos, THREADS.getThreadCpuTime(thread) - used);
            latestNanos = Math.max(latestNanos, System.nanoTime() - start - PAUSE.toNanos());
        }
    }

    private void dump() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(LAST);
        command.addAll(Peer.java(List.of(), Main.class, look.toArray(String[]::new)));
        command.add(Long.toString(ProcessHandle.current().pid()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.INHERIT)
                .start();
        if (!process.waitFor(LIMIT) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("heddle " + look + " failed");
        }
    }

    private static long highestKibi() throws IOException {
        return Memory.sum(Files.readAllLines(STATUS), HIGHEST);
    }
}

package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child has ended, and the system has given its number to a stranger: neither that nor what it has started is killed
 * in the place of the child. In a namespace of numbers of its own, where the next number can be said: pid_namespaces(7).
 */
@Tag("full")
final class ReusedNumberTest {

    private static final List<String> NAMESPACE = List.of("unshare", "-r", "--pid", "--mount-proc", "--fork");
    private static final int TRIES = 200;

    @TempDir
    private Path directory;

    // ---- the programs ----

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "spawned" -> spawned();
            case "worker" -> worker(Path.of(arguments[1]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("done");
    }

    private static void spawned() throws Exception {
        JvmProcess child = JvmProcess.spawn(() -> {});
        child.join();
        try (Stranger stranger = Stranger.of(child.pid())) {
            child.kill();
            child.kill();
            var other = Thread.ofPlatform().start(child::kill);
            child.kill();
            other.join();
            child.terminate();
            stranger.mustLive();
        }
    }

    /** One leaves an orphan in its group, the other only what holds its standard error, so that its lines are awaited. */
    private static void worker(Path directory) throws Exception {
        ProcessPoolOptions options = ProcessPoolOptions.DEFAULT.withWorkers(1).withOutput(WorkerOutput.DROPPED);
        try (ProcessPool pool = ProcessPool.of(options)) {
            Path held = directory.resolve("held");
            Future<?> lost = pool.submit(() -> stay(held, "setsid", "sleep", "100"));
            long number = killed(held);
            try (Stranger stranger = Stranger.of(number)) {
                awaitFailure(lost::get);
                Path left = directory.resolve("left");
                Future<?> second = pool
                        .submit(() -> stay(left, "sh", "-c", "sleep 100 & echo $! >" + left + ".orphan"));
                killed(left);
                awaitFailure(second::get);
                // The guard takes its orders one after the other.
                long orphan = Long.parseLong(Files.readString(Path.of(left + ".orphan")).strip());
                Jvm.awaitTrue("the orphan has ended", () -> !Jvm.runs(orphan));
                stranger.mustLive();
            }
        }
    }

    private static void stay(Path says, String... command) throws Exception {
        Process started = new ProcessBuilder(command).inheritIO().start();
        if (command[0].equals("sh")) {
            started.waitFor();
        }
        Path fresh = Path.of(says + ".new");
        Files.writeString(fresh, "" + ProcessHandle.current().pid());
        Files.move(fresh, says);
        Thread.sleep(Duration.ofMinutes(2));
    }

    /** The number of a worker that is there no more. */
    private static long killed(Path says) throws Exception {
        Jvm.awaitTrue("the worker is up", () -> Files.exists(says));
        long number = Long.parseLong(Files.readString(says));
        ProcessHandle worker = ProcessHandle.of(number).orElseThrow();
        worker.destroyForcibly();
        Jvm.awaitTrue("it is reaped", () -> !worker.isAlive());
        return number;
    }

    private static void awaitFailure(Callable<?> lost) {
        try {
            lost.call();
        } catch (Exception e) {
            return;
        }
        throw new AssertionError("a worker that was killed has answered");
    }

    /**
     * A process that leads a session and has a child, which gives back each line. A shell starts it, since Java may
     * still be busy with the end of the other process of this number.
     */
    private record Stranger(long number, Process shell, BufferedReader answers) implements AutoCloseable {

        private static final String START = """
                exec 3<&0
                echo $1 >/proc/sys/kernel/ns_last_pid
                setsid sh -c 'cat <&3 & wait' &
                echo $!
                wait
                """;

        static Stranger of(long number) throws Exception {
            for (int i = 0; i < TRIES; i++) {
                Process shell = new ProcessBuilder("sh", "-c", START, "sh", "" + (number - 1)).start();
                BufferedReader answers = shell.inputReader();
                var stranger = new Stranger(Long.parseLong(answers.readLine()), shell, answers);
                stranger.mustLive();
                if (stranger.number == number) {
                    return stranger;
                }
                stranger.close();
            }
            throw new AssertionError("the number " + number + " was not to be had");
        }

        void mustLive() throws IOException {
            if (!isAnswering() || !Jvm.runs(number)) {
                throw new AssertionError("the stranger was killed");
            }
        }

        private boolean isAnswering() throws IOException {
            try {
                shell.getOutputStream().write("here\n".getBytes(StandardCharsets.UTF_8));
                shell.getOutputStream().flush();
            } catch (IOException e) {
                return false;
            }
            return "here".equals(answers.readLine());
        }

        @Override
        public void close() throws IOException {
            shell.getOutputStream().close();
            shell.onExit().join();
        }
    }

    // ---- the tests ----

    private static List<String> lines(String... arguments) throws Exception {
        assumeTrue(isNamespaceAllowed(), "no namespaces for this user");
        List<String> command = new ArrayList<>(NAMESPACE);
        command.addAll(JavaCommand.of(ReusedNumberTest.class, List.of("-XX:TieredStopAtLevel=1", "-Xmx64m")));
        command.addAll(List.of(arguments));
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        program.getOutputStream().close();
        List<String> lines = program.inputReader().readAllLines();
        assertEquals(0, program.waitFor(), lines.toString());
        return lines;
    }

    private static boolean isNamespaceAllowed() throws Exception {
        List<String> command = new ArrayList<>(NAMESPACE);
        command.addAll(List.of("sh", "-c", "echo 1000 >/proc/sys/kernel/ns_last_pid"));
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    @Test
    void killOfAnEndedChildReachesNobody() throws Exception {
        assertTrue(lines("spawned").contains("done"));
    }

    @Test
    void endOfAWorkerReachesNobodyElse() throws Exception {
        assertTrue(lines("worker", directory.toString()).contains("done"));
    }
}

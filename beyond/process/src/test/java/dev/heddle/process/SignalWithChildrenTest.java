package dev.heddle.process;

import static dev.heddle.Heddle.moveOnAfter;
import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A signal to a program with children is not lost, whatever its main task does with it, and no child keeps the program. */
@Tag("full")
final class SignalWithChildrenTest {

    @ParameterizedTest
    @ValueSource(strings = {"pool", "close", "join", "compute", "swallow"})
    void programEndsAsItWasToldToAndSoDoItsChildren(String what) throws Exception {
        try (Jvm parent = Jvm.start(Program.class, what)) {
            String line = parent.line();
            assertTrue(line.startsWith("pid "), line);
            long child = Long.parseLong(line.substring(4));
            parent.process.toHandle().destroy(); // Process.destroy() closes the streams too
            assertEquals(143, parent.exitCode(), () -> String.join("\n", parent.rest()));
            assertEquals(List.of(), parent.rest());
            Jvm.awaitTrue("the child has ended", () -> !Jvm.runs(child));
        }
    }

    @Test
    void cancelThatHasCancelledThePoolPassesOn() {
        run(() -> {
            ProcessPool pool = ProcessPool.of(1);
            pool.submit(() -> Thread.sleep(60_000));
            assertFalse(moveOnAfter(Duration.ofMillis(1), pool::close));
            assertTrue(pool.isTerminated());
        });
    }

    /** Has a child that sleeps and says its number, and waits in the way that it is told. */
    static final class Program {

        private static final int LONG_MILLIS = 60_000;

        private Program() {}

        public static void main(String[] arguments) {
            run(() -> {
                switch (arguments[0]) {
                    case "pool" -> closeAPool();
                    case "close" -> spawn().close();
                    case "join" -> spawn().join();
                    case "compute" -> {
                        spawn();
                        offload(Program::compute);
                    }
                    case "swallow" -> {
                        try {
                            spawn().join();
                        } catch (CancelledException e) {
                            // As if nothing were.
                        }
                    }
                    default -> throw new IllegalArgumentException(arguments[0]);
                }
            });
        }

        private static JvmProcess spawn() {
            return JvmProcess.spawn(ProcessOptions.DEFAULT.withOutput(WorkerOutput.INHERITED), Program::sleep);
        }

        private static void closeAPool() {
            try (ProcessPool pool = ProcessPool.of(ProcessPoolOptions.DEFAULT.withOutput(WorkerOutput.INHERITED))) {
                pool.submit(Program::sleep);
            }
        }

        private static void sleep() throws InterruptedException {
            System.out.println("pid " + ProcessHandle.current().pid());
            System.out.flush();
            Thread.sleep(LONG_MILLIS);
        }

        /** Ends well when it is interrupted. */
        private static void compute() {
            long begin = System.nanoTime();
            while (!Thread.currentThread().isInterrupted()) {
                if (System.nanoTime() - begin > LONG_MILLIS * 1_000_000L) {
                    throw new IllegalStateException("no interrupt has come");
                }
            }
        }
    }
}

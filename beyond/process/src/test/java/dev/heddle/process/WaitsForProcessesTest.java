package dev.heddle.process;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.Waits;
import dev.heddle.process.shared.Manager;
import dev.heddle.process.shared.SharedQueue;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who waits for another process is seen with that process. */
@Tag("full")
final class WaitsForProcessesTest {

    private static final ProcessOptions QUIET = ProcessOptions.DEFAULT.withOutput(WorkerOutput.DROPPED)
            .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx128m");

    /** The wait for another process, as soon as there is one. */
    private static Waits.Wait waitForProcess() {
        while (true) {
            Waits waits = offload(() -> Kernel.get().waits(1_000, false));
            for (Waits.Wait wait : waits.waits()) {
                if (wait.process() != 0) {
                    return wait;
                }
            }
            sleep(Duration.ofMillis(1));
        }
    }

    @Test
    void whoJoinsAChildIsSeenWithTheProcessThatItWaitsFor() {
        run(() -> {
            JvmProcess child = JvmProcess.spawn(QUIET.withName("oven"), () -> Thread.sleep(Duration.ofHours(1)));
            try {
                Task<Integer> joins = spawn(child::join);
                Waits.Wait wait = waitForProcess();
                assertEquals(child.pid(), wait.process());
                assertEquals("the end of oven (process " + child.pid() + ")", wait.words().what());
                child.kill();
                assertEquals(137, joins.join());
            } finally {
                child.kill();
            }
        });
    }

    @Test
    void whoCallsAManagerOfAnotherProcessIsSeenWithThatProcess() {
        ProcessPoolOptions options = ProcessPoolOptions.DEFAULT.withWorkers(1).withOutput(WorkerOutput.DROPPED)
                .withJvmArguments("-XX:TieredStopAtLevel=1", "-Xmx128m");
        try (Manager manager = Manager.open(); ProcessPool pool = ProcessPool.of(options)) {
            SharedQueue<String> orders = manager.queue(1);
            String seen = pool.call(() -> run(() -> {
                orders.tryTake(); // a process's first call asks for its way into the queue, which is a wait as well
                Task<String> cook = spawn(orders::take);
                Waits.Wait wait = waitForProcess();
                cook.cancel("seen");
                return wait.process() + " " + wait.words().what().replaceFirst("at \\S+ ", "");
            }));
            long here = ProcessHandle.current().pid();
            assertEquals(here + " SharedQueue.take of SharedQueue 1 of the manager (process " + here + ")", seen);
        }
    }
}

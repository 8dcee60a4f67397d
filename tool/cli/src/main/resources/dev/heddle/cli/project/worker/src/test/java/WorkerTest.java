package ${package};

import static dev.heddle.Heddle.sleep;
import static dev.heddle.Heddle.spawn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Task;
import dev.heddle.sim.Sim;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The worker in simulated time: nothing here waits. */
final class WorkerTest {

    @Test
    void worksEveryTenSeconds() {
        Sim.run(() -> {
            var pieces = new AtomicInteger();
            Task<Void> worker = spawn(() -> Worker.work(pieces::incrementAndGet));
            sleep(Duration.ofSeconds(35));
            worker.cancel();
            assertEquals(3, pieces.get());
        });
    }

    /** Three seconds of work, and the stop comes in the middle of them. */
    @Test
    void endsThePieceThatIsUnderWayBeforeItStops() {
        Sim.run(() -> {
            var done = new AtomicInteger();
            Task<Void> worker = spawn(() -> Worker.work(() -> {
                sleep(Duration.ofSeconds(3));
                done.incrementAndGet();
            }));
            sleep(Duration.ofSeconds(11));
            worker.cancel();
            worker.awaitOutcome();
            assertEquals(1, done.get());
        });
    }
}

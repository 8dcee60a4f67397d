package ${package};

import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.shield;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Ticker;
import java.time.Duration;

/**
 * The worker: a piece of work every ten seconds, until SIGTERM or Ctrl-C.
 *
 * <p>The stop never comes in the middle of a piece, which has {@link #STOP_WITHIN} to be done.
 */
public final class Worker {

    static final Duration PERIOD = Duration.ofSeconds(10);

    /** Below what its surroundings wait before they kill it: Docker 10 s, Kubernetes 30 s. */
    static final Duration STOP_WITHIN = Duration.ofSeconds(8);

    private Worker() {}

    public static void main(String[] arguments) {
        run(Config.DEFAULT.withName("worker").withShutdownTimeout(STOP_WITHIN), () -> work(Worker::piece));
    }

    /** Does a piece each period; one that takes longer leaves periods out. */
    static void work(Action piece) {
        Ticker ticker = Ticker.every(PERIOD);
        while (true) {
            ticker.awaitTick();
            shield(piece);
        }
    }

    private static void piece() {
        IO.println("working");
    }
}

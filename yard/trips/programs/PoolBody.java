import static dev.heddle.Heddle.*;

import dev.heddle.process.ProcessPool;
import dev.heddle.process.RemoteCallable;
import java.time.Duration;

/** One body in a pool of processes, on the parent's side. */
public final class PoolBody {

    static void main() {
        run(() -> {
            RemoteCallable<Integer> body = PoolBody::one; // of one class: what is said of it is known from the second on
            try (ProcessPool pool = ProcessPool.of(1)) {
                for (int i = 0; i < 30; i++) {
                    pool.call(body);
                }
                sleep(Duration.ofMillis(300));
                Trip.begin();
                pool.call(body);
                Trip.end();
            }
        });
    }

    public static int one() {
        return 1;
    }
}

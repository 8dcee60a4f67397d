import static dev.heddle.Heddle.*;

import dev.heddle.process.ProcessPool;
import java.time.Duration;

/** One body in a pool of processes, on the parent's side. */
public final class PoolBody {

    static void main() {
        run(() -> {
            try (ProcessPool pool = ProcessPool.of(1)) {
                for (int i = 0; i < 30; i++) {
                    pool.call(PoolBody::one);
                }
                sleep(Duration.ofMillis(300));
                Trip.begin();
                pool.call(PoolBody::one);
                Trip.end();
            }
        });
    }

    public static int one() {
        return 1;
    }
}

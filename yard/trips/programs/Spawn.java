import static dev.heddle.Heddle.*;

import dev.heddle.Task;

/** From a spawn to the first line of the task. */
final class Spawn {

    static void main() {
        run(() -> {
            for (int i = 0; i < 50; i++) {
                once(false);
            }
            once(true);
        });
    }

    private static void once(boolean counted) {
        group(tasks -> {
            if (counted) {
                Trip.begin();
            }
            Task<Integer> task = tasks.spawn(() -> {
                if (counted) {
                    Trip.end();
                }
                return 1;
            });
            task.join();
        });
    }
}

import static dev.heddle.Heddle.*;

import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.sync.Event;
import java.time.Duration;

/** From a cancel of a task that waits until a task that joins it goes on. */
final class Cancel {

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
            var never = Event.create();
            Task<Integer> task = tasks.spawn(() -> {
                never.await();
                return 1;
            });
            sleep(Duration.ofMillis(1));
            if (counted) {
                Trip.begin();
            }
            task.cancel("enough");
            try {
                task.join();
            } catch (TaskCancelledException e) {
                // as it should
            }
            if (counted) {
                Trip.end();
            }
        });
    }
}

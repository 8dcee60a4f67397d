import static dev.heddle.Heddle.*;

import dev.heddle.sync.Channel;
import java.time.Duration;

/** From a send until the receiver that waits has the element. */
final class Send {

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
            Channel<Integer> channel = Channel.of(4);
            var receiver = tasks.spawn(() -> {
                int element = channel.receive();
                if (counted) {
                    Trip.end();
                }
                return element;
            });
            sleep(Duration.ofMillis(1));
            if (counted) {
                Trip.begin();
            }
            channel.send(1);
            receiver.join();
        });
    }
}

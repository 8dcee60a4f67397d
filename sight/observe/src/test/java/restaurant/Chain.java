package restaurant;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Mutex;
import java.time.Duration;

/** A guest waits for a mutex, held by a cook who waits for a full channel, whose waiter sleeps. */
public final class Chain {

    private final Mutex kitchen = Mutex.named("kitchen");
    private final Channel<String> pass = Channel.of(1);

    /** Takes one dish away, and sleeps. */
    public Action waiter() {
        return () -> {
            pass.receive();
            Heddle.sleep(Duration.ofDays(1));
        };
    }

    /** Holds the kitchen until all dishes are gone. */
    public Action cook() {
        return () -> kitchen.run(() -> {
            pass.send("soup");
            pass.send("noodles");
            pass.send("tea");
        });
    }

    /** Wants the kitchen. */
    public Action guest() {
        return () -> kitchen.run(() -> {}); // a line of its own
    }
}

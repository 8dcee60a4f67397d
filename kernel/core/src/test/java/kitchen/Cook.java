package kitchen;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Task;

/** What a user writes: each method is the line that a report about it should name. */
public final class Cook {

    private Cook() {}

    public static void burn() {
        throw new IllegalStateException("burnt");
    }

    public static Action burning() {
        return () -> {
            throw new IllegalStateException("burnt");
        };
    }

    public static void stir(Runnable waitOrSpin) {
        waitOrSpin.run();
    }

    public static Task<Void> hire(Action body) {
        return Heddle.spawn("hired", body);
    }
}

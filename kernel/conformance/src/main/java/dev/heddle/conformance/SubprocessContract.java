package dev.heddle.conformance;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engine;
import dev.heddle.os.Subprocess;
import java.time.Duration;

/**
 * The contract of every {@link Engine} that starts processes, also under a {@link Subprocess}. An engine inherits this
 * class and says how it is made.
 */
@TestLimit
public abstract class SubprocessContract
        implements
            SubprocessRunContract,
            SubprocessStartContract,
            SubprocessEndContract {

    private static final Duration MAX = Duration.ofSeconds(Integer.getInteger("heddle.process.seconds", 60));

    /** For subclasses. */
    protected SubprocessContract() {}

    @Override
    public abstract Engine newEngine();

    @Override
    public final void run(Action body) {
        // A hang is a failure with a name, and leaves no process.
        Heddle.run(Config.DEFAULT.withEngine(this::newEngine), () -> Heddle.timeout(MAX, body));
    }
}
